import { afterEach, beforeEach, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import type { SaveOutcome } from '../../../electron/core/registry/registrant-commands.ts'
import { householdsCsv, personsCsv } from '../../../electron/training/people/people-csv.ts'
import type { OpenOffice } from '../open-office.ts'
import {
  bringIn,
  CLERK,
  check,
  clerkOffice,
  enter,
  list,
  problemsOf,
  record,
  someFacts,
  statusWhen,
  upload,
} from './clerk-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = await clerkOffice()
})
afterEach(async () => {
  expect(office.faults).toEqual([])
  await office.close()
})

const names = async (): Promise<string[]> => (await list(office)).rows.map(({ name }) => name)

test('a file of persons comes in with contacts, identity numbers and its suggested columns', async () => {
  const ended = await bringIn(office, [...personsCsv({ count: 300 })].join(''))
  expect(ended).toMatchObject({ outcome: 'done', counts: { rows: 300, added: 300, refused: 0 } })
  const page = await list(office)
  expect(page.total).toBe(300)
  const first = await record(office, page.rows[0]?.id as string)
  expect(first.view).toMatchObject({ kind: 'individual', importId: ended.id })
  expect(first.view.phoneHints[0]?.hint).toMatch(/^•••• \d{3}$/)
  expect(first.view.identityHints).toHaveLength(1)
  expect(JSON.stringify(first)).not.toMatch(/\+\d{8}/)
})

test('a household row makes the household, its head and the membership', async () => {
  await bringIn(office, [...householdsCsv({ count: 50 })].join(''))
  expect(await office.get('registry.counts', undefined, CLERK)).toEqual({ individuals: 50, groups: 50 })
  const [household] = (await list(office, { kind: 'group' })).rows
  const { memberships } = await record(office, household?.id as string)
  expect(memberships).toMatchObject([
    { membership: { kinds: ['head'], endedDate: null }, other: { kind: 'individual' } },
  ])
})

test('reading the same file again skips what is there, or updates it when told to', async () => {
  const file = 'Number,Name,Area\r\n1,Almaz Desta,Adama\r\n2,Bekele Worku,Jimma\r\n'
  await bringIn(office, file)
  expect((await bringIn(office, file)).counts).toMatchObject({ added: 0, skipped: 2 })
  const changed = await bringIn(office, file.replace('Jimma', 'Hawassa'), { existing: 'update' })
  expect(changed.counts).toMatchObject({ added: 0, updated: 2 })
  const page = await list(office)
  expect(page.rows.map(({ name, area }) => [name, area])).toEqual([
    ['Almaz Desta', 'Adama'],
    ['Bekele Worku', 'Hawassa'],
  ])
})

test('every fault of every row is told with the row number of the file; the good rows come in', async () => {
  const file = [
    'Number;Name;Birthdate;Gender;Phone;IBAN',
    '1;"Name over\ntwo lines";1980-01-01;f;;',
    '2;Good Person;01/02/1990;female;+251911234567;',
    '',
    '3;;1990-13-40;unknown;12;XX00',
    '2;Again Person;;;;',
    `4;${'x'.repeat(10_000)};;;;`,
    '5;\u202eesrever;;;;',
    '6;Bell\u0007;;;;',
    '7;"=HYPERLINK(""http://x"")";;;;',
    '8;Too;many;cells;here;for;this;row',
  ].join('\r\n')
  const ended = await bringIn(office, file)
  expect(ended.counts).toMatchObject({ rows: 9, added: 2, refused: 7 })
  expect(await names()).toEqual(['=HYPERLINK("http://x")', 'Good Person'])
  const problems = await problemsOf(office, ended.id)
  const reasons = (row: number) =>
    problems.find((one) => one.row === row)?.reasons.map(({ field, code }) => [field, code])
  expect(reasons(2)).toEqual([['name', 'text.line-break']])
  expect(reasons(5)).toEqual([
    ['birthdate', 'registry.bad-day'],
    ['gender', 'registry.bad-gender'],
    ['phone', 'phone.no-country'],
    ['iban', 'iban.unknown-country'],
    ['name', 'registry.name-missing'],
  ])
  expect(reasons(6)).toEqual([['registryNumber', 'registry.twice-in-file']])
  expect(reasons(7)).toEqual([['name', 'text.too-long']])
  expect(reasons(8)).toEqual([['name', 'text.bidi-control']])
  expect(reasons(9)).toEqual([['name', 'text.control-character']])
  expect(reasons(11)?.[0]).toEqual(['', 'registry.row-too-long'])
  // The quoted line end makes the row one line longer, but not the numbers of rows.
  expect(problems.find((one) => one.row === 5)?.line).toBe(6)
  const bad = await office.get<{ content: string; last: boolean }>(
    'registry.imports.badRows',
    {
      id: ended.id,
      after: 0,
      header: ['Number', 'Name'],
      sentences: { 'text.too-long': 'Too long' },
      words: { row: 'Zeile', reasons: 'Gründe', fields: { name: 'Vorname' } },
    },
    CLERK,
  )
  const text = Buffer.from(bad.content, 'base64').toString()
  expect(text).toContain('Number,Name,Zeile,Gründe')
  expect(text).toContain('7,Vorname: Too long')
})

