import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  type EncryptionKey,
  encryptionKey,
  type PublishedKey,
  verificationKey,
} from '../../../../../electron/core/channels/g2p-connect/public-keys.ts'
import type { VerificationKey } from '../../../../../electron/core/channels/g2p-connect/signing/signature-profile.ts'
import type { JwsAlgorithm } from '../../../../../shared/model/message-security.ts'

/** A key pair as the two sides of a wire have it. */
export interface WireKey {
  readonly privateKey: KeyObject
  readonly pem: string
  readonly jwk: PublishedKey & { readonly kid: string; readonly alg: string }
}

const pairOf = (alg: string): { privateKey: KeyObject; publicKey: KeyObject } => {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519')
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

export function wireKey(alg: JwsAlgorithm | 'RSA-OAEP-256', kid: string): WireKey {
  const { privateKey, publicKey } = pairOf(alg)
  const jwk = publicKey.export({ format: 'jwk' }) as { kty: string }
  return {
    privateKey,
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    jwk: { ...jwk, kid, alg, use: alg === 'RSA-OAEP-256' ? 'enc' : 'sig' },
  }
}

export function verifies(jwk: PublishedKey): VerificationKey {
  const key = verificationKey(jwk)
  if (key === undefined) throw new Error('not a key that verifies')
  return key
}

export function encrypts(jwk: PublishedKey): EncryptionKey {
  const key = encryptionKey(jwk)
  if (key === undefined) throw new Error('not a key to encrypt for')
  return key
}
