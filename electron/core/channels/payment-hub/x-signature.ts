import { constants, type KeyObject, privateEncrypt } from 'node:crypto'
import { sha3_256 } from '@noble/hashes/sha3'
import { bytesToHex } from '@noble/hashes/utils'

/*
 * `X-SIGNATURE` of Payment Hub EE: a SHA3-256 digest in hexadecimal, put as text into an RSA block of type 1 (RFC 8017 §9.2
 * without the digest's own header), in base64. It looks like a JWS and is none, and no library has it. SHA-3 comes from a
 * library of its own since the cryptography in Electron has none.
 */

/** What the headers say that the signature covers; a header that is not sent is left out. */
export interface SignedHeaders {
  readonly batchId?: string
  readonly correlationId: string
  readonly tenant: string
}

/** The text of which the digest is made. */
export const signedText = ({ batchId, correlationId, tenant }: SignedHeaders, payload: string): string =>
  [batchId, correlationId, tenant, payload].filter((part) => part !== undefined && part !== '').join(':')

export const hexDigest = (text: string): string => bytesToHex(sha3_256(new TextEncoder().encode(text)))

/** A text in an RSA block of type 1, by the platform's cryptography. */
export const encloseByPlatform = (text: string, key: KeyObject): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text, 'ascii'))

/** The same by plain arithmetic, where the platform refuses to work with a private key this way. */
export function encloseByArithmetic(text: string, key: KeyObject): Buffer {
  const { n, d } = key.export({ format: 'jwk' }) as { n: string; d: string }
  const modulus = Buffer.from(n, 'base64url')
  const content = Buffer.from(text, 'ascii')
  const filling = modulus.length - content.length - 3
  if (filling < 8) throw new Error('the key is too short for the text')
  const block = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(filling, 0xff), Buffer.from([0]), content])
  const power = powerOf(numberOf(block), numberOf(Buffer.from(d, 'base64url')), numberOf(modulus))
  return Buffer.from(power.toString(16).padStart(modulus.length * 2, '0'), 'hex')
}

const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)

function powerOf(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/**
 * The value of the header.
 *
 * @throws when the key is no RSA key
 */
export function signatureOf(headers: SignedHeaders, payload: string, key: KeyObject): string {
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('only an RSA key can sign this way')
  const digest = hexDigest(signedText(headers, payload))
  try {
    return encloseByPlatform(digest, key).toString('base64')
  } catch {
    // Some builds of the platform's cryptography do not offer it; the arithmetic gives the same bytes.
    return encloseByArithmetic(digest, key).toString('base64')
  }
}
