import type { KeyObject } from 'node:crypto'
import { type CryptoKey, importJWK, type JWK } from 'jose'
import * as oidc from 'openid-client'
import { z } from 'zod'
import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { fail, OfficeError } from '../../../../shared/contract/result.ts'
import type { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import type { HttpRequest } from '../../http/exchange-types.ts'
import type { Http } from '../../http/http.ts'
import { parseJson } from '../../http/json.ts'
import type { Store } from '../../store/store.ts'
import { clientIdOf, ENCRYPTION, findProviderKey, findProviderSecret } from './provider-keys.ts'
import { isSafeAddress } from './settings-check.ts'

export interface ProviderParts {
  readonly store: Store
  readonly http: Http
  readonly now: () => number
}

/** A provider whose metadata were read and found to be the ones that the settings expect. */
export interface OpenedProvider {
  readonly provider: SignInProvider
  readonly metadata: Metadata
  /** For one answer to an authorisation request. @param hasIssuer the answer names its issuer (RFC 9207) */
  configure(hasIssuer: boolean): oidc.Configuration
  /** Their clock minus ours, milliseconds. */
  readonly skew: number
}

const Names = z.array(z.string()).optional()
const Metadata = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string().optional(),
  userinfo_endpoint: z.string().optional(),
  jwks_uri: z.string(),
  code_challenge_methods_supported: Names,
  token_endpoint_auth_methods_supported: Names,
  id_token_signing_alg_values_supported: Names,
  authorization_response_iss_parameter_supported: z.boolean().optional(),
})
export type Metadata = z.infer<typeof Metadata>

const TIME_LIMIT = { connect: 10_000, total: 20_000 }
/** User info can hold a photograph. */
const LARGEST_REPLY = 2_000_000
const CONTENT_ENCRYPTIONS = ['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256']

/**
 * Reads a provider's metadata and holds them against the settings. Where they lie and what they name are two things: e-Signet
 * keeps them elsewhere than its issuer would make one look, so the issuer is compared here, letter by letter.
 *
 * @throws OfficeError `http.*`, `sign-in.*`
 */
export async function openProvider(
  { store, http, now }: ProviderParts,
  provider: SignInProvider,
  signal: AbortSignal,
): Promise<OpenedProvider> {
  const { metadata, skew } = await readMetadata({ http, now }, provider, signal)
  const clientId = clientIdOf(store, provider)
  if (clientId === '') fail('sign-in.client-missing', { name: provider.name })
  const authentication = await authenticationOf(store, provider, metadata)
  const decryption = provider.userInfo === 'encrypted' ? await findProviderKey(store, provider, 'enc') : undefined
  if (provider.userInfo === 'encrypted' && decryption === undefined)
    fail('sign-in.key-missing', { name: provider.name })
  const decryptionKey = decryption && (await usable(decryption.key, ENCRYPTION))
  return {
    provider,
    metadata,
    skew,
    configure(hasIssuer) {
      const promised = metadata.authorization_response_iss_parameter_supported === true || hasIssuer
      const { signingAlgorithm, userInfo } = provider
      const signed = userInfo === 'signed' || userInfo === 'encrypted'
      const configuration = new oidc.Configuration(
        {
          ...(metadata as oidc.ServerMetadata),
          authorization_response_iss_parameter_supported:
            promised && (hasIssuer || provider.missingIssuer === 'refuse'),
        },
        clientId,
        {
          id_token_signed_response_alg: signingAlgorithm,
          ...(signed ? { userinfo_signed_response_alg: signingAlgorithm } : {}),
          // Our clock, corrected by what the provider's headers say, so that nothing is dated in its future.
          [oidc.clockSkew]: Math.round(skew / 1_000),
          [oidc.clockTolerance]: provider.clockToleranceSeconds,
        },
        authentication,
      )
      configuration[oidc.customFetch] = fetchThrough(http, provider, signal)
      // Which addresses need no encryption is decided by the office's own way out.
      oidc.allowInsecureRequests(configuration)
      // Signatures count, wherever the token came from.
      oidc.enableNonRepudiationChecks(configuration)
      if (decryptionKey !== undefined && decryption !== undefined) {
        const key = { key: decryptionKey, alg: ENCRYPTION, kid: decryption.keyId }
        oidc.enableDecryptingResponses(configuration, CONTENT_ENCRYPTIONS, key)
      }
      return configuration
    },
  }
}

