import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSignatory, signChangedOfficer, writeSignedChange } from '../../../electron/core/identity/signed-change.ts'
import type { Store } from '../../../electron/core/store/store.ts'
import { districtDatabases } from '../../../shared/model/central.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import { addOfficer, PIN } from '../district.ts'
import { CentralDistrict, sync } from './central-district.ts'
import { openPayments, type PaymentsScene } from './merge/payments-scene.ts'

/*
 * An older record of an officer is as well signed as the newer one. It does not come back.
 */

const state = ({ store }: { readonly store: Store }, id = 'approver') => store.get('officer', id).state

/** An administrator signs the officer anew with another state. */
async function setState(store: Store, by: string, id: string, to: Officer['state']): Promise<void> {
  const signatory = await openSignatory(store, store.get('officer', by), PIN)
  const change = await signChangedOfficer(store, signatory, { ...store.get('officer', id), state: to })
  store.transaction(by, (tx) => {
    writeSignedChange(tx, change)
    tx.audit({ action: 'test.signed', subjectKind: 'officer', subjectId: id })
  })
}

/** As it stood, with a moment after all others: change marks are under no signature. */
const replayed = (officer: Officer): Officer => ({
  ...officer,
  changedAt: 'zzzzzzzzz-0000-abc',
  changedBy: 'administrator',
})

describe('in an office', () => {
  let scene: PaymentsScene
  beforeEach(async () => {
    scene = await openPayments()
    await scene.district.meet()
  })
  afterEach(() => scene.district.close())

  it('an officer who was suspended does not come back by an older record, which is told and written over', async () => {
    const { district, one, other } = scene
    const before = other.store.get('officer', 'approver')
    district.later()
    await setState(one.store, 'administrator', 'approver', 'suspended')
    await district.meet()
    expect(other.store.get('officer', 'approver')).toMatchObject({ state: 'suspended', edition: 1 })
    district.put('officer', 'approver', replayed(before))
    await district.pull(other)
    expect(state(other)).toBe('suspended')
    expect(other.store.sql('SELECT document_id AS id, code FROM central_quarantine').all()).toEqual([
      { id: 'officer:approver', code: 'central.older-edition' },
    ])
    await district.meet()
    expect(district.everywhere('officer', 'approver').map((officer) => officer?.state)).toEqual([
      'suspended',
      'suspended',
    ])
    expect(district.documents.get('officer:approver')?.record).toMatchObject({ state: 'suspended', edition: 1 })
  })

  it('of two that were signed apart the one that was signed more often stands, else the later one', async () => {
    const { district, one, other } = scene
    await setState(one.store, 'administrator', 'approver', 'suspended')
    await setState(one.store, 'administrator', 'approver', 'active')
    district.later()
    await setState(other.store, 'administrator', 'approver', 'suspended')
    await district.meet()
    expect(district.everywhere('officer', 'approver').map((officer) => officer?.edition)).toEqual([2, 2])
    expect([state(one), state(other)]).toEqual(['active', 'active'])

    await setState(one.store, 'administrator', 'approver', 'active')
    district.later()
    await setState(other.store, 'administrator', 'approver', 'suspended')
    await district.meet()
    expect([state(one), state(other)]).toEqual(['suspended', 'suspended'])
  })
})

describe('at the central server', () => {
  let central: CentralDistrict
  beforeEach(async () => {
    central = await CentralDistrict.open('town', 'hills')
  })
  afterEach(() => central.close())

  it('an older record is not written in the place of a newer one', async () => {
    const { office } = await central.member('town')
    await addOfficer(office, 'approver', ['approver'])
    await sync(office)
    const before = office.store.get('officer', 'approver')
    await setState(office.store, 'administrator-town', 'approver', 'suspended')
    await sync(office)

    const { settings, password } = central.settings('hills')
    const url = `${settings.url}/${districtDatabases(settings.district).records}/officer:approver`
    const authorization = `Basic ${Buffer.from(`${settings.user}:${password}`).toString('base64')}`
    const { _rev } = (await (await fetch(url, { headers: { authorization } })).json()) as { _rev: string }
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ ...replayed(before), changedAt: office.store.get('officer', 'approver').changedAt, _rev }),
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ reason: expect.stringMatching(/^edition/) })
    const { office: hills } = await central.member('hills')
    await sync(hills)
    expect(state(hills)).toBe('suspended')
  })
})
