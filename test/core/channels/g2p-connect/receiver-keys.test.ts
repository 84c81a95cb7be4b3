import { beforeEach, describe, expect, test } from 'vitest'
import { ReceiverKeys } from '../../../../electron/core/channels/g2p-connect/receiver-keys.ts'
import type { HttpAnswer } from '../../../../electron/core/http/exchange-types.ts'
import type { Http } from '../../../../electron/core/http/http.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { managerSettings } from '../../managers/settings.ts'
import { wireKey } from './signing/wire-keys.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const first = wireKey('EdDSA', 'first').jwk
const second = wireKey('ES256', 'second').jwk

let now: number
let asked: number
let answer: HttpAnswer
let keys: ReceiverKeys
const { signal } = new AbortController()
const manager = {
  ...managerSettings('key'),
  receiverJwksUrl: 'https://switch.example.org/.well-known/jwks.json',
} as PaymentManager

const published = (body: unknown, status = 200): HttpAnswer => ({
  outcome: 'answered',
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(body)),
  host: 'switch.example.org',
})
const find = async (kid?: string, settings = manager): Promise<(string | undefined)[]> =>
  (await keys.forSignature(settings, kid, signal)).map((key) => key.kid)

beforeEach(() => {
  now = Date.UTC(2026, 2, 1)
  asked = 0
  answer = published({ keys: [first] })
  const request = async (): Promise<HttpAnswer> => {
    asked += 1
    return answer
  }
  keys = new ReceiverKeys({ http: { request } as unknown as Http, now: () => now, connectionTo: () => ({}) })
})

describe('published keys', () => {
  test('are fetched once for questions that begin together, and again after an hour', async () => {
    expect(await Promise.all([find('first'), find('first')])).toEqual([['first'], ['first']])
    expect(asked).toBe(1)
    now += 59 * MINUTE
    await find('first')
    expect(asked).toBe(1)
    now += 2 * MINUTE
    await find('first')
    expect(asked).toBe(2)
  })

  test('are asked about an id that nobody knows at most once a minute', async () => {
    await find('first')
    answer = published({ keys: [second] })
    for (let at = 0; at < 50; at += 1) expect(await find(`forged-${at}`)).toEqual([])
    expect(asked).toBe(1)
    now += MINUTE
    expect(await find('second')).toEqual(['second'])
    // What is not published any more is gone at once.
    expect(await find('first')).toEqual([])
    expect(asked).toBe(2)
  })

  test.each([
    ['a fault of the server', published({}, 500)],
    ['something else', published({ keys: 'none' })],
    ['no keys at all', published({ keys: [] })],
  ])('that come as %s leave the last ones in force for a day', async (_, bad) => {
    await find('first')
    answer = bad
    now += DAY - MINUTE
    expect(await find('first')).toEqual(['first'])
    now += 2 * MINUTE
    expect(await find('first')).toEqual([])
  })

  test('of kinds that are not known do not hide the others, and shared secrets are no keys', async () => {
    const secret = { kty: 'oct', k: 'c2VjcmV0', kid: 'shared', alg: 'HS256' }
    answer = published({ keys: [null, 7, secret, { kty: 'PQC', kid: 'new' }, first] })
    expect(await find()).toEqual(['first'])
    expect(await find('shared')).toEqual([])
  })

  test('are not asked for where the settings pin a key, unless the signature names another', async () => {
    const pinned = { ...manager, receiverKey: second, receiverJwksUrl: '' } as PaymentManager
    expect(await find('second', pinned)).toEqual(['second'])
    expect(await find('first', pinned)).toEqual([])
    expect(asked).toBe(0)
    expect(await find('first', { ...pinned, receiverJwksUrl: manager.receiverJwksUrl })).toEqual(['first'])
  })

  test('that could not even be asked for may be asked for again as soon as the line is back', async () => {
    answer = { outcome: 'never-sent', fault: { code: 'http.line-down', params: {} }, retryAt: now + 5000 }
    const encryption = {
      kind: 'jwe',
      order: 'sign-then-encrypt',
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
      receiverKey: null,
      receiverKeyId: '',
      ownKeyId: '',
    } as const
    const wanted = { ...manager, encryption }
    expect(await keys.forEncryption(wanted, signal)).toMatchObject({
      fault: { code: 'http.line-down' },
      retryAt: now + 5000,
    })
    answer = published({ keys: [first, wireKey('RSA-OAEP-256', 'seal').jwk] })
    expect(await keys.forEncryption(wanted, signal)).toMatchObject({ kid: 'seal' })
  })
})
