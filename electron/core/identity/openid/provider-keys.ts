import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { findSecret, putSecret } from '../../vault/secrets.ts'

/** What a key towards a provider does: it shows which office asks, or opens user info that is encrypted for it. */
export type ProviderKeyUse = 'sig' | 'enc'

/** A private key of this machine, and its public half as the provider has to register it. */
export interface ProviderKey {
  readonly key: KeyObject
  readonly keyId: string
  readonly publicKey: JWK
}

/** How user info is encrypted for this office (RFC 7518 §4.3). */
export const ENCRYPTION = 'RSA-OAEP-256'
const RSA_BITS = 3_072

const owner = (providerId: string, use: ProviderKeyUse): string => `${providerId}:${use}`
const clientMark = (providerId: string): string => `sign-in-client:${providerId}`
const make = promisify(generateKeyPair)

/** The keys that a provider's settings ask for. */
export const usesOf = ({
  clientAuthentication,
  userInfo,
}: Pick<SignInProvider, 'clientAuthentication' | 'userInfo'>): ProviderKeyUse[] => [
  ...(clientAuthentication === 'private_key_jwt' ? (['sig'] as const) : []),
  ...(userInfo === 'encrypted' ? (['enc'] as const) : []),
]

/**
 * Makes the keys by which this machine is known at the provider; their private halves stay in its vault. A provider never
 * takes another key for a client, so what was registered before is worth nothing afterwards.
 */
export async function makeProviderKeys(store: Store, officerId: string, provider: SignInProvider): Promise<void> {
  const made = await Promise.all(
    usesOf(provider).map(async (use) => {
      const ec = use === 'sig' && provider.assertionAlgorithm === 'ES256'
      const { privateKey } = ec
        ? await make('ec', { namedCurve: 'P-256' })
        : await make('rsa', { modulusLength: RSA_BITS })
      return { use, jwk: JSON.stringify(privateKey.export({ format: 'jwk' })) }
    }),
  )
  store.transaction(officerId, (transaction) => {
    for (const { use, jwk } of made) putSecret(transaction, 'sign-in-key', owner(provider.id, use), jwk)
    transaction.audit({
      action: 'sign-in.keys-made',
      subjectKind: 'signInProvider',
      subjectId: provider.id,
      detail: { keys: made.length },
    })
  })
}

/** Undefined where no key was made yet, or one that the settings no longer speak of. */
export async function findProviderKey(
  store: Store,
  { id, assertionAlgorithm }: Pick<SignInProvider, 'id' | 'assertionAlgorithm'>,
  use: ProviderKeyUse,
): Promise<ProviderKey | undefined> {
  const kept = findSecret(store, 'sign-in-key', owner(id, use))
  if (kept === undefined) return undefined
  const key = createPrivateKey({ key: JSON.parse(kept), format: 'jwk' })
  if (use === 'sig' && (key.asymmetricKeyType === 'ec') !== (assertionAlgorithm === 'ES256')) return undefined
  const jwk = createPublicKey(key).export({ format: 'jwk' }) as JWK
  const keyId = await calculateJwkThumbprint(jwk)
  const alg = use === 'sig' ? assertionAlgorithm : ENCRYPTION
  return { key, keyId, publicKey: { ...jwk, kid: keyId, use, alg } }
}

/** The secret that is shown to a provider which takes one. */
export const putProviderSecret = (transaction: Transaction, providerId: string, secret: string): void =>
  putSecret(transaction, 'sign-in-secret', providerId, secret)

export const findProviderSecret = (store: Store, providerId: string): string | undefined =>
  findSecret(store, 'sign-in-secret', providerId)

/** The client as which this machine is registered: its own where it has one, since its key is its own. Empty where none is. */
export const clientIdOf = (store: Store, { id, clientId }: Pick<SignInProvider, 'id' | 'clientId'>): string =>
  store.findMark(clientMark(id)) || clientId

export const findOwnClientId = (store: Store, providerId: string): string =>
  store.findMark(clientMark(providerId)) ?? ''

export function setOwnClientId(store: Store, officerId: string, providerId: string, clientId: string): void {
  store.transaction(officerId, (transaction) => {
    transaction.mark(clientMark(providerId), clientId)
    transaction.audit({ action: 'sign-in.client-set', subjectKind: 'signInProvider', subjectId: providerId })
  })
}
