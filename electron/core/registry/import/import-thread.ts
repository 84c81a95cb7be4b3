import { parentPort, workerData } from 'node:worker_threads'
import { OfficeError } from '../../../../shared/contract/result.ts'
import { collections } from '../../store/collections.ts'
import { type Database, openDatabase } from '../../store/database.ts'
import type { FromImport, ImportTask, PreviewRow, RowProblem, ToImport } from './import-types.ts'
import { slicesOf } from './portion-slices.ts'
import { RegistryLookUp } from './registry-look-up.ts'
import { RowReader } from './row-reader.ts'
import { readPortion, StageWriter } from './staged-rows.ts'
import { openTable } from './table.ts'

/*
 * The import thread: one task, then it ends. A check reads the file, checks each row, makes the records ready and stages
 * them; a run hands what was staged to the core thread, which only has to put it into the tables. It stays two slices ahead
 * at most.
 */
const port = parentPort
if (port === null) throw new Error('imports run in a worker thread only')
const task = workerData as ImportTask
const post = (message: FromImport): void => port.postMessage(message)

/** Rows of a file between two reports of its check. */
const SLICE = 500
const AHEAD = 2
/** People that a row brings whose subject is a household: the group, its head and others. */
const PEOPLE_OF_HOUSEHOLD = 4
const SAMPLE = 12
const PREVIEW = 25
/** Warnings are worth reading while they are few. */
const MOST_WARNINGS = 2_000

let credit = AHEAD
let wake: (() => void) | undefined
let journal: Database | undefined

port.on('message', (message: ToImport) => {
  if (message.to === 'next') {
    credit += 1
    wake?.()
    return
  }
  if (task.task === 'inspect') return
  // Folds the journal back while the core thread is free; a large journal would make the core do it in the middle of its work.
  journal ??= openDatabase(task.store.file, { bytes: task.store.key }, 'write', 2)
  journal.pragma('wal_checkpoint(PASSIVE)')
  post({ from: 'checkpointed' })
})

async function takeCredit(): Promise<void> {
  // Also lets messages in between two slices.
  await new Promise((resolve) => setImmediate(resolve))
  while (credit === 0) {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
  credit -= 1
}

async function inspect({ file, reading }: ImportTask & { task: 'inspect' }): Promise<void> {
  const table = await openTable(file, reading)
  const sample: { row: number; cells: readonly string[] }[] = []
  let rows = 0
  for (const { row, cells } of table.rows()) {
    rows += 1
    if (sample.length < SAMPLE) sample.push({ row, cells: cells.map((cell) => cell.slice(0, 200)) })
  }
  const { format, encoding, delimiter, header } = table
  post({ from: 'inspected', inspection: { format, encoding, delimiter, header, sample, rows } })
}

async function check(input: ImportTask & { task: 'check' }): Promise<void> {
  const table = await openTable(input.file, input.options)
  const database = openDatabase(input.store.file, { bytes: input.store.key }, 'read', 12)
  const { options, importId, today } = input
  const lookUp = new RegistryLookUp(database)
  const reader = new RowReader({ options, importId, today, lookUp, width: table.header.length })
  const stage = new StageWriter(input.stage, input.rows, options.subject === 'household' ? PEOPLE_OF_HOUSEHOLD : 1)
  const counts = { rows: 0, added: 0, updated: 0, skipped: 0, refused: 0, warned: 0 }
  const counter = { add: 'added', update: 'updated', skip: 'skipped', refuse: 'refused' } as const
  const preview: PreviewRow[] = []
  let problems: RowProblem[] = []
  let pending = 0
  const send = async (): Promise<void> => {
    await takeCredit()
    post({ from: 'checking', problems, counts: { ...counts } })
    problems = []
    pending = 0
  }
  for (const row of table.rows()) {
    const result = reader.read(row)
    counts.rows += 1
    counts[counter[result.outcome]] += 1
    const reasons = [...result.problems, ...result.warnings]
    if (result.outcome !== 'refuse' && reasons.length > 0) counts.warned += 1
    const tells = result.outcome === 'refuse' || (reasons.length > 0 && counts.warned <= MOST_WARNINGS)
    if (tells) {
      const cells = row.cells.map((cell) => cell.slice(0, 2_000))
      problems.push({ row: row.row, line: row.line, taken: result.outcome !== 'refuse', cells, reasons })
    }
    if (result.work !== undefined) stage.add(result.work)
    if (preview.length < PREVIEW) {
      const { name, registryNumber, outcome, consent } = result
      preview.push({ row: row.row, name: name.slice(0, 200), registryNumber, does: outcome, consent, reasons })
    }
    pending += 1
    if (pending === SLICE) await send()
  }
  if (pending > 0) await send()
  database.close()
  if (counts.rows === 0) throw new OfficeError({ code: 'registry.file-no-rows', params: {} })
  post({ from: 'checked', counts, preview, staged: stage.finish() })
}

async function run({ stage, staged, enrols }: ImportTask & { task: 'run' }): Promise<void> {
  const namePlace = Object.keys(collections.registrant.columns).indexOf('sort_name')
  for (const [index, pieces] of staged.entries()) {
    const slices = slicesOf(readPortion(stage, pieces), enrols, namePlace)
    const all = slices.reduce((sum, slice) => sum + slice.pieces.length, 0)
    let done = 0
    post({ from: 'portion' })
    for (const slice of slices) {
      done += slice.pieces.length
      await takeCredit()
      post({ from: 'slice', slice, share: (index + done / all) / staged.length })
    }
  }
  post({ from: 'done' })
}

try {
  if (task.task === 'inspect') await inspect(task)
  else if (task.task === 'check') await check(task)
  else await run(task)
} catch (error) {
  const fault = error instanceof OfficeError ? error.fault : undefined
  post({ from: 'failed', fault, text: fault === undefined ? String((error as Error).stack ?? error) : '' })
}
