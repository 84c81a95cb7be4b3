import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RegistrantPage } from '../../../electron/core/registry/queries.ts'
import type { OpenOffice } from '../open-office.ts'
import { CLERK, clerkOffice, enter, list, record, someFacts } from './clerk-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = await clerkOffice()
})
afterEach(async () => {
  expect(office.faults).toEqual([])
  await office.close()
})

const clerk = <T>(path: string, input: unknown): Promise<T> => office.get<T>(path, input, CLERK)
const edit = (id: string, base: string, facts: object) =>
  clerk<{
    outcome: string
    fields?: string[]
    theirs?: object
    view?: { area: string; address: string; changedAt: string }
  }>('registry.edit', { id, base, facts })

test('a person is entered once per registry number, with every problem at its field', async () => {
  await enter(office, 'individual', { registryNumber: 'P-1', givenName: ' Almaz ', familyName: 'Desta' })
  const again = someFacts({ registryNumber: 'P-1', birthdate: '2999-01-01', name: 'x\u0000' })
  expect(await clerk('registry.create', { kind: 'individual', facts: again })).toMatchObject({
    outcome: 'problems',
    problems: [
      { field: 'name', code: 'text.control-character' },
      { field: 'birthdate', code: 'registry.day-in-future' },
      { field: 'registryNumber', code: 'registry.number-taken' },
    ],
  })
  expect((await list(office)).rows.map(({ name }) => name)).toEqual(['Almaz Desta'])
})

test('edits of different fields merge, edits of the same field are a conflict with both versions', async () => {
  const { id, changedAt } = await enter(office, 'individual', { name: 'Almaz Desta' })
  expect(await edit(id, changedAt, { area: 'Adama' })).toMatchObject({ outcome: 'saved' })
  expect(await edit(id, changedAt, { address: 'Kebele 4' })).toMatchObject({
    outcome: 'saved',
    view: { area: 'Adama', address: 'Kebele 4' },
  })
  expect(await edit(id, changedAt, { area: 'Jimma' })).toMatchObject({
    outcome: 'conflict',
    code: 'store.changed-meanwhile',
    fields: ['area'],
    theirs: { area: 'Adama' },
  })
  expect((await record(office, id)).view.area).toBe('Adama')
})

test('contacts are checked, one is preferred, and full values are shown only by an audited look', async () => {
  const { id } = await enter(office, 'individual', { name: 'Almaz Desta' })
  const set = (contact: object, prefer = false) => clerk('registry.setContact', { registrantId: id, contact, prefer })
  expect(await set({ kind: 'phone', number: '0911' })).toMatchObject({ problems: [{ field: 'number' }] })
  await set({ kind: 'phone', number: '+251 911 234 567' })
  await set({ kind: 'phone', number: '+251 912 345 678' }, true)
  await set({ kind: 'account', accountNumber: '1000 2000', iban: '', bic: 'ABCDETAA', bankName: 'A bank' })
  const { view, history } = await record(office, id)
  expect(view.phoneHints.map(({ hint, preferred }) => [hint, preferred])).toEqual([
    ['•••• 567', false],
    ['•••• 678', true],
  ])
  const look = { registrantId: id, kind: 'phone', id: view.phoneHints[0]?.id }
  expect(await clerk('registry.reveal', look)).toMatchObject({ value: '+251911234567' })
  expect(await clerk('audit.ofSubject', { subjectKind: 'registrant', subjectId: id, limit: 10 })).toMatchObject({
    rows: [{ action: 'registrant.revealed' }, {}, {}, {}, { action: 'registrant.created' }],
  })
  expect(JSON.stringify(history)).not.toContain('911234567')
  await clerk('registry.markContact', { registrantId: id, kind: 'phone', id: view.phoneHints[1]?.id, mark: 'disable' })
  expect((await record(office, id)).view.phoneHints.map(({ preferred }) => preferred)).toEqual([true, false])
})

test('an identity number belongs to one person, and its value is in no list, search, history or audit entry', async () => {
  const one = await enter(office, 'individual', { name: 'Almaz Desta' })
  const other = await enter(office, 'individual', { name: 'Bekele Worku' })
  const identity = { type: 'national_id', value: 'SECRET 12345', status: 'valid', expiresOn: null }
  expect(await clerk('registry.setIdentity', { registrantId: one.id, ...identity })).toEqual({ problems: [] })
  expect(await clerk('registry.setIdentity', { registrantId: other.id, ...identity })).toMatchObject({
    problems: [{ field: 'value', code: 'registry.identity-taken' }],
  })
  const everywhere = JSON.stringify([
    await record(office, one.id),
    await list(office),
    await clerk('audit.ofSubject', { subjectKind: 'registrant', subjectId: one.id, limit: 50 }),
  ])
  expect(everywhere).not.toContain('12345')
  expect((await list(office, { search: 'SECRET12345' })).total).toBe(0)
})

test('a group has one head at a time; an ended membership makes room for the next', async () => {
  const group = await enter(office, 'group', { name: 'Household Desta' })
  const first = await enter(office, 'individual', { name: 'Almaz Desta' })
  const second = await enter(office, 'individual', { name: 'Dawit Desta' })
  const member = (individualId: string, more: object) =>
    clerk<{ id: string; problems: { code: string }[] }>('registry.setMembership', {
      groupId: group.id,
      individualId,
      kinds: ['head'],
      endedDate: null,
      ...more,
    })
  const { id } = await member(first.id, { startDate: '2020-01-01' })
  expect((await member(second.id, { startDate: '2024-01-01' })).problems).toMatchObject([
    { code: 'registry.other-head' },
  ])
  await member(first.id, { id, startDate: '2020-01-01', endedDate: '2024-01-01' })
  expect((await member(second.id, { startDate: '2024-01-01' })).problems).toEqual([])
  expect((await record(office, group.id)).memberships).toHaveLength(2)
})

