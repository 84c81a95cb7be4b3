import type { Submission } from '../../../shared/model/batch.ts'
import type { Delivery, PartKey, Payment } from '../../../shared/model/payment.ts'
import { isFinal } from '../../../shared/rules/payment-life.ts'
import { canSplit, linesOfPart, partsOf } from '../../../shared/rules/submission-parts.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Store, Transaction } from '../store/store.ts'
import { absenceOf } from './absence.ts'
import { findClaim } from './claim.ts'
import type { PartFacts, Repeating } from './part-life.ts'

/** A payment of a part, as far as the next step depends on it. */
export type PartPayment = Pick<Payment, 'id' | 'state' | 'batchId' | 'held' | 'theirReference'>

/** A part with everything the next step needs. */
export interface PartOnItsWay {
  readonly part: PartKey
  readonly payments: readonly PartPayment[]
  readonly facts: PartFacts
  /** Posts so far, whatever became of them. */
  readonly posts: number
  /** An earlier post may have been taken, so the next one repeats it. */
  readonly mayHaveBeenTaken: boolean
  readonly approved: boolean
  /** The newest envelope; undefined before the first. */
  readonly transmission:
    | { readonly id: string; readonly envelope: number; readonly validUntil: number | null }
    | undefined
  readonly lastDelivery: Delivery | undefined
}

const RETRY = (batchId: string): string => `dispatch-retry:${batchId}`

/** An officer wants a refused batch tried again: allowed once for the posts made so far. */
export const retryMark = (sql: Store['sql'], batchId: string): readonly [key: string, value: string] => [
  RETRY(batchId),
  String(postsOfBatch(sql, batchId)),
]

const postsOfBatch = (sql: Store['sql'], batchId: string): number =>
  sql("SELECT count(*) FROM delivery WHERE batch_id = ? AND outcome = 'posting'").pluck().get(batchId) as number

const deliveriesOf = (sql: Store['sql'], batchId: string): Delivery[] =>
  (sql('SELECT body FROM delivery WHERE batch_id = ? ORDER BY part, post, seq').pluck().all(batchId) as string[]).map(
    (body) => JSON.parse(body) as Delivery,
  )

/** The parts in which a submission leaves, as its posts so far have shown. */
export function partsOfBatch(sql: Store['sql'], submission: Submission): PartKey[] {
  const split = new Set(
    sql("SELECT part FROM delivery WHERE batch_id = ? AND outcome IN ('too-large', 'set-apart')")
      .pluck()
      .all(submission.batchId),
  )
  return partsOf(submission, (part) => split.has(part))
}

/** Half of a part that was too large, or that held payments which must not leave with the others. */
const isHalf = (part: PartKey): boolean => part.includes('.')
const wholeOf = (part: PartKey): string => part.split('.')[0] ?? ''

const isAnyOutside = (sql: Store['sql'], lines: readonly { readonly paymentId: string }[]): boolean =>
  paymentsOf(
    sql,
    lines.map(({ paymentId }) => paymentId),
  ).some(({ state }) => OUTSIDE.has(state))

const ASK_FIRST = 'first-posts-asked-about'

/**
 * From now on the payment system is asked about every message before its first post: payments may have left from a store
 * or under a journal that is gone. For good, since ids are derived and the same payment can be prepared anew much later.
 */
export const askBeforeFirstPosts = (transaction: Transaction): void => transaction.mark(ASK_FIRST, '1')

/** Whether something may have left of which neither store nor journal know. */
export const isAskedBeforeFirstPosts = (store: Pick<Store, 'findMark'>): boolean => store.findMark(ASK_FIRST) === '1'

/** How a post ends of which nothing was taken. */
export const NOT_TAKEN: ReadonlySet<Delivery['outcome']> = new Set([
  'posting',
  'never-sent',
  'refused',
  'too-large',
  'set-apart',
])

const OTHERS = new Set(['prepared', 'blocked', 'cancelled'])
const OUTSIDE: ReadonlySet<Payment['state']> = new Set<Payment['state']>([
  'sent',
  'acknowledged',
  'paid',
  'rejected',
  'reversed',
  'review',
])

/** Whether a payment waits for a post, its first one or a repetition; only such a one can still be held back. */
export const mayStillLeave = ({ state }: Pick<Payment, 'state'>): boolean => state === 'queued' || state === 'unknown'

