import type { Role } from '../../../shared/model/officer.ts'
import type { PartKey } from '../../../shared/model/payment.ts'
import type { BatchPart, Evidence, PaymentRow } from './answers.ts'

/** The one thing that brings a payment further on which nobody can say paid or not paid, or that is paid no more. */
export type PaymentDeed =
  | { readonly kind: 'lookUp' }
  /** An approver lets the part be sent again: both look-ups have found nothing of it. */
  | { readonly kind: 'approveResend'; readonly part: PartKey; readonly allowed: boolean }
  | {
      /** What became of the money; that none moved, so that it can be paid anew; that what was paid came back. */
      readonly kind: 'recordEvidence' | 'recordProof' | 'recordReversal'
      readonly allowed: boolean
    }
  /** `mayReplace`: the officer may record other evidence in its place. */
  | {
      readonly kind: 'confirmEvidence'
      readonly evidence: Evidence
      readonly allowed: boolean
      readonly mayReplace: boolean
    }

interface DeedFacts {
  readonly payment: Pick<PaymentRow, 'state' | 'reasonCode'>
  /** Nothing proves that no money moved, so its entitlement cannot be paid anew. */
  readonly needsProof: boolean
  /** The payment's part on its way; undefined when it is over or unknown. */
  readonly part: Pick<BatchPart, 'part' | 'stage' | 'mayApproveResend'> | undefined
  readonly evidence: readonly Evidence[]
  readonly officer: { readonly roles: readonly Role[] }
}

/** Evidence that waits for an administrator goes before everything; then the state decides. */
export function deedOf({ payment, needsProof, part, evidence, officer }: DeedFacts): PaymentDeed | undefined {
  const approver = officer.roles.includes('approver')
  const waiting = evidence.find(({ waits }) => waits)
  if (waiting !== undefined) {
    return { kind: 'confirmEvidence', evidence: waiting, allowed: waiting.mayConfirm, mayReplace: approver }
  }
  if (needsProof) return { kind: 'recordProof', allowed: approver }
  if (payment.state === 'paid') return approver ? { kind: 'recordReversal', allowed: true } : undefined
  if (payment.state === 'review') return { kind: 'recordEvidence', allowed: approver }
  if (payment.state === 'unknown') {
    if (part?.mayApproveResend) return { kind: 'approveResend', part: part.part, allowed: approver }
    if (part?.stage === 'partly-absent') return { kind: 'recordEvidence', allowed: approver }
    return { kind: 'lookUp' }
  }
  if (payment.state === 'sent' || payment.state === 'acknowledged') return { kind: 'lookUp' }
  return undefined
}
