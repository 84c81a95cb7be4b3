import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openClaims } from '../../../../electron/core/central/claims/open-claims.ts'
import { openSignatory } from '../../../../electron/core/identity/signed-change.ts'
import { codeOfRejected } from '../../code-of.ts'
import { approvedBatch, PIN } from '../../dispatch/approved-batches.ts'
import { newDirectory, removeDirectory, statesOf, until } from '../../dispatch/sending-office.ts'
import { attentionOf, District, type DistrictOffice, replicate, signal } from './district.ts'
import { contact, job, send, settled } from './office-steps.ts'

let district: District
let kept: string
beforeEach(async () => {
  district = await District.open()
  kept = newDirectory()
})
afterEach(async () => {
  await district.close()
  removeDirectory(kept)
})

const documentOf = (id: string) => district.claims().find(({ _id }) => _id === id)
const officeOf = ({ office }: DistrictOffice) => documentOf(`office:${office.store.installationId}`)

const takeOver = async ({ office }: DistrictOffice, batchId: string) =>
  office.dispatch.takeOver(
    await openSignatory(office.store, office.store.get('officer', 'administrator'), PIN),
    { batchId, reason: 'the laptop was lost' },
    signal,
  )

describe('an office at the central server', () => {
  test('tells how far its audit chain is, and since when the server has it', async () => {
    const { town } = district
    const first = await contact(town)
    expect(first.findings).toEqual([])
    await approvedBatch(town.world, { name: 'one', count: 2 })
    const second = await contact(town)
    expect(second.acknowledged?.head.position).toBeGreaterThan(first.acknowledged?.head.position ?? 0)
    expect(officeOf(town)).toMatchObject({ previousHead: first.acknowledged?.head, epoch: 1, revoked: null })
    const listed = await town.office.standing.listOffices(signal)
    expect(listed).toMatchObject({ ok: true, value: { offices: [{ isOwn: true, chain: null, restores: 0 }] } })
  })

  test('doubts nobody when an answer comes later than what was told meanwhile', async () => {
    const { town } = district
    await contact(town)
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 2 })
    const { faults } = district.couch
    const met = faults.met.delay ?? 0
    faults.add({ do: 'delay', path: '_all_docs', delay: 1_000 })
    send(town, batchId)
    await until('the claim waits for its answer', () => (faults.met.delay ?? 0) > met)
    await contact(town)
    await settled(town, batchId)
    expect(town.office.standing.findServerDoubt()).toBeUndefined()
    expect(await district.paid()).toEqual([1, 1])
  })

  test('that was revoked claims nothing and sends nothing more', async () => {
    const { town, hills } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 8 })
    town.office.dispatch.holdPayment('clerk', submission.lines[7]?.paymentId ?? '', true)
    send(town, batchId)
    await until('the first part is paid', () => statesOf(town.office, batchId).paid === 5)
    replicate(town.office.store, hills.office.store)
    await contact(hills)
    expect(hills.office.standing.openClaimsOf(town.office.store.installationId)).toMatchObject([
      { batchId, count: 8, openCount: 3, generation: 1 },
    ])
    const { installationId } = town.office.store
    const revoked = await hills.office.standing.revokeOffice(
      { installationId, officerId: 'administrator', reason: 'stolen' },
      signal,
    )
    expect(revoked.ok).toBe(true)
    town.office.dispatch.holdPayment('clerk', submission.lines[7]?.paymentId ?? '', false)
    expect((await attentionOf(town, batchId))?.code).toBe('central.office-revoked')
    expect((await contact(town)).findings.map(({ code }) => code)).toEqual(['central.office-revoked'])
    expect(await district.paid()).toEqual(Array(5).fill(1))
    await district.reopen(town)
    expect(town.office.standing.findings().map(({ code }) => code)).toEqual(['central.office-revoked'])
  })
})

test('a message whose confirmation is more than a minute old by its first byte stays here, and is confirmed again', async () => {
  const { town } = district
  const { http, store, time } = town.office
  const { batchId } = await approvedBatch(town.world, { name: 'one', count: 3 })
  const request = http.request.bind(http)
  let slept = false
  http.request = (asked, ...rest) => {
    // The laptop sleeps between the confirmation and the message.
    if (!slept && asked.url === district.peer.urls.syncDisburse) {
      slept = true
      time.jump(61_000)
    }
    return request(asked, ...rest)
  }
  send(town, batchId)
  await settled(town, batchId)
  expect(
    store.sql("SELECT body ->> '$.outcome' || ' ' || (body ->> '$.code') FROM delivery ORDER BY seq").pluck().all(),
  ).toEqual(['posting ', 'never-sent central.confirmed-long-ago', 'posting ', 'answered '])
  expect(await district.paid()).toEqual(Array(3).fill(1))
})

