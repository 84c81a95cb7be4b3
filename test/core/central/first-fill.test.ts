import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fillDistrict } from '../../bench/replicate/district-records.ts'
import { CentralDistrict, contentOf, sync } from './central-district.ts'
import type { FillTask } from './first-fill-process.ts'

const RECORDS = 6_000
const entry = fileURLToPath(new URL('./first-fill-process.ts', import.meta.url))

let central: CentralDistrict
beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills')
})
afterEach(() => central.close())

/** Fills the office in a process of its own, which is killed once so many records came. */
async function fillUntilKilled(task: FillTask, records: number): Promise<void> {
  const child = spawn(process.execPath, [entry, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number(line) >= records) break
  }
  child.kill('SIGKILL')
  await ended
}

it('tells how far it is in records, answers officers before its end, and goes on after a kill', async () => {
  const town = await central.member('town')
  fillDistrict(town.office.store, RECORDS)
  await sync(town.office)
  const hills = await central.office('hills')
  await hills.close()
  await fillUntilKilled({ directory: hills.directory, ...central.settings('hills') }, 500)

  const { office } = await central.office('hills', { directory: hills.directory })
  const came = (): number => office.store.sql('SELECT count(*) FROM registrant').pluck().get() as number
  const before = came()
  expect(before).toBeGreaterThan(0)
  const told: { done: number; of: number }[] = []
  const answers: Promise<number>[] = []
  office.central.onStatus(({ firstFill }) => {
    if (firstFill === null) return
    told.push(firstFill)
    const page = { kind: 'individual', offset: 0, limit: 10, order: { column: 'name', direction: 'asc' } } as const
    answers.push(office.reader.run('registry.page', page).then(({ total }) => total))
  })
  const report = await sync(office)

  const [first, last] = [told.at(0), told.at(-1)]
  if (first === undefined || last === undefined) throw new Error('nothing was told of the fill')
  // What came before the kill is counted, and not asked for again.
  expect(first.done).toBeGreaterThanOrEqual(500)
  expect(report.pulled).toBeLessThan(RECORDS)
  for (const [at, { done, of }] of told.entries()) {
    expect(done).toBeGreaterThanOrEqual(told[at - 1]?.done ?? 0)
    expect(of).toBeGreaterThanOrEqual(RECORDS)
  }
  // Officers found people while the rest was still on its way.
  const totals = await Promise.all(answers)
  expect(totals[0]).toBeGreaterThan(0)
  expect(totals[0]).toBeLessThan(came())
  expect(office.central.status().firstFill).toBeNull()
  expect(contentOf(office)).toMatchObject(contentOf(town.office))
}, 180_000)
