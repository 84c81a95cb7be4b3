import type { Signing } from '../../../../../shared/model/message-security.ts'
import { readExactly, sortedJson } from './json-text.ts'
import { makeJws, readProtectedHeader, verifyJws } from './jws.ts'
import type { Received, SignatureProfile, Verdict } from './signature-profile.ts'

/** The HTTP header that carries the signature, and under which name it comes back. */
const HEADER = 'Signature'

/**
 * JWS without its payload in an HTTP header (OpenG2P SPAR, G2P Bridge): `header..signature` over the whole body as compact
 * JSON with sorted keys in UTF-8. The body is sent in just this form, so that it verifies as bytes and re-serialised alike.
 */
export const detachedJws: SignatureProfile<Extract<Signing, { kind: 'detached-jws' }>> = {
  kind: 'detached-jws',

  sign(content, { alg, keyId, lifetime }, key, now) {
    const { head, signature, validUntil } = makeJws(sortedBody('', content), key, { alg, keyId, lifetime, now })
    return { signature: '', headers: { [HEADER]: `${head}..${signature}` }, validUntil }
  },

  write: sortedBody,

  isSigned: (received) => headerIn(received) !== '',

  keyIdIn(received) {
    const header = readProtectedHeader(headerIn(received).split('.')[0] ?? '')
    return header === undefined ? null : header.kid
  },

  verify(received, key, now) {
    const jws = headerIn(received)
    if (jws === '') return 'missing'
    const [head = '', nothing, mark = '', ...more] = jws.split('.')
    if (more.length > 0 || nothing !== '') return 'unreadable'
    const { members } = received
    const judge = (text: string): Verdict => verifyJws(head, Buffer.from(text).toString('base64url'), mark, key, now)
    // A body in the signed form, as most come, is judged without being read.
    const names = [...members.keys()].sort()
    const written = judge(`{${names.map((name) => `${JSON.stringify(name)}:${members.get(name)}`).join(',')}}`)
    if (written !== 'not-matching') return written
    return judge(sortedJson(Object.fromEntries([...members].map(([name, text]) => [name, readExactly(text)]))))
  },
}

function sortedBody(signature: string, { header, message }: { readonly header: unknown; readonly message: unknown }) {
  return sortedJson({ signature, header, message })
}

const headerIn = ({ headers }: Received): string => (headers[HEADER.toLowerCase()] ?? '').trim()
