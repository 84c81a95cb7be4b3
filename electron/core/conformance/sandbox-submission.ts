import type { Submission } from '../../../shared/model/batch.ts'
import type { SandboxPayment } from '../../../shared/model/conformance.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Programme } from '../../../shared/model/programme.ts'

/**
 * Two submissions of one and the same payment to a sandbox account. They exist for the self-test only: no batch, no approval,
 * and nobody in the registry.
 */
export function sandboxSubmissions(
  manager: PaymentManager,
  programme: Programme,
  payment: SandboxPayment,
): { readonly first: Submission; readonly again: Submission } {
  const paymentId = newId()
  const line = {
    paymentId,
    entitlementId: newId(),
    attempt: 1,
    registrantId: newId(),
    payeeId: newId(),
    payeeName: payment.payeeName,
    payeeAddress: payment.payeeAddress,
    amount: payment.amount,
  }
  const make = (): Submission => ({
    id: newId(),
    changedAt: '',
    changedBy: '',
    batchId: newId(),
    number: 1,
    programmeId: programme.id,
    programmeName: programme.name,
    cycleId: newId(),
    cycleName: 'Self-test',
    managerId: manager.id,
    managerDigest: '0'.repeat(64),
    channel: manager.kind,
    payerAddress: manager.payerAddress,
    payerName: manager.payerName,
    currency: payment.currency,
    count: 1,
    sum: payment.amount,
    partSize: 1,
    submittedBy: '',
    makers: [],
    lines: [line],
    digest: '0'.repeat(64),
  })
  return { first: make(), again: make() }
}
