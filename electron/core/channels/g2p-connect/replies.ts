import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import {
  Acknowledgement,
  type DisbursementStatus,
  findStatusItems,
  HttpErrors,
  ReplyEnvelope,
} from '../../../../shared/contract/g2p-connect.ts'
import type { Fault, Result } from '../../../../shared/contract/result.ts'
import type { Observation } from '../../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { parseWireAmount } from '../../../../shared/rules/money.ts'
import { retryClass } from '../../../../shared/rules/retry-class.ts'
import type { Answered } from '../../http/exchange-types.ts'
import type { AskedPayment, LookUpOutcome, PostOutcome, StatusWord } from '../channel.ts'
import type { OpenedReply } from './opening.ts'

/** Refusals by a gateway or web server in front of the payment system: nothing behind it saw the message. */
const REFUSED_BEFORE = new Set([301, 307, 308, 401, 403, 404, 405, 411, 414, 415, 431])
const TOO_MANY = 429
const CONTENT_TOO_LARGE = 413

interface Reading {
  readonly answer: Answered
  readonly manager: PaymentManager
  readonly payments: readonly AskedPayment[]
  /** The answer as it was read, decrypted and verified. */
  readonly opened: Result<OpenedReply>
}

const fault = (code: ErrorCode, { host }: Answered, more: Fault['params'] = {}): Fault => ({
  code,
  params: { host, ...more },
})

const limited = (text: string, length: number): string => [...text].slice(0, length).join('')

/** Codes that say before anything was accepted that the message cannot be taken. */
const refusesBeforeAcceptance = (code: string): boolean => ['fix-data', 'stop'].includes(retryClass(code))

/** Refused for its size alone. An acknowledgement has no code for that, so it stands in the text beside a general one. */
const saysTooLarge = (...words: readonly string[]): boolean =>
  words.some((word) => /\brjct\.total_count\.limit_exceeded\b/.test(word))

const saysTooMany = (code: string): boolean => /too_many_requests$/.test(code)

const statusOf = (text: string): Observation['status'] => {
  const known = ['rcvd', 'pdng', 'succ', 'rjct'] as const
  const lower = text.toLowerCase()
  return known.find((status) => status === lower) ?? (/^(?:rvrs|rvsd|reversed)$/.test(lower) ? 'reversed' : 'other')
}

function wordOf(item: DisbursementStatus, payment: AskedPayment, verified: boolean): StatusWord {
  const amount = item.amount === '' ? null : parseWireAmount(item.amount, payment.currency)
  // An amount that cannot be read is not the amount that was approved: the currency sign `?` matches none.
  const unreadable = amount !== null && !amount.ok
  return {
    paymentId: payment.id,
    status: statusOf(item.status),
    code: limited(item.status_reason_code || (statusOf(item.status) === 'other' ? item.status : ''), 80),
    text: limited(item.status_reason_message, 999),
    amount: amount?.ok ? amount.value : null,
    currency: unreadable ? '?' : limited(item.currency_code.toUpperCase(), 3),
    payeeAddress: limited(item.payee_fa, 256),
    theirReference: '',
    verified,
    theirTime: limited(item.timestamp, 64),
  }
}

interface Reply {
  readonly envelope: ReplyEnvelope
  readonly verified: boolean
  readonly words: readonly StatusWord[] | undefined
  readonly unreadable: number
}

/** A reply with a header, its words about the payments that were asked about, and whether its signature verified. */
function readReply({ value, verdict }: OpenedReply, payments: readonly AskedPayment[]): Reply | undefined {
  const envelope = ReplyEnvelope.safeParse(value)
  if (!envelope.success) return undefined
  const verified = verdict === 'valid'
  const list = envelope.data.message == null ? undefined : findStatusItems(envelope.data.message)
  const asked = new Map(payments.map((payment) => [payment.id.toLowerCase(), payment]))
  return {
    envelope: envelope.data,
    verified,
    words: list?.items.flatMap((item) => {
      const payment = asked.get(item.reference_id.toLowerCase())
      return payment === undefined ? [] : [wordOf(item, payment, verified)]
    }),
    unreadable: list?.unreadable ?? 0,
  }
}

