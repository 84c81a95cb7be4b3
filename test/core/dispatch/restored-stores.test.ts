import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { approvedBatch } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { newDirectory, removeDirectory, statesOf, until } from './sending-office.ts'

/* I11, without duplicate protection at the payment system: whatever is posted twice is paid twice there. */

let scene: Scene
const extra: string[] = []
afterEach(async () => {
  await scene.close()
  for (const directory of extra.splice(0)) removeDirectory(directory)
})

const begin = async (): Promise<void> => {
  scene = await Scene.open({ partSize: 3 }, { duplicateProtection: false })
}
const confirm = (): Promise<void> => scene.office.dispatch.confirmRestored('administrator')
const doubt = (): string | undefined => scene.office.dispatch.status().doubt?.code
const journal = (directory: string): string => join(directory, 'dispatch-journal.jsonl')

const paidOnce = async (count: number): Promise<void> => {
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

/** One batch paid; another one acknowledged, of which nothing final was heard yet; a third one approved. */
async function underWay(): Promise<{ open: string; approved: string }> {
  const settled = await scene.send(2, 'settled')
  await until('paid', () => statesOf(scene.office, settled).paid === 2)
  await scene.peer.order({ hold: true })
  const open = await scene.send(2, 'open', 10)
  await until('acknowledged', () => statesOf(scene.office, open).acknowledged === 2)
  const { batchId: approved } = await approvedBatch(scene.world, { name: 'approved', count: 2, from: 20 })
  return { open, approved }
}

/** Nothing leaves before the confirmation; what was open is looked up then, and only after that the rest is sent. */
async function confirmedOnly({ open, approved }: { open: string; approved: string }): Promise<void> {
  scene.office.dispatch.send('clerk', [approved])
  await until('deferred', () => scene.job(approved)?.deferredBy === 'restored')
  expect(scene.deliveries(approved)).toEqual([])
  expect((await scene.ledger()).length).toBe(4)
  await scene.peer.order({ hold: false })
  await confirm()
  expect(doubt()).toBeUndefined()
  await until('what was open is paid', () => statesOf(scene.office, open).paid === 2)
  await until('the rest is paid', () => statesOf(scene.office, approved).paid === 2)
  await paidOnce(6)
}

describe('a store in doubt sends nothing before it is confirmed', () => {
  test('a copied folder', async () => {
    await begin()
    const world = await underWay()
    const elsewhere = newDirectory()
    extra.push(scene.directory)
    await scene.reopenAfter((directory) => {
      cpSync(directory, elsewhere, { recursive: true })
      return elsewhere
    })
    expect(doubt()).toBe('dispatch.moved')
    await confirmedOnly(world)
    await scene.restart()
    expect(doubt()).toBeUndefined()
  })

  test('a folder on another machine', async () => {
    await begin()
    const world = await underWay()
    await scene.reopenAfter((directory) => {
      const file = join(directory, 'installation.json')
      const installation = JSON.parse(readFileSync(file, 'utf8')) as object
      writeFileSync(file, JSON.stringify({ ...installation, machine: 'another one' }))
      return undefined
    })
    expect(doubt()).toBe('dispatch.moved')
    await confirmedOnly(world)
  })

  test('a folder whose journal is lost', async () => {
    await begin()
    const world = await underWay()
    await scene.reopenAfter((directory) => {
      rmSync(journal(directory))
      return undefined
    })
    expect(doubt()).toBe('dispatch.journal-lost')
    await scene.restart()
    expect(doubt()).toBe('dispatch.journal-lost')
    await confirmedOnly(world)
    await scene.restart()
    expect(doubt()).toBeUndefined()
  })

  test('a folder whose journal somebody changed', async () => {
    await begin()
    const world = await underWay()
    await scene.reopenAfter((directory) => {
      const lines = readFileSync(journal(directory), 'utf8').split('\n')
      writeFileSync(journal(directory), [lines[0]?.replace('position', 'posithon'), ...lines.slice(1)].join('\n'))
      return undefined
    })
    expect(doubt()).toBe('dispatch.journal-lost')
    await confirmedOnly(world)
    await scene.restart()
    expect(doubt()).toBeUndefined()
  })

  test('a change that was not the store’s own raises no doubt where there is none', async () => {
    await begin()
    await underWay()
    await scene.restart()
    await scene.restart()
    expect(doubt()).toBeUndefined()
  })
})

describe('where the journal cannot tell what left, the payment system is asked before anything leaves', () => {
  /** An old store in a folder without the journal that knew better. */
  async function oldStoreWithoutJournal(work: () => Promise<void>): Promise<void> {
    const copy = await scene.copy()
    await work()
    await scene.restore(copy, (directory) => rmSync(journal(directory)))
    expect(doubt()).toBe('dispatch.journal-lost')
    await confirm()
  }

  test('a batch that left after the copy was made is not paid a second time: it comes under review', async () => {
    await begin()
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 5 })
    await oldStoreWithoutJournal(async () => {
      scene.office.dispatch.send('clerk', [batchId])
      await until('paid', () => statesOf(scene.office, batchId).paid === 5)
    })
    scene.office.dispatch.send('clerk', [batchId])
    expect(await scene.attention(batchId)).toBe('dispatch.in-review')
    expect(statesOf(scene.office, batchId)).toEqual({ review: 5 })
    expect(scene.deliveries(batchId)).toEqual([])
    await paidOnce(5)
  })

  test('so do payments that were prepared anew, also after the next restore', async () => {
    await begin()
    const early = await scene.copy()
    await scene.restore(early, (directory) => rmSync(journal(directory)))
    await confirm()
    const first = await scene.send(2, 'first', 40)
    await until('asked, then paid', () => statesOf(scene.office, first).paid === 2)
    await oldStoreWithoutJournal(async () => {
      const batchId = await scene.send(3)
      await until('paid', () => statesOf(scene.office, batchId).paid === 3)
    })
    // The store from before the first confirmation does not remember that it has to ask; the journal does.
    await scene.restore(early)
    expect(doubt()).toBe('dispatch.restored')
    await confirm()
    const again = await scene.send(3, 'again')
    expect(await scene.attention(again)).toBe('dispatch.in-review')
    expect(scene.deliveries(again)).toEqual([])
    await paidOnce(5)
  })

  test('a payment system that cannot be asked is not sent to', async () => {
    await begin()
    await oldStoreWithoutJournal(async () => undefined)
    await scene.script({
      on: 'status',
      fault: { do: 'http-error', status: 500, accepted: false, code: 'err.service.unavailable', retryAfter: null },
      times: 3,
    })
    const batchId = await scene.send(2)
    await until('asked in vain', () => scene.job(batchId)?.fault?.code === 'channel.server-error')
    expect((await scene.ledger()).length).toBe(0)
    await until('paid once it answers', () => statesOf(scene.office, batchId).paid === 2)
    await paidOnce(2)
  })
})
