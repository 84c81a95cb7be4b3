import { createHash, createPrivateKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { verificationKey } from '../../../../../electron/core/channels/g2p-connect/public-keys.ts'
import { httpSigString } from '../../../../../electron/core/channels/g2p-connect/signing/http-sig-string.ts'
import {
  inAscii,
  membersOf,
  readExactly,
  sortedJson,
} from '../../../../../electron/core/channels/g2p-connect/signing/json-text.ts'

/** An Ed25519 private key whose seed is 32 bytes of `0x01`. */
const key = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]),
  format: 'der',
  type: 'pkcs8',
})
const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w', kid: 'key-1', alg: 'EdDSA' }

const content = {
  message: {
    transaction_id: 't-1',
    disbursements: [
      {
        reference_id: 'r-1',
        payer_fa: 'account:001@national-bank',
        payee_fa: 'token:12345@national-id',
        amount: '100.00',
        currency_code: 'ETB',
        locale: 'eng',
      },
    ],
  },
  header: {
    version: '1.0.0',
    message_id: 'm-1',
    message_ts: '2024-01-02T03:04:05+00:00',
    action: 'disburse',
    sender_id: 'spp.example.org',
    receiver_id: 'pymts.example.org',
    total_count: 1,
    is_msg_encrypted: false,
  },
}
const CANONICAL =
  '{"header":{"action":"disburse","is_msg_encrypted":false,"message_id":"m-1","message_ts":"2024-01-02T03:04:05+00:00","receiver_id":"pymts.example.org","sender_id":"spp.example.org","total_count":1,"version":"1.0.0"},"message":{"disbursements":[{"amount":"100.00","currency_code":"ETB","locale":"eng","payee_fa":"token:12345@national-id","payer_fa":"account:001@national-bank","reference_id":"r-1"}],"transaction_id":"t-1"}}'
const CREATED = 1_704_164_645
const EXPIRES = 1_704_164_945
const DIGEST = 'fWKs+zYIXi5OAg4+R7NKQ+2KPfTcSEvfvukG9polYYY='
const SIGNATURE = '5JhcjANhumiMKY6tCtXjmfnLuG0p4JvFv+zgR77vAoiXC9ckpFGT/Ch9BBaaxgZV4gzumdIFG/gL4MhIIFI/DQ=='

describe('the signature string', () => {
  test('is byte for byte that of other programs', () => {
    expect(inAscii(sortedJson(content))).toBe(CANONICAL)
    expect(createHash('sha256').update(CANONICAL).digest('base64')).toBe(DIGEST)
    const settings = {
      kind: 'http-sig-string',
      keyId: 'key-1',
      namespace: 'g2p',
      keyParameter: 'kidId',
      lifetime: EXPIRES - CREATED,
    } as const
    const signed = httpSigString.sign(content, settings, key, CREATED * 1000)
    expect(signed.signature).toBe(
      `namespace="g2p", kidId="spp.example.org|key-1|ed25519", algorithm="ed25519", created="${CREATED}", ` +
        `expires="${EXPIRES}", headers="(created) (expires) digest", signature="${SIGNATURE}"`,
    )
    expect(signed.validUntil).toBe(EXPIRES * 1000)
  })

  test('of another program verifies, whichever way it spells the parameters', () => {
    const receiver = verificationKey(jwk)
    if (receiver === undefined) throw new Error('no key')
    for (const start of ['namespace="dci", keyId=', 'Signature: namespace="g2p", kidId=']) {
      const signature = `${start}"spp.example.org|key-1|ed25519", algorithm="ed25519", created="${CREATED}", expires="${EXPIRES}", headers="(created) (expires) digest", signature="${SIGNATURE}"`
      const members = membersOf(JSON.stringify({ signature, ...content })) ?? new Map()
      expect(httpSigString.verify({ members, headers: {} }, receiver, (CREATED + 10) * 1000)).toBe('valid')
      expect(httpSigString.verify({ members, headers: {} }, receiver, (CREATED - 59) * 1000)).toBe('valid')
      expect(httpSigString.verify({ members, headers: {} }, receiver, (CREATED - 62) * 1000)).toBe('from-the-future')
      expect(httpSigString.verify({ members, headers: {} }, receiver, (EXPIRES + 2) * 1000)).toBe('expired')
    }
  })
})

describe('the canonical text', () => {
  // As Python's json.dumps(…, sort_keys=True, separators=(',', ':')) writes them.
  test.each([
    ['አበበ', '"\\u12a0\\u1260\\u1260"'],
    ['សុខ', '"\\u179f\\u17bb\\u1781"'],
    ['فاطمة', '"\\u0641\\u0627\\u0637\\u0645\\u0629"'],
    ['👩', '"\\ud83d\\udc69"'],
    ['\u007f\u0080\u2028', '"\\u007f\\u0080\\u2028"'],
    ['\u0000\u001f\b\f\n\r\t"\\/', '"\\u0000\\u001f\\b\\f\\n\\r\\t\\"\\\\/"'],
  ])('escapes %j', (text, written) => {
    expect(inAscii(sortedJson(text))).toBe(written)
  })

  test('keeps numbers as they were written', () => {
    const text = '{"a":100.0,"b":-0,"c":12345678901234567890,"d":1e2,"e":"7.10","f":[0.10,3],"g":1.5E+3}'
    expect(sortedJson(readExactly(text))).toBe(text)
  })

  test('sorts keys by code points, at every depth', () => {
    expect(sortedJson({ '\u{1f600}': 1, '\uff5e': { b: 1, a: [{ 10: 1, 2: 1 }] }, a: 1 })).toBe(
      '{"a":1,"\uff5e":{"a":[{"10":1,"2":1}],"b":1},"\u{1f600}":1}',
    )
  })
})
