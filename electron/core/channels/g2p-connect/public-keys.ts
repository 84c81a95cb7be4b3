import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { JwsAlgorithm } from '../../../../shared/model/message-security.ts'
import type { VerificationKey } from './signing/signature-profile.ts'

/** A public key as receivers publish it (RFC 7517). Members that are not known are left alone. */
export const PublishedKey = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
})
export type PublishedKey = z.infer<typeof PublishedKey>

/** Bits. */
const SHORTEST_RSA = 2048

/** The public key of a JWK, if it is one of the kinds that are spoken; shared secrets never are. */
function findKey(jwk: PublishedKey): KeyObject | undefined {
  const { kty, crv, x, y, n, e } = jwk
  try {
    const key = createPublicKey({ key: { kty, crv, x, y, n, e } as Record<string, string>, format: 'jwk' })
    const { modulusLength } = key.asymmetricKeyDetails ?? {}
    return modulusLength !== undefined && modulusLength < SHORTEST_RSA ? undefined : key
  } catch {
    // Not a key at all, or of a kind that is not known here.
    return undefined
  }
}

/** Algorithms that a kind of key can be used with; the first one is meant when the key names none. */
const algorithms: Readonly<Record<string, readonly JwsAlgorithm[]>> = {
  'OKP Ed25519': ['EdDSA'],
  'EC P-256': ['ES256'],
  RSA: ['RS256', 'PS256'],
}

/** A key that verifies signatures, with the one algorithm it may be used with; undefined when it is no such key. */
export function verificationKey(jwk: PublishedKey): VerificationKey | undefined {
  if (jwk.use !== undefined && jwk.use !== 'sig') return undefined
  const possible = algorithms[jwk.kty === 'RSA' ? jwk.kty : `${jwk.kty} ${jwk.crv}`] ?? []
  // RFC 9864 calls EdDSA with this curve by the curve's name.
  const named = jwk.alg === 'Ed25519' ? 'EdDSA' : jwk.alg
  const alg = named === undefined ? possible[0] : possible.find((one) => one === named)
  const key = alg === undefined ? undefined : findKey(jwk)
  return alg === undefined || key === undefined ? undefined : { kid: jwk.kid, alg, key }
}

/** A key that messages can be encrypted for. */
export interface EncryptionKey {
  readonly kid: string
  readonly key: KeyObject
}

/** @returns undefined when it is no RSA key, or one for signatures */
export function encryptionKey(jwk: PublishedKey): EncryptionKey | undefined {
  if (jwk.kty !== 'RSA' || (jwk.use !== undefined && jwk.use !== 'enc')) return undefined
  if (jwk.alg !== undefined && jwk.alg !== 'RSA-OAEP-256') return undefined
  const key = findKey(jwk)
  return key === undefined ? undefined : { kid: jwk.kid ?? '', key }
}
