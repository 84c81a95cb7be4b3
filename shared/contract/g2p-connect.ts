import { z } from 'zod'

/*
 * The messages of G2P Connect 1.0.0 (disburse and its status), §numbers of the specification "G2P Connect disburse".
 * Requests are strict: what we send must be right. Replies are lenient: receivers in the wild add, omit and misname, and
 * one odd item must not hide the others.
 */

export const PROTOCOL_VERSION = '1.0.0'

/** Amount as text: the point is mandatory, at most two decimals, never negative (§ Amount). */
export const AMOUNT_PATTERN = /^\d{1,13}\.\d{1,2}$/
/** ISO 4217 (§ CurrencyCode). */
export const CURRENCY_PATTERN = /^[A-Z]{3}$/
/** ISO 639-3 (§ LanguageCode). */
export const LOCALE_PATTERN = /^[a-z]{3}$/

/** A date and time with its zone, as RFC 3339 wants it. */
export const ZonedTime = z.iso.datetime({ offset: true })

/** § AckStatus: `ACK` accepted, `NACK` accepted without further news, `ERR` not accepted. */
export const AckStatus = z.enum(['ACK', 'NACK', 'ERR'])
export type AckStatus = z.infer<typeof AckStatus>

/** § AckErrorCode. */
export const ACK_ERROR_CODES = [
  'err.request.bad',
  'err.request.unauthorized',
  'err.request.forbidden',
  'err.request.not_found',
  'err.request.timeout',
  'err.version.not_supported',
  'err.request.too_many_requests',
  'err.sender_id.invalid',
  'err.sender_uri.invalid',
  'err.receiver_id.invalid',
  'err.signature.missing',
  'err.signature.invalid',
  'err.encryption.invalid',
  'err.service.unavailable',
] as const

/** § MsgHeaderStatusReasonCode. */
export const HEADER_REASON_CODES = [
  'rjct.version.invalid',
  'rjct.message_id.duplicate',
  'rjct.message_ts.invalid',
  'rjct.action.invalid',
  'rjct.action.not_supported',
  'rjct.total_count.invalid',
  'rjct.total_count.limit_exceeded',
  'rjct.errors.too_many',
] as const

/** § DisburseStatusReasonCode, an open list: receivers invent others, such as `rjct.payment.failed`. */
export const DISBURSE_REASON_CODES = [
  'rjct.reference_id.invalid',
  'rjct.reference_id.duplicate',
  'rjct.timestamp.invalid',
  'rjct.payer_fa.invalid',
  'rjct.payee_fa.invalid',
  'rjct.amount.invalid',
  'rjct.schedule_ts.invalid',
  'rjct.currency_code.invalid',
] as const

const Identifier = z.string().min(1).max(99)

/** § MsgHeader. */
export const RequestHeader = z.object({
  version: z.string().default(PROTOCOL_VERSION),
  /** One delivery between sender and receiver; it lives until the receiver acknowledges it. */
  message_id: z.string().min(1),
  message_ts: z.string(),
  action: z.string(),
  sender_id: z.string().min(1),
  sender_uri: z.string().optional(),
  receiver_id: z.string().optional(),
  total_count: z.int().min(0),
  is_msg_encrypted: z.boolean().default(false),
  meta: z.record(z.string(), z.unknown()).optional(),
})
export type RequestHeader = z.infer<typeof RequestHeader>

/** § DisburseRequest, one item. Patterns of its fields are checked one by one, since each has its reason code. */
export const Disbursement = z.object({
  reference_id: z.string(),
  payer_fa: z.string(),
  payee_fa: z.string(),
  amount: z.string(),
  scheduled_timestamp: z.string().optional(),
  payer_name: z.string().optional(),
  payee_name: z.string().optional(),
  note: z.string().max(99).optional(),
  purpose: z.string().max(99).optional(),
  instruction: z.string().max(999).optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
  currency_code: z.string().optional(),
  locale: z.string().regex(LOCALE_PATTERN).optional(),
})
export type Disbursement = z.infer<typeof Disbursement>

export const DisburseMessage = z.object({ transaction_id: Identifier, disbursements: z.array(Disbursement).min(1) })
export type DisburseMessage = z.infer<typeof DisburseMessage>

