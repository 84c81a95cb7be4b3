import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { AuditLog } from '../../electron/core/audit/audit-log.ts'
import type { ImportStatus } from '../../electron/core/registry/import/imports.ts'
import { openRegistry } from '../../electron/core/registry/registry.ts'
import { collections } from '../../electron/core/store/collections.ts'
import { openDatabase } from '../../electron/core/store/database.ts'
import { openReader } from '../../electron/core/store/reader.ts'
import { Store } from '../../electron/core/store/store.ts'
import type { RecordKind, RecordOf } from '../../shared/model/records.ts'
import { suggestMapping, suggestSubject } from '../../shared/rules/import-columns.ts'
import { against, type BenchLine, median } from './bench-line.ts'
import { personsCsv } from './population.ts'
import { type Lap, stopwatch } from './stopwatch.ts'

const ROWS = 100_000
const RUNS = 2
const PIECE = 1_000_000
const LONGEST_BLOCK = 250
const KEY = new Uint8Array(32).fill(3)
const KINDS = ['registrant', 'identityNumber'] as const
/** Records of one transaction of the bare run. */
const BULK = 10_000

interface Figures {
  readonly check: number
  readonly run: number
  /** Processor time of the run, all threads. */
  readonly work: number
  readonly block: number
  readonly steps: number
}

interface Rows {
  readonly records: { readonly [K in (typeof KINDS)[number]]: readonly RecordOf<K>[] }
  readonly keys: readonly (readonly [string, string, string])[]
}

/** Reads a file of 100,000 persons into an empty registry, beside the bulk insert of the rows that came of it. */
export async function run(): Promise<readonly BenchLine[]> {
  const content = Buffer.from([...personsCsv({ count: ROWS })].join(''))
  const office: Figures[] = []
  const bare: Lap[] = []
  let rows: Rows | undefined
  for (let turn = 0; turn < RUNS; turn += 1) {
    const directory = mkdtempSync(join(tmpdir(), 'bench-import-'))
    office.push(await importFile(directory, content))
    rows ??= readRows(join(directory, 'office.db'))
    rmSync(directory, { recursive: true, force: true })
    globalThis.gc?.()
    bare.push(insertBare(rows))
    globalThis.gc?.()
  }
  const middle = (of: (figures: Figures) => number): number => median(office.map(of))
  process.stderr.write(`  check: ${Math.round(middle(({ check }) => check))} ms\n`)
  process.stderr.write(`  progress was told ${Math.min(...office.map(({ steps }) => steps))} times\n`)
  const what = 'bare bulk insert of the same rows'
  return [
    against(
      'import',
      middle((figures) => figures.run),
      'ms',
      { what, value: median(bare.map(({ time }) => time)) },
    ),
    against(
      'import-processor',
      middle((figures) => figures.work),
      'ms',
      { what, value: median(bare.map(({ work }) => work)) },
    ),
    against('import-longest-block', Math.max(...office.map(({ block }) => block)), 'ms', {
      what: 'limit of the core thread',
      value: LONGEST_BLOCK,
    }),
  ]
}

async function importFile(directory: string, content: Uint8Array): Promise<Figures> {
  const file = join(directory, 'office.db')
  const store = new Store({ file, key: { bytes: KEY } })
  const reader = await openReader(file, KEY)
  const registry = openRegistry({ store, key: KEY, reader, directory })
  const { imports } = registry
  const { id } = imports.begin('clerk', 'people.csv', content.length)
  for (let at = 0, piece = 0; at < content.length; at += PIECE, piece += 1) {
    imports.append(id, piece, content.subarray(at, at + PIECE))
  }
  const { header } = await imports.inspect(id, {})
  const subject = suggestSubject(header)
  const options = { subject, mapping: suggestMapping(subject, header), dayOrder: 'dmy', existing: 'skip' } as const

  const beforeCheck = performance.now()
  imports.check(id, options)
  await follow(() => imports.status(id), 'checking')
  const check = performance.now() - beforeCheck

  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const lap = stopwatch()
  imports.run(id, 'clerk')
  const { status, steps } = await follow(() => imports.status(id), 'running')
  const { time: run, work } = lap()
  delay.disable()
  if (status.outcome !== 'done' || status.counts?.added !== ROWS) throw new Error(JSON.stringify(status.counts))
  await registry.close()
  await reader.close()
  store.close()
  return { check, run, work, block: delay.max / 1e6, steps }
}

/** Waits until a stage is over, counting how often something new was told. */
async function follow(ask: () => ImportStatus, stage: ImportStatus['stage']) {
  const seen = new Set<number>()
  for (;;) {
    const status = ask()
    seen.add(status.done)
    if (status.stage !== stage) return { status, steps: seen.size }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function readRows(file: string): Rows {
  const database = openDatabase(file, { bytes: KEY }, 'read')
  const read = <K extends RecordKind>(kind: K): RecordOf<K>[] =>
    (database.prepare(`SELECT body FROM ${collections[kind].table} ORDER BY rowid`).pluck().all() as string[]).map(
      (body) => JSON.parse(body) as RecordOf<K>,
    )
  const records = { registrant: read('registrant'), identityNumber: read('identityNumber') }
  const keys = database.prepare('SELECT kind, value, registrant_id FROM contact_key').raw().all() as Rows['keys']
  database.close()
  // In the order in which the import meets them, not in the order of the table's key.
  const place = new Map(records.registrant.map(({ id }, index) => [id, index]))
  const placeOf = (id: string): number => place.get(id) ?? 0
  return { records, keys: [...keys].sort((one, other) => placeOf(one[2]) - placeOf(other[2])) }
}

/** The same rows into the same tables, indexes, triggers and file, in bulk transactions with one audit row each. */
function insertBare({ records, keys }: Rows): Lap {
  const directory = mkdtempSync(join(tmpdir(), 'bench-import-'))
  const file = join(directory, 'office.db')
  new Store({ file, key: { bytes: KEY } }).close()
  const database = openDatabase(file, { bytes: KEY }, 'write')
  const audit = new AuditLog(database)
  const bulk = <T>(items: readonly T[], insert: (item: T) => void): void => {
    for (let from = 0; from < items.length; from += BULK) {
      const work = (): void => {
        for (const item of items.slice(from, from + BULK)) insert(item)
        audit.append({ action: 'import.rows', subjectKind: 'import', subjectId: String(from) }, 'clerk', '0-0-bare')
      }
      database.transaction(work).immediate()
    }
  }
  const lap = stopwatch()
  const insertAll = <K extends (typeof KINDS)[number]>(kind: K): void => {
    const { table, columns } = collections[kind]
    const names = ['id', 'seq', 'changed_at', ...Object.keys(columns), 'body']
    const statement = database.prepare(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    )
    const facts = Object.values(columns) as ((record: RecordOf<K>) => string | number | null)[]
    bulk<RecordOf<K>>(records[kind], (record) =>
      statement.run(record.id, 1, record.changedAt, ...facts.map((fact) => fact(record)), JSON.stringify(record)),
    )
  }
  for (const kind of KINDS) insertAll(kind)
  const insertKey = database.prepare('INSERT INTO contact_key (kind, value, registrant_id) VALUES (?, ?, ?)')
  bulk(keys, (key) => insertKey.run(...key))
  const time = lap()
  database.close()
  rmSync(directory, { recursive: true, force: true })
  return time
}
