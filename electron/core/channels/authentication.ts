import { z } from 'zod'
import type { Fault } from '../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { ClientCertificate, HttpAnswer, HttpRequest } from '../http/exchange-types.ts'
import type { Http } from '../http/http.ts'
import { jsonOf } from '../http/json.ts'

/** G2P Connect 1.0.0 § Authentication: `expires_in` is a text in the specification and a number nearly everywhere else. */
const TokenReply = z.object({
  access_token: z.string().min(1),
  expires_in: z.union([z.number(), z.string()]).nullish(),
})

/** Seconds, when the reply does not say. */
const SHORT_LIFE = 60
/** A token is given up so many seconds before its end. */
const MARGIN = 30
const LONGEST_LIFE = 24 * 3600

interface Token {
  /** The sign-in that it was given for; another address, client or secret needs another token. */
  readonly signIn: string
  readonly text: string
  readonly until: number
}

/** Leave to send a request. */
export interface Permit {
  readonly ok: true
  readonly headers: Readonly<Record<string, string>>
  readonly connection: ConnectionProof
}

type Authorised = { readonly ok: true; readonly headers: Readonly<Record<string, string>> } | TokenFailure

export interface TokenFailure {
  readonly ok: false
  readonly fault: Fault
  readonly retryAt: number | null
}

export interface AuthenticationOptions {
  readonly http: Http
  readonly now: () => number
  /** Bearer token, client secret or key of a manager, from the vault. */
  readonly findSecret: (managerId: string) => string | undefined
  /** Client secret of a manager that signs in with a user's password, from the vault; undefined where it has none. */
  readonly findClientSecret?: (managerId: string) => string | undefined
  /** Certificate and key by fingerprint, from the vault. */
  readonly findClientCertificate: (fingerprint: string) => ClientCertificate | undefined
}

/** What a request to a manager's payment system shows of this office, and whom it trusts there. */
export type ConnectionProof = Pick<HttpRequest, 'certificateAuthority' | 'clientCertificate'>

/** Whom a request goes to and how this office says there who it is. The secret lies in the vault under the id. */
export type SignInSettings = Pick<
  PaymentManager,
  'id' | 'authentication' | 'apiTimeout' | 'extraHeaders' | 'certificateAuthority' | 'clientCertificate'
>

/** The headers that go with every request to a manager's payment system. */
export const headersOf = ({ extraHeaders }: Pick<PaymentManager, 'extraHeaders'>): Readonly<Record<string, string>> =>
  Object.fromEntries(extraHeaders.map(({ name, value }) => [name.toLowerCase(), value]))

/** Authorisation headers of a manager's endpoints; keeps OAuth2 tokens in memory only. */
export class Authentication {
  readonly #options: AuthenticationOptions
  readonly #tokens = new Map<string, Token>()
  /** Sending and asking begin at the same time: one of them fetches, the other waits for it. */
  readonly #fetching = new Map<string, Promise<Authorised>>()

  constructor(options: AuthenticationOptions) {
    this.#options = options
  }

  /**
   * Headers and connection for a request to a manager's payment system. For OAuth 2.0 this may ask for a token first.
   *
   * @returns a fault when nothing may leave: `channel.no-secret`, `channel.no-client-certificate`, `channel.sign-in-refused`
   */
  async authorise(manager: SignInSettings, signal: AbortSignal): Promise<Permit | TokenFailure> {
    const connection = this.findConnection(manager)
    if (connection === undefined) {
      return { ok: false, fault: { code: 'channel.no-client-certificate', params: {} }, retryAt: null }
    }
    const authorised = await this.#authorise(manager, connection, signal)
    if (!authorised.ok) return authorised
    return { ok: true, headers: { ...headersOf(manager), ...authorised.headers }, connection }
  }

  /** Undefined when the certificate that the settings name is not in the vault. */
  findConnection({
    certificateAuthority,
    clientCertificate,
  }: Pick<PaymentManager, 'certificateAuthority' | 'clientCertificate'>): ConnectionProof | undefined {
    if (clientCertificate === '') return { certificateAuthority }
    const identity = this.#options.findClientCertificate(clientCertificate)
    return identity && { certificateAuthority, clientCertificate: identity }
  }

