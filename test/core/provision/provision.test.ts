import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findCentralSettings, findCouchAccess, putCentralSettings } from '../../../electron/core/central/settings.ts'
import { provisioningSchema } from '../../../electron/core/provision/provision-file.ts'
import { signProvision } from '../../../electron/core/provision/sign.ts'
import { findSecret } from '../../../electron/core/vault/secrets.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { editionOf } from '../../../shared/model/record.ts'
import { hubSettings } from '../../shared/rules/payment-hub/hub-settings.ts'
import { results } from '../channels/file/file-forms.ts'
import { mapperSettings } from '../mapper/mapped-district.ts'
import { type ListedOfficer, OpenOffice, officerNamed, PASSPHRASE } from '../open-office.ts'
import { type DistrictFile, districtFile, writeFiles } from './district-file.ts'

interface KeptManager {
  readonly [field: string]: unknown
  readonly id: string
  readonly changedAt: string
}

let district: DistrictFile
let directory: string
let open: OpenOffice | undefined

beforeAll(async () => {
  district = await districtFile()
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-provision-'))
})
afterEach(async () => {
  await open?.close()
  open = undefined
  rmSync(directory, { recursive: true, force: true })
})

async function start(file: unknown, secrets: unknown = district.secrets, passphrase: string | null = PASSPHRASE) {
  await open?.close({ keep: true })
  open = undefined
  const office = new OpenOffice({
    dataDirectory: join(directory, 'data'),
    ...writeFiles(directory, file, secrets),
    ...(passphrase === null ? {} : { passphrase }),
  })
  open = office
  await office.core.start()
  return office
}

async function refusal(work: Promise<unknown>): Promise<OfficeError['fault']> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof OfficeError)) throw new Error(`no refusal but ${error}`)
  return error.fault
}

/** A copy with the value at one place (`officers.1.name`) another; undefined takes it out. */
function withValue<T extends object>(content: T, place: string, value: unknown): T {
  const copy = structuredClone(content)
  const pieces = place.split('.')
  const last = pieces.pop() as string
  const holder = pieces.reduce<unknown>((within, piece) => Reflect.get(within as object, piece), copy)
  Reflect.set(holder as object, last, value)
  return copy
}

test('a headless start makes the office that the file describes, and its officers can work', async () => {
  const office = await start(district.file)
  expect(await office.get('setup.status')).toMatchObject({ state: 'open', officeName: 'Northern district' })
  await office.get('session.signIn', { officerId: 'admin', pin: '730164' })
  const officers = await office.get<ListedOfficer[]>('officers.list')
  expect(officers.map(({ id, trusted, hasKey }) => [id, trusted, hasKey])).toEqual([
    ['admin', true, true],
    ['approver', true, true],
    ['clerk', true, true],
  ])
  expect(await office.get('managers.list')).toMatchObject([
    { id: 'switch', trusted: true, usable: true, hasSecret: true },
  ])
  expect(await office.get('setup.office')).toMatchObject({ soleOffice: true, provisioned: true })
  expect(office.core.getOffice().store.get('programme', 'school-meals').name).toBe('School meals')
})

test('duplicate protection that the file vouches for is believed until the endpoint becomes another one', async () => {
  const draft = withValue(district.file, 'paymentManagers.0.duplicateProtectionProven', true)
  const office = await start(await signProvision(draft, district.secrets, district.root))
  await office.get('session.signIn', { officerId: 'admin', pin: '730164' })
  const [made] = await office.get<KeptManager[]>('managers.list')
  expect(made).toMatchObject({ trusted: true, usable: true, findings: [] })
  const { id, changedAt, trusted, hasSecret, needsSecret, findings, usable, removed, state, ...settings } =
    made as KeptManager
  const save = (basedOn: string, change: object) =>
    office.ask('managers.save', { id, basedOn, pin: '730164', approvalsLost: 0, settings: { ...settings, ...change } })
  const elsewhere = { paymentEndpointUrl: 'https://elsewhere.example.org/disburse' }
  expect(await save(changedAt, elsewhere)).toMatchObject({ ok: false, error: { code: 'conformance.no-proof' } })
  const renamed = await save(changedAt, { name: 'Renamed switch' })
  expect(renamed).toMatchObject({ ok: true, value: { usable: true, findings: [] } })

  // Given up, the claim is newly made, and that needs a test.
  const givenUp = await save((renamed as { value: KeptManager }).value.changedAt, { duplicateProtectionProven: false })
  expect(givenUp).toMatchObject({ ok: true })
  const again = await save((givenUp as { value: KeptManager }).value.changedAt, {})
  expect(again).toMatchObject({ ok: false, error: { code: 'conformance.no-proof' } })
})

