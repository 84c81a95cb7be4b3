import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { openOffice } from '../../../electron/core/office.ts'
import { RULE_CODE } from '../../../electron/core/programmes/generation.ts'
import { runList } from '../../../electron/core/programmes/list-import.ts'
import { wasCutOff } from '../../../electron/core/programmes/open-lists.ts'
import { entitlementId } from '../../../shared/model/ids.ts'
import {
  cycleSettings,
  enter,
  faultOf,
  openPracticeOffice,
  type PracticeOffice,
  programmeSettings,
} from './practice-office.ts'

let practice: PracticeOffice
let programmeId: string
let ids: string[]

beforeEach(async () => {
  practice = await openPracticeOffice()
  ids = enter(practice.office, [{ number: 'A1' }, { number: 'A2' }, { number: 'A3', deceased: true }])
  programmeId = (await practice.as.administrator.programmes.programme.create(programmeSettings())).id
})
afterEach(() => practice.close())

async function upload(text: string, fileName = 'list.csv'): Promise<string> {
  const { lists } = practice.as.clerk.programmes
  const content = Buffer.from(text)
  const { id } = await lists.begin({ fileName, size: content.length })
  await lists.append({ id, piece: 0, content: content.toString('base64') })
  return id
}

test('a list of registry numbers enrols those it can, reports each other row with its number, and can be undone', async () => {
  const { lists, enrolments } = practice.as.clerk.programmes
  const id = await upload('\ufeffRegistry number;Name\r\nA1;One\r\nZ9;Nobody\r\nA1;Again\r\nA3;Gone\r\nA2;Two\r\n')
  const { columns } = await lists.inspect({ id })
  expect(columns.number).toBe(0)
  const options = { id, purpose: { subject: 'enrolments' as const, programmeId }, columns }
  const report = await lists.check(options)
  expect(report).toMatchObject({
    rows: 5,
    taken: 2,
    problems: [
      { row: 3, number: 'Z9', fault: { code: 'enrolment.unknown-number' } },
      { row: 4, number: 'A1', fault: { code: 'enrolment.number-twice' } },
      { row: 5, number: 'A3', fault: { code: 'enrolment.deceased' } },
    ],
  })
  const page = { programmeId, states: [], search: '', filter: '[]', offset: 0, limit: 10 }
  expect((await enrolments.page(page)).total).toBe(0)
  const { importId } = await lists.run({ ...options, expected: report.taken })
  expect((await enrolments.page(page)).total).toBe(2)
  expect(await lists.undo({ importId })).toEqual({ undone: 2 })
  expect((await enrolments.page(page)).total).toBe(0)
})

test('a list of amounts entitles in the programme currency, replaces what the rule drafted, and gives it back when undone', async () => {
  const { lists, enrolments, cycles } = practice.as.clerk.programmes
  await enrolments.enrol({ programmeId, registrantIds: ids.slice(0, 2) })
  const cycle = await cycles.create({ programmeId, settings: cycleSettings() })
  await cycles.generate({ cycleId: cycle.id, source: 'rule' })
  const id = await upload(
    'number,amount,code\nA1,"1,250.50",\nA2,75,winter\nA2,12.345,\nA1,-3,\nA2,75,winter\nA1,0,x\n',
  )
  const options = {
    id,
    purpose: { subject: 'entitlements' as const, cycleId: cycle.id, locale: 'en-GB' },
    columns: (await lists.inspect({ id })).columns,
  }
  const report = await lists.check(options)
  expect(report).toMatchObject({ rows: 6, taken: 2, sum: 132_550 })
  expect(report.problems.map(({ row, fault }) => [row, fault.code])).toEqual([
    [4, 'amount.too-precise'],
    [5, 'amount.negative'],
    [6, 'entitlement.twice'],
    [7, 'amount.zero'],
  ])
  const { importId } = await lists.run({ ...options, expected: 2 })
  const amount = (registrant: string | undefined, code: string) => {
    const found = practice.office.store.find('entitlement', entitlementId(cycle.id, registrant ?? '', code))
    return found?.removed ? undefined : found?.amount
  }
  expect([amount(ids[0], RULE_CODE), amount(ids[1], RULE_CODE), amount(ids[1], 'winter')]).toEqual([
    125_050, 50_000, 7_500,
  ])
  // What was imported is not overwritten by the rule.
  await cycles.generate({ cycleId: cycle.id, source: 'rule' })
  expect(amount(ids[0], RULE_CODE)).toBe(125_050)
  await lists.undo({ importId })
  expect([amount(ids[0], RULE_CODE), amount(ids[1], 'winter')]).toEqual([50_000, undefined])
})

test('a list that was cut off by a killed process is taken back whole at the next start, and that is told', async () => {
  const { office, as } = practice
  const numbers = Array.from({ length: 1_200 }, (_, index) => `B${index}`)
  enter(
    office,
    numbers.map((number) => ({ number })),
  )
  const id = await upload(`number\n${numbers.join('\n')}\n`)
  const columns = { number: 0, amount: null, code: null }
  const directory = mkdtempSync(join(tmpdir(), 'cut-off-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = office.lists.uploads.file(id)
  let copied = false
  await runList(office, 'officer-clerk', file, { subject: 'enrolments', programmeId }, columns, {
    async pause(done) {
      // As the store stands on the disk when the process is killed here.
      if (done >= 1_000 && !copied) office.store.copyTo(join(directory, 'office.db'))
      copied ||= done >= 1_000
    },
  })
  expect(await as.clerk.programmes.lists.cutOff({ subjectId: programmeId })).toBe(false)

  const again = await openOffice({ directory, key: Buffer.alloc(32, 7), training: true })
  onTestFinished(() => again.close())
  const enrolled = (): unknown =>
    again.store.sql('SELECT count(*) FROM enrolment WHERE removed = 0 AND programme_id = ?').pluck().get(programmeId)
  await vi.waitFor(() => expect(again.runs.find(programmeId)).toBeUndefined(), { timeout: 60_000 })
  expect(enrolled()).toBe(0)
  expect(wasCutOff(again.store, programmeId)).toBe(true)
  const undone = again.store.sql("SELECT count(*) FROM audit WHERE action = 'list.undone'").pluck().get()
  expect(undone).toBeGreaterThan(0)
})

test('a file that is no table, a cycle that is not open and another role are refused', async () => {
  const { as } = practice
  const id = await upload('only a heading\n')
  const purpose = { subject: 'enrolments' as const, programmeId }
  const columns = { number: 0, amount: null, code: null }
  expect(await faultOf(as.clerk.programmes.lists.check({ id, purpose, columns }))).toMatchObject({
    code: 'registry.file-no-rows',
  })
  expect(await faultOf(as.approver.programmes.lists.inspect({ id }))).toMatchObject({ code: 'api.not-your-role' })
})
