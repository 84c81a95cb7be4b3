import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import type { PublicKey } from '../../../shared/model/officer.ts'

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
