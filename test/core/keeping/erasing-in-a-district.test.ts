import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tidyDistrict } from '../../../electron/core/central/setup/tidy-district.ts'
import { createHttp } from '../../../electron/core/http/http.ts'
import { eraseRegistrant } from '../../../electron/core/keeping/erase-registrant.ts'
import { CentralDistrict, contentOf, sync } from '../central/central-district.ts'
import { FilesOffice } from '../central/sneakernet/files-district.ts'
import { type District, individual, managerDraft, openDistrict, PIN, put, putManager } from '../district.ts'
import { findTraces, putPaidHousehold, type Traces } from './paid-household.ts'

const ADMIN = { user: 'admin', password: 'admin-password' }

describe('somebody who was erased, in a district with a central server', () => {
  let central: CentralDistrict
  let first: District
  let traces: Traces

  beforeEach(async () => {
    central = await CentralDistrict.open('town', 'hills', 'river')
    // So many that an erasure is no large share of them, about which an administrator would be asked.
    first = await openDistrict({ households: 30 })
    await central.join(first.office, 'town')
    traces = putPaidHousehold(first, 91)
  })
  afterEach(async () => {
    await first.close()
    await central.close()
  })

  const erase = async (id: string): Promise<void> =>
    first.office.keeping.erase(first.office.store.get('officer', 'administrator'), PIN, id)

  it('goes from every office that hears of it, and from the centre by its upkeep', async () => {
    const { office: second } = await central.member('hills')
    await sync(first.office)
    await sync(second)
    expect(findTraces(second, traces.words).length).toBeGreaterThan(5)

    await erase(traces.personId)
    await erase(traces.groupId)
    const sent = await sync(first.office)
    expect(sent).toMatchObject({ refused: 0, complete: true })
    await sync(second)
    await second.keeping.settle()
    expect(findTraces(second, traces.words)).toEqual([])
    expect(second.keeping.status.owed).toBe(0)
    await sync(second)
    await sync(first.office)
    const again = await sync(second)
    expect(again).toMatchObject({ refused: 0, conflicts: 0, complete: true })
    expect(findTraces(first.office, traces.words)).toEqual([])

    const http = createHttp()
    const tidied = await tidyDistrict(
      http,
      { url: central.peer.origin, admin: ADMIN, district: 'north' },
      { every: 1, most: 50 },
    )
    http.close()
    expect(tidied.erased.people).toBe(2)
    expect(tidied.erased.documents).toBeGreaterThan(3)

    // Nothing that the centre changed comes as a forgery, and a new office gets the rest.
    expect(await sync(first.office)).toMatchObject({ refused: 0, conflicts: 0 })
    expect(first.office.store.sql('SELECT count(*) FROM central_quarantine').pluck().get()).toBe(0)
    const { office: third } = await central.member('river')
    await sync(third)
    expect(findTraces(third, traces.words)).toEqual([])
    expect(third.store.sql('SELECT count(*) FROM central_quarantine').pluck().get()).toBe(0)
    expect(third.store.get('payment', traces.paymentId)).toMatchObject({ state: 'paid', payeeName: '' })
    expect(third.store.get('submission', traces.submissionId).lines).toHaveLength(1)
  })

  it('does not come back by a laptop that edited the record meanwhile', async () => {
    const { office: second } = await central.member('hills')
    await sync(first.office)
    await sync(second)
    await erase(traces.personId)
    await sync(first.office)
    const { changedAt, changedBy, ...record } = second.store.get('registrant', traces.personId)
    put(second, 'registrant', { ...record, area: 'Elsewhere' })
    put(second, 'identityNumber', {
      id: 'a-number-more',
      removed: false,
      registrantId: traces.personId,
      type: 'passport',
      value: 'EP7654321',
      status: 'valid',
      expiresOn: null,
      importId: '',
    })
    for (let turn = 0; turn < 3; turn += 1) {
      await sync(second)
      await second.keeping.settle()
      await sync(first.office)
      await first.office.keeping.settle()
    }
    for (const office of [first.office, second]) {
      expect(office.store.get('registrant', traces.personId)).toMatchObject({ removed: true, name: '—', area: '' })
      expect(findTraces(office, ['EP7654321', 'Elsewhere'])).toEqual([])
    }
    await sync(second)
    expect(contentOf(second)[`registrant:${traces.personId}`]).toEqual(
      contentOf(first.office)[`registrant:${traces.personId}`],
    )
  })
})

describe('somebody who was erased, where changes travel in files', () => {
  it('does not come back by an old file, nor by what was edited apart', async () => {
    const [one, two] = [await FilesOffice.open('one'), await FilesOffice.open('two')]
    try {
      await one.knows(two)
      await two.knows(one)
      for (const { office } of [one, two]) await putManager(office, managerDraft('manager'))
      for (let n = 1; n <= 60; n += 1) put(one.office, 'registrant', individual(`F${n}`))
      const traces = putPaidHousehold({ office: one.office, programmeId: 'p', cycleId: 'c' }, 1)
      const old = await one.write(two)
      await two.read(old.path)
      expect(two.store.get('registrant', traces.personId).name).toContain('Zewditu')
      const { changedAt, changedBy, ...record } = two.store.get('registrant', traces.personId)
      put(two.office, 'registrant', { ...record, area: 'Elsewhere' }, 'clerk')
      const edited = await two.write(one)

      one.store.transaction('clerk', (tx) => eraseRegistrant(tx, traces.personId, 'request'))
      one.store.transaction('clerk', (tx) => eraseRegistrant(tx, traces.groupId, 'request'))
      await one.office.keeping.settle()
      await one.read(edited.path)
      await one.office.keeping.settle()
      expect(findTraces(one.office, [...traces.words, 'Elsewhere'])).toEqual([])

      const told = await one.write(two)
      expect((await two.read(told.path)).stopped).toBeNull()
      await two.office.keeping.settle()
      expect(findTraces(two.office, [...traces.words, 'Elsewhere'])).toEqual([])

      // The first file, read once more and by an office that knows of the erasure.
      const whole = await one.write(two, true)
      for (const path of [old.path, whole.path, old.path]) await two.read(path)
      await two.office.keeping.settle()
      expect(findTraces(two.office, [...traces.words, 'Elsewhere'])).toEqual([])
      expect(two.store.get('registrant', traces.personId)).toMatchObject({ removed: true, name: '—' })
      expect(two.store.sql('SELECT count(*) FROM central_quarantine').pluck().get()).toBe(0)
    } finally {
      await one.close()
      await two.close()
    }
  })
})
