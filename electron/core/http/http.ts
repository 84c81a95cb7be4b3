import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { createCircuits } from './circuit.ts'
import { isLoopback, type Route } from './connection.ts'
import { createKeptConnections, type Exchange, exchange } from './exchange.ts'
import {
  type HttpAnswer,
  type HttpClock,
  type HttpRequest,
  type NeverSent,
  type ProxyDecision,
  systemHttpClock,
} from './exchange-types.ts'
import { createLine } from './line.ts'
import { redactHeaders, redactUrl } from './redaction.ts'

/** What a finished request leaves in the log: no query, no body, no token. */
export interface HttpLogEntry {
  readonly method: string
  readonly url: string
  readonly outcome: HttpAnswer['outcome']
  readonly status: number | null
  readonly code: ErrorCode | null
  readonly replyHeaders: Readonly<Record<string, string>>
  readonly bytes: number
  readonly milliseconds: number
}

export interface HttpOptions {
  readonly clock?: HttpClock
  /** The only origins that may be reached; asked before each request. Without it every origin may. */
  readonly allowedOrigins?: () => readonly string[]
  readonly proxyFor?: (url: URL) => Promise<ProxyDecision>
  readonly log?: (entry: HttpLogEntry) => void
}

/** What a `Date` header taught: `offset` is their clock minus ours, `uncertainty` how wrong that may be (milliseconds). */
export interface ServerDate {
  readonly offset: number
  readonly uncertainty: number
  readonly origin: string
}

export interface Http {
  /** Never throws for what the network does: every outcome is a value. */
  request(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>
  readonly line: {
    isUp(): boolean
    onChange(listener: (up: boolean) => void): () => void
  }
  /** The training switch: while cut, every request is put off at once. */
  cutLine(isCut: boolean): void
  isLineCut(): boolean
  reportPowerEvent(event: 'suspend' | 'resume' | 'line-up' | 'line-down'): void
  /** Endpoints that rest may be tried again at once: an officer said "try now". */
  tryNow(): void
  onServerDate(listener: (date: ServerDate) => void): () => void
  /** Closes kept connections; requests on their way end by themselves. */
  close(): void
}

/** The only way out to the network: no redirects, no retries, no compression, certificates always verified. */
export function createHttp(options: HttpOptions = {}): Http {
  const clock = options.clock ?? systemHttpClock
  const line = createLine(clock)
  const circuits = createCircuits(clock)
  const kept = createKeptConnections(clock)
  const dateListeners = new Set<(date: ServerDate) => void>()

  /** Why the request may not go out, or null. */
  const refuse = (url: URL, request: HttpRequest): NeverSent | null => {
    const allowed = options.allowedOrigins?.()
    if (allowed !== undefined && !allowed.includes(url.origin)) return neverSent('http.training-only', url)
    const loopback = isLoopback(url.hostname)
    if (url.protocol === 'http:' && !loopback) return neverSent('http.not-encrypted', url)
    const lineBack = line.waitUntil(url.origin, loopback)
    if (lineBack !== null) return neverSent('http.line-down', url, lineBack)
    if (request.evenIfCircuitOpen === true) return null
    const endpointBack = circuits.waitUntil(endpointOf(url))
    return endpointBack === null ? null : neverSent('http.circuit-open', url, endpointBack)
  }

  const learn = (url: URL, result: Exchange): void => {
    const loopback = isLoopback(url.hostname)
    const cancelled = result.end !== 'answered' && result.code === 'http.cancelled'
    if (cancelled) {
      circuits.report(endpointOf(url), 'unknown')
      return
    }
    // A request that ended without an answer says nothing about the line: the endpoint may be slow or the line just died.
    if (result.end !== 'maybe-sent') line.learn(url.origin, loopback, result.end === 'answered' ? 'up' : result.line)
    if (result.end === 'answered') {
      circuits.report(endpointOf(url), result.answer.status >= 500 ? 'failed' : 'alive')
      learnDate(url, result)
    } else circuits.report(endpointOf(url), line.isUp() ? 'failed' : 'unknown')
  }

  const learnDate = (url: URL, result: Extract<Exchange, { end: 'answered' }>): void => {
    const theirs = Date.parse(result.answer.headers.date ?? '')
    // A reply that a cache kept carries an old date.
    if (Number.isNaN(theirs) || result.answer.headers.age !== undefined) return
    // What is told is true of the clock as it is now: it may have jumped while the body came in.
    const jumped = clock.now() - result.headAt - (clock.elapsed() - result.headElapsed)
    // The header counts whole seconds: on average half a second has gone by.
    const offset = Math.round(theirs + 500 - (result.headAt - result.roundTrip / 2) - jumped)
    const uncertainty = Math.round(500 + result.roundTrip / 2)
    for (const listener of [...dateListeners]) listener({ offset, uncertainty, origin: url.origin })
  }

  const carryOut = async (request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> => {
    const url = usableUrl(request.url)
    if (url === null) return neverSent('http.url-invalid', null)
    const refused = refuse(url, request)
    if (refused !== null) return refused
    let result: Exchange
    try {
      const route = await routeTo(url, request, options)
      result = await exchange(request, route, signal, kept, clock)
    } catch (error) {
      circuits.report(endpointOf(url), 'unknown')
      throw error
    }
    learn(url, result)
    if (result.end === 'answered') return result.answer
    if (result.end === 'never-sent') return neverSent(result.code, url)
    return {
      outcome: 'maybe-sent',
      fault: { code: result.code, params: { host: url.host } },
      status: result.status,
    }
  }

  return {
    async request(request, signal = new AbortController().signal) {
      const began = clock.elapsed()
      const answer = await carryOut(request, signal)
      options.log?.(logEntry(request, answer, clock.elapsed() - began))
      return answer
    },
    line: { isUp: line.isUp, onChange: line.onChange },
    cutLine(isCut) {
      line.cut(isCut)
      if (!isCut) circuits.closeAll()
    },
    isLineCut: line.isCut,
    reportPowerEvent(event) {
      line.reportPowerEvent(event)
      if (event === 'resume' || event === 'line-up') circuits.closeAll()
    },
    tryNow() {
      circuits.closeAll()
    },
    onServerDate(listener) {
      dateListeners.add(listener)
      return () => void dateListeners.delete(listener)
    },
    close: kept.close,
  }
}

const endpointOf = (url: URL): string => url.origin + url.pathname

function usableUrl(text: string): URL | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  // A password in an address would travel into settings, logs and audit.
  return url.username === '' && url.password === '' ? url : null
}

async function routeTo(url: URL, request: HttpRequest, options: HttpOptions): Promise<Route> {
  return {
    url,
    proxy: isLoopback(url.hostname) ? null : ((await options.proxyFor?.(url)) ?? null),
    certificateAuthority: request.certificateAuthority ?? '',
    clientCertificate: request.clientCertificate ?? null,
  }
}

function neverSent(code: ErrorCode, url: URL | null, retryAt: number | null = null): NeverSent {
  return { outcome: 'never-sent', fault: { code, params: { host: url?.host ?? '' } }, retryAt }
}

function logEntry(request: HttpRequest, answer: HttpAnswer, milliseconds: number): HttpLogEntry {
  const answered = answer.outcome === 'answered'
  return {
    method: request.method,
    url: redactUrl(request.url),
    outcome: answer.outcome,
    status: answer.outcome === 'never-sent' ? null : answer.status,
    code: answered ? null : answer.fault.code,
    replyHeaders: answered ? redactHeaders(answer.headers) : {},
    bytes: answered ? answer.body.byteLength : 0,
    milliseconds: Math.round(milliseconds),
  }
}
