import type { Signing } from '../../../../../shared/model/message-security.ts'
import { isSameJson, readExactly, sortedJson } from './json-text.ts'
import { makeJws, readProtectedHeader, verifyJws } from './jws.ts'
import { type Content, type SignatureProfile, signatureIn, strictBytes } from './signature-profile.ts'

/**
 * Compact JWS in `signature` (OpenCRVS): the payload is the JSON of `{header, message}`, and whoever verifies compares it
 * with the body value by value. We write it with sorted keys, which is also what receivers that want RFC 8785 expect, and
 * the body alike.
 */
export const compactJws: SignatureProfile<Extract<Signing, { kind: 'jws' }>> = {
  kind: 'jws',

  sign(content, { alg, keyId, lifetime }, key, now) {
    const payload = sortedJson(pick(content))
    const { head, body, signature, validUntil } = makeJws(payload, key, { alg, keyId, lifetime, now })
    return { signature: `${head}.${body}.${signature}`, headers: {}, validUntil }
  },

  write: (signature, content) => `{"signature":${JSON.stringify(signature)},${sortedJson(pick(content)).slice(1)}`,

  isSigned: (received) => signatureIn(received) !== '',

  keyIdIn(received) {
    const header = readProtectedHeader(signatureIn(received).split('.')[0] ?? '')
    return header === undefined ? null : header.kid
  },

  verify(received, key, now) {
    const jws = signatureIn(received)
    if (jws === '') return 'missing'
    const [head = '', body = '', mark = '', ...more] = jws.split('.')
    const payload = strictBytes(body, 'base64url')
    if (more.length > 0 || payload === undefined) return 'unreadable'
    const verdict = verifyJws(head, body, mark, key, now)
    if (verdict !== 'valid') return verdict
    const { members } = received
    const text = payload.toString('utf8')
    const message = members.get('message') ?? 'null'
    if (text === `{"header":${members.get('header')},"message":${message}}`) return 'valid'
    const signed = readExactly(text) as { readonly message?: unknown } | null
    if (typeof signed !== 'object' || signed === null) return 'unreadable'
    // A reply without a message signs the header alone, or a null.
    const told = { message: null, ...signed }
    const carried = { header: readExactly(members.get('header') ?? 'null'), message: readExactly(message) }
    return isSameJson(told, carried) ? 'valid' : 'not-matching'
  },
}

const pick = ({ header, message }: Content): Content => ({ header, message })
