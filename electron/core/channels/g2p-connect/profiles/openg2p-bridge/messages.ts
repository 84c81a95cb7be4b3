import type {
  BridgeDisbursement,
  EnvelopedDisbursement,
  EnvelopeMessage,
} from '../../../../../../shared/contract/openg2p-bridge.ts'
import { fail } from '../../../../../../shared/contract/result.ts'
import type { Submission } from '../../../../../../shared/model/batch.ts'
import { messageId, transactionId } from '../../../../../../shared/model/ids.ts'
import type { PartKey } from '../../../../../../shared/model/payment.ts'
import { sumAmounts, wireAmount } from '../../../../../../shared/rules/money.ts'
import { linesOfPart } from '../../../../../../shared/rules/submission-parts.ts'
import type { PartMessage } from '../../../channel.ts'
import { digestOfMessage } from '../../../message-digest.ts'
import { noteOf } from '../../messages.ts'
import type { Content } from '../receiver-profile.ts'

/**
 * An amount as the JSON number that the bridge wants, exact: what {@link wireAmount} writes has at most 15 digits, and every
 * decimal of so many digits is written by JavaScript as it was read.
 *
 * @throws OfficeError `amount.*`
 */
function exactNumber(minor: number, currency: string): number {
  const text = wireAmount(minor, currency, 'shortest')
  return text.ok ? Number(text.value) : fail(text.error.code, text.error.params)
}

/** The disbursements of one part, without the envelope that they will go in. */
export function bridgeMessage(submission: Submission, part: PartKey): PartMessage | undefined {
  const lines = linesOfPart(submission, part)
  if (lines.length === 0) return undefined
  const message = lines.map(
    (line): BridgeDisbursement => ({
      beneficiary_id: line.payeeAddress,
      mis_reference_number: line.paymentId,
      beneficiary_name: line.payeeName,
      disbursement_amount: exactNumber(line.amount, submission.currency),
      narrative: noteOf(submission),
    }),
  )
  return {
    part,
    transactionId: transactionId(submission.id, part),
    messageId: messageId(submission.id, part),
    count: lines.length,
    message,
    digest: digestOfMessage(message),
  }
}

/** The message with the envelope that was made for it. */
export const inEnvelope = (message: unknown, envelopeId: string): EnvelopedDisbursement[] =>
  (message as readonly BridgeDisbursement[]).map((item) => ({ disbursement_envelope_id: envelopeId, ...item }))

/** An envelope that declares exactly one part, so that nothing beyond it fits in. */
export function envelopeRequest(part: PartMessage, submission: Submission, now: number): Content {
  const lines = linesOfPart(submission, part.part)
  const sum = sumAmounts(lines.map(({ amount }) => amount))
  if (!sum.ok) fail(sum.error.code, sum.error.params)
  const message: EnvelopeMessage = {
    benefit_program_mnemonic: submission.programmeName,
    disbursement_frequency: 'OnDemand',
    cycle_code_mnemonic: submission.cycleName,
    number_of_beneficiaries: new Set(lines.map(({ payeeAddress }) => payeeAddress)).size,
    number_of_disbursements: lines.length,
    total_disbursement_amount: exactNumber(sum.value, submission.currency),
    disbursement_currency_code: submission.currency,
    disbursement_schedule_date: new Date(now).toISOString().slice(0, 10),
  }
  return { action: 'create_disbursement_envelope', count: 1, message }
}
