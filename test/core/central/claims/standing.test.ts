import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openClaims } from '../../../../electron/core/central/claims/open-claims.ts'
import { openSignatory } from '../../../../electron/core/identity/signed-change.ts'
import { OfficeError } from '../../../../shared/contract/result.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { approvedBatch, PIN } from '../../dispatch/approved-batches.ts'
import { newDirectory, openSendingOffice, removeDirectory, statesOf, until } from '../../dispatch/sending-office.ts'
import { attentionOf, District, type DistrictOffice, replicate, signal } from './district.ts'

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

const send = ({ office, world }: DistrictOffice, batchId: string) => office.dispatch.send(world.clerk.id, [batchId])
const settled = ({ office }: DistrictOffice, batchId: string) =>
  until(`${batchId} settled`, () => office.store.get('batch', batchId).state === 'settled')
const job = ({ office }: DistrictOffice, batchId: string) => office.scheduler.queue.findByKey('dispatch.batch', batchId)
const documentOf = (id: string) => district.claims().find(({ _id }) => _id === id)
const officeOf = ({ office }: DistrictOffice) => documentOf(`office:${office.store.installationId}`)

const takeOver = async ({ office }: DistrictOffice, batchId: string) =>
  office.dispatch.takeOver(
    await openSignatory(office.store, office.store.get('officer', 'administrator'), PIN),
    { batchId, reason: 'the laptop was lost' },
    signal,
  )

async function contact({ office }: DistrictOffice) {
  const answer = await office.standing.contact(signal)
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.value
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof OfficeError ? error.fault.code : String(error)
  }
}

/** The whole folder as it is, journal included. */
const keepFolder = (which: DistrictOffice) =>
  district.reopen(which, (directory) => cpSync(directory, join(kept, 'folder'), { recursive: true }))
