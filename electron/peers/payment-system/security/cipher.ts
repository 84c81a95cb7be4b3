import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import type { OwnKey } from './key-ring.ts'
import type { PublicKey } from './security-options.ts'

/** § EncryptedMessage: RSA-OAEP-256 and A256GCM, a JWE whose header is not protected. */

const CIPHER = 'aes-256-gcm'
const oaep = (key: KeyObject) => ({ key, oaepHash: 'sha256' })
const bytesOf = (text: unknown): Buffer => Buffer.from(String(text), 'base64url')

export function encrypt(text: string, jwk: PublicKey): Record<string, unknown> {
  const secret = randomBytes(32)
  const iv = randomBytes(12)
  const cipher = createCipheriv(CIPHER, secret, iv)
  const ciphertext = cipher.update(text, 'utf8', 'base64url') + cipher.final('base64url')
  const wrapped = publicEncrypt(oaep(createPublicKey({ key: { ...jwk }, format: 'jwk' })), secret)
  return {
    header: { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: jwk.kid },
    encrypted_key: wrapped.toString('base64url'),
    iv: iv.toString('base64url'),
    ciphertext,
    tag: cipher.getAuthTag().toString('base64url'),
  }
}

/** @returns undefined when it cannot be opened with this key */
export function decrypt(message: Readonly<Record<string, unknown>>, own: OwnKey): string | undefined {
  const { alg, enc, kid } = (message.header ?? {}) as Readonly<Record<string, unknown>>
  if (alg !== 'RSA-OAEP-256' || enc !== 'A256GCM' || kid !== own.publicKey.kid) return undefined
  try {
    const secret = privateDecrypt(oaep(own.privateKey), bytesOf(message.encrypted_key))
    const decipher = createDecipheriv(CIPHER, secret, bytesOf(message.iv), { authTagLength: 16 })
    decipher.setAuthTag(bytesOf(message.tag))
    return Buffer.concat([decipher.update(bytesOf(message.ciphertext)), decipher.final()]).toString('utf8')
  } catch {
    // Not for this key, or changed on the way.
    return undefined
  }
}
