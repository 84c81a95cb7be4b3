import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { compactVerify } from 'jose'
import {
  type RequestHeader,
  SIGNATURE_CLOCK_TOLERANCE,
  SignatureHeader,
  signedContent,
} from '../../../../shared/contract/g2p-connect.ts'
import { fail } from '../../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { Envelope } from '../channel.ts'

/** The constant text of the Odoo module: signs nothing, and is accepted in the training office only. */
const PLACEHOLDER = 'unsigned: training office'

/** A private key of the vault: PKCS#8 in PEM, or a JWK. */
export function readSigningKey(text: string): KeyObject {
  return text.trimStart().startsWith('{')
    ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
    : createPrivateKey(text)
}

const encode = (text: string): string => Buffer.from(text).toString('base64url')

export interface SealOptions {
  readonly signing: PaymentManager['signing']
  readonly training: boolean
  /** The signing key's text in the vault. */
  readonly findKey: (keyId: string) => string | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * The body of a message with its signature: a compact JWS (EdDSA) over the canonical header and message.
 *
 * @throws OfficeError `channel.no-signing-key`, `channel.unsigned-outside-training`
 */
export function sealEnvelope(
  header: RequestHeader,
  message: unknown,
  { signing, training, findKey, now }: SealOptions,
): Envelope {
  if (signing.kind === 'placeholder') {
    if (!training && !signing.sandbox) fail('channel.unsigned-outside-training')
    return {
      body: JSON.stringify({ signature: PLACEHOLDER, header, message }),
      headers: {},
      message: '',
      validUntil: null,
    }
  }
  if (signing.kind !== 'jws') fail('channel.no-signing-key')
  const key = readSigningKey(findKey(signing.keyId) ?? fail('channel.no-signing-key'))
  const iat = Math.floor(now / 1000)
  const exp = iat + signing.lifetime
  const protectedHeader: SignatureHeader = { alg: 'EdDSA', kid: signing.keyId, iat, exp }
  const signingInput = `${encode(JSON.stringify(protectedHeader))}.${encode(signedContent(header, message))}`
  const signature = sign(null, Buffer.from(signingInput), key).toString('base64url')
  return {
    body: JSON.stringify({ signature: `${signingInput}.${signature}`, header, message }),
    headers: {},
    message: '',
    validUntil: exp * 1000,
  }
}

/**
 * Whether a reply carries the receiver's signature over exactly its header and message. The algorithm is the one pinned
 * with the key, never the one that the message names.
 *
 * @param content the reply as it was parsed, numbers untouched
 */
export async function isSignedByReceiver(
  content: { readonly signature?: unknown; readonly header?: unknown; readonly message?: unknown },
  receiverKey: NonNullable<PaymentManager['receiverKey']>,
  now: number,
): Promise<boolean> {
  if (typeof content.signature !== 'string') return false
  const { alg, ...jwk } = receiverKey
  if (alg === 'none' || alg.startsWith('HS')) return false
  try {
    const key = createPublicKey({ key: jwk as Record<string, string>, format: 'jwk' })
    const { payload, protectedHeader } = await compactVerify(content.signature, key, { algorithms: [alg] })
    const { iat, exp } = SignatureHeader.partial().omit({ alg: true }).parse(protectedHeader)
    if (receiverKey.kid !== undefined && protectedHeader.kid !== receiverKey.kid) return false
    const seconds = now / 1000
    if (iat !== undefined && iat > seconds + SIGNATURE_CLOCK_TOLERANCE) return false
    if (exp !== undefined && exp < seconds - SIGNATURE_CLOCK_TOLERANCE) return false
    return new TextDecoder().decode(payload) === signedContent(content.header, content.message ?? undefined)
  } catch {
    // Whatever is wrong with it, it is not the receiver's signature.
    return false
  }
}
