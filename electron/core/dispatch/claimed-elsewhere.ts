import type { Fault } from '../../../shared/contract/result.ts'
import type { Claim, Submission } from '../../../shared/model/batch.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import { OFFICE } from '../store/store.ts'
import { withdrawPayments } from './claim.ts'
import { breathe, type DispatchContext, SLICE } from './dispatch-context.ts'
import { applyEvent, paymentsById } from './payment-moves.ts'
import { type PaymentElsewhere, sinceText } from './sender-claims.ts'

/** Another office sends this batch. */
export const claimedElsewhere = ({ officeName, claimedAt }: Claim): Fault => ({
  code: 'central.claimed-elsewhere',
  params: { office: officeName ?? '', since: claimedAt === undefined ? '' : sinceText(claimedAt) },
})

/**
 * Others pay some of a submission: those payments leave the batch with the name of who pays them, and the rest of it goes
 * back to be submitted and approved anew.
 */
export async function sendBack(
  context: DispatchContext,
  { batchId, number }: Submission,
  elsewhere: readonly PaymentElsewhere[],
): Promise<void> {
  const { store, time } = context
  await withdrawPayments(context, batchId)
  for (let from = 0; from < elsewhere.length; from += SLICE) {
    if (from > 0) await breathe()
    const slice = new Map(elsewhere.slice(from, from + SLICE).map((one) => [one.paymentId, one]))
    store.transaction(OFFICE, (transaction) => {
      let { count, sum } = transaction.get('batch', batchId)
      let moved = 0
      for (const payment of paymentsById(transaction.sql, [...slice.keys()])) {
        const holder = slice.get(payment.id)
        if (holder === undefined || payment.batchId !== batchId) continue
        const blocked = applyEvent(transaction, payment, 'block')
        if (blocked.state !== 'blocked') continue
        transaction.change('payment', blocked, {
          batchId: '',
          reasonCode: 'central.claimed-elsewhere',
          reasonText: '',
          reasonParams: { office: holder.officeName, since: sinceText(holder.since) },
        })
        count -= 1
        sum -= payment.amount
        moved += 1
      }
      refreshBatch(transaction, batchId, time.now(), { count, sum, sentBack: number })
      transaction.audit({
        action: 'batch.sent-back',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { number, payments: moved },
      })
    })
  }
}
