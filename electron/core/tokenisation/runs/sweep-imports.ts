import { setImmediate as breathe } from 'node:timers/promises'
import type { Store } from '../../store/store.ts'
import { vidHash } from '../person.ts'
import { tokenisationKey } from './run-scene.ts'

const ROWS = 500
/** Digits that could be a VID. */
const DIGITS = /\d{10,32}/g

/**
 * Rows of an import that were not taken hold what stood in the file. Numbers among it that were given up for a token are blotted
 * out; they are known by their hashes.
 */
export async function sweepImportProblems(store: Store, signal: AbortSignal): Promise<void> {
  const key = tokenisationKey(store)
  const isGivenUp = store.sql("SELECT 1 FROM token_item WHERE vid_hash = ? AND state = 'tokenised' LIMIT 1").pluck()
  const page = store.sql(
    `SELECT import_id AS importId, row, cells FROM import_problem WHERE (import_id, row) > (?, ?)
     ORDER BY import_id, row LIMIT ?`,
  )
  let after = { importId: '', row: -1 }
  while (!signal.aborted) {
    const rows = page.all(after.importId, after.row, ROWS) as { importId: string; row: number; cells: string }[]
    const changed = rows.flatMap(({ cells, ...name }) => {
      const clean = cells.replaceAll(DIGITS, (digits) =>
        isGivenUp.get(vidHash(key, digits)) === undefined ? digits : '•'.repeat(digits.length),
      )
      return clean === cells ? [] : [{ ...name, clean }]
    })
    if (changed.length > 0) {
      store.housekeeping((sql) => {
        const write = sql('UPDATE import_problem SET cells = ? WHERE import_id = ? AND row = ?')
        for (const { clean, importId, row } of changed) write.run(clean, importId, row)
      })
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS) return
    after = { importId: last.importId, row: last.row }
    await breathe()
  }
}
