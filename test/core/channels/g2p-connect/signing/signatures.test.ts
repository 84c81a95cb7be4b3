import { createHmac } from 'node:crypto'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { CompactSign, compactVerify, flattenedVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { verificationKey } from '../../../../../electron/core/channels/g2p-connect/public-keys.ts'
import { membersOf, sortedJson } from '../../../../../electron/core/channels/g2p-connect/signing/json-text.ts'
import { signatureProfiles } from '../../../../../electron/core/channels/g2p-connect/signing/profiles.ts'
import type {
  SignatureProfile,
  Verdict,
  VerificationKey,
} from '../../../../../electron/core/channels/g2p-connect/signing/signature-profile.ts'
import type { JwsAlgorithm, Signing } from '../../../../../shared/model/message-security.ts'
import { verifies, type WireKey, wireKey } from './wire-keys.ts'

const NOW = Date.UTC(2026, 2, 1)
const KID = 'office-1'
const keys = { EdDSA: wireKey('EdDSA', KID), ES256: wireKey('ES256', KID), RS256: wireKey('RS256', KID) }
const keyFor = (alg: JwsAlgorithm): WireKey =>
  alg === 'PS256' ? { ...keys.RS256, jwk: { ...keys.RS256.jwk, alg } } : keys[alg]

type Signs = Exclude<Signing, { kind: 'placeholder' }>
const jws = (kind: 'jws' | 'detached-jws', alg: JwsAlgorithm): [string, Signs, JwsAlgorithm] => [
  `${kind} ${alg}`,
  { kind, alg, keyId: KID, lifetime: 600 },
  alg,
]
const forms: [string, Signs, JwsAlgorithm][] = [
  [
    'http-sig-string',
    { kind: 'http-sig-string', keyId: KID, namespace: 'dci', keyParameter: 'kidId', lifetime: 300 },
    'EdDSA',
  ],
  ...(['EdDSA', 'ES256', 'PS256', 'RS256'] as const).flatMap((alg) => [jws('jws', alg), jws('detached-jws', alg)]),
  ['raw-rsa', { kind: 'raw-rsa', keyId: KID }, 'RS256'],
]

const names = ['አበበ ቢቂላ ወርቅነህ', 'فاطمة الزهراء', 'សុខ សុភាព', 'Žofie', '👩‍👧 \u0000\u2028"\\/\u007f']
const content = {
  header: { version: '1.0.0', message_id: 'm-1', sender_id: 'office.example.org', total_count: 5 },
  message: {
    transaction_id: 't-1',
    disbursements: names.map((payee_name, at) => ({ reference_id: `r-${at}`, amount: `${at}.50`, payee_name })),
  },
}

interface Wire {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

function sealed(signing: Signs, key: WireKey, now = NOW): Wire {
  const profile: SignatureProfile<Signs> = signatureProfiles[signing.kind]
  const { signature, headers } = profile.sign(content, signing, key.privateKey, now)
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return { body: profile.write(signature, content), headers: lower }
}

function judge({ kind }: Signs, { body, headers }: Wire, key: VerificationKey, now = NOW): Verdict {
  return signatureProfiles[kind].verify({ members: membersOf(body) ?? new Map(), headers }, key, now)
}

test('sorted JSON says the same with sorted keys, however the keys came', () => {
  const value = fc.object({ maxDepth: 4, key: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 4 }) })
  fc.assert(
    fc.property(value, (one) => {
      const text = JSON.stringify(one)
      const sorted = sortedJson(JSON.parse(text))
      expect(JSON.parse(sorted)).toEqual(JSON.parse(text))
      expect(sorted).toBe(canonicalize(JSON.parse(text)))
      expect(sortedJson(JSON.parse(sorted))).toBe(sorted)
    }),
  )
})

