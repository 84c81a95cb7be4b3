import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, get, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, type JWK, SignJWT } from 'jose'
import Provider from 'oidc-provider'
import type { SignInProviderSettings } from '../../../../shared/model/sign-in-provider.ts'

/** What differs from the standard, or is wrong on purpose; changed by tests while the server runs. */
export interface Ways {
  /** Who signs in when a browser comes. */
  user: string
  acr: string
  /** What the user info says of the name. */
  name: string
  /** What else it says, of what it is asked. */
  claims: Readonly<Record<string, unknown>>
  /** Answers user info as e-Signet does when it refuses. */
  refusesUserInfo: boolean
  /** The one audience of assertions that is taken. */
  audience: string | undefined
  /** Milliseconds that the `Date` headers are off. */
  clockOff: number
  /** Changes the token reply before it leaves. */
  tokens: (reply: Record<string, unknown>) => Record<string, unknown> | Promise<Record<string, unknown>>
  /** Changes the metadata before they leave. */
  metadata: (metadata: Record<string, unknown>) => Record<string, unknown>
  /** Replaces what user info answers. */
  userInfo: ((claims: string) => string | Promise<string>) | undefined
}

export interface Client {
  readonly id: string
  readonly ports: readonly number[]
  readonly method: 'private_key_jwt' | 'client_secret_basic' | 'client_secret_post' | 'none'
  readonly secret?: string
  readonly keys?: readonly JWK[]
  readonly userInfo?: 'plain' | 'signed' | 'encrypted'
  readonly algorithm?: 'RS256' | 'PS256' | 'ES256'
}

/** A client as settings and the keys of a machine make it. */
export const clientFor = (
  settings: Pick<
    SignInProviderSettings,
    'clientId' | 'ports' | 'clientAuthentication' | 'userInfo' | 'signingAlgorithm'
  >,
  keys: readonly { readonly publicKey: JWK }[],
): Client => ({
  id: settings.clientId,
  ports: settings.ports,
  method: settings.clientAuthentication,
  keys: keys.map(({ publicKey }) => publicKey),
  userInfo: settings.userInfo === 'none' ? 'plain' : settings.userInfo,
  algorithm: settings.signingAlgorithm,
})

const MOUNT = '/v1/esignet'
const personal = ['birthdate', 'gender', 'address', 'phone_number', 'email']

/**
 * oidc-provider on this machine, with the ways of e-Signet: the metadata stand at the root while the issuer is a path, the
 * nonce counts once, assertions have one audience, user info is refused in a form of its own.
 */
export class Esignet {
  readonly ways: Ways = {
    user: 'officer-one',
    acr: 'mosip:idp:acr:generated-code',
    name: 'Selam Tadesse',
    claims: {},
    refusesUserInfo: false,
    audience: undefined,
    clockOff: 0,
    tokens: (reply) => reply,
    metadata: (metadata) => metadata,
    userInfo: undefined,
  }
  readonly origin: string
  readonly issuer: string
  readonly #keys = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  }
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  readonly #nonces = new Set<string>()
  #provider: Provider | undefined
  #handle: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined

  private constructor(port: number) {
    this.origin = `http://127.0.0.1:${port}`
    this.issuer = `${this.origin}${MOUNT}`
  }

