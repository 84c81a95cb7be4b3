import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { Observation, PaymentState } from '../../../shared/model/payment.ts'
import { areApart } from '../../../shared/rules/batch-life.ts'
import { type EvidenceFinding, evidenceEvent, findingsOf } from '../../../shared/rules/payment-life.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import { nothingSaid } from '../channels/nothing-said.ts'
import type { Store } from '../store/store.ts'
import type { DispatchContext } from './dispatch-context.ts'
import { enqueueBatch } from './look-up.ts'
import { applyEvent } from './payment-moves.ts'

export interface Finding {
  readonly paymentId: string
  readonly finding: EvidenceFinding
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

export interface EvidenceView extends EvidenceRow {
  /** It waits for an administrator: the newest of the payment that still fits how it stands. */
  readonly waits: boolean
  /** It waits, and the officer who asks may confirm it. */
  readonly mayConfirm: boolean
}

const SELECT = `SELECT id, payment_id AS paymentId, finding, amount, reference, document, recorded_by AS recordedBy,
  recorded_at AS recordedAt, confirmed_by AS confirmedBy FROM evidence`

const rowsOf = (sql: Store['sql'], paymentId: string): EvidenceRow[] =>
  sql(`${SELECT} WHERE payment_id = ? ORDER BY recorded_at DESC, id DESC`).all(paymentId) as EvidenceRow[]

/** Whether nobody confirmed it, nothing newer was recorded, and the payment has not moved to where it says nothing. */
const waits = (row: EvidenceRow, rows: readonly EvidenceRow[], state: PaymentState): boolean =>
  row.confirmedBy === null && rows[0]?.id === row.id && findingsOf(state).includes(row.finding)

/** What officers have recorded about a payment, newest first. */
export function evidenceOf(store: Store, paymentId: string, officer: Pick<Officer, 'id' | 'roles'>): EvidenceView[] {
  const rows = rowsOf((text) => store.sql(text), paymentId)
  const { state } = store.get('payment', paymentId)
  const apart = (row: EvidenceRow) => areApart(row.recordedBy, officer.id, (id) => store.find('officer', id)?.sponsors)
  return rows.map((row) => {
    const open = waits(row, rows, state)
    return { ...row, waits: open, mayConfirm: open && officer.roles.includes('administrator') && apart(row) }
  })
}

const statusOf = (finding: Finding['finding']): Observation['status'] =>
  finding === 'paid' ? 'succ' : finding === 'not-paid' ? 'rjct' : 'reversed'

/**
 * An approver writes down what is known; nothing moves before an administrator confirms it (I5). It takes the place of
 * what waits for confirmation.
 *
 * @throws OfficeError `dispatch.evidence-needs-payment`, `dispatch.evidence-does-not-fit`
 */
export function recordEvidence({ store }: DispatchContext, officerId: string, finding: Finding): string {
  return store.transaction(officerId, (transaction) => {
    const payment = transaction.get('payment', finding.paymentId)
    if (payment.state === 'prepared' || payment.state === 'queued' || payment.state === 'blocked') {
      fail('dispatch.evidence-needs-payment')
    }
    if (!findingsOf(payment.state).includes(finding.finding)) fail('dispatch.evidence-does-not-fit')
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
    transaction.touch('said')
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
 * An administrator confirms evidence: it settles the payment like an answer would. Neither of the two officers may be one
 * through whom the other could act (I7).
 *
 * @throws OfficeError `dispatch.evidence-not-open`, `dispatch.evidence-same-officer`, `dispatch.evidence-sponsored`,
 *   `dispatch.evidence-does-not-fit`
 */
export function confirmEvidence(context: DispatchContext, officerId: string, evidenceId: string): void {
  const { store, time } = context
  store.transaction(officerId, (transaction) => {
    const row = transaction.sql(`${SELECT} WHERE id = ?`).get(evidenceId) as EvidenceRow | undefined
    if (row === undefined || row.confirmedBy !== null) fail('dispatch.evidence-not-open')
    if (officerId === row.recordedBy) fail('dispatch.evidence-same-officer')
    if (!areApart(row.recordedBy, officerId, (id) => transaction.find('officer', id)?.sponsors)) {
      fail('dispatch.evidence-sponsored')
    }
    const payment = transaction.get('payment', row.paymentId)
    const rows = rowsOf((text) => transaction.sql(text), payment.id)
    if (!waits(row, rows, payment.state)) fail('dispatch.evidence-does-not-fit')
    transaction
      .sql('UPDATE evidence SET confirmed_by = ?, confirmed_at = ? WHERE id = ?')
      .run(officerId, transaction.moment, evidenceId)
    transaction.touch('said')
    transaction.put('observation', {
      ...nothingSaid,
      id: newId(),
      paymentId: payment.id,
      batchId: payment.batchId,
      source: 'evidence',
      status: statusOf(row.finding),
      text: row.reference,
      amount: row.amount,
      verified: true,
    })
    applyEvent(transaction, payment, evidenceEvent[row.finding], {
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
