import type { Store } from '../../store/store.ts'
import type { RowProblem } from './import-types.ts'

/** Keeps what is wrong with rows of an import, for the page that lists it and the file that it can be saved in. */
export function keepProblems(store: Store, importId: string, problems: readonly RowProblem[]): void {
  if (problems.length === 0) return
  store.housekeeping((sql) => {
    const insert = sql(
      'INSERT OR REPLACE INTO import_problem (import_id, row, line, taken, cells, reasons) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const { row, line, taken, cells, reasons } of problems) {
      insert.run(importId, row, line, taken ? 1 : 0, JSON.stringify(cells), JSON.stringify(reasons))
    }
  })
}

export function forgetProblems(store: Store, importId: string): void {
  store.housekeeping((sql) => sql('DELETE FROM import_problem WHERE import_id = ?').run(importId))
}

/** Forgets what was found in files that were looked at and never imported. */
export function forgetProblemsOfNoImport(store: Store): void {
  store.housekeeping((sql) =>
    sql('DELETE FROM import_problem WHERE import_id NOT IN (SELECT id FROM import_run)').run(),
  )
}