/** § TxnStatusRequest (read with `anyOf`, since the published `oneOf` lets no text through). */
export const StatusMessage = z.object({
  transaction_id: Identifier,
  txnstatus_request: z.object({
    reference_id: z.string().min(1),
    txn_type: z.enum(['disburse', 'search']),
    attribute_type: z.enum(['transaction_id', 'reference_id_list', 'correlation_id']),
    attribute_value: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    locale: z.string().regex(LOCALE_PATTERN).optional(),
  }),
})
export type StatusMessage = z.infer<typeof StatusMessage>

/** Any request before its message is looked at. */
export const RequestEnvelope = z.object({
  signature: z.string().nullish(),
  header: RequestHeader,
  message: z.record(z.string(), z.unknown()),
})
export type RequestEnvelope = z.infer<typeof RequestEnvelope>

/** Text that a receiver may leave out, send as null, or send as a number. */
const loose = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? '')

/** § MsgCallbackHeader: the header of synchronous replies and callbacks. */
export const ReplyHeader = z.object({
  version: loose,
  message_id: loose,
  message_ts: loose,
  action: loose,
  status: loose,
  status_reason_code: loose,
  status_reason_message: loose,
  total_count: z.number().nullish(),
  completed_count: z.number().nullish(),
  sender_id: loose,
  receiver_id: loose,
  is_msg_encrypted: z.boolean().nullish(),
})
export type ReplyHeader = z.infer<typeof ReplyHeader>

/**
 * What a receiver says about one payment (§ DisburseResponse, one item). `status` is `rcvd`, `pdng`, `succ` or `rjct`
 * (§ RequestStatusCode); receivers in the wild add `fail`, which proves nothing.
 */
export const DisbursementStatus = z.object({
  reference_id: z.string().min(1),
  timestamp: loose,
  status: z.string().min(1),
  status_reason_code: loose,
  status_reason_message: loose,
  instruction: loose,
  amount: loose,
  payer_fa: loose,
  payer_name: loose,
  payee_fa: loose,
  payee_name: loose,
  currency_code: loose,
  locale: loose,
})
export type DisbursementStatus = z.infer<typeof DisbursementStatus>

/** A synchronous reply or a callback before its message is looked at. */
export const ReplyEnvelope = z.object({
  signature: z.string().nullish(),
  header: ReplyHeader,
  message: z.record(z.string(), z.unknown()).nullish(),
})
export type ReplyEnvelope = z.infer<typeof ReplyEnvelope>

/** § AckResponse: the answer to an asynchronous request; it has neither header nor signature. */
export const Acknowledgement = z.object({
  message: z.object({
    ack_status: AckStatus,
    timestamp: loose,
    correlation_id: loose,
    error: z.object({ code: loose, message: loose }).nullish(),
  }),
})
export type Acknowledgement = z.infer<typeof Acknowledgement>

/** The body of a refusal with an HTTP status of its own (§ HttpErrorResponse). */
export const HttpErrors = z.object({ errors: z.array(z.object({ code: loose, message: loose })) })
export type HttpErrors = z.infer<typeof HttpErrors>

/** The items of a reply that could be read, and how many could not. */
export interface StatusItems {
  readonly items: readonly DisbursementStatus[]
  readonly unreadable: number
}

/**
 * The items of a disburse reply (`message.disbursements_status`) or of a status reply, in the specification's shape
 * (`message.txnstatus_response.txn_status.disbursements_status`) or as the bare list that receivers in the wild send,
 * with nulls in it. Undefined when the message has neither.
 */
export function findStatusItems(message: Readonly<Record<string, unknown>>): StatusItems | undefined {
  const list = findList(message)
  if (list === undefined) return undefined
  const items: DisbursementStatus[] = []
  let unreadable = 0
  for (const entry of list) {
    if (entry === null) continue
    const item = DisbursementStatus.safeParse(entry)
    if (item.success) items.push(item.data)
    else unreadable += 1
  }
  return { items, unreadable }
}

function findList(message: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  if (Array.isArray(message.disbursements_status)) return message.disbursements_status
  const status = asRecord(asRecord(message.txnstatus_response)?.txn_status)
  if (Array.isArray(status)) return status
  return Array.isArray(status?.disbursements_status) ? status.disbursements_status : undefined
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
