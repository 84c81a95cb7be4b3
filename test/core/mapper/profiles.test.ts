import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createHttp } from '../../../electron/core/http/http.ts'
import { MapperClient } from '../../../electron/core/mapper/client.ts'
import { mapperProfiles } from '../../../electron/core/mapper/profiles/profiles.ts'
import { sealQuestion } from '../../../electron/core/mapper/seal-question.ts'
import { startMapperPeer } from '../../../electron/peers/mapper/mapper-peer.ts'
import type { MapperProfileName, MapperSettings } from '../../../shared/model/mapper.ts'
import { missing, type Patch, Specification } from '../channels/g2p-connect/published-specification.ts'
import { linked, mapperSettings } from './mapped-district.ts'

const AT = Date.parse('2026-03-15T08:00:00Z')
const question = (profile: MapperProfileName, people = 2) =>
  mapperProfiles[profile].body(
    {
      messageId: '0198f000-0000-7000-8000-000000000001',
      transactionId: '0198f000-0000-7000-8000-000000000002',
      at: AT,
      people: Array.from({ length: people }, (_, n) => ({ reference: `r${n}`, id: `token:${n}@nationalId` })),
    },
    mapperSettings('https://mapper.example.org/resolve', { profile }),
  )

/** Published, with the errors of the document that keep everything valid from passing. */
const published: readonly (readonly [MapperProfileName, string, string, readonly Patch[]])[] = [
  [
    'g2p-connect-1.0',
    '../mapper/g2p-connect-mapper_core_api_v1.0.0.yaml',
    '/mapper/sync/resolve',
    [
      {
        op: 'replace',
        path: '/paths/~1mapper~1sync~1resolve/post/requestBody/content/application~1json/schema/properties/header/allOf/1/properties/action/enum',
        value: ['resolve'],
        because: 'the enumeration of the synchronous resolve call lists the action of another call',
      },
    ],
  ],
  ['spar-0.1', '../mapper/spar-0.1-mapper-openapi.json', '/mapper/sync/resolve', []],
  ['spar-1', '../mapper/spar-1.1-mapper-openapi.json', '/sync/resolve', []],
]

describe('questions as published', () => {
  for (const [profile, file, path, overlay] of published) {
    const why = missing(file)
    test.skipIf(why !== '')(`${profile}${why === '' ? '' : ` (skipped: ${why})`}`, () => {
      expect(new Specification(file, overlay).faults(path, { signature: '', ...question(profile) })).toEqual([])
    })
  }

  test('spar-2, of which nothing is published', () => {
    expect(question('spar-2', 1)).toEqual({
      request_header: {
        sender_app_mnemonic: 'office.example.org',
        sender_app_url: '',
        request_id: '0198f000-0000-7000-8000-000000000001',
        request_timestamp: '2026-03-15T08:00:00.000Z',
      },
      request_body: {
        request_payload: {
          transaction_id: '0198f000-0000-7000-8000-000000000002',
          resolve_request: [
            {
              reference_id: 'r0',
              timestamp: '2026-03-15T08:00:00.000Z',
              id: 'token:0@nationalId',
              scope: 'details',
              locale: 'eng',
            },
          ],
        },
      },
    })
  })
})

describe('signatures', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKey = createPublicKey(privateKey)
  const isSigned = (head: string, body: string, mark: string): boolean =>
    verify('sha256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(mark, 'base64url'))

  test('a token of the whole body with issuer, audience and end stands in Authorization without a scheme', () => {
    const members = question('spar-1')
    const signing = {
      kind: 'authorization-jwt',
      keyId: 'k',
      alg: 'RS256',
      issuer: 'us',
      audience: 'them',
      lifetime: 600,
    } as const
    const { headers, body } = sealQuestion(members, true, signing, privateKey, AT)
    const [head = '', payload = '', mark = ''] = (headers.Authorization ?? '').split('.')
    expect(isSigned(head, payload, mark)).toBe(true)
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      ...JSON.parse(body),
      iss: 'us',
      aud: 'them',
      exp: AT / 1000 + 600,
    })
  })

  test('a JWS without its payload is over the very body, whose keys are sorted', () => {
    const signing = { kind: 'detached-jws', keyId: 'k', alg: 'RS256', lifetime: 600 } as const
    const { headers, body } = sealQuestion(question('spar-2'), false, signing, privateKey, AT)
    const [head = '', nothing, mark = ''] = (headers.Signature ?? '').split('.')
    expect(nothing).toBe('')
    expect(isSigned(head, Buffer.from(body).toString('base64url'), mark)).toBe(true)
    expect(Object.keys(JSON.parse(body))).toEqual(['request_body', 'request_header'])
    expect(createHash('sha256').update(body).digest('hex')).toHaveLength(64)
  })
})

