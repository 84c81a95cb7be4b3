import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpDistrict } from '../../../electron/core/central/setup/set-up-district.ts'
import { createHttp } from '../../../electron/core/http/http.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import type {
  CentralOverview,
  ConflictPage,
  Receipt,
  RefusalRow,
  SyncResult,
} from '../../../shared/contract/central.ts'
import { ADMIN_PIN, hire, newOffice, type OpenOffice } from '../open-office.ts'

const server = { user: 'root', password: 'the server tells nobody' }

let couch: CouchdbPeer
let office: OpenOffice
let password: string
let registrant: string

beforeAll(async () => {
  couch = await startCouchdbPeer({ ...server, iterations: 10 })
  const http = createHttp()
  for (const [district, trustRoot] of [['north'], ['south', 'x'.repeat(43)]] as const) {
    const { accounts } = await setUpDistrict(http, {
      url: couch.origin,
      admin: server,
      district,
      offices: ['one'],
      ...(trustRoot === undefined ? {} : { trustRoot: { kty: 'OKP', crv: 'Ed25519', x: trustRoot } }),
    })
    if (district === 'north') password = accounts[0]?.password ?? ''
    else southern = accounts[0]?.password ?? ''
  }
  http.close()
  ;({ office } = await newOffice())
  await hire(office, 'clerk', ['clerk'], '605918')
})
afterAll(async () => {
  await office.close()
  await couch.close()
})

let southern = ''
const settings = (change: object = {}) => ({
  url: couch.origin,
  district: 'north',
  user: 'g2p-north-one',
  certificateAuthority: '',
  everyMinutes: 60,
  ...change,
})
const configure = (change: object = {}, secret = password, pin = ADMIN_PIN, window = 'window') =>
  office.codeOf('central.configure', { settings: settings(change), password: secret, pin }, window)
const overview = () => office.get<CentralOverview>('central.overview', undefined, 'clerk')

test('an office alone has no server, no receipts and nothing to sync', async () => {
  expect(await office.get('central.settings')).toEqual({ settings: null, hasPassword: false, training: false })
  expect((await overview()).status).toMatchObject({ configured: false, stopped: [], lastContactAt: null })
  expect(await office.codeOf('central.syncNow')).toBe('central.not-configured')
  expect(await office.get('central.receipt', { kind: 'registrant', id: 'nobody' })).toEqual({
    configured: false,
    at: null,
  })
})

test('only an administrator with the PIN enters a server', async () => {
  expect(await configure({}, password, '605918', 'clerk')).toBe('api.not-your-role')
  expect(await configure({}, password, '000000')).toBe('identity.wrong-pin')
  expect(await office.codeOf('central.leave', { pin: '605918' }, 'clerk')).toBe('api.not-your-role')
  expect(await office.codeOf('offices.confirmServer', { pin: '605918' }, 'clerk')).toBe('api.not-your-role')
  expect(await office.codeOf('central.answerRemovals', { take: true, pin: '605918' }, 'clerk')).toBe(
    'api.not-your-role',
  )
  const revocation = { installationId: 'another', reason: 'lost', pin: '605918' }
  expect(await office.codeOf('offices.revoke', revocation, 'clerk')).toBe('api.not-your-role')
})

test.each<[string, object, string | undefined, string]>([
  ['in the open', { url: 'http://centre.example.org' }, undefined, 'central.url-not-encrypted'],
  ['with a wrong password', {}, 'wrong', 'central.sign-in-refused'],
  ['with none', {}, '', 'central.password-missing'],
  ["in another office's district", { district: 'south' }, undefined, 'central.not-allowed'],
  ['in a district that is not there', { district: 'nowhere' }, undefined, 'central.no-district'],
  ['with an authority that is none', { certificateAuthority: 'x' }, undefined, 'central.authority-unreadable'],
  ['where nobody listens', { url: 'http://127.0.0.1:9' }, undefined, 'http.not-reachable'],
])('a server %s is not kept', async (_, change, secret, code) => {
  expect(await configure(change, secret)).toBe(code)
  expect(await office.get('central.settings')).toMatchObject({ settings: null, hasPassword: false })
})

test('a district of another administrator key is not kept', async () => {
  expect(await configure({ district: 'south', user: 'g2p-south-one' }, southern)).toBe('central.other-trust-root')
  expect(await office.get('central.settings')).toMatchObject({ settings: null })
})

test('a server that answers is kept, and its password is shown to nobody', async () => {
  expect(await configure()).toBe('fine')
  const kept = await office.get('central.settings', undefined, 'clerk')
  expect(kept).toMatchObject({ settings: { district: 'north' }, hasPassword: true })
  expect(JSON.stringify(kept)).not.toContain(password)
  expect(await office.get('setup.office')).toMatchObject({ soleOffice: false, central: true })
  // The same server goes on with the password that is kept; another one is not told it.
  expect(await configure({ everyMinutes: 30 }, '')).toBe('fine')
  expect(await configure({ url: `${couch.origin}/other` }, '')).toBe('central.password-missing')
})

