import type { Fault } from '../../../shared/contract/result.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import type { AskedPayment, Question, StatusWord } from '../channels/channel.ts'
import { questionAboutNobody } from '../channels/question-about-nobody.ts'
import { OFFICE, type Store, type Transaction } from '../store/store.ts'
import { forgetAbsence, noteAbsent } from './absence.ts'
import { isFollowedHere } from './claim.ts'
import { BATCH_JOB, breathe, type DispatchContext, SLICE } from './dispatch-context.ts'
import { applyEvent, paymentsById } from './payment-moves.ts'
import type { Posts } from './posts.ts'
import { byMessages } from './sent-messages.ts'
import { absentWord, settle } from './settlement.ts'

export type LookUpResult =
  | { readonly kind: 'done'; readonly answered: number; readonly ids: readonly string[] }
  | { readonly kind: 'put-off'; readonly fault: Fault; readonly retryAt: number }
  | { readonly kind: 'failed'; readonly fault: Fault; readonly slowDown: boolean }

interface Asked extends AskedPayment {
  readonly batchId: string
}

/** Asks what became of payments, page by page, and writes the answers down. */
export async function lookUp(
  context: DispatchContext,
  posts: Posts,
  manager: PaymentManager,
  payments: readonly Asked[],
  signal: AbortSignal,
): Promise<LookUpResult> {
  let answered = 0
  const ids: string[] = []
  for (const { payments: whole, message } of questions(context, manager, payments)) {
    let page = whole.filter(({ batchId }) => !posts.isPosting(batchId))
    while (page.length > 0) {
      if (signal.aborted) return { kind: 'done', answered, ids }
      const countsBefore = new Map(page.map(({ batchId }) => [batchId, posts.count(batchId)]))
      const outcome = await context.channelOf(manager).lookUp({ payments: page, message }, manager, signal)
      if (outcome.kind === 'put-off' || outcome.kind === 'failed') return outcome
      if (outcome.kind === 'accepted') break
      // What was posted while the question was on its way may be known there by now.
      const stale = new Set(
        page.filter(({ batchId }) => posts.count(batchId) !== countsBefore.get(batchId)).map(({ id }) => id),
      )
      const absent = outcome.absent.filter((id) => !stale.has(id))
      await writeAnswers(context, manager, outcome.words, absent)
      ids.push(...outcome.words.map(({ paymentId }) => paymentId), ...absent)
      if (answered === 0) context.store.housekeeping((_, mark) => mark(...answerMark(manager.id, context.time.now())))
      answered += outcome.words.length + outcome.absent.length
      const left = new Set(outcome.left)
      const rest = page.filter(({ id }) => left.has(id))
      page = rest.length < page.length ? rest : []
    }
  }
  return { kind: 'done', answered, ids }
}

interface AskedTogether extends Question {
  readonly payments: readonly Asked[]
}

/** Payments as they can be asked about: a page of references at a time, or the messages that they left in. */
function questions(
  { store, channelOf }: DispatchContext,
  manager: PaymentManager,
  payments: readonly Asked[],
): AskedTogether[] {
  if (channelOf(manager).asksBy(manager) === 'messages') {
    return [...Map.groupBy(payments, ({ batchId }) => batchId)].flatMap(([batchId, asked]) =>
      byMessages(store, batchId, asked),
    )
  }
  const pages: AskedTogether[] = []
  for (let from = 0; from < payments.length; from += manager.statusPageSize) {
    pages.push({ payments: payments.slice(from, from + manager.statusPageSize), message: null })
  }
  return pages
}

const ANSWERED = (managerId: string): string => `answered-by:${managerId}`
const answerMark = (managerId: string, at: number) => [ANSWERED(managerId), String(at)] as const

/** When a payment system last answered a look-up, epoch milliseconds; undefined before the first answer. */
export function answeredAt(store: Pick<Store, 'findMark'>, managerId: string): number | undefined {
  const at = store.findMark(ANSWERED(managerId))
  return at === undefined ? undefined : Number(at)
}

async function writeAnswers(
  context: DispatchContext,
  manager: PaymentManager,
  words: readonly StatusWord[],
  absent: readonly string[],
): Promise<void> {
  const all = [...words, ...absent.map(absentWord)]
  for (let from = 0; from < all.length; from += SLICE) {
    if (from > 0) await breathe()
    writeWords(context, manager, all.slice(from, from + SLICE), 'lookup')
  }
}

const WRITTEN = {
  lookup: 'payments.looked-up',
  callback: 'payments.called-back',
  results: 'payments.results-read',
} as const

/**
 * Writes down at most {@link SLICE} words, moves the payments, and wakes who has to go on.
 *
 * @param note what else the machinery remembers of them, in the same transaction
 * @returns about how many payments something was written
 */