describe.each(forms)('%s', (_, signing, alg) => {
  const key = keyFor(alg)
  const receiver = verifies(key.jwk)

  test('verifies what it signed, in any script, and says which key it used', () => {
    const wire = sealed(signing, key)
    expect(judge(signing, wire, receiver)).toBe('valid')
    expect(JSON.parse(wire.body)).toMatchObject(content)
    const received = { members: membersOf(wire.body) ?? new Map(), headers: wire.headers }
    expect(signatureProfiles[signing.kind].keyIdIn(received)).toBe(signing.kind === 'raw-rsa' ? undefined : KID)
  })

  test('verifies what was written with other spaces, as it means the same', () => {
    const { body, headers } = sealed(signing, key)
    expect(judge(signing, { body: JSON.stringify(JSON.parse(body), null, 2), headers }, receiver)).toBe('valid')
  })

  test('verifies with its keys in any order, unless the text itself is what it covers', () => {
    const { body, headers } = sealed(signing, key)
    const turned = JSON.stringify(JSON.parse(body), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    )
    expect(turned).not.toBe(body)
    const verdict = signing.kind === 'raw-rsa' ? 'not-matching' : 'valid'
    expect(judge(signing, { body: turned, headers }, receiver)).toBe(verdict)
  })

  test('refuses every changed character of header, message and signature', () => {
    const { body, headers } = sealed(signing, key)
    const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 94 }), fc.boolean())
    fc.assert(
      fc.property(change, ([place, by, inHeader]) => {
        const text = inHeader && headers.signature !== undefined ? headers.signature : body
        const at = place % text.length
        const code = text.charCodeAt(at)
        const other = code < 0x20 || code > 0x7e ? 0x41 : 0x20 + ((code - 0x20 + by) % 95)
        const changed = text.slice(0, at) + String.fromCharCode(other) + text.slice(at + 1)
        fc.pre(changed !== text)
        const wire = text === body ? { body: changed, headers } : { body, headers: { signature: changed } }
        try {
          // What is no JSON, or says the same with other spaces, is nothing that was changed.
          fc.pre(sortedJson(JSON.parse(wire.body)) !== sortedJson(JSON.parse(body)) || wire.body === body)
        } catch {
          return
        }
        let verdict: string
        try {
          verdict = judge(signing, wire, receiver)
        } catch {
          verdict = 'unreadable'
        }
        expect(verdict).not.toBe('valid')
      }),
      { numRuns: 1500 },
    )
  })

  test('refuses another key, another algorithm and no signature', () => {
    const wire = sealed(signing, key)
    expect(judge(signing, wire, verifies(wireKey(alg, KID).jwk))).toBe('not-matching')
    const { signature: _signature, ...bare } = JSON.parse(wire.body)
    expect(judge(signing, { body: JSON.stringify({ signature: '', ...bare }), headers: {} }, receiver)).toBe('missing')
    const pinned = alg === 'RS256' ? 'PS256' : 'RS256'
    if (signing.kind !== 'raw-rsa') {
      expect(judge(signing, wire, { ...verifies(keyFor(pinned).jwk) })).toBe('wrong-algorithm')
      expect(judge(signing, wire, { ...receiver, kid: 'another' })).toBe('unknown-key')
    }
  })

  test('refuses what is expired, and what comes from the future', () => {
    const wire = sealed(signing, key)
    const lifetime = 'lifetime' in signing ? signing.lifetime : 0
    const forever = signing.kind === 'raw-rsa'
    expect(judge(signing, wire, receiver, NOW + (lifetime + 301) * 1000)).toBe(forever ? 'valid' : 'expired')
    expect(judge(signing, wire, receiver, NOW - 301_000)).toBe(forever ? 'valid' : 'from-the-future')
  })
})

