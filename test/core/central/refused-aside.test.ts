import { afterEach, beforeEach, expect, it } from 'vitest'
import { settleConflict } from '../../../electron/core/central/merge/settle-conflict.ts'
import { markRefusalSeen } from '../../../electron/core/central/refusals.ts'
import { readDesign } from '../../../electron/core/central/setup/design.ts'
import type { Office } from '../../../electron/core/office.ts'
import type { RefusalRow } from '../../../shared/contract/central.ts'
import { registrantId } from '../../../shared/model/ids.ts'
import { individual, put } from '../district.ts'
import { CentralDistrict, sync } from './central-district.ts'

/* What is said beside the records, and the server does not take it: its rules are of an older set-up, say. */

let central: CentralDistrict
let town: Office
let hills: Office

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills')
  town = (await central.member('town')).office
  hills = (await central.member('hills')).office
})
afterEach(() => central.close())

const ASIDE = /^\s*(evidence|resendApproval|conflict|conflictSettlement): \w+,$/gm
const MOMENT = '0mwredsio-0000-a0a0dd7fe6'

/** The rules before anything was said beside the records. */
async function olderRules(): Promise<void> {
  const design = readDesign()
  const records = design.validate.records.replace(ASIDE, '')
  expect(records).not.toBe(design.validate.records)
  await central.setUp({ ...design, validate: { ...design.validate, records } })
}

const record = ({ store }: Office, ...ids: readonly string[]): void =>
  store.transaction('approver', (tx) => {
    for (const id of ids) {
      tx.sql("INSERT INTO evidence VALUES (?, 'p', 'paid', 100, 'S1', '', 'approver', ?, NULL, NULL)").run(id, MOMENT)
    }
    tx.audit({ action: 'test.said', subjectKind: 'payment', subjectId: 'p' })
  })

const refusalsIn = async ({ reader }: Office): Promise<RefusalRow[]> =>
  (await reader.run('central.refusals', { offset: 0, limit: 50 })).rows
const told = ({ store }: Office): unknown[] =>
  store.sql("SELECT subject_kind || ':' || subject_id FROM audit WHERE action = 'central.refused'").pluck().all()
const atServer = (kind: string) =>
  central.records.all().filter(({ _id }) => (_id as string).startsWith(`${kind}:`)) as unknown as { _rev: string }[]

it('is shown to its officer, with since when, until the server takes it, once', async () => {
  await olderRules()
  record(town, 'e1')
  put(town, 'registrant', individual('P1'), 'clerk')
  expect(await sync(town)).toMatchObject({ refused: 1, complete: true })
  const [first, ...more] = await refusalsIn(town)
  expect(more).toEqual([])
  expect(first).toMatchObject({
    kind: 'evidence',
    id: 'e1',
    about: { kind: 'payment', id: 'p' },
    officerId: 'approver',
    fault: { code: 'central.rules-older', params: {} },
    offeredAgain: true,
    seen: false,
  })
  expect(await town.reader.run('central.waiting', undefined)).toMatchObject({ refusals: 1, refused: 1 })
  expect(told(town)).toEqual(['payment:p'])
  markRefusalSeen(town, 'approver', { kind: 'evidence', id: 'e1' })
  expect(await sync(town)).toMatchObject({ refused: 1 })
  expect(await refusalsIn(town)).toEqual([{ ...first, seen: true }])
  expect(told(town)).toHaveLength(1)

  await central.setUp()
  expect(await sync(town)).toMatchObject({ pushed: 1, refused: 0 })
  expect(await refusalsIn(town)).toEqual([])
  expect(await town.reader.run('central.waiting', undefined)).toMatchObject({ refused: 0 })
  expect(atServer('evidence')).toMatchObject([{ _rev: expect.stringMatching(/^1-/) }])
  await sync(hills)
  expect(hills.store.sql('SELECT id FROM evidence').pluck().all()).toEqual(['e1'])
})

it('is shown anew where it goes a step further', async () => {
  await olderRules()
  record(town, 'e1')
  await sync(town)
  markRefusalSeen(town, 'approver', { kind: 'evidence', id: 'e1' })
  town.store.transaction('hana', (tx) => {
    tx.sql("UPDATE evidence SET confirmed_by = 'hana', confirmed_at = ? WHERE id = 'e1'").run(MOMENT)
    tx.audit({ action: 'test.said', subjectKind: 'payment', subjectId: 'p' })
  })
  await sync(town)
  expect(await refusalsIn(town)).toMatchObject([{ id: 'e1', officerId: 'hana', seen: false }])
})

it('is named by the record that it is about: a conflict and what was decided', async () => {
  const id = registrantId('P1')
  put(town, 'registrant', individual('P1'), 'clerk-town')
  await sync(town)
  await sync(hills)
  for (const [office, area] of [
    [town, 'West'],
    [hills, 'East'],
  ] as const) {
    const { changedAt, changedBy, ...draft } = office.store.get('registrant', id)
    put(office, 'registrant', { ...draft, area }, 'clerk')
  }
  await olderRules()
  await sync(town)
  await sync(hills)
  const conflict = hills.store.sql('SELECT id FROM central_conflict').pluck().get() as string
  settleConflict(hills.store, 'clerk-hills', conflict, 'earlier')
  expect(await sync(hills)).toMatchObject({ refused: 2 })
  const about = { about: { kind: 'registrant', id }, recordName: hills.store.get('registrant', id).name }
  const refused = await refusalsIn(hills)
  expect(refused.toSorted((one, other) => one.kind.localeCompare(other.kind))).toMatchObject([
    { kind: 'conflict', id: conflict, officerId: 'office', ...about },
    { kind: 'conflictSettlement', officerId: 'clerk-hills', ...about },
  ])
  await central.setUp()
  await sync(hills)
  await sync(town)
  expect(await refusalsIn(hills)).toEqual([])
  expect([atServer('conflict').length, atServer('conflictSettlement').length]).toEqual([1, 1])
  expect(town.store.get('registrant', id).area).toBe('West')
})

it('keeps nothing else back, however much of it there is', async () => {
  const design = readDesign()
  const records =
    "function (now) { if (now._id.indexOf('evidence:no') === 0) throw { forbidden: 'evidence: not here' } }"
  await central.setUp({ ...design, validate: { ...design.validate, records } })
  record(town, ...Array.from({ length: 501 }, (_, at) => `no-${at}`), 'yes')
  expect(await sync(town)).toMatchObject({ refused: 501 })
  expect(central.records.find('evidence:yes')).toBeDefined()
  const { rows, total } = await town.reader.run('central.refusals', { offset: 0, limit: 1 })
  expect(total).toBe(501)
  expect(rows[0]?.fault).toEqual({ code: 'central.write-refused', params: { reason: 'evidence: not here' } })
})
