import { globSync, readFileSync } from 'node:fs'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemTime } from '../../../electron/core/clock/office-time.ts'
import type { ProviderSignIn, Purpose } from '../../../electron/core/identity/openid/provider-sign-in.ts'
import { PersonChecks } from '../../../electron/core/person-check/person-checks.ts'
import type { PersonCheckView } from '../../../shared/contract/person-check.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import { Browser, land } from '../identity/openid/esignet.ts'
import { begin, goThrough, signIn } from '../identity/openid/linked-office.ts'
import { CLERK, enter, record } from '../registry/clerk-office.ts'
import { beginCheck, check, goToTable, type TableOffice, TYPE, tableOffice, viewOf } from './table.ts'

// Keys are sealed under PINs again and again, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const NUMBER = '5490172836'
let table: TableOffice
let users = 0

beforeAll(async () => {
  table = await tableOffice()
})
afterAll(() => table.close())
beforeEach(() => {
  users += 1
  Object.assign(table.esignet.ways, {
    user: `psut-${users}-9f2c41d7`,
    name: 'Hirut Alemu',
    claims: {},
    userInfo: undefined,
    clockOff: 0,
    acr: 'mosip:idp:acr:generated-code',
    refusesUserInfo: false,
    tokens: (reply: unknown) => reply,
  })
})
afterEach(() => table.office.core.getOffice().http.cutLine(false))

const hirut = (facts: Parameters<typeof enter>[2] = {}) =>
  enter(table.office, 'individual', { name: 'Hirut Alemu', birthdate: '1987-03-12', gender: 'female', ...facts })

const decide = (view: PersonCheckView, change: object = {}) =>
  table.office.codeOf(
    'personCheck.decide',
    { checkId: view.id, basedOn: view.basedOn, verdict: 'same', take: [], sure: false, ...change },
    CLERK,
  )

const numbersOf = (registrantId: string) =>
  table.office.core
    .getOffice()
    .store.sql('SELECT type, value FROM identity_number WHERE registrant_id = ? AND removed = 0')
    .all(registrantId) as { type: string; value: string }[]

const actionsOf = (registrantId: string) =>
  table.office.core
    .getOffice()
    .store.sql("SELECT action FROM audit WHERE subject_id = ? AND action LIKE 'registrant.check%' ORDER BY position")
    .pluck()
    .all(registrantId)

