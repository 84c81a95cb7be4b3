import {
  type Encryption,
  type JwsAlgorithm,
  type Signing,
  USUAL_LIFETIME,
} from '../../../shared/model/message-security.ts'

export const signingKinds = ['jws', 'http-sig-string', 'detached-jws', 'raw-rsa', 'placeholder'] as const
export type SigningKind = (typeof signingKinds)[number]

/** A key of the vault, as far as a choice needs to know it. */
export interface KeyChoice {
  readonly keyId: string
  readonly purpose: 'signing' | 'decryption'
  readonly type: 'ed25519' | 'ec' | 'rsa'
}

/** The algorithms of a key; the first one is usual. */
export const algorithmsOf = (type: KeyChoice['type'] | undefined): readonly JwsAlgorithm[] => {
  switch (type) {
    case 'ec':
      return ['ES256']
    case 'rsa':
      return ['RS256', 'PS256']
    default:
      return ['EdDSA']
  }
}

/** Keys that can sign in a form. */
export function keysFor(kind: SigningKind, keys: readonly KeyChoice[]): KeyChoice[] {
  const signing = keys.filter(({ purpose }) => purpose === 'signing')
  if (kind === 'http-sig-string') return signing.filter(({ type }) => type === 'ed25519')
  return kind === 'raw-rsa' ? signing.filter(({ type }) => type === 'rsa') : signing
}

/** Another form with as much of the old settings as it can keep. */
export function signingOf(kind: SigningKind, before: Signing, keys: readonly KeyChoice[]): Signing {
  if (kind === 'placeholder') return { kind, sandbox: false }
  const fit = keysFor(kind, keys)
  const wanted = before.kind === 'placeholder' ? undefined : fit.find(({ keyId }) => keyId === before.keyId)
  const key = wanted ?? fit[0]
  const keyId = key?.keyId ?? ''
  const lifetime = 'lifetime' in before ? before.lifetime : USUAL_LIFETIME
  if (kind === 'raw-rsa') return { kind, keyId }
  if (kind === 'http-sig-string') return { kind, keyId, namespace: 'g2p', keyParameter: 'kidId', lifetime }
  return { kind, keyId, alg: algorithmsOf(key?.type)[0] ?? 'EdDSA', lifetime }
}

/** The same form with another key, and an algorithm that fits it. */
export function withKey(signing: Exclude<Signing, { kind: 'placeholder' }>, key: KeyChoice): Signing {
  if (!('alg' in signing)) return { ...signing, keyId: key.keyId }
  const algorithms = algorithmsOf(key.type)
  const alg = algorithms.includes(signing.alg) ? signing.alg : (algorithms[0] ?? signing.alg)
  return { ...signing, keyId: key.keyId, alg }
}

export const encryptionOrders = ['none', 'sign-then-encrypt', 'encrypt-then-sign'] as const

export const encryptionOf = (order: (typeof encryptionOrders)[number], before: Encryption): Encryption =>
  order === 'none'
    ? { kind: 'none' }
    : {
        receiverKey: null,
        receiverKeyId: '',
        ownKeyId: '',
        ...before,
        kind: 'jwe',
        alg: 'RSA-OAEP-256',
        enc: 'A256GCM',
        order,
      }
