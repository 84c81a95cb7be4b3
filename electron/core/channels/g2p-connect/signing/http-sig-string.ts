import { createHash } from 'node:crypto'
import type { Signing } from '../../../../../shared/model/message-security.ts'
import { inAscii, readExactly, sortedJson } from './json-text.ts'
import { signBytes, verifyBytes } from './jws.ts'
import { type Received, type SignatureProfile, signatureIn, strictBytes } from './signature-profile.ts'

/** Seconds that a signature may lie in the future, because clocks differ. */
const FUTURE = 60
const COVERED = '(created) (expires) digest'

/**
 * The signature string of the specification's example (OpenSPP): Ed25519 over creation, expiry and the SHA-256 of header and
 * message as compact JSON with sorted keys, everything but ASCII escaped.
 */
export const httpSigString: SignatureProfile<Extract<Signing, { kind: 'http-sig-string' }>> = {
  kind: 'http-sig-string',

  sign(content, { keyId, namespace, keyParameter, lifetime }, key, now) {
    const created = Math.floor(now / 1000)
    const expires = created + lifetime
    const digest = digestOf(sortedJson({ header: content.header, message: content.message }))
    const mark = signBytes(signingText(String(created), String(expires), digest), 'EdDSA', key).toString('base64')
    const parameters = {
      namespace,
      [keyParameter]: `${String(content.header.sender_id ?? '')}|${keyId}|ed25519`,
      algorithm: 'ed25519',
      created,
      expires,
      headers: COVERED,
      signature: mark,
    }
    const signature = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
    return { signature: signature.join(', '), headers: {}, validUntil: expires * 1000 }
  },

  /** In the signed form, so that it verifies as it stands. */
  write: (signature, { header, message }) =>
    `{"signature":${JSON.stringify(signature)},${sortedJson({ header, message }).slice(1)}`,

  isSigned: (received) => signatureIn(received) !== '',

  keyIdIn(received) {
    return readParameters(received)?.keyId ?? null
  },

  verify(received, key, now) {
    if (signatureIn(received) === '') return 'missing'
    const parameters = readParameters(received)
    const signature = parameters && strictBytes(parameters.signature, 'base64')
    if (parameters === undefined || signature === undefined) return 'unreadable'
    if (parameters.algorithm !== 'ed25519' || key.alg !== 'EdDSA') return 'wrong-algorithm'
    if (key.kid !== undefined && key.kid !== parameters.keyId) return 'unknown-key'
    const { created, expires } = parameters
    const seconds = now / 1000
    if (Number(created) > seconds + FUTURE) return 'from-the-future'
    if (Number(expires) < seconds || Number(expires) <= Number(created)) return 'expired'
    const { members } = received
    const header = readExactly(members.get('header') ?? '{}')
    const { sender_id: sender } = header as { readonly sender_id?: unknown }
    if (typeof sender === 'string' && sender !== '' && sender !== parameters.sender) return 'not-matching'
    const covers = (json: string): boolean => verifyBytes(signingText(created, expires, digestOf(json)), signature, key)
    // A body in the signed form, as ours is, is judged without being read.
    const message = members.get('message')
    if (message !== undefined && covers(`{"header":${members.get('header')},"message":${message}}`)) return 'valid'
    const content = { header, message: message === undefined ? undefined : readExactly(message) }
    return covers(sortedJson(content)) ? 'valid' : 'not-matching'
  },
}

const digestOf = (json: string): string => createHash('sha256').update(inAscii(json), 'latin1').digest('base64')

const signingText = (created: string, expires: string, digest: string): Buffer =>
  Buffer.from(`(created): ${created}\n(expires): ${expires}\ndigest: ${digest}`)

interface Parameters {
  readonly sender: string
  readonly keyId: string
  readonly algorithm: string
  readonly created: string
  readonly expires: string
  readonly signature: string
}

const PARAMETER = /([A-Za-z]+)="([^"]*)"(?:,\s*|$)/y
const SECONDS = /^[1-9]\d{0,11}$/

/** Strict, since most parameters are not covered by the signature: nothing unknown, nothing twice, nothing between. */
function readParameters(received: Received): Parameters | undefined {
  const text = signatureIn(received).replace(/^Signature:\s*/, '')
  const found = new Map<string, string>()
  PARAMETER.lastIndex = 0
  while (PARAMETER.lastIndex < text.length) {
    const [, name, value] = PARAMETER.exec(text) ?? []
    if (name === undefined || value === undefined || found.has(name)) return undefined
    found.set(name, value)
  }
  const {
    namespace,
    kidId,
    keyId,
    algorithm = '',
    created = '',
    expires = '',
    headers,
    signature = '',
    ...more
  } = Object.fromEntries(found)
  const [sender = '', key = '', keyAlgorithm = '', ...rest] = (kidId ?? keyId ?? '').split('|')
  const known =
    (namespace === 'g2p' || namespace === 'dci') &&
    (kidId === undefined || keyId === undefined) &&
    headers === COVERED &&
    SECONDS.test(created) &&
    SECONDS.test(expires) &&
    keyAlgorithm === algorithm
  if (!known || key === '' || rest.length > 0 || Object.keys(more).length > 0) return undefined
  return { sender, keyId: key, algorithm, created, expires, signature }
}
