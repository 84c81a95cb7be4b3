import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { RequestHeader } from '../../../../shared/contract/g2p-connect.ts'
import { fail } from '../../../../shared/contract/result.ts'
import type { Signing } from '../../../../shared/model/message-security.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { Envelope } from '../channel.ts'
import { encryptMessage } from './encryption/encrypted-message.ts'
import type { EncryptionKey } from './public-keys.ts'
import { signatureProfiles } from './signing/profiles.ts'
import { type Content, inUsualOrder, type SignatureProfile } from './signing/signature-profile.ts'

/** The constant text of the Odoo module: signs nothing. */
const PLACEHOLDER = 'unsigned'

/** A private key of the vault: PKCS#8 in PEM, or a JWK. */
export function readPrivateKey(text: string): KeyObject {
  return text.trimStart().startsWith('{')
    ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
    : createPrivateKey(text)
}

export interface SealOptions {
  readonly settings: Pick<PaymentManager, 'signing' | 'encryption'>
  readonly training: boolean
  /** The signing key's text in the vault. */
  readonly findKey: (keyId: string) => string | undefined
  /** Whom the message is encrypted for; undefined when it is not. */
  readonly encryptFor: EncryptionKey | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * The body of a message with its signature, encrypted where the settings say so, and the headers that belong to it.
 *
 * @throws OfficeError `channel.no-signing-key`, `channel.signing-key-unfit`, `channel.unsigned-outside-training`
 */
export function sealEnvelope(plainHeader: RequestHeader, message: unknown, options: SealOptions): Envelope {
  const { settings, encryptFor } = options
  if (encryptFor === undefined) {
    const content = { header: plainHeader, message }
    const { signature, write, ...rest } = signed(content, options)
    return { body: write(signature, content), message: '', ...rest }
  }
  const { encryption } = settings
  const header = { ...plainHeader, is_msg_encrypted: true }
  const text = JSON.stringify(message)
  const sent: Content = { header, message: encryptMessage(text, encryptFor.key, encryptFor.kid) }
  const meant: Content = { header, message }
  const signsSent = encryption.kind === 'jwe' && encryption.order === 'encrypt-then-sign'
  const { signature, write, ...rest } = signed(signsSent ? sent : meant, options)
  return { body: write(signature, sent), message: text, ...rest }
}

function signed(content: Content, { settings: { signing }, training, findKey, now }: SealOptions) {
  if (signing.kind === 'placeholder') {
    if (!training && !signing.sandbox) fail('channel.unsigned-outside-training')
    return { signature: PLACEHOLDER, headers: {}, validUntil: null, write: inUsualOrder }
  }
  const text = findKey(signing.keyId) ?? fail('channel.no-signing-key')
  const profile: SignatureProfile<typeof signing> = signatureProfiles[signing.kind]
  try {
    return { ...profile.sign(content, signing, keyOf(text), now), write: profile.write }
  } catch (error) {
    return fail('channel.signing-key-unfit', {}, error)
  }
}

/** Reading a key takes longer than signing with it; an office has a few. */
const KEPT = 20
const kept = new Map<string, KeyObject>()

function keyOf(text: string): KeyObject {
  const known = kept.get(text)
  if (known !== undefined) return known
  const key = readPrivateKey(text)
  if (kept.size >= KEPT) kept.clear()
  kept.set(text, key)
  return key
}

/** Kinds of private key (as Node names them) that a way of signing asks for. */
export function keyTypeFor(signing: Exclude<Signing, { kind: 'placeholder' }>): 'ed25519' | 'ec' | 'rsa' {
  if (signing.kind === 'http-sig-string') return 'ed25519'
  if (signing.kind === 'raw-rsa') return 'rsa'
  return ({ EdDSA: 'ed25519', ES256: 'ec', PS256: 'rsa', RS256: 'rsa' } as const)[signing.alg]
}
