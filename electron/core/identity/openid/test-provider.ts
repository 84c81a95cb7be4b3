import * as oidc from 'openid-client'
import { z } from 'zod'
import { type Fault, OfficeError } from '../../../../shared/contract/result.ts'
import type { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import { parseJson } from '../../http/json.ts'
import { listenForAnswer } from './loopback-listener.ts'
import { faultOf, openProvider, type ProviderParts, readMetadata } from './provider-client.ts'

/** What is looked at, in this order. */
export const providerChecks = ['metadata', 'abilities', 'keys', 'client', 'ports'] as const
export type ProviderCheck = (typeof providerChecks)[number]

export interface CheckResult {
  readonly check: ProviderCheck
  /** Null where it is as it should be. */
  readonly fault: Fault | null
}

const Jwks = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

/** Tries everything that needs nobody to sign in. What builds on something that failed is left out. */
export async function testProvider(
  parts: ProviderParts,
  provider: SignInProvider,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  const check = async (name: ProviderCheck, does: () => Promise<unknown>): Promise<boolean> => {
    try {
      await does()
      results.push({ check: name, fault: null })
      return true
    } catch (error) {
      results.push({ check: name, fault: (error instanceof OfficeError ? error : faultOf(error)).fault })
      return false
    }
  }
  const reads = () => readMetadata(parts, provider, signal)
  if (await check('metadata', reads)) {
    const { metadata } = await reads()
    await check('abilities', async () => {
      const { code_challenge_methods_supported: pkce, token_endpoint_auth_methods_supported: ways } = metadata
      const { id_token_signing_alg_values_supported: algorithms } = metadata
      const lacks = (known: string[] | undefined, wanted: string): void => {
        if (known !== undefined && !known.includes(wanted)) throw unsupported(wanted)
      }
      lacks(pkce, 'S256')
      lacks(ways, provider.clientAuthentication)
      lacks(algorithms, provider.signingAlgorithm)
    })
    await check('keys', async () => {
      const { http } = parts
      const { certificateAuthority: authority } = provider
      const answer = await http.request(
        {
          method: 'GET',
          url: metadata.jwks_uri,
          timeLimit: { connect: 10_000, total: 20_000 },
          maximumReply: 500_000,
          evenIfCircuitOpen: true,
          ...(authority === '' ? {} : { certificateAuthority: authority }),
        },
        signal,
      )
      if (answer.outcome !== 'answered') throw new OfficeError(answer.fault)
      const json = parseJson(answer.body, answer.host)
      if (!json.ok || !Jwks.safeParse(json.value).success) {
        throw new OfficeError({ code: 'sign-in.keys-missing', params: { host: answer.host } })
      }
    })
    await check('client', () => askAsClient(parts, provider, signal))
  }
  await check('ports', async () => (await listenForAnswer(provider.ports, 'nothing comes', 'en')).close())
  return results
}

const unsupported = (method: string): OfficeError =>
  new OfficeError({ code: 'sign-in.method-unsupported', params: { method } })

/** A code that nobody gave out: a provider that knows the client refuses the code, any other the client. */
async function askAsClient(parts: ProviderParts, provider: SignInProvider, signal: AbortSignal): Promise<void> {
  const configuration = (await openProvider(parts, provider, signal)).configure(false)
  const parameters = {
    code: 'a-trial',
    redirect_uri: `http://127.0.0.1:${provider.ports[0]}/callback`,
    code_verifier: oidc.randomPKCECodeVerifier(),
  }
  try {
    await oidc.genericGrantRequest(configuration, 'authorization_code', parameters)
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.error !== 'invalid_client' && error.status < 500) return
    throw error
  }
}
