import type { Fault } from '../../../../shared/contract/result.ts'
import type { Http } from '../../http/http.ts'
import { parseJson } from '../../http/json.ts'
import { formatQuestion } from './envelope.ts'
import { askSeeder } from './seeder-request.ts'

/** What the seeder made of a request. */
export type Posted =
  | { readonly kind: 'taken'; readonly identifier: string }
  /** The settings are wrong, or it is no seeder of this kind: nobody can be sent. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  /** It broke on what it was sent (500): one record can be the cause. */
  | { readonly kind: 'broke'; readonly code: string }
  /** Nothing left this machine. */
  | { readonly kind: 'not-sent'; readonly fault: Fault; readonly retryAt: number | null }
  /** It may have been taken; nobody knows under which name. */
  | { readonly kind: 'lost'; readonly fault: Fault }

/** Faults that no waiting mends. */
const FINAL: ReadonlySet<string> = new Set(['http.not-encrypted', 'http.url-invalid', 'http.training-only'])

/** Of a seeder whose answers cannot be told apart. */
export const FORMATS_IGNORED = 'tokenisation.formats-ignored'

interface SeederReply {
  readonly identifier: string
  readonly status: string
  readonly code: string
  readonly text: string
}

/** What stands in a reply's envelope; empty where it has none. */
function read(body: string): SeederReply | undefined {
  const parsed = parseJson(new TextEncoder().encode(body), '')
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return undefined
  const { response, errors } = parsed.value as { response?: unknown; errors?: unknown }
  const said = (typeof response === 'object' && response !== null ? response : {}) as Readonly<Record<string, unknown>>
  const [error] = Array.isArray(errors) ? (errors as { errorCode?: unknown; errorMessage?: unknown }[]) : []
  return {
    identifier: typeof said.request_identifier === 'string' ? said.request_identifier : '',
    status: typeof said.status === 'string' ? said.status : '',
    code: typeof error?.errorCode === 'string' ? error.errorCode : '',
    text: typeof error?.errorMessage === 'string' ? error.errorMessage.replaceAll(/\d{6,}/g, '•').slice(0, 300) : '',
  }
}

/** Hands people over (`POST /authtoken/json`, or `/authtoken/odk`, with which it fetches them itself). */
export async function postRequest(
  http: Http,
  mtsUrl: string,
  path: '/authtoken/json' | '/authtoken/odk',
  body: string,
  signal: AbortSignal,
): Promise<Posted> {
  const answer = await askSeeder(http, mtsUrl, { method: 'POST', path, body }, signal)
  if (answer.kind === 'not-sent') {
    return FINAL.has(answer.fault.code) ? { kind: 'refused', fault: answer.fault } : answer
  }
  if (answer.kind === 'lost') return answer
  const { status, text } = answer
  const reply = read(text)
  if (status === 200) {
    // With an identifier and with errors (ATS-REQ-101): nobody in it was valid, and each is told so.
    if (reply !== undefined && reply.identifier !== '') return { kind: 'taken', identifier: reply.identifier }
    const code = reply === undefined ? 'tokenisation.answer-unreadable' : 'tokenisation.seeder-synchronous'
    return { kind: 'refused', fault: { code, params: {} } }
  }
  if (status === 400 || status === 422) {
    const params = { code: reply?.code ?? '', text: reply?.text ?? '' }
    return { kind: 'refused', fault: { code: 'tokenisation.seeder-refuses', params } }
  }
  if (status === 500 && reply !== undefined) return { kind: 'broke', code: reply.code }
  if (status === 404 && path === '/authtoken/odk') {
    return { kind: 'refused', fault: { code: 'tokenisation.seeder-synchronous', params: {} } }
  }
  if (status === 429 || status >= 500) {
    return {
      kind: 'not-sent',
      fault: { code: 'tokenisation.seeder-failing', params: { code: `HTTP ${status}` } },
      retryAt: null,
    }
  }
  return { kind: 'refused', fault: { code: 'tokenisation.not-a-seeder', params: { status } } }
}

/** Milliseconds in which a seeder says what it knows; later it is taken for one that cannot be asked. */
const QUESTION = 8_000

/**
 * Asks, without a word about anybody, whether a seeder makes answers in the form that it is given. One that does not leaves out
 * the office's references, and by nothing else is it known whose an answer is.
 *
 * @returns `tokenisation.formats-ignored` where it shows that it does not; undefined else, also where it cannot be asked
 */
export async function findFormatFault(http: Http, mtsUrl: string, now: number): Promise<Fault | undefined> {
  const question = { method: 'POST', path: '/authtoken/json', body: formatQuestion(now) } as const
  const answer = await askSeeder(http, mtsUrl, question, AbortSignal.timeout(QUESTION))
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined
  const taken = (read(answer.text)?.identifier ?? '') !== ''
  return taken ? { code: FORMATS_IGNORED, params: {} } : undefined
}

/** Where a request stands with the seeder. */
export type Standing =
  | { readonly kind: 'file'; readonly body: Uint8Array }
  | { readonly kind: 'working' }
  /** It knows nothing of it (any more). */
  | { readonly kind: 'gone' }
  /** It can bring nothing more: its calls, or its file, broke off. */
  | { readonly kind: 'broken-off' }
  | { readonly kind: 'not-known'; readonly fault: Fault; readonly retryAt: number | null }

const unknown = (fault: Fault, retryAt: number | null = null): Standing => ({ kind: 'not-known', fault, retryAt })

/** Fetches the answers of a request. */
export async function fetchFile(
  http: Http,
  mtsUrl: string,
  identifier: string,
  signal: AbortSignal,
): Promise<Standing> {
  const path = `/authtoken/file/${encodeURIComponent(identifier)}`
  const answer = await askSeeder(http, mtsUrl, { method: 'GET', path, large: true }, signal)
  if (answer.kind === 'not-sent') return unknown(answer.fault, answer.retryAt)
  if (answer.kind === 'lost') return unknown(answer.fault)
  switch (answer.status) {
    case 200:
      return { kind: 'file', body: new TextEncoder().encode(answer.text) }
    case 202:
      return { kind: 'working' }
    case 404:
      return { kind: 'gone' }
    case 500:
      return { kind: 'broken-off' }
    default:
      return unknown({ code: 'tokenisation.seeder-failing', params: { code: `HTTP ${answer.status}` } })
  }
}

/** Asks where a request stands whose answers are called in. `processed` says nothing about whether they came. */
export async function askStatus(
  http: Http,
  mtsUrl: string,
  identifier: string,
  signal: AbortSignal,
): Promise<Standing | { readonly kind: 'processed' }> {
  const path = `/authtoken/status/${encodeURIComponent(identifier)}`
  const answer = await askSeeder(http, mtsUrl, { method: 'GET', path }, signal)
  if (answer.kind === 'not-sent') return unknown(answer.fault, answer.retryAt)
  if (answer.kind === 'lost') return unknown(answer.fault)
  if (answer.status === 404) return { kind: 'gone' }
  const status = answer.status === 200 ? (read(answer.text)?.status ?? '') : ''
  if (status.startsWith('error_')) return { kind: 'broken-off' }
  if (status.startsWith('processed')) return { kind: 'processed' }
  if (status !== '') return { kind: 'working' }
  return unknown({ code: 'tokenisation.seeder-failing', params: { code: `HTTP ${answer.status}` } })
}