function paymentsOf(sql: Store['sql'], ids: readonly string[]): PartPayment[] {
  const rows = sql(
    `SELECT payment.id, state, batch_id AS batchId, held, body ->> '$.theirReference' AS theirReference
     FROM json_each(?) AS one CROSS JOIN payment ON payment.id = one.value`,
  ).all(JSON.stringify([...new Set(ids)])) as (Omit<PartPayment, 'held'> & { held: number })[]
  return rows.map((row) => ({ ...row, held: row.held === 1 }))
}

/** The parts of a claimed batch that are not over, as the records show them. */
export function partsOnTheirWay(
  store: Store,
  time: Pick<OfficeTime, 'elapsed'>,
  submission: Submission,
  only?: PartKey,
): PartOnItsWay[] {
  const sql: Store['sql'] = (text) => store.sql(text)
  const { batchId } = submission
  const held = store.get('batch', batchId).held
  const deliveries = Map.groupBy(deliveriesOf(sql, batchId), ({ part }) => part)
  const retried = store.findMark(RETRY(batchId)) === String(postsOfBatch(sql, batchId))
  const asksFirstAlways = isAskedBeforeFirstPosts(store)
  const isTakenOver = findClaim(sql, batchId)?.takenFrom !== undefined
  const parts: PartOnItsWay[] = []
  const all = partsOfBatch(sql, submission)
  const mayHaveBeenTaken = (part: PartKey): boolean =>
    (deliveries.get(part) ?? []).some(({ outcome }) => !NOT_TAKEN.has(outcome))
  /** Wholes of which something is outside although nothing of it left from here: the others may have left with it. */
  const leftUnnoted = new Set(
    all
      .filter((part) => isHalf(part) && !mayHaveBeenTaken(part) && isAnyOutside(sql, linesOfPart(submission, part)))
      .map(wholeOf),
  )
  for (const part of only === undefined ? all : [only]) {
    const asksTwice = isTakenOver || leftUnnoted.has(wholeOf(part))
    // Whoever refused a message for its size should have taken none of it; the halves are asked about all the same.
    const asksFirst = asksFirstAlways || asksTwice || isHalf(part)
    const payments = paymentsOf(
      sql,
      linesOfPart(submission, part).map(({ paymentId }) => paymentId),
    )
    const rows = deliveries.get(part) ?? []
    const last = rows.at(-1)
    const tally = { waiting: 0, open: 0, unknown: 0, review: 0, final: 0, aside: 0 }
    const toFind: string[] = []
    for (const { id, state } of payments) {
      if (state === 'queued') {
        tally.waiting += 1
        if (asksFirst) toFind.push(id)
      } else if (state === 'unknown') {
        tally.unknown += 1
        toFind.push(id)
      } else if (state === 'review') tally.review += 1
      else if (OTHERS.has(state)) tally.aside += 1
      else if (isFinal(state)) tally.final += 1
      else tally.open += 1
    }
    const absence = absenceOf(sql, toFind, time)
    const posts = rows.reduce((highest, { post }) => Math.max(highest, post), 0)
    parts.push({
      part,
      payments,
      posts,
      facts: {
        payments: tally,
        held: held || payments.some((payment) => payment.held && mayStillLeave(payment)),
        mixed:
          !mayHaveBeenTaken(part) && payments.some(({ state }) => OUTSIDE.has(state)) && canSplit(submission, part),
        lastPost: last?.outcome ?? null,
        retried,
        asksFirst,
        asksTwice,
        ...absence,
      },
      mayHaveBeenTaken: mayHaveBeenTaken(part),
      approved:
        sql('SELECT 1 FROM resend_approval WHERE batch_id = ? AND part = ? AND posts = ?').get(batchId, part, posts) !==
        undefined,
      transmission: sql(
        `SELECT id, envelope, valid_until AS validUntil FROM transmission
         WHERE batch_id = ? AND part = ? ORDER BY envelope DESC, rowid LIMIT 1`,
      ).get(batchId, part) as PartOnItsWay['transmission'],
      lastDelivery: last,
    })
  }
  return parts
}

export const repeatingOf = (part: PartOnItsWay, duplicateProtectionProven: boolean): Repeating =>
  duplicateProtectionProven ? 'proven-safe' : part.approved ? 'approved' : 'unproven'