export function writeWords(
  context: DispatchContext,
  manager: PaymentManager,
  words: readonly StatusWord[],
  source: 'lookup' | 'callback' | 'results',
  note: (sql: Store['sql']) => void = () => undefined,
): number {
  const { store, time } = context
  const ids = [...new Set(words.map(({ paymentId }) => paymentId))]
  const absent = words.filter(({ status }) => status === 'absent').map(({ paymentId }) => paymentId)
  const missed = new Set(absent)
  const found = ids.filter((id) => !missed.has(id))
  const noteAnswer = (sql: Store['sql'], after: readonly Payment[]): void => {
    const sought = after.filter(({ id, state }) => missed.has(id) && (state === 'unknown' || state === 'queued'))
    if (found.length > 0) forgetAbsence(sql, found)
    noteAbsent(
      sql,
      sought.map(({ id }) => id),
      time,
    )
    // Only an answer to the office's own question says how things stand now.
    if (source === 'lookup') {
      sql('DELETE FROM look_up_owed WHERE payment_id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids))
    }
    note(sql)
  }
  let moved = 0
  const unchanged = store.transaction(OFFICE, (transaction) => {
    const before = paymentsById(transaction.sql, ids)
    const standing = before.map((payment) =>
      missed.has(payment.id) ? payment : asLeftElsewhere(context, transaction, payment),
    )
    const { payments: after, noted } = settle(transaction, standing, words, {
      source,
      profile: context.channelOf(manager).profile(manager),
      repeated: false,
    })
    const known = new Map(before.map((payment) => [payment.id, payment]))
    const changed = after.filter((payment) => noted.has(payment.id) || payment !== known.get(payment.id))
    moved = changed.length
    if (moved === 0) return after
    noteAnswer(transaction.sql, after)
    const counts: Record<string, number> = {}
    for (const { state } of changed) counts[state] = (counts[state] ?? 0) + 1
    for (const batchId of new Set(changed.map((payment) => payment.batchId))) {
      if (batchId === '') continue
      refreshBatch(transaction, batchId, time.now())
      // What is unknown or contradicts itself is the batch job's to bring to an end, or to an officer.
      const states = changed.filter((payment) => payment.batchId === batchId).map(({ state }) => state)
      const wanted = states.some((state) => state === 'unknown' || state === 'review')
      const pending = context.scheduler.queue.findByKey(BATCH_JOB, batchId)
      if ((wanted || pending !== undefined) && isFollowedHere(context, batchId))
        enqueueBatch(context, transaction, batchId, manager)
    }
    transaction.audit({
      action: WRITTEN[source],
      subjectKind: 'paymentManager',
      subjectId: manager.id,
      detail:
        source === 'lookup'
          ? { asked: ids.length, absent: absent.length, changed: counts }
          : { count: ids.length, changed: counts },
    })
    return undefined
  })
  // Nothing an officer could ask about: only what the machinery remembers of having asked.
  if (unchanged !== undefined) store.housekeeping((sql) => noteAnswer(sql, unchanged))
  return moved
}

/**
 * A payment that waits here and that the payment system knows: of a batch that another office held, or this one before its
 * store was restored, it left there, and what is said about it is said about that. Of every other it would be somebody
 * else's use of the reference.
 */
function asLeftElsewhere({ store, guard }: DispatchContext, transaction: Transaction, payment: Payment): Payment {
  if (!['prepared', 'queued'].includes(payment.state)) return payment
  const foreign = transaction
    .sql(
      `SELECT 1 FROM claim WHERE batch_id = ? AND (body ->> '$.installationId' <> ? OR body ->> '$.epoch' < ?) LIMIT 1`,
    )
    .get(payment.batchId, store.installationId, guard.epoch)
  if (foreign === undefined) return payment
  const queued = applyEvent(transaction, payment, 'queue')
  return applyEvent(transaction, applyEvent(transaction, queued, 'post'), 'timeout')
}

/** The job that brings a batch to its end. */
export function enqueueBatch(
  { scheduler }: Pick<DispatchContext, 'scheduler'>,
  transaction: Parameters<DispatchContext['scheduler']['enqueue']>[0],
  batchId: string,
  { id }: Pick<PaymentManager, 'id'>,
): void {
  scheduler.enqueue(transaction, {
    kind: BATCH_JOB,
    key: batchId,
    input: { batchId },
    needs: { line: true, endpoint: `send:${id}`, officer: [] },
  })
}

/** Asks about nobody, only to hear whether anybody answers. */
export const probe = (context: DispatchContext, manager: PaymentManager, signal: AbortSignal) =>
  context.channelOf(manager).lookUp(questionAboutNobody(), manager, signal)
