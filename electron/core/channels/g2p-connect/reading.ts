import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { Acknowledgement, HttpErrors } from '../../../../shared/contract/g2p-connect.ts'
import type { Fault, Result } from '../../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { retryClass } from '../../../../shared/rules/retry-class.ts'
import type { Answered } from '../../http/exchange-types.ts'
import type { AskedPayment, LookUpOutcome, PostedPayment, PostOutcome } from '../channel.ts'
import type { OpenedReply } from './opening.ts'

/** An answer and what is needed to understand it. */
export interface Reading {
  readonly answer: Answered
  readonly manager: PaymentManager
  readonly payments: readonly AskedPayment[]
  /** The answer as it was read, decrypted and verified. */
  readonly opened: Result<OpenedReply>
}

export interface PostReading extends Reading {
  readonly payments: readonly PostedPayment[]
}

export const replyFault = (code: ErrorCode, { host }: Answered, more: Fault['params'] = {}): Fault => ({
  code,
  params: { host, ...more },
})

/** At most so many characters: whatever is kept of a reply has a measure. */
export const limited = (text: string, length: number): string => [...text].slice(0, length).join('')

/** Codes that say before anything was accepted that the message cannot be taken. */
export const refusesBeforeAcceptance = (code: string): boolean => ['fix-data', 'stop'].includes(retryClass(code))

/** Refused for its size alone. An acknowledgement has no code for that, so it stands in the text beside a general one. */
export const saysTooLarge = (...words: readonly string[]): boolean =>
  words.some((word) => /\brjct\.total_count\.limit_exceeded\b/.test(word))

export const saysTooMany = (code: string): boolean => /too_many_requests$/.test(code)

export const isAnswerWithBody = ({ status }: Answered): boolean => status >= 200 && status <= 299

/** A signature is wanted and is not there or not good: such a word proves nothing, not even a refusal. */
export const lacksSignature = ({ manager, opened }: Reading): boolean =>
  manager.replySigning !== 'none' && !(opened.ok && opened.value.verdict === 'valid')

/** "It may have been taken." */
export const unknownOutcome = (
  { answer }: Reading,
  fault: Fault,
  { slowDown = false, code = '', text = '' } = {},
): Extract<PostOutcome, { kind: 'unknown' }> => ({
  kind: 'unknown',
  fault,
  slowDown,
  httpStatus: answer.status,
  code,
  text,
})

export const failedLookUp = (fault: Fault, slowDown = false): Extract<LookUpOutcome, { kind: 'failed' }> => ({
  kind: 'failed',
  fault,
  slowDown,
})

/** Refusals by a gateway or web server in front of the payment system: nothing behind it saw the message. */
const REFUSED_BEFORE = new Set([301, 307, 308, 401, 403, 404, 405, 411, 414, 415, 431])
const TOO_MANY = 429
const CONTENT_TOO_LARGE = 413

interface SaidError {
  readonly code: string
  readonly text: string
}

/** The error that stands in the body of a refusal (§ HttpErrorResponse, § Acknowledgement); empty where none does. */
function errorIn({ opened }: Reading): SaidError {
  const value = opened.ok ? opened.value.value : undefined
  const errors = HttpErrors.safeParse(value)
  const acknowledgement = Acknowledgement.safeParse(value)
  const found =
    (errors.success ? errors.data.errors[0] : undefined) ??
    (acknowledgement.success ? acknowledgement.data.message.error : undefined)
  return { code: limited(found?.code ?? '', 80), text: limited(found?.message ?? '', 999) }
}

/** What an answer to a post means that has another HTTP status than 2xx. */
export function readPostRefusal(reading: Reading): PostOutcome {
  const { answer } = reading
  const { status: httpStatus } = answer
  const { code, text } = errorIn(reading)
  const said = { httpStatus, code: code || `http.${httpStatus}`, text }
  if (httpStatus === TOO_MANY) {
    return unknownOutcome(reading, replyFault('channel.too-many-requests', answer), { slowDown: true, code, text })
  }
  if (httpStatus === CONTENT_TOO_LARGE || (httpStatus < 500 && saysTooLarge(code, text))) {
    return { kind: 'too-large', ...said }
  }
  if (REFUSED_BEFORE.has(httpStatus) || (httpStatus < 500 && refusesBeforeAcceptance(code))) {
    return { kind: 'refused', ...said }
  }
  const fault = replyFault('channel.server-error', answer, { status: httpStatus })
  return unknownOutcome(reading, fault, { slowDown: saysTooMany(code), code, text })
}

/** What an answer to a question means that has another HTTP status than 2xx. */
export function readQuestionRefusal(reading: Reading): Extract<LookUpOutcome, { kind: 'failed' }> {
  const { answer } = reading
  const { code } = errorIn(reading)
  if (answer.status === TOO_MANY || saysTooMany(code)) {
    return failedLookUp(replyFault('channel.too-many-requests', answer), true)
  }
  if (answer.status >= 500) {
    return failedLookUp(replyFault('channel.server-error', answer, { status: answer.status }))
  }
  if (answer.status >= 300 && answer.status < 400) return failedLookUp(replyFault('http.redirect-refused', answer))
  return failedLookUp(replyFault('channel.request-refused', answer, { code: code || `http.${answer.status}` }))
}