describe('answers of a whole question', () => {
  const reads: readonly (readonly [string, MapperProfileName, unknown, object])[] = [
    [
      'refused',
      'spar-1',
      { header: { status: 'rjct', status_reason_code: 'rjct.jwt.invalid' }, message: null },
      { kind: 'refused', code: 'rjct.jwt.invalid' },
    ],
    [
      'all failed, one by one',
      'spar-1',
      {
        header: { status: 'rjct', status_reason_code: 'rjct.errors.too_many' },
        message: { transaction_id: 't', resolve_response: [] },
      },
      { kind: 'items', items: [], transactionId: 't' },
    ],
    ['no message', 'g2p-connect-1.0', { header: { status: 'succ' } }, { kind: 'not-understood' }],
    ['another system', 'spar-2', { detail: 'Not Found' }, { kind: 'not-understood' }],
    [
      'refused under HTTP 200',
      'spar-2',
      {
        response_header: { response_status: 'ERROR', response_error_code: 'rjct.internal.error' },
        response_body: { response_payload: { resolve_response: [] } },
      },
      { kind: 'refused', code: 'rjct.internal.error' },
    ],
    [
      'with the names of the branch in between',
      'spar-2',
      {
        g2p_response_header: { response_status: 'SUCCESS' },
        g2p_response_body: {
          response_payload: {
            transaction_id: 't',
            resolve_response: [{ reference_id: 'r', status: 'succ' }, { status: 'succ' }],
          },
        },
      },
      {
        kind: 'items',
        transactionId: 't',
        items: [{ reference: 'r', status: 'succ', code: '', id: null, account: null, provider: '' }],
      },
    ],
  ]
  test.each(reads)('%s (%s)', (_, profile, value, expected) => {
    expect(mapperProfiles[profile].read(value)).toEqual(expected)
  })
})

describe('asking', () => {
  const closers: (() => Promise<unknown> | undefined)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  const people = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ reference: `r${n}`, id: linked(n + 1).id }))
  const ask = (mapper: MapperSettings, count: number, secret?: string) => {
    const http = createHttp()
    closers.push(async () => http.close())
    const client = new MapperClient({ http, now: Date.now, findSecret: () => secret, findSigningKey: () => undefined })
    return client.ask({ managerId: 'm', mapper }, people(count), new AbortController().signal)
  }

  test.each(['g2p-connect-1.0', 'spar-1', 'spar-2'] as const)(
    '%s: shuffled answers find their people',
    async (generation) => {
      const peer = await startMapperPeer({ generation, people: [linked(1), linked(2), linked(3)] })
      closers.push(() => peer.close())
      const outcome = await ask(mapperSettings(peer.resolveUrl, { profile: generation }), 4)
      if (outcome.kind !== 'answered') throw new Error(outcome.fault.code)
      expect(people(4).map(({ reference }) => outcome.mapped.get(reference))).toEqual([
        { kind: 'linked', address: 'account_no:4200010@ABCDETAA', provider: 'BANK1' },
        { kind: 'linked', address: 'account_no:4200020@ABCDETAA', provider: 'BANK1' },
        { kind: 'linked', address: 'account_no:4200030@ABCDETAA', provider: 'BANK1' },
        { kind: 'none', why: { code: 'mapper.not-linked', params: {} } },
      ])
    },
  )

  test.each([
    [{ do: 'other-transaction' }, 'failed', 'mapper.answer-to-another'],
    [{ do: 'refuse', code: 'rjct.request.validation' }, 'refused', 'mapper.request-refused'],
    [{ do: 'status', status: 503 }, 'failed', 'mapper.failing'],
    [{ do: 'status', status: 429 }, 'failed', 'mapper.too-many-requests'],
    [{ do: 'status', status: 403 }, 'refused', 'mapper.sign-in-refused'],
    [{ do: 'cut' }, 'failed', 'http.connection-lost'],
    [{ do: 'slow', delay: 3_000 }, 'failed', 'http.time-out'],
  ] as const)('%j', async (fault, kind, code) => {
    const peer = await startMapperPeer({ generation: 'spar-2', faults: [fault] })
    closers.push(() => peer.close())
    const outcome = await ask(mapperSettings(peer.resolveUrl, { profile: 'spar-2', apiTimeout: 1 }), 1)
    expect(outcome.kind).toBe(kind)
    if (outcome.kind !== 'answered' && !code.startsWith('http.')) expect(outcome.fault.code).toBe(code)
  })

  test('without its secret nothing leaves', async () => {
    const peer = await startMapperPeer({ generation: 'spar-2', bearer: 'secret', people: [linked(1)] })
    closers.push(() => peer.close())
    const settings = mapperSettings(peer.resolveUrl, { profile: 'spar-2', authentication: { kind: 'bearer' } })
    expect(await ask(settings, 1)).toMatchObject({ kind: 'refused', fault: { code: 'mapper.no-secret' } })
    expect(peer.summary().requests).toBe(0)
    expect(await ask(settings, 1, 'wrong')).toMatchObject({
      kind: 'refused',
      fault: { code: 'mapper.sign-in-refused' },
    })
    expect(await ask(settings, 1, 'secret')).toMatchObject({ kind: 'answered' })
  })

  test('an answer without the signature that the settings ask for is not used', async () => {
    const server: Server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          header: { status: 'succ' },
          message: { resolve_response: [{ reference_id: 'r0', status: 'succ', fa: 'account:1@BANK1' }] },
        }),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => server.close(resolve)))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const profile = 'g2p-connect-1.0'
    const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    const receiverKey = { kty: 'OKP', crv: 'Ed25519', x, alg: 'EdDSA' }
    expect(await ask(mapperSettings(url, { profile }), 1)).toMatchObject({ kind: 'answered' })
    expect(await ask(mapperSettings(url, { profile, replySigning: 'jws', receiverKey }), 1)).toMatchObject({
      kind: 'refused',
      fault: { code: 'mapper.reply-not-signed' },
    })
  })
})