  async #authorise(manager: SignInSettings, connection: ConnectionProof, signal: AbortSignal): Promise<Authorised> {
    const { authentication } = manager
    if (authentication.kind === 'none') return { ok: true, headers: {} }
    const secret = this.#options.findSecret(manager.id)
    if (secret === undefined) return { ok: false, fault: { code: 'channel.no-secret', params: {} }, retryAt: null }
    if (authentication.kind === 'bearer') return bearer(secret)
    if (authentication.kind === 'api-key')
      return { ok: true, headers: { [authentication.header.toLowerCase()]: secret } }
    const clientSecret = this.#options.findClientSecret?.(manager.id) ?? ''
    const signIn = JSON.stringify([authentication, secret, clientSecret])
    const known = this.#tokens.get(manager.id)
    if (known?.signIn === signIn && known.until > this.#options.now()) return bearer(known.text)
    const begun = this.#fetching.get(signIn)
    if (begun !== undefined) return begun
    const form =
      authentication.kind === 'oauth2'
        ? withClientSecret(authentication, secret)
        : withPassword(authentication, secret, clientSecret, headersOf(manager))
    const fetching = this.#fetch(manager, authentication.tokenUrl, form, connection, signal).then((answer) =>
      this.#keep(manager.id, signIn, answer),
    )
    this.#fetching.set(signIn, fetching)
    try {
      return await fetching
    } finally {
      this.#fetching.delete(signIn)
    }
  }

  #fetch(
    manager: SignInSettings,
    tokenUrl: string,
    { form, headers }: TokenQuestion,
    connection: ConnectionProof,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    return this.#options.http.request(
      {
        method: 'POST',
        url: tokenUrl,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
          // G2P Connect 1.0.0 § Authentication: required, in the form of an HTTP date.
          timestamp: new Date(this.#options.now()).toUTCString(),
          ...headers,
        },
        body: form.toString(),
        timeLimit: { connect: manager.apiTimeout * 1000, total: manager.apiTimeout * 1000 },
        maximumReply: 100_000,
        ...connection,
      },
      signal,
    )
  }

  /** Whether asking anew for a token makes sense after a 401; the old one is forgotten. */
  renew(manager: Pick<SignInSettings, 'id' | 'authentication'>): boolean {
    this.#tokens.delete(manager.id)
    return ['oauth2', 'oauth2-password'].includes(manager.authentication.kind)
  }

  #keep(managerId: string, signIn: string, answer: HttpAnswer): Authorised {
    if (answer.outcome === 'never-sent') return { ok: false, fault: answer.fault, retryAt: answer.retryAt }
    if (answer.outcome === 'maybe-sent') return { ok: false, fault: answer.fault, retryAt: null }
    const refused: TokenFailure = {
      ok: false,
      fault: { code: 'channel.sign-in-refused', params: { host: answer.host } },
      retryAt: null,
    }
    if (answer.status >= 500) {
      const fault = { code: 'channel.server-error', params: { host: answer.host, status: answer.status } } as const
      return { ok: false, fault, retryAt: null }
    }
    const json = jsonOf(answer)
    if (answer.status !== 200 || !json.ok) return refused
    const reply = TokenReply.safeParse(json.value)
    if (!reply.success) return refused
    const told = Number(reply.data.expires_in ?? SHORT_LIFE)
    const seconds = Number.isFinite(told) && told > 0 ? Math.min(told, LONGEST_LIFE) : SHORT_LIFE
    const until = this.#options.now() + Math.max(0, seconds - MARGIN) * 1000
    this.#tokens.set(managerId, { signIn, text: reply.data.access_token, until })
    return bearer(reply.data.access_token)
  }
}

interface TokenQuestion {
  readonly form: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
}

type SignIn<Kind> = Extract<PaymentManager['authentication'], { kind: Kind }>

/** RFC 6749 §4.4, with the client's name and secret in the form. */
function withClientSecret({ clientId, scope }: SignIn<'oauth2'>, secret: string): TokenQuestion {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret })
  if (scope !== '') form.set('scope', scope)
  return { form, headers: {} }
}

/** RFC 6749 §4.3, with the client's name and secret in a Basic header; the password never stands in an address. */
function withPassword(
  { clientId, username }: SignIn<'oauth2-password'>,
  password: string,
  clientSecret: string,
  /** The tenant among them. */
  headers: Readonly<Record<string, string>>,
): TokenQuestion {
  const client = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  return {
    form: new URLSearchParams({ grant_type: 'password', username, password }),
    headers: { ...headers, authorization: `Basic ${client}` },
  }
}

const bearer = (token: string): Authorised => ({ ok: true, headers: { authorization: `Bearer ${token}` } })