test('the same file at every start changes nothing, and leaves what officers changed since', async () => {
  const first = await start(district.file)
  const { store } = first.core.getOffice()
  const sequence = store.sequence
  await first.get('session.signIn', { officerId: 'clerk', pin: '730165' }, 'clerk')
  await first.get('session.changePin', { pin: '730165', newPin: '605918' }, 'clerk')
  await first.get('session.signIn', { officerId: 'admin', pin: '730164' })
  const clerk = await officerNamed(first, 'clerk')
  const edit = { id: clerk.id, basedOn: clerk.changedAt, pin: '730164' }
  await first.get('officers.change', { ...edit, name: 'New name', login: 'clerk', roles: ['clerk'] })

  const again = await start(district.file)
  expect(await again.codeOf('session.signIn', { officerId: 'clerk', pin: '605918' })).toBe('fine')
  expect(await officerNamed(again, 'clerk')).toMatchObject({ name: 'New name', trusted: true })
  const provisioned = again.core
    .getOffice()
    .store.sql("SELECT count(*) FROM audit WHERE action = 'office.provisioned'")
    .pluck()
    .get()
  expect(provisioned).toBe(1)
  expect(again.core.getOffice().store.sequence).toBeGreaterThan(sequence)
})

test('a newer file brings only what is new in it', async () => {
  await start(district.file)
  const draft = withValue(district.file, 'programmes.0.name', 'School breakfast')
  const office = await start(await signProvision(draft, district.secrets, district.root))
  const { store } = office.core.getOffice()
  expect(store.get('programme', 'school-meals').name).toBe('School breakfast')
  const [, second] = store.sql("SELECT detail FROM audit WHERE action = 'office.provisioned'").pluck().all() as string[]
  expect(JSON.parse(second as string)).toMatchObject({ programmes: 1, officers: 0, managers: 0, secrets: 0, keys: 0 })
})

test('a file signed before somebody changed a record here is refused, until it is signed with a later edition', async () => {
  const first = await start(district.file)
  await first.get('session.signIn', { officerId: 'admin', pin: '730164' })
  const [made] = await first.get<KeptManager[]>('managers.list')
  const { id, changedAt, trusted, hasSecret, needsSecret, findings, usable, removed, state, ...settings } =
    made as KeptManager
  const save = { id, basedOn: changedAt, pin: '730164', approvalsLost: 0 }
  await first.get('managers.save', { ...save, settings: { ...settings, name: 'Named here' } })
  const known = editionOf(first.core.getOffice().store.get('paymentManager', 'switch'))

  const renamed = withValue(district.file, 'paymentManagers.0.name', 'Named by the file')
  const refused = await refusal(start(await signProvision(renamed, district.secrets, district.root)))
  expect(refused.code).toBe('provision.invalid')
  expect(JSON.stringify(refused.params)).toContain('paymentManagers[0].edition: provision.older-edition')

  const newer = withValue(renamed, 'paymentManagers.0.edition', known + 1)
  const office = await start(await signProvision(newer, district.secrets, district.root))
  expect(office.core.getOffice().store.get('paymentManager', 'switch').name).toBe('Named by the file')
})

test('a file of another trust root is refused and the office stays as it was', async () => {
  await start(district.file)
  const other = generateKeyPairSync('ed25519').privateKey
  const foreign = await signProvision(district.file, district.secrets, other)
  expect((await refusal(start(foreign))).code).toBe('provision.other-trust-root')
  expect(open?.core.findOffice()).toBeUndefined()
  const back = await start(district.file)
  expect(await back.codeOf('session.signIn', { officerId: 'admin', pin: '730164' })).toBe('fine')
})