test('search finds names by the beginnings of their words in any script, without accents, and registry numbers', async () => {
  await enter(office, 'individual', { registryNumber: 'ET-77', name: 'Élodie Muñoz' })
  await enter(office, 'individual', { name: 'فاطمة الحداد' })
  await enter(office, 'group', { name: 'Muñoz (Élodie)' })
  const found = async (text: string) =>
    (await clerk<RegistrantPage>('registry.search', { text, limit: 20 })).rows.map(({ name }) => name).sort()
  expect(await found('munoz elo')).toEqual(['Muñoz (Élodie)', 'Élodie Muñoz'].sort())
  expect(await found('الح')).toEqual(['فاطمة الحداد'])
  expect(await found('et-7')).toEqual(['Élodie Muñoz'])
  expect(await found('m')).toEqual(['Muñoz (Élodie)'])
  expect(await found('"* OR NEAR(')).toEqual([])
})

test('lists filter in the filter language, sort, and page without gaps', async () => {
  for (let number = 1; number <= 30; number++) {
    const area = number % 3 === 0 ? 'Adama' : 'Jimma'
    await enter(office, number % 5 === 0 ? 'group' : 'individual', {
      registryNumber: `N${number}`,
      name: `Person ${number}`,
      area,
    })
  }
  const filter = "['&', ('area', '=', 'Adama'), ('is_group', '=', False)]"
  const filtered = await list(office, { filter, order: { column: 'registryNumber', direction: 'desc' } })
  expect(filtered.rows.map(({ registryNumber }) => registryNumber)).toEqual([
    'N9',
    'N6',
    'N3',
    'N27',
    'N24',
    'N21',
    'N18',
    'N12',
  ])
  expect(await clerk('registry.count', { filter })).toBe(8)
  expect(await clerk('registry.count', { filter: "[('name', 'ilike', 'PERSON 1')]" })).toBe(11)
  const whole = await list(office)
  const pages = await Promise.all([0, 7, 14, 21, 28].map((offset) => list(office, { offset, limit: 7 })))
  expect(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(whole.rows.map(({ id }) => id))
  expect(await office.codeOf('registry.count', { filter: "[('phone_numbers', '=', '1')]" }, CLERK)).toBe(
    'filter.unknown-field',
  )
})

test('a removed registrant leaves lists and search and comes back whole', async () => {
  const { id } = await enter(office, 'individual', { name: 'Almaz Desta' })
  await clerk('registry.remove', { id })
  expect((await list(office)).total).toBe(0)
  expect((await list(office, { search: 'almaz' })).total).toBe(0)
  expect(await office.codeOf('registry.edit', { id, base: '', facts: {} }, CLERK)).toBe('registry.is-removed')
  await clerk('registry.restore', { id })
  expect((await list(office, { search: 'almaz' })).total).toBe(1)
})

test('whoever has the same account, or nearly the same name and the same birthday, is pointed out', async () => {
  const birthdate = '1980-05-05'
  const one = await enter(office, 'individual', { name: 'Mohammed Ali Hassan', birthdate })
  const alike = await enter(office, 'individual', { name: 'Mohamed Ali Hassan', birthdate })
  const namesake = await enter(office, 'individual', { name: 'Mohammed Ali Hassan', birthdate: '1999-01-01' })
  const contact = { kind: 'account', accountNumber: '1', iban: '', bic: 'ABCDETAA', bankName: '' }
  for (const { id } of [one, namesake]) await clerk('registry.setContact', { registrantId: id, contact, prefer: true })
  const found = await clerk<{ id: string; reasons: string[] }[]>('registry.lookAlikes', { id: one.id })
  expect(Object.fromEntries(found.map(({ id, reasons }) => [id, reasons]))).toEqual({
    [alike.id]: ['similar-name', 'same-birthdate'],
    [namesake.id]: ['same-account'],
  })
})

test('an exported list opens safely in a spreadsheet and comes in again as it was', async () => {
  await enter(office, 'individual', { registryNumber: '1', name: '=cmd|calc', area: 'A, "B"' })
  const order = { column: 'name', direction: 'asc' }
  const { id, rows } = await clerk<{ id: string; rows: number }>('registry.exportBegin', {
    order,
    format: 'csv',
    contacts: false,
  })
  expect(rows).toBe(1)
  const piece = await clerk<{ content: string; last: boolean }>('registry.exportPiece', { id, done: 0 })
  const text = Buffer.from(piece.content, 'base64').toString()
  expect(piece.last).toBe(true)
  expect(text).toContain(`'=cmd|calc`)
  expect(text).toContain('"A, ""B"""')
  const workbook = await clerk<{ id: string }>('registry.exportBegin', { order, format: 'xlsx', contacts: true })
  const file = await clerk<{ content: string }>('registry.exportPiece', { id: workbook.id, done: 0 })
  expect(Buffer.from(file.content, 'base64').subarray(0, 2).toString()).toBe('PK')
})

test('only clerks change the registry, and an auditor cannot export full contact data', async () => {
  const facts = someFacts({ name: 'Almaz' })
  expect(await office.codeOf('registry.create', { kind: 'individual', facts })).toBe('api.not-your-role')
})