test('a record is at the server once the server has answered for it, and not any more when it was changed', async () => {
  const { http } = office.core.getOffice()
  // The office gets in touch by itself, too.
  http.cutLine(true)
  const made = await office.get<{ view: { id: string } }>(
    'registry.create',
    {
      kind: 'individual',
      facts: {
        registryNumber: '',
        name: 'Amina Bekele',
        givenName: 'Amina',
        familyName: 'Bekele',
        additionalName: '',
        groupKind: '',
        gender: 'female',
        birthdate: null,
        address: '',
        area: 'North',
        modeOfPayment: 'digital',
        tags: [],
        registrationDate: '2026-01-05',
      },
    },
    'clerk',
  )
  registrant = made.view.id
  const receipt = () => office.get<Receipt>('central.receipt', { kind: 'registrant', id: registrant }, 'clerk')
  const atTheServer = () => couch.databases.get('g2p-north')?.find(`registrant:${registrant}`)
  expect(await receipt()).toEqual({ configured: true, at: null })
  expect(atTheServer()).toBeUndefined()
  http.cutLine(false)
  const result = await office.get<SyncResult>('central.syncNow', undefined, 'clerk')
  expect(result).toMatchObject({ refused: 0, conflicts: 0 })
  expect((await receipt()).at).toBeGreaterThan(0)
  expect(atTheServer()).toMatchObject({ area: 'North' })
  const { status } = await overview()
  expect(status).toMatchObject({ configured: true, district: 'north', fault: null, stopped: [] })
  expect(status.lastContactAt).not.toBeNull()
  http.cutLine(true)
  await office.get('registry.remove', { id: registrant }, 'clerk')
  expect((await receipt()).at).toBeNull()
  http.cutLine(false)
})

test('what the server refused is told with its officer until somebody has seen it', async () => {
  const { store } = office.core.getOffice()
  const { id: officerId } = store.get(
    'officer',
    (store.get('registrant', registrant) as { changedBy: string }).changedBy,
  )
  store.housekeeping((sql) =>
    sql(
      "INSERT OR REPLACE INTO central_refusal VALUES ('registrant', ?, 1, 'central.write-refused', ?, ?, ?, NULL, NULL)",
    ).run(registrant, JSON.stringify({ reason: 'removed' }), officerId, 1_700_000_000_000),
  )
  expect((await overview()).waiting.refusals).toBe(1)
  const page = { offset: 0, limit: 50 }
  const [row] = (await office.get<{ rows: RefusalRow[] }>('central.refusals', page)).rows
  expect(row).toMatchObject({
    recordName: 'Amina Bekele',
    officerName: 'Officer clerk',
    fault: { code: 'central.write-refused', params: { reason: 'removed' } },
    seen: false,
  })
  await office.get('central.refusalSeen', { kind: 'registrant', id: registrant }, 'clerk')
  expect((await overview()).waiting.refusals).toBe(0)
  expect((await office.get<{ rows: RefusalRow[] }>('central.refusals', page)).rows[0]?.seen).toBe(true)
})

test('both versions of a record are shown without what is sealed, and a clerk lets one stand', async () => {
  const { store } = office.core.getOffice()
  const mine = { ...store.get('registrant', registrant), removed: false, area: 'North' }
  const account = { id: 'a', iban: '', bic: '', bankName: '', preferred: true, disabled: false }
  const theirs = { ...mine, area: 'Hill', bankAccounts: [{ ...account, accountNumber: '1000200030004821' }] }
  store.housekeeping((sql) =>
    sql(
      "INSERT INTO central_conflict VALUES ('c1', 'registrant', ?, ?, NULL, ?, ?, 'earlier', 'officer', ?, NULL, NULL)",
    ).run(
      registrant,
      JSON.stringify(['area', 'bankAccounts']),
      JSON.stringify(mine),
      JSON.stringify(theirs),
      mine.changedAt,
    ),
  )
  expect((await overview()).waiting.conflicts).toBe(1)
  const shown = await office.get<ConflictPage>('central.conflict', { id: 'c1' })
  expect(shown).toMatchObject({ recordName: 'Amina Bekele', earlier: { officerName: 'Officer clerk' }, settled: null })
  expect(shown.fields.map(({ name, earlier, later }) => [name, earlier, later])).toEqual([
    ['area', 'North', 'Hill'],
    ['bankAccounts', [], [expect.stringMatching(/4821 \*$/)]],
  ])
  expect(JSON.stringify(shown)).not.toContain('1000200030004821')

  const choices = { area: 'later', bankAccounts: 'earlier' }
  expect(await office.codeOf('central.settleConflict', { id: 'c1', choices }, 'window')).toBe('api.not-your-role')
  await office.get('central.settleConflict', { id: 'c1', choices }, 'clerk')
  expect(store.get('registrant', registrant)).toMatchObject({ area: 'Hill', bankAccounts: [] })
  expect((await office.get<ConflictPage>('central.conflict', { id: 'c1' })).settled).toMatchObject({
    officerName: 'Officer clerk',
  })
  expect(await office.codeOf('central.settleConflict', { id: 'c1', choices }, 'clerk')).toBe('central.conflict-settled')
})

test('what only an administrator may change of a programme, a clerk does not decide', async () => {
  const { store } = office.core.getOffice()
  const version = (fund: number) =>
    JSON.stringify({ id: 'p', currency: 'ETB', fund, changedAt: '0', changedBy: 'nobody' })
  store.housekeeping((sql) =>
    sql(
      "INSERT INTO central_conflict VALUES ('c2', 'programme', 'p', '[\"fund\"]', NULL, ?, ?, 'earlier', 'officer', '0', NULL, NULL)",
    ).run(version(1), version(2)),
  )
  expect(await office.get<ConflictPage>('central.conflict', { id: 'c2' })).toMatchObject({ currency: 'ETB', names: {} })
  const settle = (window: string) =>
    office.codeOf('central.settleConflict', { id: 'c2', choices: { fund: 'earlier' } }, window)
  expect(await settle('clerk')).toBe('api.not-your-role')
  expect(await settle('window')).toBe('store.not-found')
})

test('leaving forgets the server and its password, and the office is not the only one by that', async () => {
  await office.get('central.leave', { pin: ADMIN_PIN })
  expect(await office.get('central.settings')).toMatchObject({ settings: null, hasPassword: false })
  expect(await office.get('setup.office')).toMatchObject({ soleOffice: false, central: false })
  expect((await overview()).status.configured).toBe(false)
})
