import { z } from 'zod'
import { ReplyHeader } from './g2p-connect.ts'

/*
 * The messages of the OpenG2P G2P Bridge: the envelope of G2P Connect around messages of its own. Room is made first (a
 * "disbursement envelope" that declares count and sum), then a list of disbursements goes into it; results are told by the
 * ids that the bridge gave the disbursements. Business errors come as HTTP 200 with `rjct` in the header and their code in
 * `status_reason_message`. Requests are strict, replies lenient, as in `g2p-connect.ts`.
 */

/** Codes of the bridge that decide something here; the list is open. */
export const bridgeCodes = {
  /** More would come than was declared: this message, or a part of it, was taken before. */
  countExceeded: 'NO_OF_DISBURSEMENTS_EXCEEDS_DECLARED',
  sumExceeded: 'TOTAL_DISBURSEMENT_AMOUNT_EXCEEDS_DECLARED',
  severalEnvelopes: 'MULTIPLE_ENVELOPES_FOUND',
  noSuchEnvelope: 'DISBURSEMENT_ENVELOPE_NOT_FOUND',
  envelopeCancelled: 'DISBURSEMENT_ENVELOPE_ALREADY_CANCELED',
  wrongItems: 'INVALID_DISBURSEMENT_PAYLOAD',
} as const

export const DISBURSEMENT_FREQUENCIES = [
  'Daily',
  'Weekly',
  'Fortnightly',
  'Monthly',
  'BiMonthly',
  'Quarterly',
  'SemiAnnually',
  'Annually',
  'OnDemand',
] as const

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const Count = z.int().min(1)

/** `/create_disbursement_envelope`. */
export const EnvelopeMessage = z.object({
  benefit_program_mnemonic: z.string().min(1),
  disbursement_frequency: z.enum(DISBURSEMENT_FREQUENCIES),
  cycle_code_mnemonic: z.string().min(1),
  number_of_beneficiaries: Count,
  number_of_disbursements: Count,
  total_disbursement_amount: z.number().positive(),
  disbursement_currency_code: z.string().regex(/^[A-Z]{3}$/),
  disbursement_schedule_date: Day,
})
export type EnvelopeMessage = z.infer<typeof EnvelopeMessage>

/** One item of `/create_disbursements`, before it is known in which envelope it goes. */
export const BridgeDisbursement = z.object({
  beneficiary_id: z.string(),
  /** The sender's own reference; the bridge keeps it but cannot be asked by it. */
  mis_reference_number: z.string(),
  beneficiary_name: z.string(),
  disbursement_amount: z.number(),
  narrative: z.string(),
})
export type BridgeDisbursement = z.infer<typeof BridgeDisbursement>

export const EnvelopedDisbursement = BridgeDisbursement.extend({ disbursement_envelope_id: z.string() })
export type EnvelopedDisbursement = z.infer<typeof EnvelopedDisbursement>

const loose = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? '')

/** Any reply of the bridge before its message is looked at. */
export const BridgeReply = z.object({ header: ReplyHeader, message: z.unknown() })
export type BridgeReply = z.infer<typeof BridgeReply>

export const EnvelopeMade = z.object({ disbursement_envelope_id: loose })

/** One item of the reply to `/create_disbursements`: the item as it was sent, with the id that the bridge gave it. */
export const BridgeTaken = z.object({
  disbursement_id: loose,
  disbursement_envelope_id: loose,
  mis_reference_number: loose,
  beneficiary_id: loose,
  disbursement_amount: loose,
  response_error_codes: z
    .array(z.unknown())
    .nullish()
    .transform((codes) => (codes ?? []).map((code) => (typeof code === 'string' ? code : '?'))),
})
export type BridgeTaken = z.infer<typeof BridgeTaken>

/** An entry of a bank statement that was matched to a disbursement. */
export const ReconPayload = z.object({
  disbursement_id: loose,
  disbursement_envelope_id: loose,
  remittance_reference_number: loose,
  remittance_statement_id: loose,
  remittance_entry_sequence: loose,
  remittance_entry_date: loose,
  reversal_found: z.boolean().nullish(),
  reversal_statement_id: loose,
  reversal_entry_sequence: loose,
  reversal_entry_date: loose,
  reversal_reason: loose,
})
export type ReconPayload = z.infer<typeof ReconPayload>

/** An entry that the bridge could not make sense of. */
export const ErrorReconPayload = z.object({
  disbursement_id: loose,
  statement_id: loose,
  entry_sequence: loose,
  error_reason: loose,
  bank_reference_number: loose,
})
export type ErrorReconPayload = z.infer<typeof ErrorReconPayload>

/** One item of the reply to `/get_disbursement_status`, whose records are read one by one. */
export const BridgeStatus = z.object({
  disbursement_id: z.string().min(1),
  disbursement_recon_records: z
    .object({
      disbursement_recon_payloads: z.array(z.unknown()).nullish(),
      disbursement_error_recon_payloads: z.array(z.unknown()).nullish(),
    })
    .nullish(),
})
export type BridgeStatus = z.infer<typeof BridgeStatus>

/** The reply to `/get_disbursement_envelope_status`, as far as it decides anything. */
export const EnvelopeStatus = z.object({
  disbursement_envelope_id: loose,
  number_of_disbursements_received: z.int().min(0),
})
export type EnvelopeStatus = z.infer<typeof EnvelopeStatus>