describe('what a registrant lets e-Signet say', () => {
  test('stands beside the record field by field, and the officer takes over what they want', async () => {
    const { office, esignet, tableId } = table
    const { id } = await hirut({ address: 'Kebele 3' })
    esignet.ways.claims = {
      birthdate: '1987/03/12',
      gender: 'Female',
      address: { street_address: 'Bole road 14', locality: 'Adama' },
      phone_number: '+251 91 123 4567',
      email: 'Hirut@example.org',
    }
    const view = await check(table, id)
    expect(view).toMatchObject({
      provider: 'National ID at the table',
      doubts: [],
      others: [],
      unread: [],
      withheld: [],
    })
    const plain = (value: string) => [{ value, language: '', verified: false }]
    expect(view.facts).toEqual([
      { field: 'name', current: 'Hirut Alemu', said: plain('Hirut Alemu') },
      { field: 'gender', current: 'female', said: plain('female') },
      { field: 'birthdate', current: '1987-03-12', said: plain('1987-03-12') },
      { field: 'address', current: 'Kebele 3', said: plain('Bole road 14\nAdama') },
      { field: 'phone', current: '', said: plain('+251911234567') },
      { field: 'email', current: '', said: plain('Hirut@example.org') },
    ])
    // Nothing is written yet.
    expect((await record(office, id)).view).toMatchObject({ address: 'Kebele 3', phoneHints: [] })
    expect(numbersOf(id)).toEqual([])
    expect(await office.get('personCheck.standing', { registrantId: id }, CLERK)).toBeNull()
    expect(await decide(view, { take: [{ field: 'phone', value: '+251911234567' }] })).toBe('fine')
    const { view: after } = await record(office, id)
    expect(after.address).toBe('Kebele 3')
    expect(after.phoneHints).toHaveLength(1)
    expect(after.emailHints).toEqual([])
    expect(numbersOf(id)).toEqual([{ type: TYPE, value: esignet.ways.user }])
    expect(await office.get('personCheck.standing', { registrantId: id }, CLERK)).toEqual({
      on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      provider: 'National ID at the table',
      scope: ['name', 'gender', 'birthdate', 'address', 'phone', 'email'],
    })
    const detail = office.core
      .getOffice()
      .store.sql("SELECT detail FROM audit WHERE subject_id = ? AND action = 'registrant.checked'")
      .pluck()
      .get(id) as string
    expect(JSON.parse(detail)).toEqual({
      provider: tableId,
      doubts: [],
      scope: ['name', 'gender', 'birthdate', 'address', 'phone', 'email'],
      taken: ['phone'],
    })
    // It is over with the decision.
    expect(await office.codeOf('personCheck.view', { registrantId: id }, CLERK)).toBe('person-check.over')
    expect(await decide(view)).toBe('person-check.over')
  })

  test('in several languages, with what somebody stands behind, and with what is withheld or cannot be read', async () => {
    const { esignet } = table
    const { id } = await hirut()
    esignet.ways.userInfo = (text) => {
      const { name, ...claims } = decodeJwt(text)
      return esignet.sign({
        ...claims,
        'name#eng': 'Hirut Alemu',
        'name#amh': 'ሂሩት አለሙ',
        gender: [{ language: 'eng', value: 'Female' }],
        birthdate: '1987',
        verified_claims: { verification: { trust_framework: 'mosip' }, claims: { 'name#eng': 'Hirut Alemu' } },
      })
    }
    const view = await check(table, id)
    expect(view.facts).toEqual([
      {
        field: 'name',
        current: 'Hirut Alemu',
        said: [
          { value: 'Hirut Alemu', language: 'eng', verified: true },
          { value: 'ሂሩት አለሙ', language: 'amh', verified: false },
        ],
      },
      { field: 'gender', current: 'female', said: [{ value: 'female', language: 'eng', verified: false }] },
    ])
    expect(view).toMatchObject({ unread: ['birthdate'], withheld: ['address', 'phone', 'email'], doubts: [] })
    expect(await decide(view, { take: [{ field: 'name', value: 'ሂሩት አለሙ' }] })).toBe('fine')
    expect((await record(table.office, id)).view.name).toBe('ሂሩት አለሙ')
  })

  test('leaves neither number, token, claim that nobody took, nor picture anywhere', async () => {
    const { office, esignet } = table
    const { id } = await hirut()
    const seen: string[] = [NUMBER, 'Nobody took this street', 'data:image/jpeg;base64,']
    esignet.ways.tokens = async (reply) => {
      seen.push(String(reply.access_token), String(reply.id_token))
      return { ...reply, id_token: await esignet.sign({ ...decodeJwt(String(reply.id_token)), individual_id: NUMBER }) }
    }
    esignet.ways.userInfo = (text) =>
      esignet.sign({
        ...decodeJwt(text),
        individual_id: NUMBER,
        'individual_id#eng': NUMBER,
        vid: NUMBER,
        picture: 'data:image/jpeg;base64,',
        address: 'Nobody took this street',
        verified_claims: [{ verification: { trust_framework: 'mosip' }, claims: { individual_id: NUMBER } }],
      })
    const said: string[] = []
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation((...words) => void said.push(words.map(String).join(' ')))
    }
    const view = await check(table, id)
    vi.restoreAllMocks()
    expect(JSON.stringify(view)).not.toContain(NUMBER)
    expect(JSON.stringify(view)).not.toContain('data:image')
    expect(await decide(view, { take: [{ field: 'name', value: 'Hirut Alemu' }] })).toBe('fine')
    const { store } = office.core.getOffice()
    const tables = store
      .sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .pluck()
      .all() as string[]
    const everything = [
      ...tables.map((name) => JSON.stringify(store.sql(`SELECT * FROM "${name}"`).all())),
      ...globSync(`${office.directory}/**/*`, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'latin1')),
      said.join('\n'),
    ].join('\n')
    expect(seen).toHaveLength(5)
    for (const secret of seen) expect(everything.includes(secret)).toBe(false)
    const audit = JSON.stringify(store.sql('SELECT * FROM audit').all())
    for (const word of [esignet.ways.user, 'Hirut', '1987-03-12']) expect(audit).not.toContain(word)
  })

  test('only what was said can be taken over, and only into the record as the officer saw it', async () => {
    const { office } = table
    const { id } = await hirut()
    const view = await check(table, id)
    expect(await decide(view, { take: [{ field: 'name', value: 'Somebody Else' }] })).toBe('person-check.over')
    const edit = { id, base: view.basedOn, facts: { area: 'Adama' } }
    await office.get('registry.edit', edit, CLERK)
    expect(await decide(view)).toBe('store.changed-meanwhile')
    expect(numbersOf(id)).toEqual([])
    const now = await viewOf(table, id)
    expect(now.id).toBe(view.id)
    expect(await decide(now)).toBe('fine')
  })
})