/** @throws OfficeError `http.*`, `sign-in.metadata-missing`, `sign-in.issuer-differs`, `sign-in.endpoint-missing`, `sign-in.clock-wrong` */
export async function readMetadata(
  { http, now }: Pick<ProviderParts, 'http' | 'now'>,
  provider: Pick<
    SignInProvider,
    'name' | 'metadataUrl' | 'issuer' | 'tokenEndpoint' | 'certificateAuthority' | 'clockToleranceSeconds' | 'userInfo'
  >,
  signal: AbortSignal,
): Promise<{ readonly metadata: Metadata; readonly skew: number }> {
  const asked = now()
  const answer = await http.request(
    { ...requestTo(provider, provider.metadataUrl), method: 'GET', headers: { accept: 'application/json' } },
    signal,
  )
  if (answer.outcome !== 'answered') throw new OfficeError(answer.fault)
  const { host } = answer
  if (answer.status !== 200) fail('sign-in.metadata-missing', { host, status: answer.status })
  const json = parseJson(answer.body, host)
  const found = json.ok ? Metadata.safeParse(json.value) : undefined
  if (found?.success !== true) return fail('sign-in.metadata-missing', { host, status: answer.status })
  if (found.data.issuer !== provider.issuer) {
    fail('sign-in.issuer-differs', { expected: provider.issuer, found: found.data.issuer.slice(0, 200) })
  }
  const metadata = {
    ...found.data,
    ...(provider.tokenEndpoint === '' ? {} : { token_endpoint: provider.tokenEndpoint }),
  }
  const wanted = [
    metadata.authorization_endpoint,
    metadata.token_endpoint,
    metadata.jwks_uri,
    ...(provider.userInfo === 'none' ? [] : [metadata.userinfo_endpoint]),
  ]
  if (wanted.some((address) => address === undefined || !isSafeAddress(address))) {
    fail('sign-in.endpoint-missing', { host })
  }
  const skew = skewOf(answer.headers, asked, now())
  if (Math.abs(skew) > provider.clockToleranceSeconds * 1_000 + 2_000) {
    fail('sign-in.clock-wrong', { seconds: Math.round(Math.abs(skew) / 1_000) })
  }
  return { metadata, skew }
}

/** By the `Date` header, which counts whole seconds; nothing where a cache or nobody dated the reply. */
function skewOf(headers: Readonly<Record<string, string>>, asked: number, answered: number): number {
  const theirs = Date.parse(headers.date ?? '')
  return Number.isNaN(theirs) || headers.age !== undefined ? 0 : theirs + 500 - (asked + answered) / 2
}

type Trusting = Pick<SignInProvider, 'certificateAuthority'>

const requestTo = ({ certificateAuthority }: Trusting, url: string) => ({
  url,
  timeLimit: TIME_LIMIT,
  maximumReply: LARGEST_REPLY,
  evenIfCircuitOpen: true,
  ...(certificateAuthority === '' ? {} : { certificateAuthority }),
})

/** The library's requests take the office's one way out; what the network does comes back as the office's own fault. */
function fetchThrough(http: Http, provider: Trusting, signal: AbortSignal): oidc.CustomFetch {
  return async (url, { method, headers, body }) => {
    if (method !== 'GET' && method !== 'POST') throw new Error(`a provider is not asked by ${method}`)
    const request: HttpRequest = {
      ...requestTo(provider, url),
      method,
      headers,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    }
    const answer = await http.request(request, signal)
    if (answer.outcome !== 'answered') throw new OfficeError(answer.fault)
    const empty = answer.status === 204 || answer.status === 304
    return new Response(empty ? null : Buffer.from(answer.body), { status: answer.status, headers: answer.headers })
  }
}

/** A key of the vault as the library takes it, for one algorithm. */
const usable = async (key: KeyObject, algorithm: string): Promise<CryptoKey> =>
  (await importJWK(key.export({ format: 'jwk' }) as JWK, algorithm)) as CryptoKey

async function authenticationOf(store: Store, provider: SignInProvider, metadata: Metadata): Promise<oidc.ClientAuth> {
  const { clientAuthentication, name } = provider
  if (clientAuthentication === 'none') return oidc.None()
  if (clientAuthentication !== 'private_key_jwt') {
    const secret = findProviderSecret(store, provider.id) ?? fail('sign-in.secret-missing', { name })
    return clientAuthentication === 'client_secret_basic'
      ? oidc.ClientSecretBasic(secret)
      : oidc.ClientSecretPost(secret)
  }
  const { key, keyId } = (await findProviderKey(store, provider, 'sig')) ?? fail('sign-in.key-missing', { name })
  const imported = await usable(key, provider.assertionAlgorithm)
  return oidc.PrivateKeyJwt(
    { key: imported, kid: keyId },
    {
      [oidc.modifyAssertion]: (_header, payload) => {
        payload.aud = {
          'token-endpoint': metadata.token_endpoint ?? '',
          issuer: provider.issuer,
          text: provider.assertionAudienceText,
        }[provider.assertionAudience]
        // A clock that is a little ahead must not make the assertion come from the future.
        const at = Number(payload.iat)
        payload.iat = at - 5
        payload.nbf = at - 5
      },
    },
  )
}

/** Which sentence tells what went wrong between the office and the provider. */
export function faultOf(error: unknown): OfficeError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OfficeError) return cause
    if (cause instanceof oidc.AuthorizationResponseError) return officeError('sign-in.refused', cause.error)
    if (cause instanceof oidc.ResponseBodyError) {
      const code = cause.error === 'invalid_client' ? 'sign-in.client-refused' : 'sign-in.code-refused'
      return officeError(code, cause.error)
    }
    if (cause instanceof oidc.WWWAuthenticateChallengeError) {
      return officeError('sign-in.user-info-invalid', String(cause.status))
    }
  }
  const { code } = error as { code?: unknown }
  return officeError('sign-in.answer-invalid', typeof code === 'string' ? code : 'UNKNOWN', error)
}

/** Only words that are made of the letters of error codes: what a provider says otherwise may hold anything. */
const officeError = (code: ErrorCode, reason: string, cause?: unknown): OfficeError =>
  new OfficeError({ code, params: { reason: /^[\w.-]{1,60}$/.test(reason) ? reason : '' } }, { cause })
