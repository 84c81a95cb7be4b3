import { z } from 'zod'
import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { Fault } from '../../../../shared/contract/result.ts'
import { hubReason, isHubRefusal } from '../../../../shared/rules/payment-hub/reasons.ts'
import type { Answered } from '../../http/exchange-types.ts'
import { jsonOf } from '../../http/json.ts'
import type { PostOutcome } from '../channel.ts'

/** The only answer that names the batch: its id is the last step of a path that leads nowhere. */
const Accepted = z.object({ PollingPath: z.string() })
const BATCH_ID = /(?:^|\/)([A-Za-z0-9_-]{1,100})\/?$/

const Said = z.union([z.string(), z.number()]).nullish()
/** Refusals in the shapes of PhErrorDTO, of header errors, and of file errors, whose keys end in a colon and a space. */
const Refusal = z.looseObject({
  errorCode: Said,
  errorDescription: Said,
  errorInformation: Said,
  developerMessage: Said,
  'Error Information : ': Said,
  'Error Information: ': Said,
  'Error Description : ': Said,
  'Error Description: ': Said,
})

export const hubFault = (code: ErrorCode, { host }: Answered, more: Fault['params'] = {}): Fault => ({
  code,
  params: { host, ...more },
})

const limited = (text: string, length: number): string => [...text].slice(0, length).join('')

interface Refused {
  readonly code: string
  readonly text: string
}

/** What a refusal says; undefined when it is no refusal that Payment Hub is known to give. */
function refusalIn(answer: Answered): Refused | undefined {
  const json = jsonOf(answer)
  const parsed = json.ok ? Refusal.safeParse(json.value) : undefined
  if (parsed?.success !== true) return undefined
  const said = parsed.data
  const text = (...values: readonly (string | number | null | undefined)[]): string =>
    values
      .filter((value) => value !== null && value !== undefined && value !== '')
      .map(String)
      .join(': ')
  const ofFile = text(
    said['Error Information : '],
    said['Error Information: '],
    said['Error Description : '],
    said['Error Description: '],
  )
  if (/too big/i.test(ofFile)) return { code: 'phee.file-too-big', text: ofFile }
  if (ofFile !== '') return { code: 'phee.file-refused', text: ofFile }
  const words = text(said.errorInformation, said.errorDescription ?? said.developerMessage)
  if (/too big/i.test(words)) return { code: 'phee.file-too-big', text: words }
  if (/file not uploaded/i.test(words)) return { code: 'phee.headers-refused', text: words }
  const code = text(said.errorCode)
  return code === '' ? undefined : { code: hubReason(code), text: words }
}

/**
 * Gateways before the hub ask for sign-in; the hub itself never does, so it has not seen what was refused for that. Every
 * other refusal counts as one only where the body is a known one: what a gateway says of its own may come after the hub
 * took the file.
 */
const SIGN_IN = new Set([401, 403])

/** What an answer to an upload means. In doubt: it may have been taken. */
export function readUploadReply(answer: Answered): PostOutcome {
  const { status: httpStatus } = answer
  if (httpStatus >= 200 && httpStatus < 300) return readAccepted(answer)
  if (SIGN_IN.has(httpStatus)) return { kind: 'refused', httpStatus, code: `http.${httpStatus}`, text: '' }
  const refusal = httpStatus >= 400 && httpStatus < 500 ? refusalIn(answer) : undefined
  if (refusal !== undefined) {
    const said = { httpStatus, code: limited(refusal.code, 80), text: limited(refusal.text, 999) }
    if (said.code === 'phee.TransactionExists') return { kind: 'duplicate', ...said }
    if (said.code === 'phee.file-too-big') return { kind: 'too-large', ...said }
    if (isHubRefusal(said.code)) return { kind: 'refused', ...said }
    return { ...unclear(answer, hubFault('channel.request-refused', answer, { code: said.code })), ...said }
  }
  if (httpStatus === 429) return unclear(answer, hubFault('channel.too-many-requests', answer), true)
  return unclear(answer, hubFault('channel.server-error', answer, { status: httpStatus }))
}

function readAccepted(answer: Answered): PostOutcome {
  const { status: httpStatus } = answer
  const json = jsonOf(answer)
  if (!json.ok) return unclear(answer, json.error)
  const accepted = Accepted.safeParse(json.value)
  const correlationId = BATCH_ID.exec(accepted.data?.PollingPath ?? '')?.[1]
  if (correlationId === undefined) return unclear(answer, hubFault('channel.reply-not-understood', answer))
  // It says that the file is there, not that anything began.
  return { kind: 'acknowledged', correlationId, httpStatus, code: '', text: '' }
}

const unclear = (answer: Answered, fault: Fault, slowDown = false): Extract<PostOutcome, { kind: 'unknown' }> => ({
  kind: 'unknown',
  fault,
  slowDown,
  httpStatus: answer.status,
  code: '',
  text: '',
})
