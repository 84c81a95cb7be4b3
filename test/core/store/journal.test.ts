import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/store/database.ts'
import { Journal } from '../../../electron/core/store/journal.ts'
import { OFFICE, Store } from '../../../electron/core/store/store.ts'

const key = new Uint8Array(32).fill(7)
let directory: string
let store: Store
let journal: Journal

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-journal-'))
  const file = join(directory, 'office.db')
  store = new Store({ file, key: { bytes: key } })
  journal = new Journal(file, key)
})
afterEach(async () => {
  await journal.close()
  store.close()
  rmSync(directory, { recursive: true, force: true })
})

const write = (mark: string, length = 10): void =>
  store.transaction(OFFICE, (transaction) => {
    transaction.mark(mark, 'x'.repeat(length))
    transaction.audit({ action: 'test.wrote', subjectKind: 'office', subjectId: mark })
  })

/** What the file says by itself, without its journal. */
function marksInFile(): string[] {
  const copy = join(directory, 'copy.db')
  copyFileSync(store.file, copy)
  const database = openDatabase(copy, { bytes: key }, 'write')
  const found = database.prepare("SELECT key FROM meta WHERE key LIKE 'test-%' ORDER BY key").pluck().all() as string[]
  database.close()
  rmSync(copy)
  return found
}

test('the journal is folded into the file on another thread, once it is large enough', async () => {
  store.holdCheckpoints()
  await journal.fold(0)
  write('test-1')
  await journal.fold(50_000_000)
  expect(marksInFile()).toEqual([])
  await Promise.all([journal.fold(0), journal.fold(0)])
  expect(marksInFile()).toEqual(['test-1'])
  write('test-2')
  await journal.fold(0)
  expect(marksInFile()).toEqual(['test-1', 'test-2'])
})

test('who writes all the time has it folded beside the writes, and waits for what came meanwhile only', async () => {
  store.holdCheckpoints()
  await journal.fold(0)
  write('test-1')
  await journal.keepBelow(50_000_000)
  expect(marksInFile()).toEqual([])
  await journal.keepBelow(0)
  write('test-2')
  await journal.fold(0)
  write('test-3')
  await journal.keepBelow(0)
  expect(marksInFile()).toEqual(['test-1', 'test-2', 'test-3'])
})

test('two who fold for themselves do not end it for each other; with the last the store folds as usual again', async () => {
  const [first, second] = [store.holdCheckpoints(), store.holdCheckpoints()]
  await journal.fold(0)
  first()
  // More pages than the store leaves in its journal as usual.
  for (let n = 0; n < 18; n += 1) write(`test-${n}`, 1_000_000)
  expect(marksInFile()).toEqual([])
  second()
  write('test-after')
  expect(marksInFile()).toContain('test-17')
})

test('a store whose journal is folded beside it folds nothing in the middle of a commit', async () => {
  await journal.fold(0)
  store.foldBeside(() => undefined)
  for (let n = 0; n < 20; n += 1) write(`test-${n}`, 1_000_000)
  expect(marksInFile()).toEqual([])
})

test('what was written is folded beside the writes each time that it is much', async () => {
  await journal.fold(0)
  store.foldBeside(() => journal.ease())
  for (let n = 0; n < 40; n += 1) write(`test-${n}`, 1_000_000)
  await journal.close()
  expect(marksInFile()).toContain('test-9')
})

test('once it is closed, nothing is begun any more', async () => {
  await journal.fold(0)
  store.foldBeside(() => journal.ease())
  await journal.close()
  for (let n = 0; n < 40; n += 1) write(`test-${n}`, 1_000_000)
  await journal.close()
  expect(marksInFile()).toEqual([])
})

test('who folds for themselves is left alone', async () => {
  const asked: string[] = []
  store.foldBeside(() => asked.push('ease'))
  const release = store.holdCheckpoints()
  write('test-held')
  expect(asked).toEqual([])
  release()
  write('test-usual')
  store.housekeeping((_, mark) => mark('test-kept', ''))
  expect(asked).toEqual(['ease', 'ease'])
})

test('a folding that failed is told, and the next one begins anew', async () => {
  const lost = new Journal(join(directory, 'nowhere', 'office.db'), key)
  await expect(lost.fold(-1)).rejects.toThrow()
  await expect(lost.fold(-1)).rejects.toThrow()
  await lost.close()
})
