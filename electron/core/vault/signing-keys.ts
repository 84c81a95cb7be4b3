import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import type { PublicKey } from '../../../shared/model/officer.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findSecret, putSecret } from './secrets.ts'

/** An Ed25519 key of the office, as the receiver of its messages must know it. */
export interface SigningKey {
  /** RFC 7638 thumbprint of the public key; the `kid` of what it signs. */
  readonly keyId: string
  readonly publicKey: PublicKey
  /** Hybrid-clock moment at which it came into the vault. */
  readonly addedAt: string
}

/** Reads a private key: PKCS#8 in PEM or a JWK. @returns undefined for anything that is no private Ed25519 key */
export function findEd25519(text: string): KeyObject | undefined {
  try {
    const key = text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
      : createPrivateKey(text)
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    // The text is not a key; which of many ways it fails in says nothing useful.
    return undefined
  }
}

export function publicJwk(privateKey: KeyObject): PublicKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { kty: 'OKP', crv: 'Ed25519', x: x as string }
}

export const keyIdOf = (key: PublicKey): Promise<string> =>
  calculateJwkThumbprint({ kty: key.kty, crv: key.crv, x: key.x })

/** Makes a key pair; the private half goes into the vault and never comes out. */
export async function generateSigningKey(store: Store, officerId: string): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = publicJwk(privateKey)
  const keyId = await keyIdOf(publicKey)
  const addedAt = store.transaction(officerId, (transaction) => {
    putSigningKey(transaction, keyId, privateKey)
    transaction.audit({ action: 'vault.signing-key-made', subjectKind: 'signing-key', subjectId: keyId })
    return transaction.moment
  })
  return { keyId, publicKey: { ...publicKey, kid: keyId }, addedAt }
}

export const putSigningKey = (transaction: Transaction, keyId: string, privateKey: KeyObject): void =>
  putSecret(transaction, 'signing-key', keyId, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())

export const hasSigningKey = (store: Store, keyId: string): boolean =>
  findSecret(store, 'signing-key', keyId) !== undefined

/** The public halves of all signing keys, newest first. */
export function listSigningKeys(store: Store): SigningKey[] {
  const rows = store
    .sql("SELECT name, changed_at AS addedAt FROM secret WHERE kind = 'signing-key' ORDER BY changed_at DESC, name")
    .all() as { name: string; addedAt: string }[]
  return rows.flatMap(({ name, addedAt }) => {
    const keyId = name.slice('signing-key:'.length)
    const key = findEd25519(findSecret(store, 'signing-key', keyId) ?? '')
    return key === undefined ? [] : [{ keyId, publicKey: { ...publicJwk(key), kid: keyId }, addedAt }]
  })
}