describe('who it is', () => {
  test('somebody with another name and birthday is plainly doubtful: the officer says that it is the person, or nothing is kept', async () => {
    const { esignet, office } = table
    const { id } = await hirut()
    esignet.ways.name = 'Dawit Mengistu'
    esignet.ways.claims = { birthdate: '1990-01-01' }
    const view = await check(table, id)
    expect(view.doubts).toEqual(['name', 'birthdate'])
    expect(await decide(view)).toBe('person-check.not-sure')
    expect(await decide(view, { verdict: 'another' })).toBe('fine')
    expect(numbersOf(id)).toEqual([])
    expect(await office.get('personCheck.standing', { registrantId: id }, CLERK)).toBeNull()
    expect(actionsOf(id)).toEqual(['registrant.check-another'])
    const again = await check(table, id)
    expect(await decide(again, { sure: true })).toBe('fine')
    expect(numbersOf(id)).toHaveLength(1)
  })

  test('somebody who signed in as another registrant is shown as a likely duplicate, and nothing moves by itself', async () => {
    const { office } = table
    const [one, other] = [await hirut(), await hirut({ registryNumber: `R-${users}` })]
    expect(await decide(await check(table, one.id))).toBe('fine')
    const view = await check(table, other.id)
    expect(view.doubts).toEqual(['known-elsewhere'])
    expect(view.others).toEqual([{ registrantId: one.id, name: 'Hirut Alemu', registryNumber: '' }])
    const pairs = () => office.get<{ people: { registrantId: string }[] }[]>('tokenisation.duplicates', { open: true })
    const before = (await pairs()).length
    expect(await decide(view)).toBe('person-check.not-sure')
    expect(await pairs()).toHaveLength(before)
    expect(await decide(view, { sure: true })).toBe('fine')
    expect(numbersOf(other.id)).toEqual([])
    expect(numbersOf(one.id)).toHaveLength(1)
    const people = (await pairs()).map((pair) => pair.people.map(({ registrantId }) => registrantId).toSorted())
    expect(people).toContainEqual([one.id, other.id].toSorted())
  })

  test('another person than the one who signed in before, and somebody recorded as dead', async () => {
    const { esignet, office } = table
    const { id } = await hirut()
    expect(await decide(await check(table, id))).toBe('fine')
    esignet.ways.user = 'psut-of-somebody-else'
    await office.get('registry.deceased', { id, day: '2026-01-05' }, CLERK)
    const view = await check(table, id)
    expect(view.doubts).toEqual(['deceased', 'another-subject'])
    expect(await decide(view, { verdict: 'another' })).toBe('fine')
    expect(numbersOf(id)[0]?.value).not.toBe('psut-of-somebody-else')
  })

  test('a token of the seeder is kept beside, as another type', async () => {
    const { office, esignet } = table
    const { id } = await hirut()
    const token = { type: 'MOSIP_TOKEN', value: 'mts-token-1', status: 'valid', expiresOn: null, registrantId: id }
    await office.get('registry.setIdentity', token, CLERK)
    expect(await decide(await check(table, id))).toBe('fine')
    expect(numbersOf(id).toSorted((a, b) => (a.type < b.type ? -1 : 1))).toEqual([
      { type: TYPE, value: esignet.ways.user },
      { type: 'MOSIP_TOKEN', value: 'mts-token-1' },
    ])
  })

  test('a household signs in nowhere', async () => {
    const { office, tableId } = table
    const { id } = await enter(office, 'group', { name: 'Household Alemu', groupKind: 'household' })
    const input = { registrantId: id, providerId: tableId, language: 'en' }
    expect(await office.codeOf('personCheck.begin', input, CLERK)).toBe('person-check.not-a-person')
  })
})

