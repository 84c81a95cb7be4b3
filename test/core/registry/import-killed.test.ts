import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { verifyAudit } from '../../../electron/core/audit/audit-log.ts'
import { openRegistry } from '../../../electron/core/registry/registry.ts'
import { openDatabase } from '../../../electron/core/store/database.ts'
import { openReader } from '../../../electron/core/store/reader.ts'
import { Store } from '../../../electron/core/store/store.ts'

const KEY = new Uint8Array(32).fill(9)
const ROWS = 3_000

/** Lets an office in a process of its own import until some rows are in, and kills it there. @returns how many were in */
async function killedImport(directory: string): Promise<number> {
  const program = fileURLToPath(new URL('./importing-process.ts', import.meta.url))
  const child = spawn(process.execPath, [program, directory, Buffer.from(KEY).toString('hex'), String(ROWS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  let rows = 0
  for await (const line of createInterface({ input: child.stdout })) {
    rows = Number(line)
    if (rows >= 500) break
  }
  child.kill('SIGKILL')
  await closed
  return rows
}

test('an import that was cut off by a kill is taken back whole at the next start', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'killed-import-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  expect(await killedImport(directory)).toBeGreaterThanOrEqual(500)

  const file = join(directory, 'office.db')
  const store = new Store({ file, key: { bytes: KEY } })
  const count = (sql: string): number => store.sql(`SELECT count(*) FROM ${sql}`).pluck().get() as number
  expect(count("import_run WHERE state = 'running'")).toBe(1)
  expect(count('registrant WHERE removed = 0')).toBeGreaterThanOrEqual(500)

  const reader = await openReader(file, KEY)
  const registry = openRegistry({ store, key: KEY, reader, directory })
  await registry.imports.settled()
  expect(count('registrant WHERE removed = 0')).toBe(0)
  expect(count('identity_number WHERE removed = 0')).toBe(0)
  expect(count('contact_key')).toBe(0)
  expect(store.sql('SELECT state FROM import_run').pluck().all()).toEqual(['failed'])
  // Neither the file nor what was staged of it stays on the disk.
  expect(readdirSync(directory).filter((name) => name === 'uploads')).toEqual([])
  await registry.close()
  await reader.close()
  store.close()

  const database = openDatabase(file, { bytes: KEY }, 'read')
  const steps = verifyAudit(database)
  let step = steps.next()
  while (!step.done) step = steps.next()
  expect(step.value).toBeUndefined()
  database.close()
}, 120_000)
