import { fail } from '../../../shared/contract/result.ts'
import type { PaymentState } from '../../../shared/model/payment.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import type { StatusWord } from '../channels/channel.ts'
import type { Transaction } from '../store/store.ts'
import { isFollowedHere } from './claim.ts'
import type { DispatchContext } from './dispatch-context.ts'
import { enqueueBatch } from './look-up.ts'
import { paymentsById } from './payment-moves.ts'
import { settle } from './settlement.ts'

/**
 * What two officers say became of payments that were paid out by hand, in the transaction that writes down who they are. It
 * counts like a final answer of a payment system: the first one settles, another one brings the payment under review (I4).
 *
 * @returns how many payments stand how afterwards
 * @throws OfficeError `dispatch.restored` and its like while the store is in doubt (I11), `clock.*` where somebody was absent
 */
export function settlePaidByHand(
  context: DispatchContext,
  transaction: Transaction,
  batchId: string,
  words: readonly StatusWord[],
): Partial<Record<PaymentState, number>> {
  // A restored store may have forgotten that the opposite was confirmed.
  if (context.guard.doubt !== undefined) fail(context.guard.doubt)
  // By a clock that is wrong, a voucher that is still good counts as lapsed.
  const clock = words.some(({ status }) => status === 'rjct') ? context.clockGuard.findFault() : undefined
  if (clock !== undefined) fail(clock.code, clock.params)
  const ids = [...new Set(words.map(({ paymentId }) => paymentId))]
  const { payments } = settle(transaction, paymentsById(transaction.sql, ids), words, {
    source: 'pay-table',
    profile: { repliesAreSigned: false },
    repeated: false,
  })
  const batch = refreshBatch(transaction, batchId, context.time.now())
  // What contradicts itself is the batch job's to bring to an officer.
  if (payments.some(({ state }) => state === 'review') && isFollowedHere(context, batchId)) {
    enqueueBatch(context, transaction, batchId, { id: batch.managerId })
  }
  const counts: Partial<Record<PaymentState, number>> = {}
  for (const { state } of payments) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