describe('the officer stays the officer', () => {
  const current = () => table.office.get('session.current', undefined, CLERK)

  test('a registrant who shows who they are opens no session and asks for nothing', async () => {
    const { office } = table
    const { id } = await hirut()
    const before = await current()
    const { attemptId, url } = await beginCheck(table, id)
    const outcome = await goThrough(table, { attemptId, url }, CLERK)
    expect(outcome).toEqual({ code: 'fine', value: { kind: 'registrant-shown' } })
    expect(await current()).toEqual(before)
    // Nor can it be made into the wish to become an officer.
    const wish = { attemptId, name: 'Hirut Alemu', pin: '903718' }
    expect(await office.codeOf('signIn.askIn', wish, CLERK)).toBe('sign-in.attempt-gone')
    expect(await office.get('signIn.applicants')).toEqual([])
  })

  test('each provider serves one purpose only', async () => {
    const { office, tableId, providerId } = table
    const { id } = await hirut()
    const officers = await office.get<{ id: string }[]>('signIn.providers')
    expect(officers.map((one) => one.id)).toEqual([providerId])
    const registrants = await office.get<{ id: string }[]>('personCheck.providers', undefined, CLERK)
    expect(registrants.map((one) => one.id)).toEqual([tableId])
    const language = 'en'
    expect(await office.codeOf('signIn.begin', { providerId: tableId, language }, 'door')).toBe('sign-in.other-purpose')
    expect(await office.codeOf('signIn.beginLink', { providerId: tableId, language }, CLERK)).toBe(
      'sign-in.other-purpose',
    )
    const asOfficer = { registrantId: id, providerId, language }
    expect(await office.codeOf('personCheck.begin', asOfficer, CLERK)).toBe('sign-in.other-purpose')
  })

  test('state and code of the one are worth nothing at the other', async () => {
    const { office } = table
    const { id } = await hirut()
    const [door, atTable] = [await begin(table, 'door'), await beginCheck(table, id)]
    const fromTable = (await new Browser().open(atTable.url)) as URL
    const fromDoor = (await new Browser().open(door.url)) as URL
    // The answer as it is, at the other's port.
    const moved = new URL(fromTable)
    moved.port = fromDoor.port
    expect((await land(moved)).status).toBe(400)
    // The registrant's code, under the state of the officer's attempt, and the other way round.
    const swap = (into: URL, from: URL): URL => {
      const url = new URL(into)
      url.searchParams.set('code', from.searchParams.get('code') ?? '')
      return url
    }
    const asOfficer = office.codeOf('signIn.finish', { attemptId: door.attemptId }, 'door')
    await land(swap(fromDoor, fromTable))
    expect(await asOfficer).toBe('sign-in.code-refused')
    expect(await office.get('session.current', undefined, 'door')).toBeNull()
    const asRegistrant = office.codeOf('signIn.finish', { attemptId: atTable.attemptId }, CLERK)
    await land(swap(fromTable, fromDoor))
    expect(await asRegistrant).toBe('sign-in.code-refused')
    expect(await office.codeOf('personCheck.view', { registrantId: id }, CLERK)).toBe('person-check.over')
  })

  test('an officer who signs in instead of the registrant is told so, and is nobody on the registry', async () => {
    const { office, esignet } = table
    const { id } = await hirut()
    esignet.ways.user = 'an-officer'
    const asked = await begin(table, 'new')
    await goThrough(table, asked, 'new')
    await office.get('signIn.askIn', { attemptId: asked.attemptId, name: 'Officer', pin: '903718' }, 'new')
    expect((await goToTable(table, id)).code).toBe('person-check.is-officer')
    expect(numbersOf(id)).toEqual([])
  })

  test('whoever was signed in before in the same browser does not count: it has to be now', async () => {
    const { esignet } = table
    const { id } = await hirut()
    const browser = new Browser()
    const { url } = await beginCheck(table, id)
    const wanted = new URL(url).searchParams
    expect([wanted.get('prompt'), wanted.get('max_age'), wanted.get('client_id')]).toEqual([
      'login',
      '0',
      'field-office-table',
    ])
    expect(wanted.get('claims')).not.toContain('individual_id')
    esignet.changeIdToken((claims) => ({ ...claims, auth_time: Number(claims.iat) - 600 }))
    expect((await goToTable(table, id, { browser })).code).toBe('sign-in.not-fresh')
  })

  test('only the window where it was begun sees it, and nobody once the officer has gone', async () => {
    const { office } = table
    const { id } = await hirut()
    await check(table, id)
    expect(await office.codeOf('personCheck.view', { registrantId: id })).toBe('api.not-your-role')
    const { id: officerId } = (await current()) as { id: string }
    await office.get('session.signOut', undefined, CLERK)
    await office.get('session.signIn', { officerId, pin: '271828' }, CLERK)
    expect(await office.codeOf('personCheck.view', { registrantId: id }, CLERK)).toBe('person-check.over')
    expect(actionsOf(id)).toEqual(['registrant.check-dropped'])
  })
})

