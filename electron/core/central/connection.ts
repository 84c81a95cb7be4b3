import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { failure, type Result, success } from '../../../shared/contract/result.ts'
import type { Answered, HttpRequest } from '../http/exchange-types.ts'
import type { Http } from '../http/http.ts'
import { parseJson } from '../http/json.ts'

const squeeze = promisify(gzip)
const unfold = promisify(gunzip)

/** A CouchDB server and who asks it. */
export interface CouchAccess {
  /** Of the server, without database. */
  readonly url: string
  readonly user: string
  readonly password: string
  /** PEM; empty trusts the machine's own authorities. */
  readonly certificateAuthority: string
}

export interface CouchAnswer {
  readonly status: number
  /** The body, unfolded and not parsed. */
  readonly bytes: Uint8Array
  /** Bytes of the body as it travelled. */
  readonly travelled: number
  /** Bytes of the request's body as they travelled. */
  readonly sent: number
  /** From asking until the whole answer was here, milliseconds. */
  readonly took: number
  readonly host: string
}

/** What one request costs and may. */
export interface CouchAsk {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** From the server's root: `/database/_changes?…`. */
  readonly path: string
  readonly body?: unknown
  /** The body as JSON text, where it was put together from pieces that are text already. */
  readonly text?: string
  /** Milliseconds for all of it; a minute when left out. */
  readonly limit?: number
  /** Milliseconds in which something of the reply has to come; as long as `limit` when left out. */
  readonly quiet?: number
  readonly signal?: AbortSignal | undefined
}

const CONNECT_LIMIT = 20_000
const USUAL_LIMIT = 60_000
/** Bytes, folded and unfolded; pages are kept far below it. */
const LARGEST_REPLY = 64_000_000
/** Shorter bodies gain nothing. */
const WORTH_FOLDING = 1_000

/**
 * Speaks with a CouchDB server: JSON over the office's own way out, folded (gzip) in both directions, signed in by a session
 * cookie that is renewed when it runs out. An answer of the server is a value whatever its status; only what could not be
 * asked is a fault: `central.unreachable`, `central.sign-in-refused`, `http.*`.
 */
export class CouchConnection {
  readonly host: string
  readonly #http: Http
  readonly #access: CouchAccess
  readonly #now: () => number
  #cookie = ''
  #signingIn: Promise<Result<null>> | undefined

  constructor(http: Http, access: CouchAccess, now: () => number = () => performance.now()) {
    this.#http = http
    this.#access = { ...access, url: access.url.replace(/\/+$/, '') }
    this.#now = now
    this.host = URL.parse(access.url)?.host ?? ''
  }

  async ask(request: CouchAsk): Promise<Result<CouchAnswer>> {
    if (this.#cookie === '') {
      const signedIn = await this.#signIn(request.signal)
      if (!signedIn.ok) return signedIn
    }
    const used = this.#cookie
    const answer = await this.#send(request)
    if (!answer.ok || answer.value.status !== 401) return answer
    // The session ran out; another request may have renewed it meanwhile.
    if (this.#cookie === used) this.#cookie = ''
    const signedIn = this.#cookie === '' ? await this.#signIn(request.signal) : success(null)
    return signedIn.ok ? this.#send(request) : signedIn
  }

  /** As {@link ask}, with the parsed body; a status that `fine` does not name becomes its fault. */
  async json(request: CouchAsk, fine: readonly number[] = [200, 201]): Promise<Result<unknown>> {
    const answer = await this.ask(request)
    if (!answer.ok) return answer
    if (!fine.includes(answer.value.status)) return this.refused(answer.value)
    return this.parse(answer.value)
  }

  parse({ bytes, host }: CouchAnswer): Result<unknown> {
    const parsed = parseJson(bytes, host, { numbersAsText: [] })
    return parsed.ok ? parsed : failure('central.not-understood', { host })
  }

  /** The fault that a status is. */
  refused({ status, host }: Pick<CouchAnswer, 'status' | 'host'>): Result<never> {
    const code: ErrorCode =
      status === 401
        ? 'central.sign-in-refused'
        : status === 403
          ? 'central.not-allowed'
          : status === 404
            ? 'central.no-district'
            : status === 413
              ? 'central.too-large'
              : status === 429 || status >= 500
                ? 'central.server-error'
                : 'central.not-understood'
    return failure(code, { host, status })
  }

  /** Requests that come together share one. */
  #signIn(signal: AbortSignal | undefined): Promise<Result<null>> {
    this.#signingIn ??= this.#newSession(signal).finally(() => {
      this.#signingIn = undefined
    })
    return this.#signingIn
  }

  async #newSession(signal: AbortSignal | undefined): Promise<Result<null>> {
    const { user, password } = this.#access
    const answer = await this.#send({ method: 'POST', path: '/_session', body: { name: user, password }, signal })
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return this.refused(answer.value)
    if (this.#cookie === '') return failure('central.not-understood', { host: this.host })
    return success(null)
  }

  async #send(ask: CouchAsk): Promise<Result<CouchAnswer>> {
    const { method, path, body, limit = USUAL_LIMIT, quiet, signal } = ask
    const json = ask.text ?? (body === undefined ? undefined : JSON.stringify(body))
    const text = json === undefined ? undefined : Buffer.from(json)
    const folded = text !== undefined && text.length >= WORTH_FOLDING && path !== '/_session'
    const outgoing = folded ? await squeeze(text) : text
    const request: HttpRequest = {
      method,
      url: this.#access.url + path,
      headers: {
        accept: 'application/json',
        ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(folded ? { 'content-encoding': 'gzip' } : {}),
      },
      ...(outgoing === undefined ? {} : { body: outgoing }),
      timeLimit: {
        connect: Math.min(CONNECT_LIMIT, limit),
        total: limit,
        ...(quiet === undefined ? {} : { quiet }),
      },
      maximumReply: LARGEST_REPLY,
      acceptsGzip: true,
      ...(this.#access.certificateAuthority === '' ? {} : { certificateAuthority: this.#access.certificateAuthority }),
    }
    const began = this.#now()
    const answer = await this.#http.request(request, signal)
    if (answer.outcome !== 'answered') return { ok: false, error: answer.fault }
    this.#keepCookie(answer)
    try {
      const isFolded = answer.headers['content-encoding'] === 'gzip'
      const bytes = isFolded ? await unfold(answer.body, { maxOutputLength: LARGEST_REPLY }) : answer.body
      return success({
        status: answer.status,
        bytes,
        travelled: answer.body.byteLength,
        sent: outgoing?.byteLength ?? 0,
        took: this.#now() - began,
        host: answer.host,
      })
    } catch {
      return failure('central.not-understood', { host: answer.host })
    }
  }

  /** CouchDB hands out a fresh cookie before the old one runs out. */
  #keepCookie({ headers }: Answered): void {
    const found = /(?:^|,\s*)(AuthSession=[^;]*)/.exec(headers['set-cookie'] ?? '')
    const cookie = found?.[1]
    if (cookie !== undefined && cookie !== 'AuthSession=') this.#cookie = cookie
  }
}
