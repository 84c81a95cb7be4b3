import { setImmediate as breathe } from 'node:timers/promises'
import { vidHash } from '../person.ts'
import { type RunParts, tokenisationKey } from './run-scene.ts'

const ROWS = 500
/** Digits that could be a VID. */
const DIGITS = /\d{10,32}/g

interface ProblemRow {
  readonly importId: string
  readonly row: number
  readonly cells: string
}

/**
 * Rows of an import that were not taken hold what stood in the file. Numbers among it that were given up for a token are blotted
 * out; they are known by their hashes.
 */
export async function sweepImportProblems(
  parts: Pick<RunParts, 'store' | 'reader'>,
  signal: AbortSignal,
): Promise<void> {
  const { store, reader } = parts
  const key = tokenisationKey(store)
  const hashOf = (digits: string): string => vidHash(key, digits).toString('hex')
  const hashes = new Set<string>()
  for await (const rows of problemRows(parts, signal)) {
    for (const { cells } of rows) for (const [digits] of cells.matchAll(DIGITS)) hashes.add(hashOf(digits))
  }
  if (hashes.size === 0 || signal.aborted) return
  const givenUp = new Set(await reader.run('tokenisation.given-up', { hashes: [...hashes] }, { signal }))
  if (givenUp.size === 0) return
  for await (const rows of problemRows(parts, signal)) {
    const changed = rows.flatMap(({ cells, ...name }) => {
      const clean = cells.replaceAll(DIGITS, (digits) =>
        givenUp.has(hashOf(digits)) ? '•'.repeat(digits.length) : digits,
      )
      return clean === cells ? [] : [{ ...name, clean }]
    })
    if (changed.length === 0) continue
    store.housekeeping((sql) => {
      const write = sql('UPDATE import_problem SET cells = ? WHERE import_id = ? AND row = ?')
      for (const { clean, importId, row } of changed) write.run(clean, importId, row)
    })
  }
}

/** Page by page; others get their turn between two. */
async function* problemRows({ store }: Pick<RunParts, 'store'>, signal: AbortSignal): AsyncGenerator<ProblemRow[]> {
  const page = store.sql(
    `SELECT import_id AS importId, row, cells FROM import_problem WHERE (import_id, row) > (?, ?)
     ORDER BY import_id, row LIMIT ?`,
  )
  let after = { importId: '', row: -1 }
  while (!signal.aborted) {
    const rows = page.all(after.importId, after.row, ROWS) as ProblemRow[]
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS) return
    after = { importId: last.importId, row: last.row }
    await breathe()
  }
}