describe('a batch that an administrator takes over', () => {
  test('is brought to its end by the other office; the old one is stopped before its next post', async () => {
    const { town, hills } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 12 })
    const last = submission.lines[11]?.paymentId ?? ''
    town.office.dispatch.holdPayment('clerk', last, true)
    // The second message is taken in, and its answer lost.
    await district.peer.order({
      script: [
        { on: 'disburse', times: 1, fault: null },
        { on: 'disburse', times: 1, fault: { do: 'drop', when: 'after-accepting' } },
      ],
    })
    // Only what left before the loss is known to the other office, and not what became of it.
    send(town, batchId)
    await until(
      'two parts left',
      () => (town.office.store.sql('SELECT count(DISTINCT part) FROM delivery').pluck().get() as number) === 2,
    )
    replicate(town.office.store, hills.office.store)
    const { store } = hills.office
    store.transaction('office', (tx) => {
      const { changedAt, changedBy, ...payment } = tx.get('payment', last)
      tx.put('payment', { ...payment, held: false })
      tx.audit({ action: 'test.released', subjectKind: 'payment', subjectId: last })
    })
    await takeOver(hills, batchId)
    expect(documentOf(`batch:${batchId}`)).toMatchObject({
      generation: 2,
      installationId: store.installationId,
      whole: true,
      takeOver: { fromInstallation: town.office.store.installationId, officerId: 'administrator' },
    })
    // The old office is about to post its last part.
    town.office.dispatch.holdPayment('clerk', last, false)
    expect((await attentionOf(town, batchId))?.code).toBe('central.office-revoked')
    await settled(hills, batchId)
    expect(await district.paid()).toEqual(Array(12).fill(1))
  })

  test('without the records of what had left pays nothing twice either', async () => {
    const { town, hills } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 8 })
    replicate(town.office.store, hills.office.store)
    const last = submission.lines[7]?.paymentId ?? ''
    town.office.dispatch.holdPayment('clerk', last, true)
    send(town, batchId)
    await until('the first part is paid', () => statesOf(town.office, batchId).paid === 5)
    await takeOver(hills, batchId)
    await settled(hills, batchId)
    expect(statesOf(hills.office, batchId)).toEqual({ paid: 8 })
    expect(await district.paid()).toEqual(Array(8).fill(1))
  })

  test('not before every open payment could be looked up', async () => {
    const { town, hills } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 4 })
    replicate(town.office.store, hills.office.store)
    town.office.dispatch.holdPayment('clerk', submission.lines[0]?.paymentId ?? '', true)
    send(town, batchId)
    await until('claimed', () => town.office.store.get('batch', batchId).state === 'claimed')
    await district.peer.order({ script: [{ on: 'status', times: 1, fault: { do: 'drop', when: 'before-reading' } }] })
    expect(await codeOfRejected(takeOver(hills, batchId))).toBeDefined()
    expect(documentOf(`batch:${batchId}`)).toMatchObject({ generation: 1 })
    expect(officeOf(town)).toMatchObject({ revoked: null })
  })

  test('stands with what its lost laptop holds although its claim was only begun, and is paid once', async () => {
    const { town, hills } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 8 })
    replicate(town.office.store, hills.office.store)
    await contact(town)
    district.couch.faults.add({ path: '-claims/_bulk_docs', do: 'status', status: 503, times: null })
    send(town, batchId)
    await until('its claim is begun', () => documentOf(`batch:${batchId}`) !== undefined)
    town.office.http.cutLine(true)
    district.couch.faults.clear()
    const held = () => hills.office.standing.openClaimsOf(town.office.store.installationId)
    expect(held()).toEqual([])
    await contact(hills)
    expect(held()).toMatchObject([{ batchId, state: 'approved', count: 8, openCount: 8, generation: 1 }])
    const claims = openClaims(hills.office)
    const found = await claims.findHolder(batchId, signal)
    if (!found.ok || found.value === undefined) throw new Error('nobody holds it')
    const stale = { holder: { ...found.value, whole: true }, officerId: 'administrator', reason: 'lost', jws: '' }
    expect(await claims.takeOver(stale, submission, signal)).toMatchObject({ fault: { code: 'central.claim-lost' } })
    await takeOver(hills, batchId)
    await settled(hills, batchId)
    await contact(hills)
    expect(held()).toEqual([])
    // It turns up again.
    town.office.http.cutLine(false)
    expect((await attentionOf(town, batchId))?.code).toBe('central.office-revoked')
    expect(await district.paid()).toEqual(Array(8).fill(1))
  })

  test('nor when nobody holds it', async () => {
    const { town, hills } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 4 })
    replicate(town.office.store, hills.office.store)
    expect(await codeOfRejected(takeOver(hills, batchId))).toBe('central.nothing-to-take-over')
  })
})

