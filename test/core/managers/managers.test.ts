import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Finding, ManagerSettings } from '../../../electron/core/managers/finding.ts'
import { hubSettings } from '../../shared/rules/payment-hub/hub-settings.ts'
import { ADMIN_PIN, hire, newOffice, type OpenOffice } from '../open-office.ts'
import { managerSettings } from './settings.ts'

interface ManagerView extends ManagerSettings {
  readonly id: string
  readonly changedAt: string
  readonly state: string
  readonly trusted: boolean
  readonly usable: boolean
  readonly hasSecret: boolean
  readonly findings: readonly Finding[]
}

let office: OpenOffice
let keyId: string

beforeEach(async () => {
  office = (await newOffice()).office
  keyId = (await office.get<{ keyId: string }>('managers.makeMessageKey', { purpose: 'signing', type: 'ed25519' }))
    .keyId
})
afterEach(() => office.close())

const create = (change: Partial<ManagerSettings> = {}) => ({
  id: null,
  basedOn: null,
  pin: ADMIN_PIN,
  settings: managerSettings(keyId, change),
  approvalsLost: 0,
})
const edit = ({ id, changedAt }: ManagerView, change: Partial<ManagerSettings>, approvalsLost = 0) => ({
  ...create(change),
  id,
  basedOn: changedAt,
  approvalsLost,
})

test('a manager is kept signed, listed without secrets, and usable', async () => {
  const made = await office.get<ManagerView>('managers.save', create())
  expect(made).toMatchObject({ trusted: true, usable: true, state: 'active', findings: [] })
  const [listed] = await office.get<ManagerView[]>('managers.list')
  expect(listed).toEqual(made)
  expect(listed).not.toHaveProperty('signature')
})

test('a clerk sees managers; only an administrator changes them, with the PIN', async () => {
  const made = await office.get<ManagerView>('managers.save', create())
  await hire(office, 'clerk', ['clerk', 'approver', 'auditor'], '605918')
  const inputs: Record<string, unknown> = {
    'managers.save': { ...create({ name: 'Other' }), pin: '605918' },
    'managers.setState': { id: made.id, basedOn: made.changedAt, pin: '605918', state: 'suspended' },
    'managers.setSecret': { id: made.id, secret: 'x' },
    'managers.makeMessageKey': { purpose: 'signing', type: 'ed25519' },
    'managers.importMessageKey': { purpose: 'signing', key: 'x' },
    'managers.preview': { id: null, settings: {} },
  }
  for (const [path, input] of Object.entries(inputs)) {
    expect(await office.codeOf(path, input, 'clerk'), path).toBe('api.not-your-role')
    expect(await office.codeOf(path, input, 'nobody'), path).toBe('api.signed-out')
  }
  expect(await office.codeOf('managers.list', undefined, 'clerk')).toBe('fine')
  expect(await office.codeOf('managers.save', { ...create({ name: 'Other' }), pin: '111999' })).toBe(
    'identity.wrong-pin',
  )
})

