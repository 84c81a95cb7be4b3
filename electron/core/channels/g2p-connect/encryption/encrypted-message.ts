import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { z } from 'zod'

/**
 * A message encrypted for its receiver (G2P Connect 1.0.0 § EncryptedMessage): a flattened JWE (RFC 7516) whose header is not
 * protected, so that there is nothing that the cipher authenticates besides the text.
 */
export const EncryptedMessage = z.object({
  header: z.object({ alg: z.string(), enc: z.string(), kid: z.string() }),
  ciphertext: z.string().min(1),
  encrypted_key: z.string().min(1),
  tag: z.string().min(1),
  iv: z.string().min(1),
})
export type EncryptedMessage = z.infer<typeof EncryptedMessage>

const ALG = 'RSA-OAEP-256'
const ENC = 'A256GCM'
const CIPHER = 'aes-256-gcm'
/** Bytes. */
const KEY = 32
const IV = 12
const TAG = 16

const oaep = (key: KeyObject) => ({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' })

/** @param key the receiver's RSA public key, `kid` its id */
export function encryptMessage(text: string, key: KeyObject, kid: string): EncryptedMessage {
  const secret = randomBytes(KEY)
  const iv = randomBytes(IV)
  const cipher = createCipheriv(CIPHER, secret, iv, { authTagLength: TAG })
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return {
    header: { alg: ALG, enc: ENC, kid },
    ciphertext: ciphertext.toString('base64url'),
    encrypted_key: publicEncrypt(oaep(key), secret).toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    iv: iv.toString('base64url'),
  }
}

/**
 * The text of an encrypted message.
 *
 * @returns undefined when it is not for this key, was changed, or uses another algorithm
 */
export function decryptMessage({ header, ...parts }: EncryptedMessage, key: KeyObject): string | undefined {
  if (header.alg !== ALG || header.enc !== ENC) return undefined
  const [ciphertext, wrapped, tag, iv] = [parts.ciphertext, parts.encrypted_key, parts.tag, parts.iv].map((text) =>
    Buffer.from(text, 'base64url'),
  ) as [Buffer, Buffer, Buffer, Buffer]
  if (tag.length !== TAG || iv.length !== IV) return undefined
  try {
    const secret = privateDecrypt(oaep(key), wrapped)
    if (secret.length !== KEY) return undefined
    const decipher = createDecipheriv(CIPHER, secret, iv, { authTagLength: TAG }).setAuthTag(tag)
    const bytes = Buffer.concat([decipher.update(ciphertext), decipher.final()])
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not for this key, changed on the way, or no text: which of them must not be told apart.
    return undefined
  }
}