const errorOf = (value: unknown): { code: string; text: string } | undefined => {
  const errors = HttpErrors.safeParse(value)
  const first = errors.success ? errors.data.errors[0] : undefined
  return first === undefined ? undefined : { code: limited(first.code, 80), text: limited(first.message, 999) }
}

/** What a reply to a disburse request means (§ Disburse, § Acknowledgement). In doubt: unknown. */
export function readPostReply({ answer, manager, payments, opened }: Reading): PostOutcome {
  const { status: httpStatus } = answer
  const value = opened.ok ? opened.value.value : undefined
  const unknown = (found: Fault, slowDown = false, code = '', text = ''): PostOutcome => ({
    kind: 'unknown',
    fault: found,
    slowDown,
    httpStatus,
    code,
    text,
  })

  if (httpStatus < 200 || httpStatus > 299) {
    const error = errorOf(value) ?? acknowledgedError(value)
    const code = error?.code ?? ''
    const text = error?.text ?? ''
    if (httpStatus === TOO_MANY) return unknown(fault('channel.too-many-requests', answer), true, code, text)
    if (httpStatus === CONTENT_TOO_LARGE || (httpStatus < 500 && saysTooLarge(code, text))) {
      return { kind: 'too-large', httpStatus, code: code || `http.${httpStatus}`, text }
    }
    if (REFUSED_BEFORE.has(httpStatus) || (httpStatus < 500 && refusesBeforeAcceptance(code))) {
      return { kind: 'refused', httpStatus, code: code || `http.${httpStatus}`, text }
    }
    return unknown(fault('channel.server-error', answer, { status: httpStatus }), saysTooMany(code), code, text)
  }
  if (!opened.ok) return unknown(opened.error)

  const acknowledgement = Acknowledgement.safeParse(value)
  if (acknowledgement.success) {
    const { ack_status, correlation_id, error } = acknowledgement.data.message
    const said = { httpStatus, code: limited(error?.code ?? '', 80), text: limited(error?.message ?? '', 999) }
    const correlationId = limited(correlation_id, 128)
    if (ack_status === 'ACK') return { kind: 'acknowledged', correlationId, ...said }
    if (ack_status === 'NACK') return { kind: 'nack', correlationId, ...said }
    if (retryClass(said.code) === 'received') return { kind: 'duplicate', ...said }
    if (saysTooLarge(said.code, said.text)) return { kind: 'too-large', ...said }
    if (refusesBeforeAcceptance(said.code)) return { kind: 'refused', ...said }
    return unknown(fault('channel.request-refused', answer, { code: said.code }), saysTooMany(said.code), said.code)
  }

  const reply = readReply(opened.value, payments)
  if (reply === undefined) return unknown(fault('channel.reply-not-understood', answer))
  // An unsigned word where words are signed proves nothing, not even a refusal.
  if (manager.replySigning !== 'none' && !reply.verified) return unknown(fault('channel.reply-not-signed', answer))
  const { header } = reply.envelope
  const said = {
    httpStatus,
    code: limited(header.status_reason_code, 80),
    text: limited(header.status_reason_message, 999),
  }
  if (reply.words !== undefined && reply.words.length > 0) return { kind: 'answered', words: reply.words, ...said }
  switch (statusOf(header.status)) {
    case 'rcvd':
    case 'pdng':
    case 'succ':
      return { kind: 'acknowledged', correlationId: '', ...said }
    case 'rjct':
      if (retryClass(said.code) === 'received') return { kind: 'duplicate', ...said }
      if (saysTooLarge(said.code)) return { kind: 'too-large', ...said }
      if (refusesBeforeAcceptance(said.code)) return { kind: 'refused', ...said }
      return unknown(fault('channel.request-refused', answer, { code: said.code }), false, said.code, said.text)
    default:
      return unknown(fault('channel.reply-not-understood', answer), false, said.code, said.text)
  }
}

