import { fail } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import { messageId } from '../../../shared/model/ids.ts'
import type { PartKey, Payment } from '../../../shared/model/payment.ts'
import { canSplit } from '../../../shared/rules/submission-parts.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import type { SetApartFact } from '../store/dispatch-journal.ts'
import { OFFICE, type Store, type Transaction } from '../store/store.ts'
import { BATCH_JOB, type DispatchContext } from './dispatch-context.ts'
import type { PartOnItsWay } from './part-facts.ts'
import type { ChangedPayee } from './payee-addresses.ts'
import { applyEvent, paymentsById } from './payment-moves.ts'
import { putDelivery } from './transmit.ts'

/*
 * A payment that must not leave although its message may: it is cancelled, and the message, which never left, goes in halves
 * down to where such payments stand alone. So all others are sent as they were approved, under the one claim, and what a part
 * says still follows from the submission and the name of the part alone.
 */

const CODES = "('mapper.payee-changed', 'mapper.payee-vanished')"

/** SQL on `payment`: set apart, and neither paid anew since nor left out for good. */
const WAITS = `state = 'cancelled' AND reason_code IN ${CODES} AND NOT EXISTS (
  SELECT 1 FROM payment later WHERE later.entitlement_id = payment.entitlement_id AND later.attempt > payment.attempt)`

/** Payments of a batch that were set apart and that nobody has seen to yet. */
export const countSetApart = (sql: Store['sql'], batchId: string): number =>
  sql(`SELECT count(*) FROM payment WHERE batch_id = ? AND ${WAITS}`).pluck().get(batchId) as number

/** Whether a part that has never left holds payments that must not leave with the others. */
export const holdsSetApart = ({ payments }: Pick<PartOnItsWay, 'payments'>): boolean =>
  payments.some(({ state }) => state === 'cancelled') && payments.some(({ state }) => state === 'queued')

/**
 * Cancels payments of a part that never left, and lets its halves go in its place; a part in which nothing else is left stays
 * as it is and is over.
 *
 * @param changed those to cancel now; none where that was done before
 */
export function setApart(
  context: DispatchContext,
  submission: Submission,
  part: PartOnItsWay,
  changed: readonly ChangedPayee[],
): void {
  const { store, time, guard } = context
  const { batchId } = submission
  const splits = canSplit(submission, part.part) && changed.length < part.payments.length
  store.transaction(OFFICE, (transaction) => {
    const codes = new Map(changed.map(({ paymentId, code }) => [paymentId, code]))
    for (const payment of paymentsById(transaction.sql, [...codes.keys()])) {
      const reasonCode = codes.get(payment.id)
      if (payment.batchId === batchId && reasonCode !== undefined) cancel(transaction, payment, reasonCode)
    }
    if (splits) putSplit(transaction, { batchId, submissionId: submission.id, part: part.part, post: part.posts + 1 })
    refreshBatch(transaction, batchId, time.now())
    transaction.audit({
      action: 'part.set-apart',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { part: part.part, payments: changed.length, halves: splits },
    })
  })
  guard.note({
    kind: 'set-apart',
    batchId,
    submissionId: submission.id,
    part: part.part,
    post: part.posts + 1,
    splits,
    payments: changed.map(({ paymentId, code }) => ({ id: paymentId, code })),
  })
}

const cancel = (transaction: Transaction, payment: Payment, reasonCode: string): Payment =>
  applyEvent(transaction, payment, 'cancel', { reasonCode, reasonText: '' })

/**
 * An officer says that a payment which was set apart stays out: nobody waits for it any more. Its entitlement can still be
 * prepared anew.
 *
 * @throws OfficeError `mapper.not-set-apart`
 */
export function leaveOut({ store, scheduler, guard }: DispatchContext, officerId: string, paymentId: string): void {
  const batchId = store.transaction(officerId, (transaction) => {
    const found = transaction.sql(`SELECT 1 FROM payment WHERE id = ? AND ${WAITS}`).get(paymentId)
    if (found === undefined) fail('mapper.not-set-apart')
    const payment = transaction.get('payment', paymentId)
    transaction.change('payment', payment, { reasonCode: 'mapper.left-out' })
    transaction.audit({ action: 'payment.left-out', subjectKind: 'payment', subjectId: paymentId })
    return payment.batchId
  })
  guard.notePosition()
  scheduler.wake(BATCH_JOB, batchId)
}

/** Batches whose job only waited for payments that were set apart go on once somebody has seen to them all. */
export function goOnWhereSeenTo({ store, scheduler }: DispatchContext): void {
  const waiting = store
    .sql("SELECT key FROM job WHERE kind = ? AND state = 'attention' AND fault ->> '$.code' = 'mapper.payees-changed'")
    .pluck()
    .all(BATCH_JOB) as string[]
  for (const batchId of waiting) {
    if (countSetApart((text) => store.sql(text), batchId) === 0) scheduler.wake(BATCH_JOB, batchId)
  }
}

interface Split {
  readonly batchId: string
  readonly submissionId: string
  readonly part: PartKey
  readonly post: number
}

const putSplit = (transaction: Transaction, { batchId, submissionId, part, post }: Split): void =>
  // No envelope was ever made of it; the name of its message stands in for one.
  putDelivery(transaction, { transmissionId: messageId(submissionId, part), batchId, part, post, outcome: 'set-apart' })

/** What an older store does not know of it any more is done again: else such a payment could leave after all. */
export function setApartAgain(
  { store, time }: DispatchContext,
  transaction: Transaction,
  { batchId, submissionId, part, post, splits, payments }: SetApartFact,
): void {
  if (store.find('submission', submissionId) === undefined || store.find('batch', batchId) === undefined) return
  const known = transaction
    .sql("SELECT 1 FROM delivery WHERE batch_id = ? AND part = ? AND outcome = 'set-apart'")
    .get(batchId, part)
  if (splits && known === undefined) putSplit(transaction, { batchId, submissionId, part, post })
  const codes = new Map(payments.map(({ id, code }) => [id, code]))
  for (const payment of paymentsById(transaction.sql, [...codes.keys()])) {
    if (payment.batchId === batchId) cancel(transaction, payment, codes.get(payment.id) ?? '')
  }
  refreshBatch(transaction, batchId, time.now())
  transaction.audit({
    action: 'part.set-apart-again',
    subjectKind: 'batch',
    subjectId: batchId,
    detail: { part, payments: payments.length },
  })
}