test('without a passphrase the file waits for one, given at the screen', async () => {
  const office = await start(district.file, district.secrets, null)
  expect(await office.get('setup.status')).toMatchObject({ state: 'none', provisionWaits: true })
  expect(await office.get('setup.createProvisioned', { passphrase: PASSPHRASE })).toMatchObject({ state: 'open' })
  const locked = await start(district.file, district.secrets, null)
  expect(await locked.get('setup.status')).toMatchObject({ state: 'locked', provisionWaits: false })
  expect(await locked.get('setup.unlock', { passphrase: PASSPHRASE })).toMatchObject({
    officeName: 'Northern district',
  })
})

test('an officer whose key is not handed over is known here but cannot sign in', async () => {
  const { clerk, ...others } = district.secrets.officers
  expect(clerk).toBeDefined()
  const office = await start(district.file, { ...district.secrets, officers: others })
  expect(await office.codeOf('session.signIn', { officerId: 'clerk', pin: '730165' })).toBe('identity.no-key')
})

describe('a broken file changes nothing and is told by its place:', () => {
  const thief = 'https://thief.example.org/'
  test.each<[string, string, unknown, string]>([
    ['an unknown field', 'extra', 1, ''],
    ['another version', 'version', 2, 'version'],
    ['an officer without a name', 'officers.1.name', '', 'officers[1].name'],
    ['a changed role', 'officers.1.roles', ['clerk', 'administrator'], 'officers[1].signature'],
    ['a forged signature', 'officers.0.signature', 'a.b.c', 'officers[0].signature'],
    ['a changed endpoint', 'paymentManagers.0.paymentEndpointUrl', thief, 'paymentManagers[0].signature'],
    ['a changed seeder', 'connectors.0.mtsUrl', thief, 'connectors[0].signature'],
    ['a programme of no manager', 'programmes.0.paymentManagerId', 'nobody', 'programmes[0].paymentManagerId'],
    ['a currency that is none', 'programmes.0.currency', 'XYZ', 'programmes[0].currency'],
    ['a sponsor whom nobody knows', 'officers.2.sponsors', ['ghost'], 'officers[2].sponsors[0]'],
  ])('%s', async (_, place, value, path) => {
    const fault = await refusal(start(withValue(district.file, place, value)))
    expect(fault).toMatchObject({ code: 'provision.invalid', params: { path } })
    expect(existsSync(join(directory, 'data', 'office', 'keys.json'))).toBe(false)
  })

  test('the signature of another record, and the same programme twice', async () => {
    const { officers, programmes } = district.file
    const borrowed = withValue(district.file, 'officers.1.signature', officers[2]?.signature)
    expect((await refusal(start(borrowed))).params).toMatchObject({ path: 'officers[1].signature' })
    const twice = withValue(district.file, 'programmes.1', programmes[0])
    expect((await refusal(start(twice))).params).toMatchObject({ path: 'programmes[1].id' })
  })

  test('settings that no real office may have', async () => {
    const plain = withValue(district.file, 'paymentManagers.0.paymentEndpointUrl', 'http://switch.example.org/disburse')
    const draft = withValue(plain, 'paymentManagers.0.batchTags.0.filter', "[('nose', '=', 1)]")
    const fault = await refusal(signProvision(draft, district.secrets, district.root))
    expect(fault.params).toMatchObject({ count: 2, path: 'paymentManagers[0].paymentEndpointUrl' })
    expect(fault.params.details).toContain('paymentManagers[0].batchTags[0].filter: filter.unknown-field')
  })

  test.each<[string, string, unknown, string]>([
    ['a weak PIN', 'officers.clerk.pin', '111111', 'secrets.officers.clerk.pin'],
    ['a key that is none', 'officers.clerk.privateKey', 'x', 'secrets.officers.clerk.privateKey'],
    ['a secret of the wrong kind', 'managers.switch', { clientSecret: 'x' }, 'secrets.managers.switch'],
    ['a secret of an unknown manager', 'managers.ghost', { bearer: 'x' }, 'secrets.managers.ghost'],
  ])('in the secrets, %s', async (_, place, value, path) => {
    const fault = await refusal(start(district.file, withValue(district.secrets, place, value)))
    expect(fault).toMatchObject({ code: 'provision.invalid', params: { path } })
    expect(existsSync(join(directory, 'data', 'office', 'keys.json'))).toBe(false)
  })

  test("in the secrets, somebody else's key, which is not repeated in the refusal", async () => {
    const { admin } = district.secrets.officers
    const secrets = withValue(district.secrets, 'officers.clerk.privateKey', admin?.privateKey)
    const fault = await refusal(start(district.file, secrets))
    expect(fault).toMatchObject({ params: { path: 'secrets.officers.clerk.privateKey' } })
    expect(JSON.stringify(fault)).not.toContain('PRIVATE KEY')
  })

  test('text that is not JSON, and a file that is not there', async () => {
    expect(await refusal(start('{ "version": 1,'))).toMatchObject({
      code: 'provision.not-json',
      params: { context: 'settings' },
    })
    expect(await refusal(start(district.file, 'tell nobody'))).toEqual({
      code: 'provision.not-json',
      params: { context: 'secrets', problem: '' },
    })
    await open?.close({ keep: true })
    open = new OpenOffice({ dataDirectory: join(directory, 'data'), provisionFile: join(directory, 'nowhere.json') })
    expect((await refusal(open.core.start())).code).toBe('provision.not-readable')
  })
})