describe('settings are refused, each where it is wrong:', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
  const tag = { id: 'a', name: 'A', filter: '[]', maximumBatchSize: 5 }
  test.each<[string, Partial<ManagerSettings>, string, string]>([
    [
      'plain http',
      { paymentEndpointUrl: 'http://switch.example.org/d' },
      'paymentEndpointUrl',
      'manager.url-not-encrypted',
    ],
    ['a kind of receiver that nobody knows', { profile: 'unheard-of' }, 'profile', 'channel.profile-unknown'],
    [
      'a bridge without envelopes',
      { profile: 'openg2p-bridge', envelopeStatusUrl: 'https://x.org/s' },
      'envelopeUrl',
      'manager.value-needed',
    ],
    [
      'a bridge that pays only once',
      {
        profile: 'openg2p-bridge',
        envelopeUrl: 'https://x.org/e',
        envelopeStatusUrl: 'https://x.org/s',
        duplicateProtectionProven: true,
      },
      'duplicateProtectionProven',
      'manager.profile-never-protects',
    ],
    ['plain http for envelopes', { envelopeUrl: 'http://x.org/e' }, 'envelopeUrl', 'manager.url-not-encrypted'],
    ['a file address', { statusEndpointUrl: 'file:///etc/passwd' }, 'statusEndpointUrl', 'manager.url-invalid'],
    [
      'a password in the address',
      { paymentEndpointUrl: 'https://a:b@x.org/' },
      'paymentEndpointUrl',
      'manager.url-with-password',
    ],
    [
      'a token address without encryption',
      { authentication: { kind: 'oauth2', tokenUrl: 'http://x.org/token', clientId: 'a', scope: '' } },
      'authentication.tokenUrl',
      'manager.url-not-encrypted',
    ],
    [
      'a last tag that leaves somebody out',
      { batchTags: [{ ...tag, filter: "[('state', '=', 'approved')]" }] },
      'batchTags.0.filter',
      'grouping.no-catch-all',
    ],
    [
      'a tag over an unknown field',
      {
        batchTags: [
          { ...tag, filter: "[('nose', '=', 'long')]" },
          { ...tag, id: 'b', name: 'B' },
        ],
      },
      'batchTags.0.filter',
      'filter.unknown-field',
    ],
    [
      'two tags of one name',
      {
        batchTags: [
          { ...tag, filter: "[('state', '=', 'approved')]" },
          { ...tag, id: 'b' },
        ],
      },
      'batchTags.1.name',
      'manager.tag-name-twice',
    ],
    ['code in the send filter', { sendFilter: "__import__('os')" }, 'sendFilter', 'filter.unknown-name'],
    ['a printed nothing as prefix', { payeePrefix: 'False' }, 'payeePrefix', 'address.bad-prefix'],
    [
      'an identity number of no type',
      { payeeIdType: 'reg_id', payeePrefix: '', payeeSuffix: '@id' },
      'regIdTypeForPayeeId',
      'address.no-identity-type',
    ],
    ['a payer with a line break', { payerAddress: 'account_no:1\n2@X' }, 'payerAddress', 'address.bad-character'],
    [
      'messages that nobody signs',
      { signing: { kind: 'placeholder', sandbox: false } },
      'signing',
      'channel.unsigned-outside-training',
    ],
    [
      'a signing key that is not here',
      { signing: { kind: 'jws', keyId: 'other', alg: 'EdDSA', lifetime: 600 } },
      'signing',
      'channel.no-signing-key',
    ],
    [
      'a receiver key that proves nothing',
      { receiverKey: { ...(rsa as { kty: string }), alg: 'HS256' } },
      'receiverKey',
      'manager.receiver-key-unusable',
    ],
    [
      'a certificate that is none',
      { certificateAuthority: 'hello' },
      'certificateAuthority',
      'manager.certificate-unusable',
    ],
    [
      '"duplicate" as proof that no money moved',
      { noMoneyMovedCodes: ['rjct.reference_id.duplicate'] },
      'noMoneyMovedCodes.0',
      'manager.code-means-received',
    ],
  ])('%s', async (_, change, path, code) => {
    const { findings } = await office.get<{ findings: Finding[] }>('managers.preview', create(change))
    expect(findings.filter(({ weight }) => weight === 'error').map((one) => [one.path, one.code])).toEqual([
      [path, code],
    ])
    expect(await office.codeOf('managers.save', create(change))).toBe(code)
    expect(await office.get('managers.list')).toEqual([])
  })

  test('a message that would hold the office up', async () => {
    const preview = (partSize: number) => office.get<{ findings: Finding[] }>('managers.preview', create({ partSize }))
    const fault = { path: 'partSize', code: 'manager.part-too-large', params: { largest: 1000 }, weight: 'error' }
    expect((await preview(1001)).findings).toEqual([fault])
    expect((await preview(1000)).findings).toEqual([])
    expect(await office.codeOf('managers.save', create({ partSize: 1001 }))).toBe('api.input-invalid')
  })

  test('everything to mend at once, also where a value is missing', async () => {
    const { findings } = await office.get<{ findings: Finding[] }>(
      'managers.preview',
      create({ name: '', paymentEndpointUrl: 'http://switch.example.org/d' }),
    )
    expect(findings.map(({ path, code }) => [path, code])).toEqual([
      ['name', 'manager.value-needed'],
      ['paymentEndpointUrl', 'manager.url-not-encrypted'],
    ])
  })

  test('what only G2P Connect asks for', async () => {
    const { findings } = await office.get<{ findings: Finding[] }>(
      'managers.preview',
      create({ senderId: '', payerAddress: '' }),
    )
    expect(findings.map(({ path, code }) => [path, code])).toEqual([
      ['senderId', 'manager.value-needed'],
      ['payerAddress', 'manager.value-needed'],
    ])
  })

  test('of Payment Hub, what its files cannot say', async () => {
    const hub = hubSettings({ payeeIdentifierType: 'ACCOUNT_ID', signing: { kind: 'x-signature', keyId: 'none' } })
    const wanted = {
      kind: 'payment-hub',
      profile: 'payment-hub',
      payeeIdType: 'bank_acc_no',
      payerAddress: 'account:12@bank',
      senderId: '',
      duplicateProtectionProven: true,
    } as const
    const without = await office.get<{ findings: Finding[] }>('managers.preview', create(wanted))
    expect(without.findings.map(({ code }) => code)).toContain('hub.no-settings')
    const { findings } = await office.get<{ findings: Finding[] }>(
      'managers.preview',
      create({ ...wanted, paymentHub: hub, extraHeaders: [{ name: 'X-Signature', value: 'mine' }] }),
    )
    const told = findings.map(({ path, code, weight }) => `${weight} ${path} ${code}`)
    expect(told).toEqual(
      expect.arrayContaining([
        'error duplicateProtectionProven manager.profile-never-protects',
        'error payerAddress hub.payer-not-writable',
        'error paymentHub.signing channel.no-signing-key',
        'warning paymentHub.payeeBank manager.hub-names-no-bank',
        'error extraHeaders.0.name manager.header-reserved',
      ]),
    )
  })

  test('a filter error points at the character', async () => {
    const { findings } = await office.get<{ findings: Finding[] }>(
      'managers.preview',
      create({ sendFilter: "[('nose', '=', 1)]" }),
    )
    expect(findings).toMatchObject([{ path: 'sendFilter', offset: 3, length: 4 }])
  })
})

