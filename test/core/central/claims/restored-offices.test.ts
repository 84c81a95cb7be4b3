import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openClaims } from '../../../../electron/core/central/claims/open-claims.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { codeOfRejected } from '../../code-of.ts'
import { approvedBatch } from '../../dispatch/approved-batches.ts'
import { newDirectory, openSendingOffice, removeDirectory, statesOf, until } from '../../dispatch/sending-office.ts'
import { attentionOf, District, type DistrictOffice, replicate, signal } from './district.ts'
import { contact, job, send, settled } from './office-steps.ts'

/* An office whose folder or store was put back, or copied: what the central server and the journal tell it. */

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

/** The whole folder as it is, journal included. */
const keepFolder = (which: DistrictOffice) =>
  district.reopen(which, (directory) => cpSync(directory, join(kept, 'folder'), { recursive: true }))
const putFolderBack = (which: DistrictOffice) =>
  district.reopen(which, (directory) => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true })
    cpSync(join(kept, 'folder'), directory, { recursive: true })
  })

describe('an office', () => {
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
    expect(await codeOfRejected(town.office.dispatch.confirmRestored('administrator'))).toMatch(/^(central|http)\./)
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
})