describe('JWS', () => {
  const receiver = verifies(keys.RS256.jwk)
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

  test.each(['none', 'HS256', 'HS512', 'ES256K'])('in %s is refused, even when the public key is the secret', (alg) => {
    const text = `${encode({ alg, kid: KID })}.${encode(content)}`
    const secret = receiver.key.export({ format: 'pem', type: 'spki' })
    const mark = alg === 'none' ? '' : createHmac('sha256', secret).update(text).digest('base64url')
    for (const kind of ['jws', 'detached-jws'] as const) {
      const [head] = text.split('.')
      const wire =
        kind === 'jws'
          ? { body: JSON.stringify({ signature: `${text}.${mark}`, ...content }), headers: {} }
          : { body: JSON.stringify(content), headers: { signature: `${head}..${mark}` } }
      const verdict = judge({ kind, alg: 'RS256', keyId: KID, lifetime: 600 }, wire, receiver)
      expect(['wrong-algorithm', 'unreadable']).toContain(verdict)
    }
  })

  test('is never verified with a key that is shared, weak, unfit or for encryption', () => {
    const { jwk } = keys.RS256
    expect(verificationKey({ kty: 'oct', k: 'AAAA', alg: 'HS256' })).toBeUndefined()
    expect(verificationKey({ ...jwk, alg: 'HS256' })).toBeUndefined()
    expect(verificationKey({ ...jwk, alg: 'none' })).toBeUndefined()
    expect(verificationKey({ ...jwk, alg: 'EdDSA' })).toBeUndefined()
    expect(verificationKey({ ...jwk, use: 'enc' })).toBeUndefined()
    expect(verificationKey({ kty: 'RSA', n: 'AQAB', e: 'AQAB', alg: 'RS256' })).toBeUndefined()
  })

  test('that asks for an extension is refused', async () => {
    const { privateKey } = keys.RS256
    const signed = new CompactSign(Buffer.from(JSON.stringify(content)))
    const header = { alg: 'RS256', kid: KID, crit: ['x'], x: 1 }
    const signature = await signed.setProtectedHeader(header).sign(privateKey, { crit: { x: true } })
    const wire = { body: JSON.stringify({ signature, ...content }), headers: {} }
    expect(judge({ kind: 'jws', alg: 'RS256', keyId: KID, lifetime: 600 }, wire, receiver)).toBe('unreadable')
  })

  test('of another library verifies, with any order of keys and numbers of the same value', async () => {
    const told = { message: { b: 100, a: [1.5] }, header: { total_count: 1 } }
    const payload = Buffer.from(JSON.stringify(told))
    const signature = await new CompactSign(payload).setProtectedHeader({ alg: 'RS256' }).sign(keys.RS256.privateKey)
    const signing = { kind: 'jws', alg: 'RS256', keyId: KID, lifetime: 600 } as const
    const verdict = (message: string): Verdict =>
      judge(
        signing,
        { body: `{"signature":"${signature}","header":{"total_count":1},"message":${message}}`, headers: {} },
        receiver,
      )
    expect(verdict('{"a":[1.50],"b":100.0}')).toBe('valid')
    expect(verdict('{"a":[1.5],"b":100.00000000000000001}')).toBe('not-matching')
    expect(verdict('{"a":[1.5],"b":100,"c":null}')).toBe('not-matching')
    expect(verdict('{"a":{"0":1.5},"b":100}')).toBe('not-matching')
  })

  test('is read by another library', async () => {
    for (const alg of ['EdDSA', 'ES256', 'PS256', 'RS256'] as const) {
      const { privateKey, jwk } = keyFor(alg)
      const { key } = verifies(jwk)
      const compact = signatureProfiles.jws.sign(
        content,
        { kind: 'jws', alg, keyId: KID, lifetime: 600 },
        privateKey,
        NOW,
      )
      const { payload, protectedHeader } = await compactVerify(compact.signature, key, { algorithms: [alg] })
      expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(content)
      expect(protectedHeader).toMatchObject({ alg, kid: KID })
      const { body, headers } = sealed({ kind: 'detached-jws', alg, keyId: KID, lifetime: 600 }, keyFor(alg))
      const [head = '', , signature = ''] = (headers.signature ?? '').split('.')
      const detached = { protected: head, payload: Buffer.from(body).toString('base64url'), signature }
      await expect(flattenedVerify(detached, key, { algorithms: [alg] })).resolves.toBeDefined()
    }
  })
})
