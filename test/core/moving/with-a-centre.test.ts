import { afterEach, beforeEach, expect, test } from 'vitest'
import { retireOffice } from '../../../electron/core/moving/retire-office.ts'
import { backUp, openElsewhere, sealKeyFile } from '../backup/laptops.ts'
import { attentionOf, District, type DistrictOffice, signal } from '../central/claims/district.ts'
import { approvedBatch } from '../dispatch/approved-batches.ts'
import { newDirectory, removeDirectory, statesOf, until } from '../dispatch/sending-office.ts'

/* Two laptops with one office, in a district whose central server tells who sends. */

let district: District
const places: string[] = []
const opened: DistrictOffice[] = []
const newPlace = (): string => {
  const place = newDirectory()
  places.push(place)
  return place
}
beforeEach(async () => {
  district = await District.open()
})
afterEach(async () => {
  for (const { office } of opened.splice(0)) await office.shut()
  await district.close()
  for (const place of places.splice(0)) removeDirectory(place)
})

const send = ({ office, world }: DistrictOffice, batchId: string) => office.dispatch.send(world.clerk.id, [batchId])
const paid = ({ office }: DistrictOffice, batchId: string, count: number) =>
  until(`${count} paid`, () => statesOf(office, batchId).paid === count)

function elsewhere(which: DistrictOffice, folder: string): DistrictOffice {
  const directory = newPlace()
  const office = openElsewhere(which.office, folder, directory)
  const other = { ...which, office, directory, world: { ...which.world, store: office.store } }
  opened.push(other)
  return other
}

/** Half of a batch has left; the other half is held. */
async function halfSent(which: DistrictOffice): Promise<{ batchId: string; held: string }> {
  const { batchId, submission } = await approvedBatch(which.world, { name: 'half', count: 8 })
  const held = submission.lines[7]?.paymentId ?? ''
  which.office.dispatch.holdPayment('clerk', held, true)
  send(which, batchId)
  await paid(which, batchId, 5)
  return { batchId, held }
}

test('the old laptop is still on and was not retired: only one of the two can post, whichever that is', async () => {
  const { town } = district
  const { batchId, held } = await halfSent(town)
  const folder = newPlace()
  await backUp(town.office, folder)
  const next = elsewhere(town, folder)
  expect(next.office.guard.doubt).toBe('dispatch.moved')
  // Before the confirmation the old one sends.
  const before = await approvedBatch(town.world, { name: 'before', count: 2, from: 20 })
  send(town, before.batchId)
  await paid(town, before.batchId, 2)

  await next.office.dispatch.confirmRestored('administrator')
  town.office.dispatch.holdPayment('clerk', held, false)
  expect((await attentionOf(town, batchId))?.code).toBe('central.office-superseded')
  const after = await approvedBatch(town.world, { name: 'after', count: 2, from: 30 })
  send(town, after.batchId)
  const job = () => town.office.scheduler.queue.findByKey('dispatch.batch', after.batchId)
  await until('it waits', () => job()?.deferredBy === 'restored')
  expect(job()?.fault?.code).toBe('central.office-superseded')

  next.office.dispatch.holdPayment('clerk', held, false)
  await paid(next, batchId, 8)
  expect(await district.paid()).toEqual(Array(10).fill(1))
})

test('a retired laptop says nothing more to the central server, and the new one goes on', async () => {
  const { town } = district
  const { batchId, held } = await halfSent(town)
  const folder = newPlace()
  const { key, time } = town.office
  await sealKeyFile(town.directory, key)
  await district.reopen(town, (directory) =>
    retireOffice({ directory, key, officerId: 'administrator', now: time.now }, folder),
  )
  expect(town.office.guard.doubt).toBe('moving.retired')
  const next = elsewhere(town, folder)
  await next.office.dispatch.confirmRestored('administrator')
  next.office.dispatch.holdPayment('clerk', held, false)
  await paid(next, batchId, 8)
  const contact = await next.office.standing.contact(signal)
  expect(contact).toMatchObject({ ok: true, value: { findings: [] } })
  expect(await district.paid()).toEqual(Array(8).fill(1))
})
