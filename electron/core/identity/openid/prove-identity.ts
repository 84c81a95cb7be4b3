import * as oidc from 'openid-client'
import { fail, OfficeError } from '../../../../shared/contract/result.ts'
import type { OpenedProvider } from './provider-client.ts'
import { faultOf } from './provider-client.ts'

/** Who somebody is, as a provider has proven it. Of its tokens nothing else is kept, and nothing of them is written down. */
export interface ProvenIdentity {
  readonly providerId: string
  readonly issuer: string
  readonly subject: string
  /** For an administrator to look at; empty where the provider does not say. */
  readonly name: string
  /** When the provider said so, epoch milliseconds by its own clock. */
  readonly at: number
}

/** Who somebody is, and what they let the provider say of them. */
export interface Proof {
  readonly identity: ProvenIdentity
  /** As verified; for the one look that asked for them, never kept. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** What one attempt sent along, and expects back. */
export interface Challenge {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly acrValues: readonly string[]
  /** The officer has to show up now; an earlier sign-in in the same browser is not enough. */
  readonly fresh: boolean
  /** When the attempt began by the provider's clock, epoch milliseconds. */
  readonly began: number
}

export function newChallenge(
  { provider, skew }: Pick<OpenedProvider, 'provider' | 'skew'>,
  fresh: boolean,
  now: number,
): Challenge {
  const { acrValues, stepUpAcrValues } = provider
  return {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    acrValues: fresh && stepUpAcrValues.length > 0 ? stepUpAcrValues : acrValues,
    fresh,
    began: now + skew,
  }
}

/** Where the officer's browser goes (OpenID Connect Core 1.0 §3.1.2.1, RFC 7636). */
export async function authorizationUrl(
  opened: OpenedProvider,
  challenge: Challenge,
  { redirectUri, language }: { readonly redirectUri: string; readonly language: string },
): Promise<string> {
  const { provider } = opened
  const { acrValues, fresh } = challenge
  const claims =
    provider.claims.length === 0
      ? undefined
      : { userinfo: Object.fromEntries(provider.claims.map((claim) => [claim, null])) }
  const parameters: Record<string, string> = {
    redirect_uri: redirectUri,
    scope: provider.scopes.join(' '),
    state: challenge.state,
    nonce: challenge.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(challenge.verifier),
    code_challenge_method: 'S256',
    ui_locales: language,
    ...(acrValues.length > 0 ? { acr_values: acrValues.join(' ') } : {}),
    ...(claims === undefined ? {} : { claims: JSON.stringify(claims) }),
    ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
  }
  return oidc.buildAuthorizationUrl(opened.configure(false), parameters).href
}

/**
 * Exchanges what the browser brought for proof of who it was.
 *
 * @throws OfficeError `sign-in.*`, `http.*`
 */
export async function proveIdentity(opened: OpenedProvider, challenge: Challenge, came: URL): Promise<Proof> {
  const { provider } = opened
  const { searchParams } = came
  const refused = searchParams.get('error')
  const issuers = searchParams.getAll('iss')
  // Where the provider refuses it may leave its name out; a name that it gives is checked all the same.
  if (issuers.length > 1 || (issuers[0] !== undefined && issuers[0] !== provider.issuer)) {
    fail('sign-in.issuer-differs', { expected: provider.issuer, found: (issuers[0] ?? '').slice(0, 200) })
  }
  if (refused !== null) fail('sign-in.refused', { reason: /^[\w.-]{1,60}$/.test(refused) ? refused : '' })
  try {
    const configuration = opened.configure(issuers.length > 0)
    const tokens = await oidc.authorizationCodeGrant(configuration, came, {
      expectedState: challenge.state,
      expectedNonce: challenge.nonce,
      pkceCodeVerifier: challenge.verifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims() ?? fail('sign-in.answer-invalid', { reason: 'NO_ID_TOKEN' })
    checkStrength(claims, opened, challenge)
    const info: Readonly<Record<string, unknown>> =
      provider.userInfo === 'none' ? {} : await userInfoOf(configuration, tokens.access_token, claims.sub)
    const subject = claims[provider.subjectClaim] ?? info[provider.subjectClaim]
    if (typeof subject !== 'string' || subject === '' || subject.length > 255) return fail('sign-in.subject-missing')
    const name = nameIn(info) ?? nameIn(claims) ?? ''
    const identity = { providerId: provider.id, issuer: provider.issuer, subject, name, at: claims.iat * 1_000 }
    return { identity, claims: { ...claims, ...info } }
  } catch (error) {
    throw error instanceof OfficeError ? error : faultOf(error)
  }
}

async function userInfoOf(
  configuration: oidc.Configuration,
  token: string,
  subject: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await oidc.fetchUserInfo(configuration, token, subject)
  } catch (error) {
    const { fault } = faultOf(error)
    return fail(fault.code.startsWith('http.') ? fault.code : 'sign-in.user-info-invalid', fault.params, error)
  }
}

/** Whether the officer showed up now and as strongly as was asked for. e-Signet names the ways that were used in one text. */
function checkStrength(
  { acr, auth_time: at }: Partial<oidc.IDToken>,
  { provider }: OpenedProvider,
  { acrValues, fresh, began }: Challenge,
): void {
  const used = typeof acr === 'string' ? acr.split(' ') : []
  if (acrValues.length > 0 && !used.some((one) => acrValues.includes(one))) fail('sign-in.acr-missing')
  if (!fresh) return
  const shown = typeof at === 'number' ? at * 1_000 : Number.NEGATIVE_INFINITY
  if (shown < began - provider.clockToleranceSeconds * 1_000 - 2_000) fail('sign-in.not-fresh')
}

/** The name, in whatever language the provider gives it (OpenID Connect Core 1.0 §5.2). */
function nameIn(claims: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.entries(claims)
    .filter(([claim]) => claim === 'name' || claim.startsWith('name#'))
    .map(([, name]) => name)
  const name = names.find((one): one is string => typeof one === 'string' && one.trim() !== '')
  return name?.trim().slice(0, 200)
}