test.each([
  ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16, little end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16, big end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['windows-1252', (text: string) => Buffer.from(text, 'latin1')],
])('a file in %s reads the same', async (_, encode) => {
  await bringIn(office, encode('Numéro de registre\tNom\tPrénom\r\n1\tMuñoz\tÉlodie\r\n'))
  expect(await names()).toEqual(['Élodie Muñoz'])
})

test.each([
  ['an empty file', new Uint8Array(), 'registry.file-empty'],
  ['only line ends', Buffer.from('\r\n\r\n'), 'registry.file-no-rows'],
  ['a picture', Buffer.concat([Buffer.from('\x89PNG\r\n'), Buffer.alloc(5_000)]), 'registry.file-not-a-table'],
  ['a broken workbook', Buffer.from('PK\u0003\u0004 and then nothing of use'), 'registry.file-damaged'],
  ['a quote that never ends', Buffer.from(`Name\r\n"${'a,b\r\n'.repeat(50_000)}`), 'registry.file-unclosed-quote'],
])('%s is refused with its reason and changes nothing', async (_, content, code) => {
  await expect(upload(office, content)).rejects.toThrow(code)
  expect((await list(office)).total).toBe(0)
})

test('undo restores what was changed, removes what was added, and leaves no trace in lists', async () => {
  const person = await enter(office, 'individual', { registryNumber: '1', name: 'Almaz Desta', area: 'Adama' })
  const before = (await record(office, person.id)).view
  const ended = await bringIn(
    office,
    'Number,Name,Area,Phone\r\n1,Almaz Desta,Jimma,+251911234567\r\n2,Abebe Lemma,,\r\n',
    {
      existing: 'update',
    },
  )
  expect(ended.counts).toMatchObject({ added: 1, updated: 1 })
  await office.get('registry.imports.undo', { id: ended.id }, CLERK)
  const { changedAt, changedBy, ...restored } = (await record(office, person.id)).view
  expect({ ...restored, changedAt: before.changedAt, changedBy: before.changedBy }).toEqual(before)
  expect(await names()).toEqual(['Almaz Desta'])
  expect((await list(office, { search: 'abebe' })).total).toBe(0)
  expect(await office.codeOf('registry.imports.undo', { id: ended.id }, CLERK)).toBe('registry.import-state')
  // The same file can come in again afterwards.
  expect((await bringIn(office, 'Number,Name\r\n2,Abebe Lemma\r\n')).counts).toMatchObject({ added: 1 })
  expect(await names()).toEqual(['Abebe Lemma', 'Almaz Desta'])
})

test('an import on which somebody has built is not undone', async () => {
  const ended = await bringIn(office, 'Number,Name\r\n1,Almaz Desta\r\n')
  const [row] = (await list(office)).rows
  const { view } = await record(office, row?.id as string)
  await office.get('registry.edit', { id: view.id, base: view.changedAt, facts: { area: 'Adama' } }, CLERK)
  expect(await office.codeOf('registry.imports.undo', { id: ended.id }, CLERK)).toBe('registry.undo-changed')
  expect(await names()).toEqual(['Almaz Desta'])
})

