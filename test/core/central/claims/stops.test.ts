import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { approvedBatch } from '../../dispatch/approved-batches.ts'
import { statesOf, until } from '../../dispatch/sending-office.ts'
import { attentionOf, District, type DistrictOffice, replicate } from './district.ts'
import { send, settled } from './office-steps.ts'

let district: District
beforeEach(async () => {
  district = await District.open()
})
afterEach(() => district.close())

const batchOf = ({ office }: DistrictOffice, batchId: string) => office.store.get('batch', batchId)
const cancelled = (which: DistrictOffice, batchId: string) =>
  until(`${batchId} cancelled`, () => batchOf(which, batchId).state === 'cancelled')
const claimOf = (batchId: string) => district.claims().find(({ _id }) => _id === `batch:${batchId}`)
const stopJob = ({ office }: DistrictOffice, batchId: string) =>
  office.scheduler.queue.findByKey('central.stop-batch', batchId)
const cancel = ({ office, world }: DistrictOffice, batchId: string) =>
  office.dispatch.cancel(world.clerk.id, batchId, 'a mistake')

describe('an approved batch that an officer stops', () => {
  test('is cancelled at the central server too, and then nobody sends it', async () => {
    const { town, hills } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 4 })
    replicate(town.office.store, hills.office.store)
    await cancel(town, batchId)
    await cancelled(town, batchId)
    expect(claimOf(batchId)).toMatchObject({ state: 'cancelled' })
    send(hills, batchId)
    expect((await attentionOf(hills, batchId))?.code).toBe('central.claimed-elsewhere')
    expect(await district.paid()).toEqual([])
  })

  test('frees the payments that it had claimed and that never left', async () => {
    const { town, hills } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 4 })
    // Claimed, and its message held back by one payment that is held.
    town.office.dispatch.holdPayment('clerk', submission.lines[0]?.paymentId ?? '', true)
    send(town, batchId)
    await until('claimed', () => batchOf(town, batchId).state === 'claimed')
    const other = await approvedBatch(hills.world, { name: 'other', count: 4 })
    send(hills, other.batchId)
    expect((await attentionOf(hills, other.batchId))?.code).toBe('central.payments-claimed-elsewhere')
    await cancel(town, batchId)
    await until('settled without payment', () => statesOf(town.office, batchId).cancelled === 4)
    await until('free', () => district.claims().every(({ type, released }) => type !== 'payment' || released === true))
    const third = await approvedBatch(hills.world, { name: 'third', count: 4 })
    send(hills, third.batchId)
    await settled(hills, third.batchId)
    expect(await district.paid()).toEqual(Array(4).fill(1))
  })

  test('offline is held here at once, and cancelled as soon as the server can be told', async () => {
    const { town } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 4 })
    await district.couch.stop()
    await cancel(town, batchId)
    expect(batchOf(town, batchId)).toMatchObject({ held: true, state: 'approved' })
    await until('waits for the line', () => stopJob(town, batchId)?.deferredBy === 'line')
    await district.couch.start()
    town.office.http.tryNow()
    await cancelled(town, batchId)
    // The hold ends once its payments are cancelled, too.
    await until('not held any more', () => !batchOf(town, batchId).held)
  })

  test('that another office claimed first shows who, and stays held as it was left', async () => {
    const { town, hills } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 4 })
    replicate(town.office.store, hills.office.store)
    send(hills, batchId)
    await settled(hills, batchId)
    await cancel(town, batchId)
    await until('an officer is asked', () => stopJob(town, batchId)?.state === 'attention')
    expect(stopJob(town, batchId)?.fault).toMatchObject({
      code: 'central.claimed-elsewhere',
      params: { office: hills.account.user },
    })
    expect(batchOf(town, batchId)).toMatchObject({ held: true, attention: 'central.claimed-elsewhere' })
    expect(await district.paid()).toEqual(Array(4).fill(1))
  })

  test('held: nobody else sends it meanwhile, and released it goes', async () => {
    const { town, hills } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 4 })
    replicate(town.office.store, hills.office.store)
    town.office.dispatch.hold(town.world.clerk.id, batchId, 'a question')
    await until('held outside', () => claimOf(batchId)?.state === 'held')
    send(hills, batchId)
    expect((await attentionOf(hills, batchId))?.code).toBe('central.claimed-elsewhere')
    town.office.dispatch.release(town.world.clerk.id, batchId)
    send(town, batchId)
    await settled(town, batchId)
    expect(await district.paid()).toEqual(Array(4).fill(1))
  })

  test('held before it was claimed, and let go in another office, stands before the one that can send it', async () => {
    const { town, hills } = district
    const { batchId } = await approvedBatch(town.world, { name: 'one', count: 4 })
    replicate(town.office.store, hills.office.store)
    hills.office.dispatch.hold(hills.world.clerk.id, batchId, 'a question')
    await until('held outside', () => claimOf(batchId)?.state === 'held')
    const contact = () => hills.office.standing.contact(new AbortController().signal)
    await contact()
    expect(batchOf(hills, batchId).attention).toBe('')

    town.office.dispatch.release(town.world.clerk.id, batchId)
    send(town, batchId)
    expect((await attentionOf(town, batchId))?.code).toBe('central.claimed-elsewhere')
    replicate(town.office.store, hills.office.store)
    expect(batchOf(hills, batchId).held).toBe(false)
    await contact()
    expect(batchOf(hills, batchId).attention).toBe('central.let-go-elsewhere')
    send(hills, batchId)
    await settled(hills, batchId)
    expect(batchOf(hills, batchId).attention).toBe('')
    expect(await district.paid()).toEqual(Array(4).fill(1))
  })

  test('between its parts keeps the rest from leaving and follows what has left', async () => {
    const { town } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'one', count: 8 })
    town.office.dispatch.holdPayment('clerk', submission.lines[7]?.paymentId ?? '', true)
    send(town, batchId)
    await until('the first part is paid', () => statesOf(town.office, batchId).paid === 5)
    await cancel(town, batchId)
    await settled(town, batchId)
    expect(statesOf(town.office, batchId)).toEqual({ paid: 5, cancelled: 3 })
    await until('goes on', () => claimOf(batchId)?.state === 'claimed')
    expect(await district.paid()).toEqual(Array(5).fill(1))
    const free = district.claims().filter(({ released }) => released === true)
    expect(free.length).toBe(3)
  })
})
