import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Draft } from '../../../../electron/core/store/store.ts'
import { registrantId } from '../../../../shared/model/ids.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { individual, phone, put } from '../../district.ts'
import { TestDistrict, type TestOffice } from './offices.ts'

const ID = registrantId('P1')

let district: TestDistrict
let one: TestOffice
let other: TestOffice

beforeEach(async () => {
  district = new TestDistrict()
  ;[one, other] = district.offices as [TestOffice, TestOffice]
  put(one, 'registrant', individual('P1', { phoneNumbers: phone(1) }), 'clerk-1')
  await district.meet()
  district.later()
})
afterEach(() => district.close())

function edit({ store }: TestOffice, change: Partial<Registrant>, officerId: string): void {
  const { changedAt, changedBy, ...draft } = store.get('registrant', ID)
  put({ store }, 'registrant', { ...draft, ...change } as Draft<'registrant'>, officerId)
}

const auditCount = ({ store }: TestOffice) => store.sql('SELECT count(*) FROM audit').pluck().get()

const conflictsOf = ({ store }: TestOffice) =>
  store.sql('SELECT kind, fields, standing, decided_by AS decidedBy FROM central_conflict').all()

describe('two offices edit one registrant', () => {
  test('different fields are both kept, without asking anybody', async () => {
    edit(one, { address: 'Hill 3' }, 'clerk-1')
    edit(other, { area: 'South' }, 'clerk-2')
    await district.meet()
    const [here, there] = district.everywhere('registrant', ID)
    expect(here).toEqual(there)
    expect(here).toMatchObject({ address: 'Hill 3', area: 'South' })
    expect(conflictsOf(one).concat(conflictsOf(other))).toEqual([])
  })

  test('of the same field the later one stands at both, and an officer is asked', async () => {
    edit(one, { address: 'Hill 3' }, 'clerk-1')
    district.later()
    edit(other, { address: 'Hill 4' }, 'clerk-2')
    await district.meet()
    const [here, there] = district.everywhere('registrant', ID)
    expect(here).toEqual(there)
    expect(here?.address).toBe('Hill 4')
    expect(conflictsOf(other)).toEqual([
      { kind: 'registrant', fields: '["address"]', standing: 'later', decidedBy: 'officer' },
    ])
  })

  test('phone numbers that each of them added are both there', async () => {
    const [first] = phone(1)
    const [second] = phone(2)
    const [third] = phone(3)
    if (first === undefined || second === undefined || third === undefined) throw new Error('no phone')
    edit(one, { phoneNumbers: [first, { ...second, preferred: false }] }, 'clerk-1')
    edit(other, { phoneNumbers: [first, { ...third, preferred: false }] }, 'clerk-2')
    await district.meet()
    const [here, there] = district.everywhere('registrant', ID)
    expect(here).toEqual(there)
    expect(here?.phoneNumbers.map(({ id }) => id)).toEqual([first.id, second.id, third.id])
    expect(conflictsOf(other)).toEqual([])
  })

  test('who changed what stays on record at the office that merged, under the one who did it', async () => {
    edit(one, { phoneNumbers: phone(7) }, 'clerk-1')
    edit(other, { area: 'South' }, 'clerk-2')
    await district.meet()
    const history = other.store
      .sql('SELECT officer_id AS officerId, changes FROM revision WHERE record_id = ? ORDER BY officer_id')
      .all(ID) as { officerId: string; changes: string }[]
    expect(history.map(({ officerId, changes }) => [officerId, Object.keys(JSON.parse(changes))])).toEqual([
      ['clerk-1', ['phoneNumbers']],
      ['clerk-2', ['area']],
    ])
  })

  test('a removal against an edit is for an officer to decide', async () => {
    edit(one, { area: 'South' }, 'clerk-1')
    district.later()
    edit(other, { removed: true }, 'clerk-2')
    await district.meet()
    const [here, there] = district.everywhere('registrant', ID)
    expect(here).toEqual(there)
    expect(here).toMatchObject({ removed: true, area: 'South' })
    expect(conflictsOf(other)).toMatchObject([{ fields: '["removed"]', decidedBy: 'officer' }])
  })

  test('an own version that comes back, or an older one, changes nothing', async () => {
    const before = district.page()
    edit(one, { area: 'South' }, 'clerk-1')
    await district.meet()
    const entries = auditCount(one)
    await district.pull(one)
    await district.pull(one, before)
    expect(one.store.get('registrant', ID).area).toBe('South')
    expect(auditCount(one)).toBe(entries)
  })

  test('what was found by its old number is found by the new one', async () => {
    edit(one, { name: 'Amina Yusuf', phoneNumbers: phone(9) }, 'clerk-1')
    await district.meet()
    const keys = other.store.sql('SELECT value FROM contact_key WHERE registrant_id = ?').pluck().all(ID)
    expect(keys).toEqual([phone(9)[0]?.number])
  })
})

test('a record that is broken here keeps no other record from coming', async () => {
  put(one, 'registrant', individual('P2'), 'clerk-1')
  edit(one, { area: 'South' }, 'clerk-1')
  edit(other, { name: 'Amina Yusuf' }, 'clerk-2')
  const { store } = other
  store.housekeeping((sql) =>
    sql("UPDATE registrant SET body = json_set(body, '$.address', ?) WHERE id = ?").run('y'.repeat(600), ID),
  )
  await district.meet()
  expect(store.find('registrant', registrantId('P2'))).toBeDefined()
  expect(store.sql('SELECT document_id AS id, code FROM central_quarantine').all()).toEqual([
    { id: `registrant:${ID}`, code: 'central.record-invalid' },
  ])
})

test('a moment from a clock that is years ahead is not taken over', async () => {
  one.now += 2 * 365 * 24 * 3_600_000
  edit(one, { area: 'South' }, 'clerk-1')
  await district.meet()
  edit(other, { area: 'West' }, 'clerk-2')
  const moment = other.store.get('registrant', ID).changedAt
  expect(Number.parseInt(moment.slice(0, 9), 36)).toBeLessThan(district.now + 1_000)
})
