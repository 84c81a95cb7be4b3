import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { setIdentity } from '../../../electron/core/registry/identity-commands.ts'
import { removeVids } from '../../../electron/core/tokenisation/vid-removal.ts'
import { identityNumberId, registrantId } from '../../../shared/model/ids.ts'
import { TestDistrict, type TestOffice } from '../central/merge/offices.ts'
import { individual, put } from '../district.ts'
import { VID } from './scene.ts'

const PERSON = registrantId('P1')
const ID = identityNumberId(PERSON, VID)
const NUMBER = '2014391641351279'

let district: TestDistrict
let one: TestOffice
let other: TestOffice

beforeEach(async () => {
  district = new TestDistrict()
  ;[one, other] = district.offices as [TestOffice, TestOffice]
  put(one, 'registrant', individual('P1'))
  enter(one, NUMBER)
  await district.meet()
  district.later()
})
afterEach(() => district.close())

const enter = ({ store }: TestOffice, value: string) =>
  setIdentity(store, 'clerk', PERSON, { type: VID, value, status: 'valid', expiresOn: null })

/** As the run does that stores the token. */
const giveUp = ({ store }: TestOffice) =>
  store.transaction('office', (tx) => {
    removeVids(tx, [tx.get('identityNumber', ID)])
    tx.audit({ action: 'tokenisation.token-stored', subjectKind: 'registrant', subjectId: PERSON })
  })

const values = () => district.everywhere('identityNumber', ID).map((number) => number?.value)

/** Whether a number stands anywhere in a store. */
const holds = ({ store }: TestOffice, text: string): boolean =>
  (
    store
      .sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'registrant_search%'")
      .pluck()
      .all() as string[]
  ).some((table) => JSON.stringify(store.sql(`SELECT * FROM ${table}`).all()).includes(text))

describe('a VID that one office gave up for a token', () => {
  test('goes at the other too, from every table', async () => {
    giveUp(one)
    await district.meet()
    expect(values()).toEqual(['', ''])
    expect([holds(one, NUMBER), holds(other, NUMBER)]).toEqual([false, false])
  })

  test('is not brought back by a later edit of it at the other, in whatever order they meet', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      giveUp(one)
      district.later()
      setIdentity(other.store, 'clerk', PERSON, { type: VID, value: '', status: 'unverified', expiresOn: null })
      await district.meet(order.map((n) => district.offices[n] as TestOffice))
      expect(values()).toEqual(['', ''])
      expect([holds(one, NUMBER), holds(other, NUMBER)]).toEqual([false, false])
      // As before, for the other order.
      enter(one, NUMBER)
      await district.meet()
      district.later()
      expect(values()).toEqual([NUMBER, NUMBER])
    }
  })

  test('is brought back only by an entry made after it, which is on record', async () => {
    giveUp(one)
    await district.meet()
    district.later()
    enter(other, '9999999999999999')
    await district.meet()
    expect(values()).toEqual(['9999999999999999', '9999999999999999'])
    const [entry] = other.store
      .sql("SELECT detail FROM audit WHERE action = 'registrant.identity-set' ORDER BY position DESC LIMIT 1")
      .pluck()
      .all() as string[]
    expect(JSON.parse(entry as string)).toMatchObject({ type: VID, reopened: true })
  })

  test('stays gone where the other entered a new one without knowing', async () => {
    enter(other, '8888888888888888')
    giveUp(one)
    await district.meet()
    expect(values()).toEqual(['', ''])
    expect([holds(one, '8888888888888888'), holds(other, '8888888888888888')]).toEqual([false, false])
  })
})
