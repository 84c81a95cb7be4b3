import { constants, createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import type { OwnKey } from './key-ring.ts'
import type { Algorithm, Form, PublicKey } from './security-options.ts'

/*
 * Signatures as receivers make and check them, written from the descriptions of the forms and not from the office's own
 * code: what both sides got wrong in the same way would verify and still be wrong.
 */

/** Header and message of an envelope as they were parsed. */
export interface Content {
  readonly header: unknown
  readonly message: unknown
}

/** What carries a signature: the member of the body, the HTTP header, and the texts of the body. */
export interface Carrier extends Content {
  readonly signature: unknown
  readonly httpSignature: string | undefined
  /** Everything that stands in the body. */
  readonly body: Readonly<Record<string, unknown>>
}

export type Verdict = 'valid' | 'missing' | 'invalid'

const LATE = 0
const STRING_FUTURE = 60
const JWS_FUTURE = 300
const STRING_LASTS = 300

export function signAs(form: Form, { header, message }: Content, key: OwnKey, sender: string, now: number) {
  const { kid, alg } = key.publicKey
  const seconds = Math.floor(now / 1000)
  const jws = { alg, kid, iat: seconds }
  const none = { signature: '', headers: {} }
  switch (form) {
    case 'compact': {
      const text = `${encoded(JSON.stringify(jws))}.${encoded(JSON.stringify({ header, message }))}`
      return { ...none, signature: `${text}.${seal(text, key).toString('base64url')}` }
    }
    case 'detached': {
      const head = encoded(JSON.stringify(jws))
      const mark = seal(`${head}.${encoded(inOrder({ signature: '', header, message }))}`, key)
      return { ...none, headers: { signature: `${head}..${mark.toString('base64url')}` } }
    }
    case 'string': {
      const expires = seconds + STRING_LASTS
      const mark = seal(stringToSign({ header, message }, String(seconds), String(expires)), key).toString('base64')
      return {
        ...none,
        signature:
          `namespace="g2p", kidId="${sender}|${kid}|ed25519", algorithm="ed25519", created="${seconds}", ` +
          `expires="${expires}", headers="(created) (expires) digest", signature="${mark}"`,
      }
    }
    case 'raw':
      return { ...none, signature: seal(JSON.stringify(header) + JSON.stringify(message), key).toString('base64') }
  }
}

/** Judges the signature of a request by the keys of known senders. `now` in epoch milliseconds. */
export function judge(form: Form, carrier: Carrier, keys: readonly PublicKey[], now: number): Verdict {
  const text = form === 'detached' ? carrier.httpSignature : carrier.signature
  if (typeof text !== 'string' || text === '') return 'missing'
  try {
    return isGood[form](text, carrier, keys, now / 1000) ? 'valid' : 'invalid'
  } catch {
    // A signature that cannot even be read.
    return 'invalid'
  }
}

type Check = (text: string, carrier: Carrier, keys: readonly PublicKey[], seconds: number) => boolean

const isGood: Readonly<Record<Form, Check>> = {
  compact(text, { header, message }, keys, seconds) {
    const [head = '', payload = '', mark = '', ...more] = text.split('.')
    if (more.length > 0 || !isJwsGood(head, payload, mark, keys, seconds)) return false
    const signed = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return inOrder(signed) === inOrder({ header, message })
  },

  detached(text, { body }, keys, seconds) {
    const [head = '', empty, mark = '', ...more] = text.split('.')
    return more.length === 0 && empty === '' && isJwsGood(head, encoded(inOrder(body)), mark, keys, seconds)
  },

  string(text, content, keys, seconds) {
    const given = Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
    const { created = '', expires = '', headers, algorithm, signature = '' } = given
    const [sender, kid] = (given.kidId ?? given.keyId ?? '').split('|')
    const key = keys.find((one) => one.kid === kid && one.kty === 'OKP')
    const told = (content.header as { sender_id?: unknown }).sender_id
    if (key === undefined || sender !== told) return false
    if (algorithm !== 'ed25519' || headers !== '(created) (expires) digest') return false
    if (!(Number(created) <= seconds + STRING_FUTURE) || !(Number(expires) > seconds - LATE)) return false
    return isSealed(stringToSign(content, created, expires), Buffer.from(signature, 'base64'), keyOf(key), 'EdDSA')
  },

  raw(text, { header, message }, keys) {
    const content = JSON.stringify(header) + JSON.stringify(message)
    const mark = Buffer.from(text, 'base64')
    return keys.some((key) => key.kty === 'RSA' && isSealed(content, mark, keyOf(key), 'RS256'))
  },
}

const JwsHeader = z.strictObject({
  alg: z.enum(['EdDSA', 'ES256', 'PS256', 'RS256']),
  kid: z.string(),
  iat: z.int().optional(),
  exp: z.int().optional(),
})

function isJwsGood(head: string, payload: string, mark: string, keys: readonly PublicKey[], seconds: number): boolean {
  const {
    alg,
    kid,
    iat = 0,
    exp = Number.POSITIVE_INFINITY,
  } = JwsHeader.parse(JSON.parse(Buffer.from(head, 'base64url').toString('utf8')))
  const key = keys.find((one) => one.kid === kid)
  if (key === undefined || (key.alg !== undefined && key.alg !== alg) || iat > seconds + JWS_FUTURE || exp < seconds) {
    return false
  }
  return isSealed(`${head}.${payload}`, Buffer.from(mark, 'base64url'), keyOf(key), alg)
}

function stringToSign({ header, message }: Content, created: string, expires: string): string {
  const text = inOrder({ header, message })
  let ascii = ''
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    ascii += code > 0x7e ? `\\u${(code + 0x10000).toString(16).slice(1)}` : text[at]
  }
  const digest = createHash('sha256').update(ascii).digest('base64')
  return [`(created): ${created}`, `(expires): ${expires}`, `digest: ${digest}`].join('\n')
}

/** Compact JSON with sorted keys. */
function inOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOrder).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${inOrder(member)}`).join(',')}}`
}

const encoded = (text: string): string => Buffer.from(text).toString('base64url')
const keyOf = (jwk: PublicKey): KeyObject => createPublicKey({ key: { ...jwk } as never, format: 'jwk' })

function manner(alg: Algorithm, key: KeyObject) {
  if (alg === 'ES256') return { key, dsaEncoding: 'ieee-p1363' } as const
  return alg === 'PS256' ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : { key }
}

const hashOf = (alg: Algorithm): string | null => (alg === 'EdDSA' ? null : 'sha256')

function seal(text: string, { privateKey, publicKey }: OwnKey): Buffer {
  const alg = publicKey.alg as Algorithm
  return sign(hashOf(alg), Buffer.from(text), manner(alg, privateKey))
}

const isSealed = (text: string, mark: Buffer, key: KeyObject, alg: Algorithm): boolean =>
  verify(hashOf(alg), Buffer.from(text), manner(alg, key), mark)
