import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acknowledgeConflict, settleConflict } from '../../../../electron/core/central/merge/settle-conflict.ts'
import type { Draft } from '../../../../electron/core/store/store.ts'
import { identityNumberId, registrantId } from '../../../../shared/model/ids.ts'
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
  edit(one, { address: 'Hill 3', area: 'West' }, 'clerk-1')
  district.later()
  edit(other, { address: 'Hill 4', area: 'East' }, 'clerk-2')
  await district.meet()
  district.later()
})
afterEach(() => district.close())

function edit(office: TestOffice, change: Partial<Registrant>, officerId: string): void {
  const { changedAt, changedBy, ...draft } = office.store.get('registrant', ID)
  put(office, 'registrant', { ...draft, ...change } as Draft<'registrant'>, officerId)
}

const openConflict = ({ store }: TestOffice): string =>
  store.sql('SELECT id FROM central_conflict WHERE settled_at IS NULL').pluck().get() as string

const places = () => district.everywhere('registrant', ID).map((found) => [found?.address, found?.area])

describe('a conflict', () => {
  test('is decided for one side, at all offices', async () => {
    expect(places()).toEqual([
      ['Hill 4', 'East'],
      ['Hill 4', 'East'],
    ])
    settleConflict(other.store, 'clerk-3', openConflict(other), 'earlier')
    await district.meet()
    expect(places()).toEqual([
      ['Hill 3', 'West'],
      ['Hill 3', 'West'],
    ])
    expect(one.store.get('registrant', ID).changedBy).toBe('clerk-3')
  })

  test('is decided field by field', async () => {
    const id = openConflict(other)
    settleConflict(other.store, 'clerk-3', id, { fields: { address: 'earlier', area: 'later' } })
    await district.meet()
    expect(places()).toEqual([
      ['Hill 3', 'East'],
      ['Hill 3', 'East'],
    ])
  })

  test('leaves alone what was changed since and is not in dispute', async () => {
    edit(other, { phoneNumbers: phone(5) }, 'clerk-2')
    settleConflict(other.store, 'clerk-3', openConflict(other), 'earlier')
    expect(other.store.get('registrant', ID).phoneNumbers).toEqual(phone(5))
  })

  test('is decided once, on record with both versions', () => {
    const id = openConflict(other)
    settleConflict(other.store, 'clerk-3', id, 'later')
    expect(() => settleConflict(other.store, 'clerk-3', id, 'earlier')).toThrow('central.conflict-settled')
    expect(() => acknowledgeConflict(other.store, 'clerk-3', id)).toThrow('central.conflict-settled')
    const row = other.store
      .sql(
        `SELECT earlier ->> '$.address' AS earlier, later ->> '$.address' AS later, settled_by AS settledBy
         FROM central_conflict WHERE id = ?`,
      )
      .get(id)
    expect(row).toEqual({ earlier: 'Hill 3', later: 'Hill 4', settledBy: 'clerk-3' })
    const audited = other.store
      .sql("SELECT officer_id FROM audit WHERE action = 'central.conflict-settled' AND subject_id = ?")
      .pluck()
      .all(ID)
    expect(audited).toEqual(['clerk-3'])
  })
})

test('whoever settles an identity number is one of its makers', async () => {
  const id = identityNumberId(ID, 'national')
  const number = (value: string): Draft<'identityNumber'> => ({
    id,
    removed: false,
    registrantId: ID,
    type: 'national',
    value,
    status: 'valid',
    expiresOn: null,
    importId: '',
  })
  settleConflict(other.store, 'clerk-3', openConflict(other), 'later')
  put(one, 'identityNumber', number('111'), 'clerk-1')
  put(other, 'identityNumber', number('222'), 'clerk-2')
  await district.meet()
  settleConflict(other.store, 'clerk-4', openConflict(other), 'earlier')
  const audited = other.store
    .sql("SELECT officer_id, detail FROM audit WHERE action = 'registrant.identity-set'")
    .all() as { officer_id: string; detail: string }[]
  expect(audited).toEqual([{ officer_id: 'clerk-4', detail: '{"type":"national"}' }])
  // The trail names fields, never the numbers themselves.
  const trail = other.store.sql('SELECT detail FROM audit WHERE subject_id = ?').pluck().all(id).join()
  expect(trail).not.toMatch(/111|222/)
})
