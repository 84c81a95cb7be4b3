import type { Role } from '../../../shared/model/officer.ts'
import type { PartKey } from '../../../shared/model/payment.ts'
import type { BatchPart, Evidence, PaymentRow } from './answers.ts'

/** The one thing that brings a payment on which nobody can say paid or not paid further. */
export type PaymentDeed =
  | { readonly kind: 'lookUp' }
  /** An approver lets the part be sent again: both look-ups have found nothing of it. */
  | { readonly kind: 'approveResend'; readonly part: PartKey; readonly allowed: boolean }
  | { readonly kind: 'recordEvidence'; readonly allowed: boolean }
  | { readonly kind: 'confirmEvidence'; readonly evidence: Evidence; readonly allowed: boolean }

interface DeedFacts {
  readonly payment: Pick<PaymentRow, 'state' | 'reasonCode'>
  /** The payment's part on its way; undefined when it is over or unknown. */
  readonly part: Pick<BatchPart, 'part' | 'stage' | 'mayApproveResend'> | undefined
  readonly evidence: readonly Evidence[]
  readonly officer: { readonly id: string; readonly roles: readonly Role[] }
}

/** Evidence that waits for an administrator goes before everything; then the state decides. */
export function deedOf({ payment, part, evidence, officer }: DeedFacts): PaymentDeed | undefined {
  const is = (role: Role): boolean => officer.roles.includes(role)
  const waiting = evidence.find(({ confirmedBy }) => confirmedBy === null)
  if (waiting !== undefined) {
    const allowed = is('administrator') && waiting.recordedBy !== officer.id
    return { kind: 'confirmEvidence', evidence: waiting, allowed }
  }
  if (payment.state === 'review') return { kind: 'recordEvidence', allowed: is('approver') }
  if (payment.state === 'unknown') {
    if (part?.mayApproveResend) return { kind: 'approveResend', part: part.part, allowed: is('approver') }
    if (part?.stage === 'partly-absent') return { kind: 'recordEvidence', allowed: is('approver') }
    return { kind: 'lookUp' }
  }
  if (payment.state === 'sent' || payment.state === 'acknowledged') return { kind: 'lookUp' }
  return undefined
}
