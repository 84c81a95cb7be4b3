import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { fail } from '../../../shared/contract/result.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findSecret, putSecret, type SecretKind } from './secrets.ts'

/** What a key of the vault is for: it signs the messages of this office, or opens those that are encrypted for it. */
export const keyPurposes = ['signing', 'decryption'] as const
export type KeyPurpose = (typeof keyPurposes)[number]

/** Kinds of keys, as Node names them: Ed25519, the curve P-256, RSA. */
export const keyTypes = ['ed25519', 'ec', 'rsa'] as const
export type KeyType = (typeof keyTypes)[number]

/** A key of the vault as the other side must know it. */
export interface MessageKey {
  /** RFC 7638 thumbprint of the public key; the `kid` in messages. */
  readonly keyId: string
  readonly purpose: KeyPurpose
  readonly type: KeyType
  /** JWK with `kid`, `use`, and `alg` where the key has only one. */
  readonly publicKey: JWK
  /** Hybrid-clock moment at which it came into the vault. */
  readonly addedAt: string
}

/** Bits. Three thousand for new keys; what is imported may be as short as receivers still take. */
const NEW_RSA = 3072
const SHORTEST_RSA = 2048

const secretKind = (purpose: KeyPurpose): SecretKind => `${purpose}-key`

/** Reads a private key: PKCS#8 in PEM or a JWK. @returns undefined for anything that is no key of the known kinds */
export function findPrivateKey(text: string): KeyObject | undefined {
  try {
    const key = text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
      : createPrivateKey(text)
    return typeOf(key) === undefined ? undefined : key
  } catch {
    // The text is not a key; which of many ways it fails in says nothing useful.
    return undefined
  }
}

/** The kind of a key; undefined for kinds, curves and lengths that are not spoken. */
export function typeOf(key: KeyObject): KeyType | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519'
  if (key.asymmetricKeyType === 'ec') return namedCurve === 'prime256v1' ? 'ec' : undefined
  return key.asymmetricKeyType === 'rsa' && modulusLength >= SHORTEST_RSA ? 'rsa' : undefined
}

/** Whether a key of this kind can serve this purpose: messages are encrypted for RSA keys only. */
export const suits = (purpose: KeyPurpose, type: KeyType): boolean => purpose === 'signing' || type === 'rsa'

const make = promisify(generateKeyPair)

async function makePrivateKey(type: KeyType): Promise<KeyObject> {
  if (type === 'rsa') return (await make('rsa', { modulusLength: NEW_RSA })).privateKey
  if (type === 'ec') return (await make('ec', { namedCurve: 'P-256' })).privateKey
  return (await make('ed25519')).privateKey
}

const publicJwk = (key: KeyObject): JWK => createPublicKey(key).export({ format: 'jwk' }) as JWK

/** The id of a key: what any program computes from its public half. */
export const messageKeyId = (key: KeyObject): Promise<string> => calculateJwkThumbprint(publicJwk(key))

/**
 * Makes a key pair; the private half goes into the vault and never comes out.
 *
 * @throws OfficeError `vault.key-unusable` when the kind does not serve the purpose
 */
export async function generateMessageKey(
  store: Store,
  officerId: string,
  purpose: KeyPurpose,
  type: KeyType,
): Promise<MessageKey> {
  if (!suits(purpose, type)) fail('vault.key-unusable')
  return keep(store, officerId, purpose, await makePrivateKey(type), 'made')
}

/**
 * Takes a private key (PKCS#8 in PEM, or a JWK) into the vault.
 *
 * @throws OfficeError `vault.key-unusable`
 */
export async function importMessageKey(
  store: Store,
  officerId: string,
  purpose: KeyPurpose,
  text: string,
): Promise<MessageKey> {
  const key = findPrivateKey(text)
  const type = key === undefined ? undefined : typeOf(key)
  if (key === undefined || type === undefined || !suits(purpose, type)) return fail('vault.key-unusable')
  return keep(store, officerId, purpose, key, 'imported')
}

async function keep(
  store: Store,
  officerId: string,
  purpose: KeyPurpose,
  key: KeyObject,
  how: 'made' | 'imported',
): Promise<MessageKey> {
  const keyId = await messageKeyId(key)
  const addedAt = store.transaction(officerId, (transaction) => {
    putMessageKey(transaction, purpose, keyId, key)
    transaction.audit({ action: `vault.${purpose}-key-${how}`, subjectKind: `${purpose}-key`, subjectId: keyId })
    return transaction.moment
  })
  return viewOf(keyId, purpose, key, addedAt)
}

export const putMessageKey = (transaction: Transaction, purpose: KeyPurpose, keyId: string, key: KeyObject): void =>
  putSecret(transaction, secretKind(purpose), keyId, key.export({ format: 'pem', type: 'pkcs8' }).toString())

/** The kind of a key of the vault; undefined when it is not there. */
export function findKeyType(store: Store, purpose: KeyPurpose, keyId: string): KeyType | undefined {
  const key = findPrivateKey(findSecret(store, secretKind(purpose), keyId) ?? '')
  return key === undefined ? undefined : typeOf(key)
}

function viewOf(keyId: string, purpose: KeyPurpose, key: KeyObject, addedAt: string): MessageKey {
  const type = typeOf(key) ?? fail('vault.damaged')
  // An RSA key can sign in more than one way; which one, each payment manager says.
  const alg =
    purpose === 'decryption' ? 'RSA-OAEP-256' : ({ ed25519: 'EdDSA', ec: 'ES256', rsa: undefined } as const)[type]
  const use = purpose === 'signing' ? 'sig' : 'enc'
  const publicKey: JWK = { ...publicJwk(key), kid: keyId, use, ...(alg === undefined ? {} : { alg }) }
  return { keyId, purpose, type, publicKey, addedAt }
}

/** The public halves of all keys for messages, newest first. */
export function listMessageKeys(store: Store): MessageKey[] {
  return keyPurposes.flatMap((purpose) => {
    const kind = secretKind(purpose)
    const rows = store
      .sql('SELECT name, changed_at AS addedAt FROM secret WHERE kind = ? ORDER BY changed_at DESC, name')
      .all(kind) as { name: string; addedAt: string }[]
    return rows.flatMap(({ name, addedAt }) => {
      const keyId = name.slice(kind.length + 1)
      const key = findPrivateKey(findSecret(store, kind, keyId) ?? '')
      return key === undefined ? [] : [viewOf(keyId, purpose, key, addedAt)]
    })
  })
}
