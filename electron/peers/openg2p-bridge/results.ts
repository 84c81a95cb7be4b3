import { z } from 'zod'
import type { Fault } from '../payment-system/behaviour.ts'
import { badRequest, checkEnvelope, explain } from '../payment-system/envelope-check.ts'
import type { LedgerNamed } from '../payment-system/ledger.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { httpErrors, type Reply } from '../payment-system/reply.ts'
import type { Arrived } from '../payment-system/security/security.ts'
import { done, refused } from './reply.ts'

const Message = z.array(z.string())

/** `/get_disbursement_status`: what bank statements showed of each; an id that nobody knows looks like one still on its way. */
export function disbursementStatus(system: PaymentSystem, arrived: Arrived, fault: Fault | null): Reply {
  system.settle()
  const request = checkEnvelope(system, arrived, 'any')
  if (!request.ok) return refused(system, request.envelope, request.refusal)
  const parsed = Message.safeParse(request.value.message)
  if (!parsed.success) return httpErrors(422, 'G2P-REQ-102', badRequest(explain(parsed.error.issues)).text)
  const items = parsed.data.flatMap((id) => distort(system, statusOf(system, id), fault))
  return done(system, request.value.header, items)
}

interface Status {
  readonly disbursement_id: string
  readonly disbursement_recon_records: {
    readonly disbursement_recon_payloads: readonly object[]
    readonly disbursement_error_recon_payloads: readonly object[]
  }
}

function statusOf(system: PaymentSystem, id: string): Status {
  const named = system.ledger.findNamed(id)
  const known = named !== undefined && named.knownAt <= system.clock.now() ? named : undefined
  return {
    disbursement_id: id,
    disbursement_recon_records: {
      disbursement_recon_payloads: known === undefined ? [] : reconOf(system, known),
      disbursement_error_recon_payloads: known === undefined ? [] : errorsOf(system, known),
    },
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

function reconOf({ ledger }: PaymentSystem, { id, envelopeId, referenceId }: LedgerNamed): object[] {
  const entry = ledger.findEntry(referenceId)
  if (entry === undefined || entry.paidAt === null) return []
  const { reversedAt } = entry
  return [
    {
      disbursement_id: id,
      disbursement_envelope_id: envelopeId,
      beneficiary_name_from_bank: entry.disbursement.payee_name ?? '',
      remittance_reference_number: `REM-${entry.position}`,
      remittance_statement_id: `ST-${dayOf(entry.paidAt)}`,
      remittance_entry_sequence: entry.position,
      remittance_entry_date: dayOf(entry.paidAt),
      reversal_found: reversedAt !== null,
      ...(reversedAt === null
        ? { reversal_statement_id: null, reversal_reason: null }
        : {
            reversal_statement_id: `ST-${dayOf(reversedAt)}`,
            reversal_entry_sequence: entry.position,
            reversal_entry_date: dayOf(reversedAt),
            reversal_reason: entry.reasonCode,
          }),
    },
  ]
}

function errorsOf({ ledger }: PaymentSystem, { id, referenceId }: LedgerNamed): object[] {
  const entry = ledger.findEntry(referenceId)
  if (entry === undefined || entry.status !== 'rjct' || entry.paidAt !== null) return []
  return [
    {
      disbursement_id: id,
      statement_id: `ST-${dayOf(entry.statusAt)}`,
      entry_sequence: entry.position,
      error_reason: entry.reasonCode,
      bank_reference_number: `BANK-${entry.position}`,
    },
  ]
}

/** The item as a fault would have it told; the ledger stays true. */
function distort(system: PaymentSystem, item: Status, fault: Fault | null): object[] {
  if (fault?.do !== 'misreport' || system.faults.random() >= fault.share) return [item]
  switch (fault.as) {
    case 'absent':
      return []
    case 'twice':
      return [item, item]
    case 'unreadable':
      return [{ ...item, disbursement_recon_records: 'unreadable' }]
    default:
      return [item]
  }
}
