import type { KeyObject } from 'node:crypto'
import type { JwsAlgorithm, Signing } from '../../../../../shared/model/message-security.ts'

/** Header and message of an envelope before it is signed. */
export interface Content {
  readonly header: Readonly<Record<string, unknown>>
  readonly message: unknown
}

/** A signature: the value of the envelope's member `signature`, and HTTP headers that go with the body. */
export interface Signed {
  readonly signature: string
  readonly headers: Readonly<Record<string, string>>
  /** Epoch milliseconds; null when it does not expire. */
  readonly validUntil: number | null
}

/** An envelope that came from outside, in the texts that came. */
export interface Received {
  /** JSON text of each member of the body. */
  readonly members: ReadonlyMap<string, string>
  /** HTTP headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** A public key of the other side with the one algorithm that it may be used with. */
export interface VerificationKey {
  readonly kid: string | undefined
  readonly alg: JwsAlgorithm
  readonly key: KeyObject
}

/** What a signature is worth. Only `valid` proves anything. */
export type Verdict =
  | 'valid'
  | 'missing'
  | 'unreadable'
  | 'unknown-key'
  | 'wrong-algorithm'
  | 'expired'
  | 'from-the-future'
  | 'not-matching'

/** One way to sign envelopes (G2P Connect 1.0.0 § Signature leaves it open). */
export interface SignatureProfile<S extends Signing> {
  readonly kind: S['kind']
  /** Signs exactly this content. `now` in epoch milliseconds. */
  sign(content: Content, settings: S, key: KeyObject, now: number): Signed
  /** The body that carries the signature; its bytes are those that were signed wherever the form allows it. */
  write(signature: string, content: Content): string
  /** Whether there is a signature at all, readable or not. */
  isSigned(received: Received): boolean
  /** Which key a signature names: null when there is none or it cannot be read, undefined when it names no key. */
  keyIdIn(received: Received): string | null | undefined
  /** Judges a signature by one key. */
  verify(received: Received, key: VerificationKey, now: number): Verdict
}

/** `signature`, header and message in the order of the specification. */
export const inUsualOrder = (signature: string, { header, message }: Content): string =>
  JSON.stringify({ signature, header, message })

/** The envelope's member `signature`; empty when it is missing or no text. */
export function signatureIn({ members }: Received): string {
  const text = members.get('signature') ?? ''
  if (!text.startsWith('"')) return ''
  return JSON.parse(text) as string
}

/** Bytes of a text in base64 or base64url that has no other spelling; undefined otherwise. */
export function strictBytes(text: string, encoding: 'base64' | 'base64url'): Buffer | undefined {
  const bytes = Buffer.from(text, encoding)
  return text !== '' && bytes.toString(encoding) === text ? bytes : undefined
}
