import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  answerRemovals,
  endRemovals,
  findRemovalQuestion,
} from '../../../../electron/core/central/merge/removal-guard.ts'
import { registrantId } from '../../../../shared/model/ids.ts'
import { individual, put } from '../../district.ts'
import { TestDistrict, type TestOffice } from './offices.ts'

const PEOPLE = 40

let district: TestDistrict
let one: TestOffice
let other: TestOffice

beforeEach(async () => {
  district = new TestDistrict()
  ;[one, other] = district.offices as [TestOffice, TestOffice]
  for (let n = 0; n < PEOPLE; n += 1) put(one, 'registrant', individual(`P${n}`), 'clerk-1')
  await district.meet()
  district.later()
})
afterEach(() => district.close())

const id = (n: number): string => registrantId(`P${n}`)
const removedAt = ({ store }: TestOffice): number =>
  store.sql('SELECT count(*) FROM registrant WHERE removed = 1').pluck().get() as number

/** Somebody at the server takes people off the registry. */
function removeThere(from: number, to: number): void {
  for (let n = from; n < to; n += 1) {
    const [known] = district.page((_, of) => of === id(n))
    district.put('registrant', id(n), { ...(known?.record as object), removed: true })
  }
}

describe('a pull that would remove many', () => {
  test('applies nothing of it and asks; a few are a day’s work', async () => {
    removeThere(0, 2)
    expect((await district.pull(other)).stopped).toBeNull()
    removeThere(2, 5)
    const { stopped, ...applied } = await district.pull(other)
    expect(stopped).toEqual({ code: 'central.removal-guard', params: { kind: 'registrant', count: 5 } })
    expect(applied).toEqual({ adopted: 0, merged: 0, conflicts: 0, quarantined: 0 })
    expect(removedAt(other)).toBe(2)
    expect(findRemovalQuestion(other.store)).toEqual({ kind: 'registrant', count: 5 })
  })

  test('is taken once an administrator said so, and asks again the next time', async () => {
    removeThere(0, 10)
    await district.pull(other)
    answerRemovals(other.store, 'administrator', true, district.now)
    expect((await district.pull(other)).stopped).toBeNull()
    expect(removedAt(other)).toBe(10)
    endRemovals(other.store)
    removeThere(10, 20)
    expect((await district.pull(other)).stopped?.code).toBe('central.removal-guard')
  })

  test('is refused for all offices: what is here goes out as the newer version', async () => {
    removeThere(0, 10)
    await district.pull(other)
    answerRemovals(other.store, 'administrator', false, district.now)
    await district.meet([other, one])
    expect([removedAt(one), removedAt(other)]).toEqual([0, 0])
    expect(other.store.get('registrant', id(3)).changedBy).toBe('administrator')
  })

  test('is answered once', async () => {
    removeThere(0, 10)
    await district.pull(other)
    answerRemovals(other.store, 'administrator', true, district.now)
    expect(() => answerRemovals(other.store, 'administrator', true, district.now)).toThrow('central.conflict-settled')
  })
})

test('a document that was deleted at the server is kept here and counted', async () => {
  district.put('registrant', id(0), null, true)
  const applied = await district.pull(other)
  expect(applied).toMatchObject({ quarantined: 1, stopped: null })
  expect(other.store.get('registrant', id(0)).removed).toBe(false)
  for (let n = 1; n < 10; n += 1) district.put('registrant', id(n), null, true)
  expect((await district.pull(other)).stopped?.params).toEqual({ kind: 'registrant', count: 10 })
})
