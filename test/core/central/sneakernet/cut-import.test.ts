import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { individual, put } from '../../district.ts'
import { contentOf } from '../central-district.ts'
import { FilesOffice } from './files-district.ts'

const offices: FilesOffice[] = []
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close()
})

const entry = fileURLToPath(new URL('./import-process.ts', import.meta.url))

/** Takes the file in a process of its own, which is killed once it has put in so many records. */
async function takeUntilKilled(office: FilesOffice, path: string, records: number): Promise<void> {
  const child = spawn(process.execPath, [entry, office.directory, path], {
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

it('an import that was killed leaves nothing half, and is done by taking the same file again', async () => {
  const one = await FilesOffice.open('one')
  const two = await FilesOffice.open('two')
  offices.push(one, two)
  await one.knows(two)
  for (let n = 1; n <= 1_500; n += 1) put(one.office, 'registrant', individual(`A${n}`))
  const { path } = await one.write(two)

  for (const records of [1, 700]) {
    await two.shut()
    await takeUntilKilled(two, path, records)
    await two.reopen()
    const count = two.store.sql('SELECT count(*) FROM registrant').pluck().get() as number
    expect(count).toBeGreaterThanOrEqual(records)
    expect(count).toBeLessThan(1_500)
    // Whole as far as it came: the lists and the search find what stands there, and the chain is unbroken.
    expect(two.store.sql('SELECT count(*) FROM registrant WHERE seq = 0').pluck().get()).toBe(0)
    expect(two.store.findMark('central-files-imported')).toBeUndefined()
  }
  await two.read(path)
  expect(contentOf(two)).toMatchObject(contentOf(one))
  expect(await two.read(path)).toMatchObject({ adopted: 0, merged: 0, conflicts: 0 })
}, 120_000)