const acknowledgedError = (value: unknown): { code: string; text: string } | undefined => {
  const parsed = Acknowledgement.safeParse(value)
  const error = parsed.success ? parsed.data.message.error : undefined
  return error == null ? undefined : { code: limited(error.code, 80), text: limited(error.message, 999) }
}

/**
 * What a reply to a status request means (§ Status). A reference counts as absent only when a whole, readable and (where
 * replies are signed) verified answer leaves it out.
 */
export function readStatusReply({ answer, manager, payments, opened }: Reading): LookUpOutcome {
  const failed = (found: Fault, slowDown = false): LookUpOutcome => ({ kind: 'failed', fault: found, slowDown })
  const value = opened.ok ? opened.value.value : undefined
  if (answer.status < 200 || answer.status > 299) {
    const code = (errorOf(value) ?? acknowledgedError(value))?.code ?? ''
    if (answer.status === TOO_MANY || saysTooMany(code)) {
      return failed(fault('channel.too-many-requests', answer), true)
    }
    if (answer.status >= 500) return failed(fault('channel.server-error', answer, { status: answer.status }))
    if (answer.status >= 300 && answer.status < 400) return failed(fault('http.redirect-refused', answer))
    return failed(fault('channel.request-refused', answer, { code: code || `http.${answer.status}` }))
  }
  if (!opened.ok) return failed(opened.error)

  const acknowledgement = Acknowledgement.safeParse(value)
  if (acknowledgement.success) {
    const { ack_status, error } = acknowledgement.data.message
    if (ack_status !== 'ERR') return { kind: 'accepted' }
    const code = error?.code ?? ''
    return saysTooMany(code)
      ? failed(fault('channel.too-many-requests', answer), true)
      : failed(fault('channel.request-refused', answer, { code }))
  }

  const reply = readReply(opened.value, payments)
  if (reply === undefined) return failed(fault('channel.reply-not-understood', answer))
  if (manager.replySigning !== 'none' && !reply.verified) return failed(fault('channel.reply-not-signed', answer))
  const { header } = reply.envelope
  // A look-up that calls the reference invalid does not know it; that is no word about the money.
  const words = reply.words?.filter((word) => !saysUnknownReference(word))
  const found = new Set(words?.map(({ paymentId }) => paymentId))
  const missing = payments.filter(({ id }) => !found.has(id)).map(({ id }) => id)
  if (reply.words === undefined || words === undefined) {
    // Some receivers reject the whole question when they know none of its references.
    if (/not_found$/.test(header.status_reason_code)) {
      return { kind: 'answered', words: [], absent: missing, left: [] }
    }
    const code = header.status_reason_code || header.status
    if (saysTooMany(code)) return failed(fault('channel.too-many-requests', answer), true)
    return failed(fault('channel.request-refused', answer, { code }))
  }
  const whole = reply.unreadable === 0 && ['', 'succ'].includes(header.status.toLowerCase())
  if (!whole) return { kind: 'answered', words, absent: [], left: [] }
  // A partial list is legal (§ Header, completed_count); only a reply that says nothing more is the end of it.
  const partial = (header.completed_count ?? 0) < (header.total_count ?? 0) && words.length > 0
  return { kind: 'answered', words, absent: partial ? [] : missing, left: partial ? missing : [] }
}

/** Whoever repeats amount or payee has the payment and rejects it; without them the reference itself is what is unknown. */
const saysUnknownReference = ({ status, code, amount, payeeAddress }: StatusWord): boolean =>
  status === 'rjct' && amount === null && payeeAddress === '' && /reference_id\.(?:invalid|not_found)$/.test(code)
