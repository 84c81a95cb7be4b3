import { cpSync, existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { restoreBackup } from '../../../electron/core/backup/restore-backup.ts'
import { approvedBatch } from '../dispatch/approved-batches.ts'
import { Scene } from '../dispatch/scene.ts'
import { removeDirectory, statesOf, until } from '../dispatch/sending-office.ts'
import { backUp } from './laptops.ts'

/* A machine is lost between two payments; the payment system pays twice whatever is posted twice. */

let scene: Scene
const places: string[] = []
afterEach(async () => {
  await scene.close()
  for (const place of places.splice(0)) removeDirectory(place)
})
const newPlace = (): string => {
  const place = mkdtempSync(join(tmpdir(), 'restored-'))
  places.push(place)
  return place
}

const doubt = (): string | undefined => scene.office.dispatch.status().doubt?.code
const paidOnce = async (count: number): Promise<void> => {
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

/** One batch paid, one under way of which nothing final was heard, one approved and not sent: then a backup, then more work. */
async function lostAfterBackup(): Promise<{ path: string; open: string; unsent: string; later: string }> {
  scene = await Scene.open({ partSize: 3 }, { duplicateProtection: false })
  const settled = await scene.send(2, 'settled')
  await until('paid', () => statesOf(scene.office, settled).paid === 2)
  await scene.peer.order({ hold: true })
  const open = await scene.send(2, 'open', 10)
  await until('acknowledged', () => statesOf(scene.office, open).acknowledged === 2)
  await scene.peer.order({ hold: false })
  const { batchId: unsent } = await approvedBatch(scene.world, { name: 'unsent', count: 2, from: 20 })
  const { batchId: later } = await approvedBatch(scene.world, { name: 'later', count: 3, from: 30 })
  const path = await backUp(scene.office, newPlace())
  // After the backup one of the approved batches leaves: the backup does not know that.
  scene.office.dispatch.send('clerk', [later])
  await until('paid', () => statesOf(scene.office, later).paid === 3)
  return { path, open, unsent, later }
}

test('another machine: nothing leaves before the confirmation, nothing is paid twice, unsent work is still there', async () => {
  const { path, open, unsent, later } = await lostAfterBackup()
  const before = (await scene.ledger()).length
  const dataDirectory = newPlace()
  const { key } = scene.office
  places.push(scene.directory)
  await scene.reopenAfter(() => {
    restoreBackup({ task: 'restore', path, key, dataDirectory, present: 'refuse' })
    return join(dataDirectory, 'office')
  })
  expect(doubt()).toBe('dispatch.moved')
  expect(statesOf(scene.office, unsent)).toEqual({ prepared: 2 })
  scene.office.dispatch.send('clerk', [unsent, later])
  await until('deferred', () => scene.job(unsent)?.deferredBy === 'restored')
  await until('deferred', () => scene.job(later)?.deferredBy === 'restored')
  expect((await scene.ledger()).length).toBe(before)
  await scene.office.dispatch.confirmRestored('administrator')
  await until('what was open is paid', () => statesOf(scene.office, open).paid === 2)
  await until('unsent work is paid', () => statesOf(scene.office, unsent).paid === 2)
  // The new machine has no journal: the payment system is asked before the first post, and knows these payments already.
  expect(await scene.attention(later)).toBe('dispatch.in-review')
  expect(scene.deliveries(later)).toEqual([])
  await paidOnce(9)
})

test('the same machine: what lay there is moved aside and its journal tells what left after the backup', async () => {
  const { path, open, unsent, later } = await lostAfterBackup()
  const dataDirectory = newPlace()
  const { key } = scene.office
  places.push(scene.directory)
  await scene.reopenAfter((directory) => {
    const place = join(dataDirectory, 'office')
    cpSync(directory, place, { recursive: true })
    const { aside } = restoreBackup({ task: 'restore', path, key, dataDirectory, present: 'move-aside' })
    expect(aside).toBe(join(dataDirectory, 'office-before-restore'))
    expect(existsSync(join(aside ?? '', 'office.db'))).toBe(true)
    return place
  })
  expect(doubt()).toBe('dispatch.moved')
  await scene.office.dispatch.confirmRestored('administrator')
  await until('what was open is paid', () => statesOf(scene.office, open).paid === 2)
  await until('what left after the backup is found again', () => statesOf(scene.office, later).paid === 3)
  scene.office.dispatch.send('clerk', [unsent])
  await until('unsent work is paid', () => statesOf(scene.office, unsent).paid === 2)
  await paidOnce(9)
})
