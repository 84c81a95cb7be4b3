import type {
  DisburseMessage,
  Disbursement,
  RequestHeader,
  StatusMessage,
} from '../../../../shared/contract/g2p-connect.ts'
import { PROTOCOL_VERSION } from '../../../../shared/contract/g2p-connect.ts'
import { fail } from '../../../../shared/contract/result.ts'
import type { Submission, SubmissionLine } from '../../../../shared/model/batch.ts'
import { messageId, newId, transactionId } from '../../../../shared/model/ids.ts'
import type { PartKey } from '../../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { wireAmount } from '../../../../shared/rules/money.ts'
import { linesOfPart } from '../../../../shared/rules/submission-parts.ts'
import type { PartMessage, Question } from '../channel.ts'
import { digestOfMessage } from '../message-digest.ts'

/** Longest `note` and `purpose` (§ Disburse request). */
const LONGEST_NOTE = 99

const shortened = (text: string): string => [...text].slice(0, LONGEST_NOTE).join('')

/** What a payment is for, as the Odoo module words it. */
export const noteOf = ({ cycleName, programmeName }: Pick<Submission, 'cycleName' | 'programmeName'>): string =>
  shortened(`Payment for ${cycleName} under ${programmeName}`)

/**
 * The disburse message of one part of a submission (G2P Connect 1.0.0 § Disburse). Every id in it is
 * derived from the submission.
 *
 * @returns undefined when the submission has no such part
 * @throws OfficeError `amount.*`
 */
export function disburseMessage(
  submission: Submission,
  part: PartKey,
  manager: PaymentManager,
  at: number,
): PartMessage | undefined {
  const lines = linesOfPart(submission, part)
  if (lines.length === 0) return undefined
  const schedule = new Date(at).toISOString()
  const message: DisburseMessage = {
    disbursements: lines.map((line) => disbursement(line, submission, manager, schedule)),
    transaction_id: transactionId(submission.id, part),
  }
  return {
    part,
    transactionId: message.transaction_id,
    messageId: messageId(submission.id, part),
    count: lines.length,
    message,
    digest: digestOfMessage(message),
  }
}

function disbursement(
  line: SubmissionLine,
  submission: Submission,
  manager: PaymentManager,
  schedule: string,
): Disbursement {
  const amount = wireAmount(line.amount, submission.currency, manager.amountsFormat)
  if (!amount.ok) fail(amount.error.code, amount.error.params)
  // In the order in which keys are signed, so that signing has nothing to rearrange in a long message.
  return {
    amount: amount.value,
    currency_code: submission.currency,
    locale: manager.locale,
    note: noteOf(submission),
    payee_fa: line.payeeAddress,
    payee_name: line.payeeName,
    payer_fa: submission.payerAddress,
    ...(submission.payerName === '' ? {} : { payer_name: submission.payerName }),
    purpose: shortened(submission.programmeName),
    reference_id: line.paymentId,
    ...(manager.scheduledTimestamp === 'always' ? { scheduled_timestamp: schedule } : {}),
  }
}

/**
 * A question about payments (§ Status), by their references or by the message that they left in; ids of its own each time.
 * By correlation falls back to the transaction where the receiver gave no such id.
 */
export function statusMessage(
  { payments, message }: Question,
  manager: Pick<PaymentManager, 'statusBy' | 'locale'>,
): StatusMessage {
  const named = (): Pick<StatusMessage['txnstatus_request'], 'attribute_type' | 'attribute_value'> => {
    if (manager.statusBy === 'reference_id_list' || message === null) {
      return { attribute_type: 'reference_id_list', attribute_value: payments.map(({ id }) => id) }
    }
    return manager.statusBy === 'correlation_id' && message.correlationId !== ''
      ? { attribute_type: 'correlation_id', attribute_value: message.correlationId }
      : { attribute_type: 'transaction_id', attribute_value: message.transactionId }
  }
  return {
    transaction_id: newId(),
    txnstatus_request: { reference_id: newId(), txn_type: 'disburse', ...named(), locale: manager.locale },
  }
}

export function requestHeader(
  manager: PaymentManager,
  {
    id,
    action,
    count,
    now,
    callbackAddress,
  }: {
    readonly id: string
    readonly action: string
    readonly count: number
    readonly now: number
    /** Where this office listens; empty where it does not. The manager's own setting goes before it. */
    readonly callbackAddress: string
  },
): RequestHeader {
  const senderUri = manager.senderUri || callbackAddress
  return {
    action,
    is_msg_encrypted: false,
    message_id: id,
    message_ts: new Date(now).toISOString(),
    ...(manager.receiverId === '' ? {} : { receiver_id: manager.receiverId }),
    sender_id: manager.senderId,
    ...(senderUri === '' ? {} : { sender_uri: senderUri }),
    total_count: count,
    version: PROTOCOL_VERSION,
  }
}