  static async start(): Promise<Esignet> {
    const probe = createServer()
    const port = await freePort(probe)
    const esignet = new Esignet(port)
    await new Promise<void>((resolve) => esignet.#server.listen(port, '127.0.0.1', resolve))
    return esignet
  }

  /** Registers these clients; whatever was registered before is forgotten. */
  register(...clients: readonly Client[]): void {
    this.#provider = new Provider(this.issuer, {
      clients: clients.map((client) => {
        const { algorithm = 'RS256', userInfo = 'signed' } = client
        return {
          client_id: client.id,
          application_type: 'native',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: client.ports.map((port) => `http://127.0.0.1:${port}/callback`),
          token_endpoint_auth_method: client.method,
          ...(client.secret === undefined ? {} : { client_secret: client.secret }),
          ...(client.keys === undefined ? {} : { jwks: { keys: client.keys } }),
          id_token_signed_response_alg: algorithm,
          ...(userInfo === 'plain' ? {} : { userinfo_signed_response_alg: algorithm }),
          ...(userInfo === 'encrypted'
            ? { userinfo_encrypted_response_alg: 'RSA-OAEP-256', userinfo_encrypted_response_enc: 'A256GCM' }
            : {}),
        }
      }),
      jwks: {
        keys: [
          { ...this.#keys.RS256.export({ format: 'jwk' }), use: 'sig', kid: 'rsa' },
          { ...this.#keys.ES256.export({ format: 'jwk' }), use: 'sig', kid: 'ec', alg: 'ES256' },
        ],
      },
      clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'],
      pkce: { required: () => true },
      scopes: ['openid', 'profile'],
      claims: { openid: ['sub'], profile: ['name', ...personal], acr: null, auth_time: null },
      acrValues: ['mosip:idp:acr:generated-code', 'mosip:idp:acr:biometrics'],
      enabledJWA: {
        idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'],
        userinfoSigningAlgValues: ['RS256', 'PS256', 'ES256'],
        clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256'],
        userinfoEncryptionAlgValues: ['RSA-OAEP-256'],
        userinfoEncryptionEncValues: ['A256GCM'],
      },
      features: {
        devInteractions: { enabled: false },
        jwtUserinfo: { enabled: true },
        encryption: { enabled: true },
        claimsParameter: { enabled: true },
      },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `${MOUNT}/interaction/${uid}` },
      findAccount: (_: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, name: this.ways.name, ...this.ways.claims }),
      }),
      cookies: { keys: ['only for tests'] },
      ttl: {
        Session: 3_600,
        Interaction: 600,
        Grant: 3_600,
        AccessToken: 3_600,
        AuthorizationCode: 300,
        IdToken: 3_600,
      },
      renderError: (ctx: { body: unknown }, out: unknown) => {
        ctx.body = out
      },
    })
    this.#handle = this.#provider.callback()
  }

  /** A token as this provider signs it, or as somebody else does who has another key. */
  sign(
    claims: Record<string, unknown>,
    { key, alg = 'RS256' }: { key?: KeyObject; alg?: string } = {},
  ): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg, kid: 'rsa' }).sign(key ?? this.#keys.RS256)
  }

  /** Signs the ID token of each reply anew, with some claims changed. */
  changeIdToken(change: (claims: Record<string, unknown>) => Record<string, unknown>): void {
    this.ways.tokens = async (reply) => ({
      ...reply,
      id_token: await this.sign(change(decodeJwt(reply.id_token as string))),
    })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage & { originalUrl?: string; body?: unknown }, response: ServerResponse) {
    const { ways } = this
    if (ways.clockOff !== 0) {
      response.sendDate = false
      response.setHeader('date', new Date(Date.now() + ways.clockOff).toUTCString())
    }
    const url = new URL(request.url ?? '/', this.origin)
    if (url.pathname === '/.well-known/openid-configuration') request.url = `${MOUNT}${request.url}`
    if (request.url?.startsWith(MOUNT) !== true) return void response.writeHead(404).end()
    request.originalUrl = request.url
    request.url = request.url.slice(MOUNT.length)
    const path = request.url.split('?')[0]
    const rewrite = (change: (body: string) => string | Promise<string>): void => {
      const end = response.end.bind(response) as (body: string) => ServerResponse
      response.end = ((body?: unknown) => {
        void Promise.resolve(change(String(body ?? ''))).then((changed) => {
          response.setHeader('content-length', Buffer.byteLength(changed))
          end(changed)
        })
        return response
      }) as typeof response.end
    }
    if (path === '/.well-known/openid-configuration') {
      rewrite((body) => JSON.stringify(ways.metadata(JSON.parse(body) as Record<string, unknown>)))
    }
    if (path === '/auth') {
      const nonce = url.searchParams.get('nonce') ?? ''
      if (this.#nonces.has(nonce)) return void response.writeHead(400).end('invalid_request')
      this.#nonces.add(nonce)
    }
    if (path?.startsWith('/interaction/')) return this.#interact(request, response)
    if (path === '/token') {
      const form = Object.fromEntries(new URLSearchParams(await textOf(request)))
      request.body = form
      const audience = form.client_assertion === undefined ? undefined : decodeJwt(form.client_assertion).aud
      if (ways.audience !== undefined && audience !== ways.audience) {
        response.writeHead(400, { 'content-type': 'application/json' })
        return void response.end(JSON.stringify({ error: 'invalid_client', error_description: 'invalid_client' }))
      }
      rewrite(async (body) => {
        const reply = JSON.parse(body) as Record<string, unknown>
        return JSON.stringify(reply.id_token === undefined ? reply : await ways.tokens(reply))
      })
    }
    if (path === '/me') {
      if (ways.refusesUserInfo) {
        return void response.writeHead(401, { 'www-authenticate': 'error="invalid_token"' }).end()
      }
      if (ways.userInfo !== undefined) rewrite(ways.userInfo)
    }
    await this.#handle?.(request, response)
  }

  /** What a person would do on the pages of the provider. */
  async #interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = this.#provider as Provider
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      const login = { accountId: this.ways.user, acr: this.ways.acr, remember: true }
      return provider.interactionFinished(request, response, { login })
    }
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id ?? '' })
    grant.addOIDCScope('openid profile')
    grant.addOIDCClaims(['name', 'acr', 'auth_time', ...personal])
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

async function freePort(server = createServer()): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export const freePorts = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => freePort()))

/** A browser of a person: it follows redirects and keeps cookies, as far as this machine's own listener or an error page. */
export class Browser {
  readonly #cookies = new Map<string, string>()

  /** Goes where it is sent. @returns the address that it would open at the listener; undefined when it got stuck before */
  async open(address: string): Promise<URL | undefined> {
    let at = new URL(address)
    for (let step = 0; step < 20; step += 1) {
      if (at.pathname === '/callback') return at
      const response = await fetch(at, { redirect: 'manual', headers: { cookie: this.#cookieHeader() } })
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        const cut = pair.indexOf('=')
        this.#cookies.set(pair.slice(0, cut), pair.slice(cut + 1))
      }
      await response.arrayBuffer()
      const next = response.headers.get('location')
      if (next === null) return undefined
      at = new URL(next, at)
    }
    return undefined
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

/** Opens an address as the tab of a browser does. @throws when nothing listens there */
export function land(
  address: URL,
  headers: OutgoingHttpHeaders = { 'sec-fetch-mode': 'navigate' },
): Promise<{ readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: string }> {
  return new Promise((resolve, reject) => {
    get(address, { headers, agent: false }, (response) => {
      const { statusCode: status = 0, headers: received } = response
      textOf(response).then((body) => resolve({ status, headers: received, body }), reject)
    }).on('error', reject)
  })
}
