import {
  Acknowledgement,
  type DisbursementStatus,
  findStatusItems,
  ReplyEnvelope,
} from '../../../../shared/contract/g2p-connect.ts'
import type { Observation } from '../../../../shared/model/payment.ts'
import { parseWireAmount } from '../../../../shared/rules/money.ts'
import { retryClass } from '../../../../shared/rules/retry-class.ts'
import type { AskedPayment, LookUpOutcome, PostOutcome, StatusWord } from '../channel.ts'
import type { OpenedReply } from './opening.ts'
import {
  failedLookUp,
  isAnswerWithBody,
  lacksSignature,
  limited,
  type Reading,
  readPostRefusal,
  readQuestionRefusal,
  refusesBeforeAcceptance,
  replyFault,
  saysTooLarge,
  saysTooMany,
  unknownOutcome,
} from './reading.ts'

/*
 * Replies in the form of G2P Connect 1.0.0, as the standard has them and as receivers in the wild send them.
 */

const statusOf = (text: string): Observation['status'] => {
  const known = ['rcvd', 'pdng', 'succ', 'rjct'] as const
  const lower = text.toLowerCase()
  return known.find((status) => status === lower) ?? (/^(?:rvrs|rvsd|reversed)$/.test(lower) ? 'reversed' : 'other')
}

/** What one item of a reply or callback says about the payment it names. */
/** What is too long to be kept is other than what was approved, also where its beginning is the same: `?` matches nothing. */
const whole = (text: string, length: number): string => (text.length > length ? '?' : text)

export function wordOf(item: DisbursementStatus, payment: AskedPayment, verified: boolean): StatusWord {
  const amount = item.amount === '' ? null : parseWireAmount(item.amount, payment.currency)
  // An amount that cannot be read is not the amount that was approved.
  const unreadable = amount !== null && !amount.ok
  return {
    paymentId: payment.id,
    status: statusOf(item.status),
    code: limited(item.status_reason_code || (statusOf(item.status) === 'other' ? item.status : ''), 80),
    text: limited(item.status_reason_message, 999),
    amount: amount?.ok ? amount.value : null,
    currency: unreadable ? '?' : whole(item.currency_code.trim().toUpperCase(), 3),
    payeeAddress: whole(item.payee_fa, 256),
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

/** What a reply to a disburse request means (§ Disburse, § Acknowledgement). In doubt: unknown. */
export function readPostReply(reading: Reading): PostOutcome {
  const { answer, payments, opened } = reading
  const { status: httpStatus } = answer
  if (!isAnswerWithBody(answer)) return readPostRefusal(reading)
  if (!opened.ok) return unknownOutcome(reading, opened.error)

  const acknowledgement = Acknowledgement.safeParse(opened.value.value)
  if (acknowledgement.success) {
    const { ack_status, correlation_id, error } = acknowledgement.data.message
    const said = { httpStatus, code: limited(error?.code ?? '', 80), text: limited(error?.message ?? '', 999) }
    const correlationId = limited(correlation_id, 128)
    if (ack_status === 'ACK') return { kind: 'acknowledged', correlationId, ...said }
    if (ack_status === 'NACK') return { kind: 'nack', correlationId, ...said }
    return readRefusal(reading, said)
  }

  const reply = readReply(opened.value, payments)
  if (reply === undefined) return unknownOutcome(reading, replyFault('channel.reply-not-understood', answer))
  if (lacksSignature(reading)) return unknownOutcome(reading, replyFault('channel.reply-not-signed', answer))
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
      return readRefusal(reading, said)
    default:
      return unknownOutcome(reading, replyFault('channel.reply-not-understood', answer), said)
  }
}

/** A message that was not accepted, by the code that says why. */
function readRefusal(
  reading: Reading,
  said: { readonly httpStatus: number; readonly code: string; readonly text: string },
): PostOutcome {
  const { code, text } = said
  if (retryClass(code) === 'received') return { kind: 'duplicate', ...said }
  if (saysTooLarge(code, text)) return { kind: 'too-large', ...said }
  if (refusesBeforeAcceptance(code)) return { kind: 'refused', ...said }
  const fault = replyFault('channel.request-refused', reading.answer, { code })
  return unknownOutcome(reading, fault, { slowDown: saysTooMany(code), code, text })
}

/**
 * What a reply to a status request means (§ Status). A reference counts as absent only when a whole, readable and (where
 * replies are signed) verified answer leaves it out.
 */
export function readStatusReply(reading: Reading): LookUpOutcome {
  const { answer, payments, opened } = reading
  if (!isAnswerWithBody(answer)) return readQuestionRefusal(reading)
  if (!opened.ok) return failedLookUp(opened.error)

  const refused = (code: string): LookUpOutcome =>
    saysTooMany(code)
      ? failedLookUp(replyFault('channel.too-many-requests', answer), true)
      : failedLookUp(replyFault('channel.request-refused', answer, { code: limited(code, 80) }))

  const acknowledgement = Acknowledgement.safeParse(opened.value.value)
  if (acknowledgement.success) {
    const { ack_status, error } = acknowledgement.data.message
    return ack_status === 'ERR' ? refused(error?.code ?? '') : { kind: 'accepted' }
  }

  const reply = readReply(opened.value, payments)
  if (reply === undefined) return failedLookUp(replyFault('channel.reply-not-understood', answer))
  if (lacksSignature(reading)) return failedLookUp(replyFault('channel.reply-not-signed', answer))
  const { header } = reply.envelope
  // A look-up that calls the reference invalid does not know it; that is no word about the money.
  const words = reply.words?.filter((word) => !saysUnknownReference(word))
  const found = new Set(words?.map(({ paymentId }) => paymentId))
  const missing = payments.filter(({ id }) => !found.has(id)).map(({ id }) => id)
  // A refusal that lists nothing says something about the question, not about the payments.
  const isRefusal = statusOf(header.status) === 'rjct' && reply.words?.length === 0 && reply.unreadable === 0
  if (reply.words === undefined || words === undefined || isRefusal) {
    // Some receivers reject the whole question when they know none of its references.
    if (/not_found$/.test(header.status_reason_code)) {
      return { kind: 'answered', words: [], absent: missing, left: [] }
    }
    return refused(header.status_reason_code || header.status)
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
