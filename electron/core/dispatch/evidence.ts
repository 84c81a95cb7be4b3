import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Observation } from '../../../shared/model/payment.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import type { Store } from '../store/store.ts'
import type { DispatchContext } from './dispatch-context.ts'
import { enqueueBatch } from './look-up.ts'
import { applyEvent } from './payment-moves.ts'

export interface Finding {
  readonly paymentId: string
  readonly finding: 'paid' | 'not-paid' | 'reversed'
  /** Minor units that the document shows; null where it shows none. */
  readonly amount: number | null
  /** What the other side calls it: a statement line, a ticket. */
  readonly reference: string
  /** Where the paper or file lies. */
  readonly document: string
}

export interface EvidenceRow extends Finding {
  readonly id: string
  readonly recordedBy: string
  readonly recordedAt: string
  readonly confirmedBy: string | null
}

const SELECT = `SELECT id, payment_id AS paymentId, finding, amount, reference, document, recorded_by AS recordedBy,
  recorded_at AS recordedAt, confirmed_by AS confirmedBy FROM evidence`

/** What officers have recorded about a payment, newest first. */
export const evidenceOf = (store: Store, paymentId: string): EvidenceRow[] =>
  store.sql(`${SELECT} WHERE payment_id = ? ORDER BY recorded_at DESC`).all(paymentId) as EvidenceRow[]

const eventOf = (finding: Finding['finding']) =>
  finding === 'paid' ? 'evidencePaid' : finding === 'not-paid' ? 'evidenceNotPaid' : 'reverse'

const statusOf = (finding: Finding['finding']): Observation['status'] =>
  finding === 'paid' ? 'succ' : finding === 'not-paid' ? 'rjct' : 'reversed'

/** An approver writes down what is known; nothing moves before an administrator confirms it (I5). */
export function recordEvidence({ store }: DispatchContext, officerId: string, finding: Finding): string {
  return store.transaction(officerId, (transaction) => {
    const payment = transaction.get('payment', finding.paymentId)
    if (payment.state === 'prepared' || payment.state === 'queued' || payment.state === 'blocked') {
      fail('dispatch.evidence-needs-payment')
    }
    const id = newId()
    transaction
      .sql('INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)')
      .run(
        id,
        payment.id,
        finding.finding,
        finding.amount,
        finding.reference,
        finding.document,
        officerId,
        transaction.moment,
      )
    transaction.audit({
      action: 'evidence.recorded',
      subjectKind: 'payment',
      subjectId: payment.id,
      detail: { finding: finding.finding, evidence: id },
    })
    return id
  })
}

/**
 * An administrator, who is not the one that recorded it, confirms evidence: it settles the payment like an answer would.
 *
 * @throws OfficeError `dispatch.evidence-not-open`, `dispatch.evidence-same-officer`
 */
export function confirmEvidence(context: DispatchContext, officerId: string, evidenceId: string): void {
  const { store, time } = context
  store.transaction(officerId, (transaction) => {
    const row = transaction.sql(`${SELECT} WHERE id = ?`).get(evidenceId) as EvidenceRow | undefined
    if (row === undefined || row.confirmedBy !== null) fail('dispatch.evidence-not-open')
    if (officerId === row.recordedBy) fail('dispatch.evidence-same-officer')
    transaction
      .sql('UPDATE evidence SET confirmed_by = ?, confirmed_at = ? WHERE id = ?')
      .run(officerId, transaction.moment, evidenceId)
    const payment = transaction.get('payment', row.paymentId)
    transaction.put('observation', {
      id: newId(),
      paymentId: payment.id,
      batchId: payment.batchId,
      source: 'evidence',
      status: statusOf(row.finding),
      code: '',
      text: row.reference,
      amount: row.amount,
      currency: '',
      payeeAddress: '',
      verified: true,
      theirReference: '',
      theirTime: '',
    })
    applyEvent(transaction, payment, eventOf(row.finding), {
      reasonCode: '',
      reasonText: row.reference,
      amountPaid: row.finding === 'paid' ? (row.amount ?? payment.amount) : payment.amountPaid,
    })
    if (payment.batchId !== '') {
      refreshBatch(transaction, payment.batchId, time.now())
      enqueueBatch(context, transaction, payment.batchId, { id: payment.managerId })
    }
    transaction.audit({
      action: 'evidence.confirmed',
      subjectKind: 'payment',
      subjectId: payment.id,
      detail: { finding: row.finding, evidence: evidenceId, recordedBy: row.recordedBy },
    })
  })
}
