import { fail } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Office } from '../office.ts'
import { refreshBatch } from './batch-standing.ts'

const OPEN: ReadonlySet<Batch['state']> = new Set<Batch['state']>(['open', 'returned', 'lapsed'])

/**
 * Takes payments out of a batch that is not submitted: they are cancelled with the officer's reason, and their
 * entitlements can be prepared again in another batch.
 *
 * @throws OfficeError `batches.not-open`, `batches.reason-needed`
 */
export function putPaymentsAside(
  { store }: Pick<Office, 'store'>,
  input: { batchId: string; paymentIds: readonly string[]; reason: string; officerId: string; now: number },
): Batch {
  const reason = input.reason.trim()
  if (reason === '') fail('batches.reason-needed')
  return store.transaction(input.officerId, (tx) => {
    const batch = tx.get('batch', input.batchId)
    if (!OPEN.has(batch.state)) fail('batches.not-open')
    for (const id of input.paymentIds) {
      const { changedAt, changedBy, ...payment } = tx.get('payment', id)
      if (payment.batchId !== batch.id || payment.state !== 'prepared')
        fail('store.changed-meanwhile', { kind: 'payment' })
      tx.put('payment', { ...payment, state: 'cancelled', reasonCode: '', reasonText: reason, stateAt: tx.moment })
    }
    tx.audit({
      action: 'batch.payments-put-aside',
      subjectKind: 'batch',
      subjectId: batch.id,
      detail: { count: input.paymentIds.length },
    })
    return refreshBatch(tx, batch.id, input.now, {
      makers: [...new Set([...batch.makers, input.officerId])],
    })
  })
}