describe('a central server that is not the one that it was', () => {
  test('rolled back: nothing is sent, and after the confirmation what was claimed is claimed anew', async () => {
    const { town, hills } = district
    await contact(town)
    const snapshot = district.couch.snapshot()
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 8 })
    const last = submission.lines[7]?.paymentId ?? ''
    town.office.dispatch.holdPayment('clerk', last, true)
    send(town, batchId)
    await until('the first part is paid', () => statesOf(town.office, batchId).paid === 5)
    await contact(town)
    await district.couch.rollBack(snapshot)
    town.office.dispatch.holdPayment('clerk', last, false)
    await until('stopped', () => town.office.standing.findServerDoubt() !== undefined)
    expect(await district.paid()).toEqual(Array(5).fill(1))
    expect((await contact(town)).findings.map(({ code }) => code)).toEqual(['central.server-changed'])
    await town.office.standing.confirmServer('administrator', signal)
    town.office.scheduler.wake('dispatch.batch', batchId)
    const other = await approvedBatch(hills.world, { name: 'other', count: 8 })
    send(hills, other.batchId)
    expect((await attentionOf(hills, other.batchId))?.code).toBe('central.payments-claimed-elsewhere')
    await settled(town, batchId)
    expect(await district.paid()).toEqual(Array(8).fill(1))
  })

  test('rolled back to before a take-over: noticed although it counts on, and the take-over is made again', async () => {
    const { town, hills } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 3 })
    town.office.dispatch.holdPayment('clerk', submission.lines[0]?.paymentId ?? '', true)
    send(town, batchId)
    await until('claimed', () => town.office.store.get('batch', batchId).state === 'claimed')
    await contact(town)
    await contact(hills)
    replicate(town.office.store, hills.office.store)
    const snapshot = district.couch.snapshot()
    hills.office.dispatch.holdPayment('clerk', submission.lines[0]?.paymentId ?? '', false)
    await takeOver(hills, batchId)
    await settled(hills, batchId)
    await district.couch.rollBack(snapshot)
    // It was written to since, so that it has counted past what was seen.
    hills.office.store.housekeeping((_, mark) => mark('central-server', ''))
    await until('noticed', async () => {
      await hills.office.standing.contact(signal)
      return hills.office.standing.findServerDoubt() === 'claims'
    })
    await hills.office.standing.confirmServer('administrator', signal)
    expect(documentOf(`batch:${batchId}`)).toMatchObject({
      generation: 2,
      installationId: hills.office.store.installationId,
      takeOver: { fromInstallation: town.office.store.installationId, officerId: 'administrator' },
    })
    expect(officeOf(town)?.revoked).not.toBeNull()
    expect((await contact(hills)).findings).toEqual([])
    expect(await district.paid()).toEqual(Array(3).fill(1))
  })

  test.each([
    ['another server answers there', { uuid: 'another' }],
    ['the district is another one', { districtId: 'another' }],
    ['it counts less than it did', { sequence: 1_000_000 }],
  ])('%s: noticed at the next contact', async (_, seen) => {
    const { town } = district
    await contact(town)
    const { store, standing } = town.office
    const before = JSON.parse(store.findMark('central-server') ?? '')
    store.housekeeping((_sql, mark) => mark('central-server', JSON.stringify({ ...before, ...seen })))
    expect((await contact(town)).findings.map(({ code }) => code)).toEqual(['central.server-changed'])
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 2 })
    send(town, batchId)
    await until('waits', () => job(town, batchId)?.deferredBy === 'restored')
    await standing.confirmServer('administrator', signal)
    await settled(town, batchId)
    expect((await contact(town)).findings).toEqual([])
  })
})