test('plain http to this machine and a doubtful reason code are allowed with a warning', async () => {
  const made = await office.get<ManagerView>(
    'managers.save',
    create({ paymentEndpointUrl: 'http://127.0.0.1:9000/disburse', noMoneyMovedCodes: ['rjct.payment.failed'] }),
  )
  expect(made.findings.map(({ code, weight }) => [code, weight])).toEqual([
    ['manager.url-plain-local', 'warning'],
    ['manager.code-uncertain', 'warning'],
  ])
  expect(made.usable).toBe(true)
})

test('a secret goes in, is said to be there, and never comes out', async () => {
  const made = await office.get<ManagerView>('managers.save', create({ authentication: { kind: 'bearer' } }))
  expect(made).toMatchObject({ hasSecret: false, usable: false })
  const after = await office.get<ManagerView>('managers.setSecret', { id: made.id, secret: 'tell nobody' })
  expect(after).toMatchObject({ hasSecret: true, usable: true })
  const everything = await Promise.all([
    office.ask('managers.list'),
    office.ask('managers.open', { id: made.id }),
    office.ask('audit.page', { limit: 100 }),
  ])
  expect(JSON.stringify(everything)).not.toContain('tell nobody')
  const open = await office.get<ManagerView>('managers.save', create({ name: 'No secret' }))
  expect(await office.codeOf('managers.setSecret', { id: open.id, secret: 'x' })).toBe('manager.no-secret-wanted')
})

test('a change that costs approvals is refused until the administrator has seen how many', async () => {
  const made = await office.get<ManagerView>('managers.save', create())
  const { store } = office.core.getOffice()
  store.housekeeping((sql) =>
    sql(
      `INSERT INTO batch (id, seq, changed_at, cycle_id, programme_id, manager_id, state, held, attention, state_at, body)
       VALUES ('batch', 0, '', 'cycle', 'programme', ?, 'approved', 0, '', 0, '{}')`,
    ).run(made.id),
  )
  const preview = (change: Partial<ManagerSettings>) =>
    office.get('managers.preview', { id: made.id, settings: managerSettings(keyId, change) })
  expect(await preview({ statusCheckInterval: 9 })).toMatchObject({ fieldsToApproveAgain: [], approvalsLost: 0 })
  const moved = { paymentEndpointUrl: 'https://elsewhere.example.org/disburse' }
  expect(await preview(moved)).toMatchObject({ fieldsToApproveAgain: ['paymentEndpointUrl'], approvalsLost: 1 })
  expect(await office.codeOf('managers.save', edit(made, moved))).toBe('manager.approvals-need-word')
  expect(await office.codeOf('managers.save', edit(made, moved, 1))).toBe('fine')
  expect(await office.codeOf('managers.save', edit(made, moved, 1))).toBe('store.changed-meanwhile')
})

test('suspending is signed too, and a manager that was tampered with cannot be used', async () => {
  const made = await office.get<ManagerView>('managers.save', create())
  const suspended = await office.get<ManagerView>('managers.setState', {
    id: made.id,
    basedOn: made.changedAt,
    pin: ADMIN_PIN,
    state: 'suspended',
  })
  expect(suspended).toMatchObject({ state: 'suspended', trusted: true, usable: false })
  const { store } = office.core.getOffice()
  store.transaction('office', (tx) => {
    const before = tx.get('paymentManager', made.id)
    tx.put('paymentManager', { ...before, state: 'active', paymentEndpointUrl: 'https://thief.example.org/' })
    tx.audit({ action: 'manager.changed', subjectKind: 'paymentManager', subjectId: made.id })
  })
  expect(await office.get<ManagerView>('managers.open', { id: made.id })).toMatchObject({
    trusted: false,
    usable: false,
  })
})

