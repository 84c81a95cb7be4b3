import type { Signing } from '../../../../../shared/model/message-security.ts'
import { withoutSpace } from './json-text.ts'
import { signBytes, verifyBytes } from './jws.ts'
import { inUsualOrder, type SignatureProfile, signatureIn, strictBytes } from './signature-profile.ts'

/**
 * SHA-256 with RSA over the JSON of the header followed by the JSON of the message, in base64 without any parameters
 * (g2pc-registry). Both texts are those of the body; the signature names no key and never expires.
 */
export const rawRsa: SignatureProfile<Extract<Signing, { kind: 'raw-rsa' }>> = {
  kind: 'raw-rsa',

  sign({ header, message }, _, key) {
    const text = JSON.stringify(header) + JSON.stringify(message)
    return { signature: signBytes(Buffer.from(text), 'RS256', key).toString('base64'), headers: {}, validUntil: null }
  },

  write: inUsualOrder,

  isSigned: (received) => signatureIn(received) !== '',

  keyIdIn: (received) => (signatureIn(received) === '' ? null : undefined),

  verify(received, key) {
    const text = signatureIn(received)
    if (text === '') return 'missing'
    const signature = strictBytes(text, 'base64')
    if (signature === undefined) return 'unreadable'
    if (key.alg !== 'RS256') return 'wrong-algorithm'
    const { members } = received
    const written = (members.get('header') ?? '') + (members.get('message') ?? '')
    const matches = (content: string): boolean => verifyBytes(Buffer.from(content), signature, key)
    // Senders sign the compact text, whatever space the body carries.
    return matches(written) || matches(withoutSpace(written)) ? 'valid' : 'not-matching'
  },
}
