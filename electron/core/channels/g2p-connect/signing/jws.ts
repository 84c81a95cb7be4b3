import { constants, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import type { JwsAlgorithm } from '../../../../../shared/model/message-security.ts'
import { strictBytes, type Verdict, type VerificationKey } from './signature-profile.ts'

/* What both JWS profiles share: RFC 7515 with pinned algorithms, without extensions. */

/** Seconds by which the clocks of the two sides may differ. */
const TOLERANCE = 300

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } as const

const methods = {
  EdDSA: { hash: null, more: {} },
  ES256: { hash: 'sha256', more: { dsaEncoding: 'ieee-p1363' } },
  PS256: { hash: 'sha256', more: PSS },
  RS256: { hash: 'sha256', more: { padding: constants.RSA_PKCS1_PADDING } },
} as const satisfies Record<JwsAlgorithm, unknown>

/** A signature of these bytes in the algorithm's form for JWS (RFC 7518 § 3). */
export function signBytes(bytes: Uint8Array, alg: JwsAlgorithm, key: KeyObject): Buffer {
  const { hash, more } = methods[alg]
  return sign(hash, bytes, { key, ...more })
}

export function verifyBytes(bytes: Uint8Array, signature: Uint8Array, { alg, key }: VerificationKey): boolean {
  const { hash, more } = methods[alg]
  return verify(hash, bytes, { key, ...more }, signature)
}

const ProtectedHeader = z.looseObject({
  alg: z.string(),
  kid: z.string().optional(),
  iat: z.number().optional(),
  exp: z.number().optional(),
  crit: z.unknown().optional(),
  b64: z.unknown().optional(),
})
export type ProtectedHeader = z.infer<typeof ProtectedHeader>

const encode = (text: string): string => Buffer.from(text).toString('base64url')

export interface JwsWish {
  readonly alg: JwsAlgorithm
  readonly keyId: string
  /** Seconds. */
  readonly lifetime: number
  /** Epoch milliseconds. */
  readonly now: number
}

/** The three parts of a JWS over a payload, and until when it is good (epoch milliseconds). */
export function makeJws(payload: string, key: KeyObject, { alg, keyId, lifetime, now }: JwsWish) {
  const iat = Math.floor(now / 1000)
  const exp = iat + lifetime
  const head = encode(JSON.stringify({ alg, kid: keyId, iat, exp }))
  const body = encode(payload)
  const signature = signBytes(Buffer.from(`${head}.${body}`, 'latin1'), alg, key).toString('base64url')
  return { head, body, signature, validUntil: exp * 1000 }
}

/** The protected header of a JWS; undefined when it cannot be read or asks for an extension. */
export function readProtectedHeader(head: string): ProtectedHeader | undefined {
  const bytes = strictBytes(head, 'base64url')
  if (bytes === undefined) return undefined
  try {
    const parsed = ProtectedHeader.safeParse(JSON.parse(bytes.toString('utf8')))
    return parsed.success && parsed.data.crit === undefined && parsed.data.b64 === undefined ? parsed.data : undefined
  } catch {
    // No JSON: no header of a JWS.
    return undefined
  }
}

/** Judges the parts of a JWS; `body` is the payload in base64url. */
export function verifyJws(head: string, body: string, mark: string, key: VerificationKey, now: number): Verdict {
  const header = readProtectedHeader(head)
  const signature = strictBytes(mark, 'base64url')
  if (header === undefined || signature === undefined) return 'unreadable'
  if (header.alg !== key.alg) return 'wrong-algorithm'
  if (header.kid !== undefined && key.kid !== undefined && header.kid !== key.kid) return 'unknown-key'
  const seconds = now / 1000
  if (header.iat !== undefined && header.iat > seconds + TOLERANCE) return 'from-the-future'
  if (header.exp !== undefined && header.exp < seconds - TOLERANCE) return 'expired'
  return verifyBytes(Buffer.from(`${head}.${body}`, 'latin1'), signature, key) ? 'valid' : 'not-matching'
}
