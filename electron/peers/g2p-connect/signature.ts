import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { SIGNATURE_CLOCK_TOLERANCE, SignatureHeader, signedContent } from '../../../shared/contract/g2p-connect.ts'
import type { PublicKey } from './peer-options.ts'

/** Signs replies with the payment system's own key. */
export interface Signer {
  readonly publicKey: PublicKey
  /** Compact JWS over header and message; `now` in epoch milliseconds. */
  sign(header: unknown, message: unknown, now: number): string
}

/** The key lies in `file` (a private JWK), so that it stays the same over a restart. */
export function openSigner(file: string): Signer {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(file, JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID() }), { mode: 0o600 })
  }
  const stored: { x: string; kid: string } = JSON.parse(readFileSync(file, 'utf8'))
  const privateKey = createPrivateKey({ key: stored, format: 'jwk' })
  const publicKey: PublicKey = { kty: 'OKP', crv: 'Ed25519', x: stored.x, kid: stored.kid, alg: 'EdDSA' }
  return {
    publicKey,
    sign(header, message, now) {
      const protectedHeader: SignatureHeader = { alg: 'EdDSA', kid: stored.kid, iat: Math.floor(now / 1000) }
      const text = `${encode(JSON.stringify(protectedHeader))}.${encode(signedContent(header, message))}`
      return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`
    },
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64url')

/** Checks the signatures of requests against the keys of known senders. */
export type Verifier = (
  signature: string | null | undefined,
  header: unknown,
  message: unknown,
  now: number,
) => 'valid' | 'missing' | 'invalid'

export function createVerifier(keys: readonly PublicKey[]): Verifier {
  const known = new Map<string, KeyObject>(
    keys.map((key) => [key.kid, createPublicKey({ key: { ...key }, format: 'jwk' })]),
  )
  return (signature, header, message, now) => {
    if (signature === null || signature === undefined || signature === '') return 'missing'
    const [head = '', payload = '', mark = '', ...more] = signature.split('.')
    const protectedHeader = readHeader(head)
    const key = protectedHeader === null ? undefined : known.get(protectedHeader.kid)
    if (protectedHeader === null || key === undefined || more.length > 0) return 'invalid'
    const seconds = now / 1000
    if (protectedHeader.exp !== undefined && seconds > protectedHeader.exp) return 'invalid'
    if ((protectedHeader.iat ?? 0) > seconds + SIGNATURE_CLOCK_TOLERANCE) return 'invalid'
    if (payload !== encode(signedContent(header, message))) return 'invalid'
    const good = verify(null, Buffer.from(`${head}.${payload}`), key, Buffer.from(mark, 'base64url'))
    return good ? 'valid' : 'invalid'
  }
}

function readHeader(encoded: string): SignatureHeader | null {
  try {
    return SignatureHeader.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')))
  } catch {
    return null
  }
}
