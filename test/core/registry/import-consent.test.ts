import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Consent } from '../../../shared/model/tokenisation.ts'
import type { OpenOffice } from '../open-office.ts'
import { bringIn, CLERK, check, clerkOffice, list, problemsOf, upload } from './clerk-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = await clerkOffice()
})
afterEach(async () => {
  expect(office.faults).toEqual([])
  await office.close()
})

const idOf = async (name: string): Promise<string> => {
  const id = (await list(office)).rows.find((row) => row.name === name)?.id
  if (id === undefined) throw new Error(`${name} is not there`)
  return id
}
const consentOf = async (name: string): Promise<Consent | null> =>
  office.get('tokenisation.consents.of', { registrantId: await idOf(name) }, CLERK)
const write = async (name: string, given: boolean, on: string): Promise<void> => {
  const entry = { registrantIds: [await idOf(name)], given, on, how: 'spoken', note: '' }
  await office.get('tokenisation.consents.set', entry, CLERK)
}

const FILE = [
  'Number,Name,Consent,Consent date',
  '1,Almaz Desta,Yes,2026-03-05',
  '2,Bekele Worku,no,2026-03-06',
  '3,Chaltu Abebe,,',
  '4,Dawit Haile,نعم,',
  '5,Eleni Kebede,perhaps,',
  '6,Fikru Alemu,yes,2999-01-01',
].join('\r\n')

test('a column of consents is found, shown before anything is written, and its faults are told by row', async () => {
  const uploaded = await upload(office, FILE)
  expect(Object.values(uploaded.suggestion.mapping)).toEqual(['registryNumber', 'name', 'consent', 'consentOn'])
  const checked = await check(office, uploaded, { dayOrder: 'ymd' })
  expect(checked.counts).toMatchObject({ added: 4, refused: 2 })
  expect(checked.preview.map(({ consent, does }) => [consent, does])).toEqual([
    ['given', 'add'],
    ['refused', 'add'],
    [null, 'add'],
    ['given', 'add'],
    [null, 'refuse'],
    ['given', 'refuse'],
  ])
  const reasons = (await problemsOf(office, uploaded.id)).flatMap(({ reasons: all }) => all)
  expect(reasons.map(({ field, code }) => [field, code])).toEqual([
    ['consent', 'registry.bad-consent'],
    ['consentOn', 'registry.day-in-future'],
  ])
})

test('consents come with their day, the way they were said, the file and its row, audited for the officer', async () => {
  const ended = await bringIn(office, FILE, { dayOrder: 'ymd', consentHow: 'form' })
  expect(await consentOf('Almaz Desta')).toMatchObject({
    given: true,
    on: '2026-03-05',
    how: 'form',
    note: 'people.csv (2)',
  })
  expect(await consentOf('Bekele Worku')).toMatchObject({ given: false, on: '2026-03-06' })
  expect(await consentOf('Chaltu Abebe')).toBeNull()
  expect(await consentOf('Dawit Haile')).toMatchObject({ given: true })
  const { rows } = await office.get<{
    rows: { action: string; subjectId: string; officerId: string; detail: string }[]
  }>('audit.page', { limit: 100 })
  const almaz = await idOf('Almaz Desta')
  const entry = rows.find(({ action, subjectId }) => action === 'consent.given' && subjectId === almaz)
  expect(entry?.officerId).toBe(rows.find(({ action }) => action === 'import.started')?.officerId)
  expect(JSON.parse(entry?.detail ?? '')).toMatchObject({ how: 'form', import: ended.id, row: 2 })
})

test('a household row says it of the head', async () => {
  await bringIn(office, 'Household number,Head name,Head consent\r\nH1,Almaz Desta,oui\r\n')
  const { rows } = await list(office)
  const holders = await Promise.all(
    rows.map(async ({ id, kind }) => [
      kind,
      (await office.get<Consent | null>('tokenisation.consents.of', { registrantId: id }, CLERK))?.given,
    ]),
  )
  expect(new Map(holders as [string, boolean | undefined][])).toEqual(
    new Map<string, boolean | undefined>([
      ['individual', true],
      ['group', undefined],
    ]),
  )
})

test('a withdrawal stays unless the file says that consent was given later, and nobody who is left alone changes', async () => {
  const people = 'Number,Name\r\n1,Almaz Desta\r\n2,Bekele Worku\r\n3,Chaltu Abebe\r\n4,Dawit Haile\r\n'
  await bringIn(office, people)
  for (const name of ['Almaz Desta', 'Bekele Worku', 'Chaltu Abebe']) await write(name, false, '2026-04-01')
  await write('Dawit Haile', true, '2026-04-01')
  const file = [
    'Number,Name,Consent,Consent date',
    '1,Almaz Desta,yes,',
    '2,Bekele Worku,yes,2026-03-31',
    '3,Chaltu Abebe,yes,2026-04-02',
    '4,Dawit Haile,no,',
  ].join('\r\n')
  const given = async (): Promise<(boolean | undefined)[]> =>
    Promise.all(
      ['Almaz Desta', 'Bekele Worku', 'Chaltu Abebe', 'Dawit Haile'].map(
        async (name) => (await consentOf(name))?.given,
      ),
    )
  await bringIn(office, file, { dayOrder: 'ymd' })
  expect(await given()).toEqual([false, false, false, true])
  const ended = await bringIn(office, file, { dayOrder: 'ymd', existing: 'update' })
  expect(ended.counts).toMatchObject({ updated: 4, warned: 2 })
  expect(await given()).toEqual([false, false, true, false])
  const told = (await problemsOf(office, ended.id)).map(({ row, taken, reasons }) => [row, taken, reasons[0]?.code])
  expect(told).toEqual([
    [2, true, 'registry.consent-stays-withdrawn'],
    [3, true, 'registry.consent-stays-withdrawn'],
  ])
})

test('undo takes consents back, and gives back those that were there before', async () => {
  await bringIn(office, 'Number,Name\r\n1,Almaz Desta\r\n')
  await write('Almaz Desta', true, '2026-02-01')
  const file = 'Number,Name,Consent\r\n1,Almaz Desta,no\r\n2,Bekele Worku,yes\r\n'
  const { id } = await bringIn(office, file, { existing: 'update' })
  const bekele = await idOf('Bekele Worku')
  expect(await consentOf('Almaz Desta')).toMatchObject({ given: false })
  await office.get('registry.imports.undo', { id }, CLERK)
  expect(await consentOf('Almaz Desta')).toMatchObject({ given: true, on: '2026-02-01', how: 'spoken' })
  expect(await office.get('tokenisation.consents.of', { registrantId: bekele }, CLERK)).toBeNull()
})

test('an import is not undone over what people said since', async () => {
  const { id } = await bringIn(office, 'Number,Name,Consent\r\n1,Almaz Desta,yes\r\n')
  await write('Almaz Desta', false, '2026-04-01')
  await expect(office.get('registry.imports.undo', { id }, CLERK)).rejects.toThrow('registry.undo-changed')
  expect(await consentOf('Almaz Desta')).toMatchObject({ given: false })
})
