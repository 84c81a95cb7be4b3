import { fail } from '../../../shared/contract/result.ts'
import type { Batch, Claim, Decision, Submission } from '../../../shared/model/batch.ts'
import type { PaymentState } from '../../../shared/model/payment.ts'
import { type BatchStanding, deriveBatch } from '../../../shared/rules/batch-life.ts'
import type { Transaction } from '../store/store.ts'

type Sql = Transaction['sql']
export type SubmissionHead = Omit<Submission, 'lines'>

/** The submissions of a batch, the one that counts last; without their lines, which only sending and the page of the batch need. */
export function submissionHeads(sql: Sql, batchId: string): SubmissionHead[] {
  const heads = sql('SELECT head FROM submission WHERE batch_id = ? ORDER BY number, changed_at, id')
    .pluck()
    .all(batchId) as string[]
  return heads.map((head) => JSON.parse(head) as SubmissionHead)
}

/** @throws OfficeError `store.not-found` */
export function getSubmissionHead(sql: Sql, id: string): SubmissionHead {
  const head = sql('SELECT head FROM submission WHERE id = ?').pluck().get(id) as string | undefined
  return head === undefined ? fail('store.not-found', { kind: 'submission' }) : (JSON.parse(head) as SubmissionHead)
}

export function decisionsOf(sql: Sql, batchId: string): Decision[] {
  const bodies = sql('SELECT body FROM decision WHERE batch_id = ? ORDER BY changed_at')
    .pluck()
    .all(batchId) as string[]
  return bodies.map((body) => JSON.parse(body) as Decision)
}

export function paymentCounts(sql: Sql, batchId: string): Partial<Record<PaymentState, number>> {
  const rows = sql('SELECT state, count(*) AS n FROM payment WHERE batch_id = ? GROUP BY state').all(batchId) as {
    state: PaymentState
    n: number
  }[]
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

/** The batch's state worked out from its records as they are now; `now` is the wall clock, for lapsing only. */
export function standingOf(sql: Sql, batch: Batch, now: number): BatchStanding {
  const claim = sql('SELECT body FROM claim WHERE batch_id = ? ORDER BY generation DESC, seq DESC LIMIT 1')
    .pluck()
    .get(batch.id) as string | undefined
  const twoApproversAbove = sql("SELECT body ->> '$.twoApproversAbove' FROM programme WHERE id = ?")
    .pluck()
    .get(batch.programmeId) as number | null | undefined
  return deriveBatch({
    cancelled: batch.cancelledReason !== '',
    sentBack: batch.sentBack ?? 0,
    submissions: submissionHeads(sql, batch.id),
    decisions: decisionsOf(sql, batch.id),
    claim: claim === undefined ? null : (JSON.parse(claim) as Claim),
    posted: sql('SELECT 1 FROM delivery WHERE batch_id = ? LIMIT 1').get(batch.id) !== undefined,
    payments: paymentCounts(sql, batch.id),
    twoApproversAbove: twoApproversAbove ?? null,
    now,
  })
}

/** Holds only while the standing says so; the others stay until the batch's job has gone on. */
const OVERTAKEN = 'batch.approval-overtaken'

/**
 * Writes the batch with the state that follows from its records; call it in the transaction of whatever changed them.
 *
 * @param change further fields of the batch to write with it
 */
export function refreshBatch(tx: Transaction, batchId: string, now: number, change: Partial<Batch> = {}): Batch {
  const { changedAt, changedBy, ...batch } = withStanding(tx, { ...tx.get('batch', batchId), ...change }, now)
  return tx.put('batch', batch)
}

/** States in which payments are still put into a batch or taken out; later a submission says what is in it. */
const LOOSE: ReadonlySet<Batch['state']> = new Set<Batch['state']>(['open', 'returned', 'lapsed'])

const PAYMENTS = `SELECT count(*) AS count, coalesce(sum(amount), 0) AS sum FROM payment
  WHERE batch_id = ? AND state <> 'blocked' AND (state <> 'cancelled' OR ?)`

/** How many payments a batch in this state has, and what they add up to; the same in every office that has its records. */
function totalsOf(sql: Sql, batchId: string, state: Batch['state']): Pick<Batch, 'count' | 'sum'> {
  const frozen = LOOSE.has(state) ? undefined : submissionHeads(sql, batchId).at(-1)
  if (frozen !== undefined) return { count: frozen.count, sum: frozen.sum }
  return sql(PAYMENTS).get(batchId, state === 'cancelled' ? 1 : 0) as Pick<Batch, 'count' | 'sum'>
}

/** A batch with everything that follows from its records: state, attention, how many payments and their sum. */
export function withStanding(tx: Pick<Transaction, 'sql' | 'moment'>, batch: Batch, now: number): Batch {
  const { state, attention } = standingOf(tx.sql, batch, now)
  return {
    ...batch,
    ...totalsOf(tx.sql, batch.id, state),
    state,
    attention: attention?.code ?? (batch.attention === OVERTAKEN ? '' : batch.attention),
    stateAt: state === batch.state ? batch.stateAt : tx.moment,
  }
}
