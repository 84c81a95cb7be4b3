import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findBackups } from '../../../electron/core/backup/backup-folder.ts'
import { retireOffice, stayHere } from '../../../electron/core/moving/retire-office.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import { openElsewhere, sealKeyFile } from '../backup/laptops.ts'
import { approvedBatch } from '../dispatch/approved-batches.ts'
import { Scene } from '../dispatch/scene.ts'
import { removeDirectory, type SendingOffice, statesOf, until } from '../dispatch/sending-office.ts'

/* An office goes to another laptop. The payment system pays twice whatever is posted twice. */

let scene: Scene
let folder: string
const places: string[] = []
const opened: SendingOffice[] = []

const newPlace = (): string => {
  const place = mkdtempSync(join(tmpdir(), 'moving-'))
  places.push(place)
  return place
}

beforeEach(async () => {
  scene = await Scene.open({ partSize: 3 }, { duplicateProtection: false })
  folder = newPlace()
})
afterEach(async () => {
  for (const office of opened.splice(0)) await office.shut()
  await scene.close()
  for (const place of places.splice(0)) removeDirectory(place)
})

const doubtOf = (office: SendingOffice): string | undefined => office.dispatch.status().doubt?.code
const paidOnce = async (count: number): Promise<void> => {
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

/** The code that work fails with. */
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: unknown) => (error instanceof OfficeError ? error.fault.code : String(error)),
  )

interface Work {
  readonly half: string
  /** The payment that holds the second half up. */
  readonly held: string
  readonly unsent: string
  readonly lost: string
}

/** A batch of which half has left, one whose answer was lost, and one that was approved and not sent. */
async function atWork(): Promise<Work> {
  const { batchId: half, submission } = await approvedBatch(scene.world, { name: 'half', count: 6 })
  const held = submission.lines[5]?.paymentId ?? ''
  scene.office.dispatch.holdPayment('clerk', held, true)
  scene.office.dispatch.send('clerk', [half])
  await until('half is paid', () => statesOf(scene.office, half).paid === 3)
  const { batchId: unsent } = await approvedBatch(scene.world, { name: 'unsent', count: 2, from: 20 })
  await scene.peer.order({ hold: true })
  const lost = await scene.send(2, 'lost', 30)
  await until('on its way', () => statesOf(scene.office, lost).acknowledged === 2)
  await scene.peer.order({ hold: false })
  return { half, held, unsent, lost }
}

/** The laptop is retired and started again. */
async function retire(into = folder): Promise<void> {
  const { key, time } = scene.office
  await sealKeyFile(scene.directory, key)
  await scene.reopenAfter(async (directory) => {
    await retireOffice({ directory, key, officerId: 'administrator', now: time.now }, into)
    return undefined
  })
}

function newLaptop(): SendingOffice {
  const office = openElsewhere(scene.office, folder, newPlace())
  opened.push(office)
  return office
}

/** Tries to send everything, and waits until each batch was looked at and stands. */
async function triesInVain({ half, held, unsent }: Work): Promise<void> {
  const before = await scene.ledger()
  const { dispatch, scheduler } = scene.office
  dispatch.holdPayment('clerk', held, false)
  dispatch.send('clerk', [unsent])
  const job = (id: string) => scheduler.queue.findByKey('dispatch.batch', id)
  await until('nothing leaves', () => [half, unsent].every((id) => job(id)?.deferredBy === 'restored'))
  expect(job(unsent)?.fault?.code).toBe('moving.retired')
  expect(await scene.ledger()).toEqual(before)
}

describe('an office that moved', () => {
  test('goes on at the new laptop after the confirmation; the old one refuses every post, and nobody is paid twice', async () => {
    const work = await atWork()
    await retire()
    expect(doubtOf(scene.office)).toBe('moving.retired')
    await triesInVain(work)
    expect(await codeOf(scene.office.dispatch.confirmRestored('administrator'))).toBe('moving.retired')

    const next = newLaptop()
    expect(doubtOf(next)).toBe('dispatch.moved')
    await next.dispatch.confirmRestored('administrator')
    expect(doubtOf(next)).toBeUndefined()
    next.dispatch.holdPayment('clerk', work.held, false)
    next.dispatch.send('clerk', [work.unsent])
    for (const [name, count] of [
      ['half', 6],
      ['unsent', 2],
      ['lost', 2],
    ] as const) {
      await until(`${name} is paid`, () => statesOf(next, work[name]).paid === count)
    }
    await paidOnce(10)

    // Started again, its clock a year on, and its folder taken elsewhere: it stays as it is.
    scene.office.time.jump(365 * 86_400_000)
    await scene.restart()
    expect(doubtOf(scene.office)).toBe('moving.retired')
    scene.office.time.jump(-365 * 86_400_000)
    await scene.reopenAfter((directory) => {
      const copy = join(newPlace(), 'office')
      cpSync(directory, copy, { recursive: true })
      places.push(directory)
      return copy
    })
    expect(doubtOf(scene.office)).toBe('moving.retired')
    expect(await codeOf(scene.office.dispatch.confirmRestored('administrator'))).toBe('moving.retired')
    await paidOnce(10)
  })

  test('stays retired when a store of the day before is put in its folder', async () => {
    const work = await atWork()
    const copy = await scene.copy()
    await retire()
    await scene.restore(copy)
    expect(doubtOf(scene.office)).toBe('moving.retired')
    await triesInVain(work)
    expect(await codeOf(scene.office.dispatch.confirmRestored('administrator'))).toBe('moving.retired')
  })

  test('stays retired where the last backup did not come about, until somebody gives the move up', async () => {
    const work = await atWork()
    const gone = join(newPlace(), 'not there')
    const { key, time } = scene.office
    await sealKeyFile(scene.directory, key)
    const wish = (directory: string) => ({ directory, key, officerId: 'administrator', now: time.now })
    await scene.reopenAfter(async (directory) => {
      expect(await codeOf(retireOffice(wish(directory), gone))).toBe('backup.folder-missing')
      return undefined
    })
    expect(doubtOf(scene.office)).toBe('moving.retired')
    await triesInVain(work)
    await scene.reopenAfter(async (directory) => {
      // Whether a backup lies there can only be told when the folder is.
      expect(await codeOf(stayHere(wish(directory)))).toBe('backup.folder-missing')
      cpSync(folder, gone, { recursive: true })
      await stayHere(wish(directory))
      return undefined
    })
    expect(doubtOf(scene.office)).toBeUndefined()
    scene.office.scheduler.wakeDeferred('restored')
    await until('half is paid', () => statesOf(scene.office, work.half).paid === 6)
    await until('the rest is paid', () => statesOf(scene.office, work.unsent).paid === 2)
    await until('what was on its way is paid', () => statesOf(scene.office, work.lost).paid === 2)
    await paidOnce(10)
  })

  test('cannot be called back once its backup is whole, even if the laptop broke off before it knew', async () => {
    await atWork()
    const { key, time } = scene.office
    await retire()
    // The store as it was when the backup was made: begun, not finished.
    const [newest] = findBackups(folder)
    await scene.restore(join(newest?.path ?? '', 'office.db'))
    const wish = { directory: scene.directory, key, officerId: 'administrator', now: time.now }
    await scene.reopenAfter(async () => {
      expect(await codeOf(stayHere(wish))).toBe('moving.backup-there')
      // The move can be finished instead.
      await retireOffice(wish, folder)
      expect(await codeOf(retireOffice(wish, folder))).toBe('moving.retired')
      expect(await codeOf(stayHere(wish))).toBe('moving.retired')
      return undefined
    })
    expect(doubtOf(scene.office)).toBe('moving.retired')
  })
})