describe('the account mapper of a payment manager', () => {
  const withMapper = () =>
    signProvision(
      {
        ...district.file,
        paymentManagers: district.file.paymentManagers.map((manager) => ({
          ...manager,
          payeeIdType: 'mapper',
          mapper: mapperSettings('https://mapper.example.org/sync/resolve', { authentication: { kind: 'bearer' } }),
        })),
      },
      district.secrets,
      district.root,
    )

  test('comes with its secret, which stands in the vault by itself', async () => {
    const secrets = withValue(district.secrets, 'managers.switch.mapper', { bearer: 'for the mapper alone' })
    const { store } = (await start(await withMapper(), secrets)).core.getOffice()
    expect(store.get('paymentManager', 'switch').mapper?.resolveUrl).toBe('https://mapper.example.org/sync/resolve')
    expect(findSecret(store, 'mapper-secret', 'switch')).toBe('for the mapper alone')
    expect(findSecret(store, 'manager-secret', 'switch')).toBe('tell nobody')
  })

  test('a secret that its sign-in does not ask for is refused', async () => {
    const secrets = withValue(district.secrets, 'managers.switch.mapper', { clientSecret: 'tell nobody' })
    const fault = await refusal(start(await withMapper(), secrets))
    expect(fault).toMatchObject({ params: { path: 'secrets.managers.switch.mapper' } })
    expect(JSON.stringify(fault)).not.toContain('tell nobody')
  })
})

describe('a payment manager that speaks no G2P Connect says nothing about it', () => {
  const common = {
    removed: false,
    state: 'active',
    createBatch: false,
    batchTags: [{ id: 'all', name: 'Everybody', filter: '[]', maximumBatchSize: 500 }],
    payeeIdType: 'phone',
    regIdTypeForPayeeId: '',
    payeePrefix: 'phone:',
    payeeSuffix: '',
    payerName: 'Ministry of Social Affairs',
    partSize: 500,
    sendFilter: '[]',
    sendAutomatically: false,
  }
  const hub = {
    ...common,
    id: 'hub',
    kind: 'payment-hub',
    name: 'Payment Hub',
    paymentEndpointUrl: 'https://hub.example.org/batchtransactions',
    statusEndpointUrl: 'https://hub.example.org/api/v1',
    apiTimeout: 20,
    statusCheckActive: true,
    statusCheckInterval: 10,
    authentication: { kind: 'none' },
    clientCertificate: '',
    extraHeaders: [],
    certificateAuthority: '',
    payerAddress: 'MSISDN:251911000001',
    paymentHub: hubSettings(),
  }
  const byFile = () => {
    const [keyId = ''] = Object.keys(district.secrets.signingKeys)
    const file = { form: 'list', note: '' }
    return {
      ...common,
      id: 'list',
      kind: 'file',
      name: 'Village pay point',
      paymentFile: { file, signing: { keyId, alg: 'EdDSA' }, results },
    }
  }
  const signedWith = (...managers: readonly object[]) =>
    signProvision(
      { ...district.file, paymentManagers: [...district.file.paymentManagers, ...managers] },
      district.secrets,
      district.root,
    )

  test('both kinds work from a file, and every setting of theirs is signed', async () => {
    const file = await signedWith(hub, byFile())
    const office = await start(file)
    await office.get('session.signIn', { officerId: 'admin', pin: '730164' })
    expect(await office.get('managers.list')).toMatchObject([
      { id: 'switch', usable: true },
      { id: 'hub', kind: 'payment-hub', profile: 'payment-hub', trusted: true, usable: true, noMoneyMovedCodes: [] },
      { id: 'list', kind: 'file', profile: 'file', trusted: true, usable: true, paymentEndpointUrl: '' },
    ])
    const kept = office.core.getOffice().store.get('paymentManager', 'hub')
    expect(PaymentManager.parse(kept)).toEqual(kept)
  })

  test('one that leaves out again what was filled in is the same to its signature', async () => {
    const file = await signedWith(hub, byFile())
    const short = {
      ...file,
      paymentManagers: file.paymentManagers.map(({ signature, ...manager }) =>
        manager.id === 'hub'
          ? { ...hub, signature }
          : manager.id === 'list'
            ? { ...byFile(), signature }
            : { ...manager, signature },
      ),
    }
    const office = await start(short)
    await office.get('session.signIn', { officerId: 'admin', pin: '730164' })
    expect(await office.get('managers.list')).toMatchObject([{ trusted: true }, { trusted: true }, { trusted: true }])
  })

  test.each<[string, () => object, string]>([
    ['a hub without its own settings', () => ({ ...hub, paymentHub: undefined }), 'paymentHub'],
    ['a hub without endpoints', () => ({ ...hub, paymentEndpointUrl: undefined }), 'paymentEndpointUrl'],
    ['files without their form', () => ({ ...byFile(), paymentFile: undefined }), 'paymentFile'],
    ['G2P Connect without a sender', () => ({ ...common, kind: 'g2p-connect', id: 'x', name: 'X' }), 'senderId'],
    ['a kind that is none', () => ({ ...hub, kind: 'pigeon' }), 'kind'],
  ])('%s is refused', async (_, manager, field) => {
    const fault = await refusal(signedWith(manager()))
    expect(fault.code).toBe('provision.invalid')
    expect(JSON.stringify(fault.params)).toContain(`paymentManagers[1].${field}`)
  })
})