describe('when it does not come to that', () => {
  test('the registrant calls it off there, the officer here, and nothing stays', async () => {
    const { office } = table
    const { id } = await hirut()
    const refused = await goToTable(table, id, {
      tamper: (came) => {
        const state = came.searchParams.get('state') ?? ''
        came.search = String(new URLSearchParams({ error: 'access_denied', state }))
        return came
      },
    })
    expect(refused).toEqual({ code: 'sign-in.refused', value: { reason: 'access_denied' } })
    await check(table, id)
    await office.get('personCheck.drop', undefined, CLERK)
    expect(await office.codeOf('personCheck.view', { registrantId: id }, CLERK)).toBe('person-check.over')
    expect(actionsOf(id)).toEqual(['registrant.check-dropped'])
  })

  test('without a line, with a wrong clock, and with user info that nobody can verify', async () => {
    const { office, esignet, tableId } = table
    const { id } = await hirut()
    const input = { registrantId: id, providerId: tableId, language: 'ar' }
    office.core.getOffice().http.cutLine(true)
    expect(await office.codeOf('personCheck.begin', input, CLERK)).toBe('person-check.no-line')
    office.core.getOffice().http.cutLine(false)
    esignet.ways.clockOff = 600_000
    expect(await office.codeOf('personCheck.begin', input, CLERK)).toBe('sign-in.clock-wrong')
    esignet.ways.clockOff = 0
    esignet.ways.refusesUserInfo = true
    expect((await goToTable(table, id)).code).toBe('sign-in.user-info-invalid')
    esignet.ways.refusesUserInfo = false
    esignet.ways.userInfo = (text) => `${text.slice(0, -6)}AAAAAA`
    expect((await goToTable(table, id)).code).toBe('sign-in.user-info-invalid')
    esignet.ways.acr = 'mosip:idp:acr:knowledge'
    esignet.ways.userInfo = undefined
    expect((await goToTable(table, id)).code).toBe('sign-in.acr-missing')
    expect(await signIn(table, 'door')).toBeTruthy()
  })
})

test('nested user info, signed and encrypted, is opened; the type of the subject is nobody else’s', async () => {
  const other = await tableOffice({ userInfo: 'encrypted' })
  const { office, esignet } = other
  esignet.ways.claims = { birthdate: '1987-03-12' }
  const { id } = await enter(office, 'individual', { name: 'Selam Tadesse' })
  const view = await check(other, id)
  expect(view.facts.map(({ field }) => field)).toEqual(['name', 'birthdate'])
  const listed = await office.get<({ id: string } & Record<string, unknown>)[]>('signIn.list')
  const settings = listed.find((one) => one.id === other.tableId)
  const taken = { ...settings, name: 'A second one' }
  expect(await office.get('signIn.preview', { id: null, settings: taken })).toEqual([
    { path: 'subjectType', code: 'sign-in.subject-type-taken' },
  ])
  await other.close()
})

test('what nobody decides about is forgotten after ten minutes', async () => {
  const { store, http, sessions, signIn: real } = table.office.core.getOffice()
  const { id } = await hirut()
  const timers: { readonly at: number; readonly runs: () => void }[] = []
  const time = {
    ...systemTime,
    after: (at: number, runs: () => void) => {
      timers.push({ at, runs })
      return () => undefined
    },
  }
  // A provider from which the registrant is back at once.
  const proof = {
    identity: { providerId: table.tableId, issuer: 'https://id.example.org', subject: 'psut', name: '', at: 0 },
    claims: { name: 'Hirut Alemu' },
  }
  const signIn = Object.create(real, {
    begin: {
      value: async (_client: string, _provider: string, purpose: Purpose) => {
        if (purpose.kind === 'registrant') purpose.shown(proof)
      },
    },
  }) as ProviderSignIn
  const checks = new PersonChecks({ store, http, sessions, signIn, time })
  const officer = sessions.find(CLERK) as Officer
  await checks.begin(CLERK, officer, { registrantId: id, providerId: table.tableId, language: 'en' })
  expect(checks.view(CLERK, id).facts).toHaveLength(1)
  expect(timers.map(({ at }) => at)).toEqual([600_000])
  for (const { runs } of timers) runs()
  expect(() => checks.view(CLERK, id)).toThrow(
    expect.objectContaining({ fault: { code: 'person-check.over', params: {} } }),
  )
  expect(actionsOf(id)).toEqual(['registrant.check-dropped'])
  checks.close()
})