const putFolderBack = (which: DistrictOffice) =>
  district.reopen(which, (directory) => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true })
    cpSync(join(kept, 'folder'), directory, { recursive: true })
  })

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

  test('whose whole folder was put back is found out, sends nothing, and after the confirmation pays nothing twice', async () => {
    const { town } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 7 })
    await contact(town)
    await keepFolder(town)
    send(town, batchId)
    await settled(town, batchId)
    await contact(town)
    await putFolderBack(town)
    // By itself it cannot tell.
    expect(town.office.guard.doubt).toBeUndefined()
    send(town, batchId)
    await until(
      'stopped',
      () => job(town, batchId)?.state === 'attention' || job(town, batchId)?.deferredBy === 'restored',
    )
    expect(town.office.guard.doubt).toBe('dispatch.restored')
    expect(await district.paid()).toEqual(Array(7).fill(1))

    await district.couch.stop()
    expect(await codeOf(town.office.dispatch.confirmRestored('administrator'))).toMatch(/^(central|http)\./)
    expect(town.office.guard.doubt).toBe('dispatch.restored')
    await district.couch.start()
    town.office.http.tryNow()
    await town.office.dispatch.confirmRestored('administrator')
    expect(town.office.guard.epoch).toBe(2)
    expect(officeOf(town)).toMatchObject({ epoch: 2, restores: [{ epoch: 2 }] })
    await until('found out', () => {
      const states = statesOf(town.office, batchId)
      return (states.paid ?? 0) + (states.review ?? 0) === 7
    })
    expect(await district.paid()).toEqual(Array(7).fill(1))
    expect((await contact(town)).findings).toEqual([])
  })

  test('whose older store had not heard of the batch that it sent goes on with it once its records are back', async () => {
    const { town, hills } = district
    const stores = (directory: string) => readdirSync(directory).filter((name) => name.startsWith('office.db'))
    await contact(town)
    await district.reopen(town, (directory) => {
      for (const name of stores(directory)) cpSync(join(directory, name), join(kept, name))
    })
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 7 })
    // What the other office hears of it is from before it left.
    replicate(town.office.store, hills.office.store)
    send(town, batchId)
    await settled(town, batchId)
    await district.reopen(town, (directory) => {
      for (const name of stores(directory)) rmSync(join(directory, name))
      for (const name of stores(kept)) cpSync(join(kept, name), join(directory, name))
    })
    expect(town.office.guard.doubt).toBe('dispatch.restored')
    await town.office.dispatch.confirmRestored('administrator')
    expect(town.office.store.find('batch', batchId)).toBeUndefined()
    replicate(hills.office.store, town.office.store)
    expect(job(town, batchId)).toBeUndefined()
    await contact(town)
    await settled(town, batchId)
    expect(statesOf(town.office, batchId)).toEqual({ paid: 7 })
    expect(await district.paid()).toEqual(Array(7).fill(1))
  })

  test('puts back what left, by the journal, in the batch in which it left', async () => {
    const { town, hills } = district
    const stores = (directory: string) => readdirSync(directory).filter((name) => name.startsWith('office.db'))
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 3 })
    await contact(town)
    await district.reopen(town, (directory) => {
      for (const name of stores(directory)) cpSync(join(directory, name), join(kept, name))
    })
    replicate(town.office.store, hills.office.store)
    send(town, batchId)
    await settled(town, batchId)
    await district.reopen(town, (directory) => {
      for (const name of stores(directory)) rmSync(join(directory, name))
      for (const name of stores(kept)) cpSync(join(kept, name), join(directory, name))
    })
    // The other office has put one of them into a batch of its own, and that comes before anybody has confirmed.
    const { store } = town.office
    store.transaction('office', (tx) => {
      const payment = tx.get('payment', submission.lines[0]?.paymentId ?? '')
      tx.change('payment', payment, { batchId: 'theirs' })
      tx.audit({ action: 'test.merged', subjectKind: 'payment', subjectId: payment.id })
    })
    await town.office.dispatch.confirmRestored('administrator')
    await until('all found paid', () => statesOf(town.office, batchId).paid === 3)
    expect(await district.paid()).toEqual(Array(3).fill(1))
  })

  test('takes back what others took out of a batch that it had sent before it was put back', async () => {
    const { town } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 3 })
    await contact(town)
    await keepFolder(town)
    send(town, batchId)
    await settled(town, batchId)
    await contact(town)
    await putFolderBack(town)
    await contact(town)
    const { store } = town.office
    // As another office's records have it, whose own batch with these payments came too late.
    const [first, second] = submission.lines
    store.transaction('office', (tx) => {
      const payment = tx.get('payment', first?.paymentId ?? '')
      tx.change('payment', payment, { batchId: '', state: 'blocked', reasonCode: 'central.claimed-elsewhere' })
      const other = tx.get('payment', second?.paymentId ?? '')
      tx.change('payment', other, { batchId: 'others' })
      const { changedAt, changedBy, ...batch } = tx.get('batch', batchId)
      tx.put('batch', { ...batch, id: 'others', state: 'open', count: 1, sum: other.amount })
      tx.audit({ action: 'test.merged', subjectKind: 'payment', subjectId: payment.id })
    })
    await town.office.dispatch.confirmRestored('administrator')
    await until('all found paid', () => statesOf(town.office, batchId).paid === 3)
    expect(store.get('batch', 'others')).toMatchObject({ count: 0, sum: 0 })
    expect(await district.paid()).toEqual(Array(3).fill(1))
  })

  describe('with a message that it had claimed, one payment of which is under review with another account by now', () => {
    /** Keeps the folder, lets something happen, puts it back, and confirms it; the batch and the payment under review. */
    async function putBackAfter(work: (batchId: string, lines: Submission['lines']) => Promise<unknown>) {
      const { town } = district
      const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 4 })
      await contact(town)
      await keepFolder(town)
      await work(batchId, submission.lines)
      await contact(town)
      await putFolderBack(town)
      await contact(town)
      const reviewed = submission.lines[0]?.paymentId ?? ''
      town.office.store.transaction('office', (tx) => {
        const change = { state: 'review', reasonCode: 'payment.mismatch', payeeAddress: 'phone:+251911999999' } as const
        tx.change('payment', tx.get('payment', reviewed), change)
        tx.audit({ action: 'test.merged', subjectKind: 'payment', subjectId: reviewed })
      })
      return { batchId, reviewed, confirm: () => town.office.dispatch.confirmRestored('administrator') }
    }

    const denied = { do: 'misreport', as: 'absent', share: 1 } as const

    const othersPaid = async (batchId: string) => {
      const { town } = district
      await until('the others are paid', () => statesOf(town.office, batchId).paid === 3)
      expect((await attentionOf(town, batchId))?.code).toBe('dispatch.in-review')
      expect(statesOf(town.office, batchId)).toEqual({ paid: 3, review: 1 })
    }

    test('sends the others once and that one not at all, where nothing had left', async () => {
      const { town } = district
      const { batchId, reviewed, confirm } = await putBackAfter(async (id, lines) => {
        town.office.dispatch.holdPayment('clerk', lines[3]?.paymentId ?? '', true)
        send(town, id)
        await until('claimed', () => documentOf(`batch:${id}`)?.whole === true)
      })
      await confirm()
      await othersPaid(batchId)
      const ledger = await district.peer.ledger()
      expect(ledger.map(({ paidCount }) => paidCount)).toEqual([1, 1, 1])
      expect(ledger.map(({ referenceId }) => referenceId)).not.toContain(reviewed)
    })

    test('sends none of it where only messages can be asked about, since a new one says nothing of those that left', async () => {
      await district.close()
      district = await District.open({ statusBy: 'transaction_id' })
      const { town } = district
      const { batchId, confirm } = await putBackAfter(async (id) => {
        send(town, id)
        await settled(town, id)
      })
      await district.peer.order({ script: [{ on: 'status', times: 3, fault: denied }] })
      await confirm()
      expect((await attentionOf(town, batchId))?.code).toBe('dispatch.in-review')
      expect(await district.paid()).toEqual(Array(4).fill(1))
    })

    test('sends nothing again where all had left, even if it is not found at first', async () => {
      const { town } = district
      const { batchId, confirm } = await putBackAfter(async (id) => {
        send(town, id)
        await settled(town, id)
      })
      await district.peer.order({ script: [{ on: 'status', times: 3, fault: denied }] })
      await confirm()
      await othersPaid(batchId)
      expect(await district.paid()).toEqual(Array(4).fill(1))
    })
  })

  test('cancels nothing that it may have sent before it was put back', async () => {
    const { town } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 3 })
    await contact(town)
    await keepFolder(town)
    send(town, batchId)
    await settled(town, batchId)
    await contact(town)
    await putFolderBack(town)
    const { store } = town.office
    const answer = await openClaims(town.office).stop(store.get('batch', batchId), 'cancelled', signal)
    expect(answer).toMatchObject({ kind: 'lost' })
    expect(documentOf(`batch:${batchId}`)).toMatchObject({ state: 'claimed', whole: true })
  })

  test('of which two copies run: the one that was confirmed sends, the other finds itself superseded', async () => {
    const { town } = district
    await contact(town)
    await keepFolder(town)
    // The copy on another machine: another folder, the same installation.
    const copy: DistrictOffice = { ...town, directory: join(kept, 'folder') }
    copy.office = openSendingOffice(copy.directory, { key: town.office.key, time: town.office.time })
    copy.world = { ...town.world, store: copy.office.store }
    copy.office.scheduler.start()
    try {
      expect(copy.office.guard.doubt).toBe('dispatch.moved')
      await copy.office.dispatch.confirmRestored('administrator')
      const { batchId } = await approvedBatch(copy.world, { name: 'copy', count: 3 })
      send(copy, batchId)
      await settled(copy, batchId)
      const other = await approvedBatch(town.world, { name: 'town', count: 3 })
      send(town, other.batchId)
      expect((await attentionOf(town, other.batchId))?.code).toBe('central.office-superseded')
      expect(await district.paid()).toEqual(Array(3).fill(1))
    } finally {
      await copy.office.shut()
    }
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
    expect(await codeOf(takeOver(hills, batchId))).toBeDefined()
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
    expect(await codeOf(takeOver(hills, batchId))).toBe('central.nothing-to-take-over')
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