describe('the central server in a file', () => {
  const central = { url: 'https://centre.example.org', district: 'north', user: 'office-7' }
  const inDistrict = () => ({ ...district.file, soleOffice: false, central })
  const secrets = () => ({ ...district.secrets, centralPassword: 'tell nobody' })

  test('is where the office works, and what an administrator changed since stays', async () => {
    const first = await start(inDistrict(), secrets())
    const { store } = first.core.getOffice()
    expect(findCouchAccess(store)).toMatchObject({ url: central.url, user: central.user, password: 'tell nobody' })
    expect(findCentralSettings(store)).toMatchObject({ ...central, everyMinutes: 5 })
    store.transaction('admin', (transaction) => {
      putCentralSettings(transaction, { ...central, certificateAuthority: '', everyMinutes: 30 })
      transaction.audit({ action: 'central.configured', subjectKind: 'office', subjectId: 'office' })
    })

    // The secrets were deleted after the first start, as they should be.
    const again = await start(inDistrict(), district.secrets)
    expect(findCentralSettings(again.core.getOffice().store)?.everyMinutes).toBe(30)
    expect(findCouchAccess(again.core.getOffice().store)?.password).toBe('tell nobody')
  })

  test.each<[string, object, object, string]>([
    ['beside a sole office', { soleOffice: true }, {}, 'soleOffice'],
    ['in the open', { central: { ...central, url: 'http://centre.example.org' } }, {}, 'central.url'],
    [
      'with an authority that is none',
      { central: { ...central, certificateAuthority: 'x' } },
      {},
      'central.certificateAuthority',
    ],
    ['with a district that is none', { central: { ...central, district: 'North!' } }, {}, 'central.district'],
    ['without a password', {}, { centralPassword: undefined }, 'secrets.centralPassword'],
    ['with a password and no server', { central: undefined }, {}, 'secrets.centralPassword'],
  ])('%s is refused', async (_, change, secretChange, path) => {
    const fault = await refusal(start({ ...inDistrict(), ...change }, { ...secrets(), ...secretChange }))
    expect(fault).toMatchObject({ code: 'provision.invalid', params: { path } })
    expect(JSON.stringify(fault)).not.toContain('tell nobody')
  })
})

test('the published schema is that of the program', () => {
  expect(JSON.parse(readFileSync('resources/provisioning.schema.json', 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(provisioningSchema())),
  )
})