test('signing keys are made in the vault; only their public halves are shown', async () => {
  const keys = await office.get<{ keyId: string; publicKey: Record<string, string> }[]>('managers.messageKeys')
  expect(keys).toMatchObject([{ keyId, publicKey: { kty: 'OKP', crv: 'Ed25519', kid: keyId } }])
  expect(keys[0]?.publicKey).not.toHaveProperty('d')
})

describe('keys for messages', () => {
  interface Kept {
    readonly keyId: string
    readonly purpose: string
    readonly publicKey: Readonly<Record<string, string>>
  }
  const secret = ['d', 'p', 'q', 'dp', 'dq', 'qi']

  test.each([
    ['signing', 'ed25519', { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' }],
    ['signing', 'ec', { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' }],
    ['signing', 'rsa', { kty: 'RSA', use: 'sig' }],
    ['decryption', 'rsa', { kty: 'RSA', alg: 'RSA-OAEP-256', use: 'enc' }],
  ])('for %s are made and imported as %s; what comes out again is public', async (purpose, type, wanted) => {
    const made = await office.get<Kept>('managers.makeMessageKey', { purpose, type })
    const pair =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : type === 'ec'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('ed25519')
    const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    const jwk = JSON.stringify(pair.privateKey.export({ format: 'jwk' }))
    const imported = await office.get<Kept>('managers.importMessageKey', { purpose, key: pem })
    const again = await office.get<Kept>('managers.importMessageKey', { purpose, key: jwk })
    expect(again.keyId).toBe(imported.keyId)
    const listed = await office.get<Kept[]>('managers.messageKeys')
    for (const { keyId } of [made, imported]) {
      const key = listed.find((one) => one.keyId === keyId && one.purpose === purpose)
      expect(key?.publicKey).toMatchObject({ ...wanted, kid: keyId })
      expect(Object.keys(key?.publicKey ?? {}).filter((name) => secret.includes(name))).toEqual([])
    }
    expect(listed.filter(({ keyId }) => keyId === imported.keyId)).toHaveLength(1)
  })

  test.each([
    ['signing', generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['signing', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
    ['signing', generateKeyPairSync('x25519')],
    ['decryption', generateKeyPairSync('ed25519')],
  ])('for %s are not taken when they are too weak or of another kind', async (purpose, { privateKey, publicKey }) => {
    const key = privateKey.export({ format: 'pem', type: 'pkcs8' })
    expect(await office.codeOf('managers.importMessageKey', { purpose, key })).toBe('vault.key-unusable')
    const half = publicKey.export({ format: 'pem', type: 'spki' })
    expect(await office.codeOf('managers.importMessageKey', { purpose, key: half })).toBe('vault.key-unusable')
  })

  test.each<[string, (keyId: string) => Partial<ManagerSettings>, string[]]>([
    ['a key of another kind', (key) => ({ signing: { kind: 'raw-rsa', keyId: key } }), ['signing']],
    [
      'an algorithm of another key',
      (key) => ({ signing: { kind: 'jws', keyId: key, alg: 'ES256', lifetime: 600 } }),
      ['signing'],
    ],
    ['signed answers without any key', () => ({ replySigning: 'jws' }), ['replySigning']],
    [
      'encryption without any key',
      () => ({
        encryption: {
          kind: 'jwe',
          order: 'sign-then-encrypt',
          alg: 'RSA-OAEP-256',
          enc: 'A256GCM',
          receiverKey: null,
          receiverKeyId: '',
          ownKeyId: 'lost',
        },
      }),
      ['encryption.receiverKey', 'encryption.ownKeyId'],
    ],
    [
      'published keys over plain http',
      () => ({ receiverJwksUrl: 'http://switch.example.org/keys' }),
      ['receiverJwksUrl'],
    ],
    [
      'a sender that breaks the signature string',
      (key) => ({
        senderId: 'office|7',
        signing: { kind: 'http-sig-string', keyId: key, namespace: 'g2p', keyParameter: 'kidId', lifetime: 600 },
      }),
      ['senderId'],
    ],
  ])('settings with %s are refused', async (_, change, paths) => {
    const { findings } = await office.get<{ findings: Finding[] }>('managers.preview', create(change(keyId)))
    expect(findings.filter(({ weight }) => weight === 'error').map(({ path }) => path)).toEqual(paths)
  })

  test('unsigned messages to a sandbox are allowed, with a warning', async () => {
    const { findings } = await office.get<{ findings: Finding[] }>(
      'managers.preview',
      create({ signing: { kind: 'placeholder', sandbox: true } }),
    )
    expect(findings).toMatchObject([{ path: 'signing', code: 'manager.unsigned-sandbox', weight: 'warning' }])
  })
})