test('a cancelled import leaves nothing behind, and while it runs its people cannot be edited', async () => {
  const uploaded = await upload(office, [...personsCsv({ count: 4_000 })].join(''))
  await check(office, uploaded)
  await office.get('registry.imports.start', { id: uploaded.id }, CLERK)
  await statusWhen(office, uploaded.id, ({ done }) => done >= 250)
  const [row] = (await list(office)).rows
  if (row !== undefined) {
    const facts = { area: 'Adama' }
    expect(await office.codeOf('registry.edit', { id: row.id, base: '', facts }, CLERK)).toBe('registry.being-imported')
  }
  await office.get('registry.imports.cancel', { id: uploaded.id }, CLERK)
  const ended = await statusWhen(office, uploaded.id, ({ stage }) => stage === 'ended')
  expect(ended.outcome).toBe('cancelled')
  expect((await list(office)).total).toBe(0)
  expect(await office.get('registry.imports.history', { limit: 5 }, CLERK)).toMatchObject([{ state: 'cancelled' }])
})

test('what was checked before somebody changed the registry is checked again', async () => {
  const uploaded = await upload(office, 'Number,Name\r\n1,Almaz Desta\r\n2,Bekele Worku\r\n')
  expect((await check(office, uploaded)).counts).toMatchObject({ added: 2, skipped: 0 })
  await enter(office, 'individual', { registryNumber: '1', name: 'Somebody Else' })
  await office.get('registry.imports.start', { id: uploaded.id }, CLERK)
  const ended = await statusWhen(office, uploaded.id, ({ stage }) => stage === 'ended')
  expect(ended).toMatchObject({ outcome: 'done', counts: { added: 1, skipped: 1, refused: 0 } })
  expect(await names()).toEqual(['Bekele Worku', 'Somebody Else'])
})

test('a household whose number somebody takes while the import runs is left out whole, with its reason', async () => {
  const file = [...householdsCsv({ count: 3_000 })].join('')
  const numbers = file.split('\r\n').flatMap((line) => line.match(/^H-\d+/) ?? [])
  const uploaded = await upload(office, file)
  await check(office, uploaded)
  await office.get('registry.imports.start', { id: uploaded.id }, CLERK)
  const taken = await takeOneOf(numbers)
  const ended = await statusWhen(office, uploaded.id, ({ stage }) => stage === 'ended')
  expect(ended).toMatchObject({ outcome: 'done', counts: { rows: 3_000, added: 2_999, refused: 1 } })
  expect(await problemsOf(office, ended.id)).toMatchObject([
    { taken: false, reasons: [{ code: 'registry.row-changed-meanwhile' }] },
  ])
  expect(await office.get('registry.counts', undefined, CLERK)).toEqual({ individuals: 2_999, groups: 3_000 })
  const [theirs] = (await list(office, { search: taken })).rows
  expect((await record(office, theirs?.id as string)).view).toMatchObject({ name: 'Entered by hand', importId: '' })
  expect((await record(office, theirs?.id as string)).memberships).toEqual([])
})

/** Enters a group by hand under the first of these numbers that is still free, as soon as an import is at work. */
async function takeOneOf(numbers: readonly string[]): Promise<string> {
  for (const registryNumber of numbers.toReversed()) {
    const facts = someFacts({ registryNumber, name: 'Entered by hand', groupKind: 'household' })
    const saved = await office.get<SaveOutcome>('registry.create', { kind: 'group', facts }, CLERK)
    if (saved.outcome === 'saved') return registryNumber
  }
  throw new Error('the import was faster than anybody')
}

test('what is chosen for a file is remembered for the next one with the same heading', async () => {
  const file = 'A,B\r\n1,Almaz Desta\r\n'
  const first = await upload(office, file)
  await check(office, first, { subject: 'individual', mapping: { 0: 'registryNumber', 1: 'name' }, dayOrder: 'mdy' })
  const second = await upload(office, file)
  expect(second.suggestion).toMatchObject({ mapping: { 0: 'registryNumber', 1: 'name' }, dayOrder: 'mdy' })
})

test('a workbook reads like a text file, and numbers that a spreadsheet has rounded are refused', async () => {
  const rows = [
    ['Number', 'Name', 'Birthdate', 'Account number'],
    [7, 'Almaz Desta', { value: new Date('1980-02-28T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' }, '00012'],
    [8, 'Bekele Worku', null, 1.234e19],
  ]
  const ended = await bringIn(office, await writeXlsxFile(rows).toBuffer())
  expect(ended.counts).toMatchObject({ rows: 2, added: 1, refused: 1 })
  expect((await list(office)).rows).toMatchObject([
    { registryNumber: '7', name: 'Almaz Desta', birthdate: '1980-02-28' },
  ])
  expect(await problemsOf(office, ended.id)).toMatchObject([
    { row: 3, reasons: [{ code: 'text.broken-character' }, {}] },
  ])
})
