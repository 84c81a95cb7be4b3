import { readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { Scene } from './scene.ts'
import { statesOf, until } from './sending-office.ts'

/* How often the dispatch journal is read: it is as long as all that ever left, so never once for each part. */

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  return { ...real, readFileSync: vi.fn(real.readFileSync) }
})

let scene: Scene
afterEach(() => scene.close())

const readings = (): number =>
  vi.mocked(readFileSync).mock.calls.filter(([file]) => String(file).endsWith('dispatch-journal.jsonl')).length

test('confirming a restored store reads the journal once, however many messages it puts back', async () => {
  scene = await Scene.open({ partSize: 2 }, { duplicateProtection: false })
  const copy = await scene.copy()
  const batchId = await scene.send(12)
  await until('all paid', () => statesOf(scene.office, batchId).paid === 12)
  await scene.restore(copy)
  const before = readings()
  expect(before).toBeGreaterThan(0)
  await scene.office.dispatch.confirmRestored('administrator')
  expect(readings() - before).toBe(1)
  expect(scene.office.store.sql('SELECT count(*) FROM sent_before_restore').pluck().get()).toBe(12)
})
