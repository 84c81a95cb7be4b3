import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt } from 'jose'
import { fail } from '../../../../shared/contract/result.ts'
import type { EncryptionKey } from '../../../../shared/model/central.ts'

const squeeze = promisify(gzip)
const unfold = promisify(gunzip)

const ALG = 'ECDH-ES'
const ENC = 'A256GCM'
/** A part holds far less; a file made to fill the memory is refused. */
const LARGEST_CONTENT = 64_000_000

/** Digest of bytes or text as manifests name it: SHA-256, base64url. */
export const digestOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('base64url')

/** How a key is named in files (RFC 7638). */
export const keyIdOf = ({ kty, crv, x }: EncryptionKey): Promise<string> => calculateJwkThumbprint({ kty, crv, x })

/** Folds content and encrypts it to a key (RFC 7516 compact, ECDH-ES over X25519, A256GCM). @returns one line of text */
export async function sealPart(content: Uint8Array, to: EncryptionKey): Promise<string> {
  return new CompactEncrypt(await squeeze(content))
    .setProtectedHeader({ alg: ALG, enc: ENC })
    .encrypt(createPublicKey({ key: to, format: 'jwk' }))
}

/** @throws OfficeError `central-files.damaged` when the key does not open it or it does not unfold */
export async function openPart(line: string, key: KeyObject): Promise<Buffer> {
  try {
    const options = { keyManagementAlgorithms: [ALG], contentEncryptionAlgorithms: [ENC] }
    const { plaintext } = await compactDecrypt(line, key, options)
    return await unfold(plaintext, { maxOutputLength: LARGEST_CONTENT })
  } catch {
    return fail('central-files.damaged')
  }
}

/** A private X25519 key from its JWK as text; undefined for anything else. */
export function findX25519(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
    return key.asymmetricKeyType === 'x25519' ? key : undefined
  } catch {
    // Not a key; which of many ways it fails in says nothing useful.
    return undefined
  }
}

/** The public half of a private X25519 key. */
export function encryptionKeyOf(key: KeyObject): EncryptionKey {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return { kty: 'OKP', crv: 'X25519', x: x as string }
}
