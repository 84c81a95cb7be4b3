import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'

const derive = promisify<string, Uint8Array, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)

/** Memory-hard: 32 MiB and some 80 ms a guess on an office laptop (RFC 7914 parameters). */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const
const MEMORY_LIMIT = 64 * 1024 * 1024

/** Bytes sealed under a passphrase or PIN: scrypt, then AES-256-GCM; all parts base64url. */
export const SealedBox = z.object({
  method: z.literal('scrypt-aes-256-gcm'),
  N: z.int(),
  r: z.int(),
  p: z.int(),
  salt: z.base64url(),
  nonce: z.base64url(),
  tag: z.base64url(),
  box: z.base64url(),
})
export type SealedBox = z.infer<typeof SealedBox>

/** @param purpose bound into the box, so that a box made for one thing does not open as another */
export async function seal(content: Uint8Array, secret: string, purpose: string): Promise<SealedBox> {
  const salt = randomBytes(16)
  const key = await derive(secret.normalize('NFKC'), salt, 32, { ...COST, maxmem: MEMORY_LIMIT })
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose))
  const box = Buffer.concat([cipher.update(content), cipher.final()])
  return {
    method: 'scrypt-aes-256-gcm',
    ...COST,
    salt: salt.toString('base64url'),
    nonce: nonce.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    box: box.toString('base64url'),
  }
}

/** @returns the content, or undefined when the secret is wrong or the box was changed */
export async function unseal(sealed: SealedBox, secret: string, purpose: string): Promise<Buffer | undefined> {
  const { N, r, p } = sealed
  const key = await derive(secret.normalize('NFKC'), bytes(sealed.salt), 32, { N, r, p, maxmem: MEMORY_LIMIT })
  const decipher = createDecipheriv('aes-256-gcm', key, bytes(sealed.nonce))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(bytes(sealed.tag))
  const content = decipher.update(bytes(sealed.box))
  try {
    return Buffer.concat([content, decipher.final()])
  } catch {
    // The only fault `final` has here: the tag does not fit, so the secret is wrong.
    return undefined
  }
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
