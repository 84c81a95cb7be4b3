import type { ImportSubject } from '../../../../shared/rules/import-columns.ts'
import type { ReadContext } from '../../store/read-query.ts'
import type { RowProblem } from './import-types.ts'
import type { ImportReport } from './imports.ts'

/** A finished or running import in the history of imports. */
export interface ImportRun {
  readonly id: string
  readonly subject: ImportSubject
  readonly fileName: string
  readonly startedAt: number
  readonly officerId: string
  readonly state: 'running' | 'cancelling' | 'undoing' | 'done' | 'cancelled' | 'failed' | 'undone' | 'closed'
  readonly report: Partial<ImportReport>
}

export const importQueries = {
  'registry.imports': (context: ReadContext, input: { limit: number }): ImportRun[] => {
    const rows = context
      .sql(
        `SELECT id, subject, file_name AS fileName, started_at AS startedAt, officer_id AS officerId, state, report
         FROM import_run ORDER BY started_at DESC LIMIT ?`,
      )
      .all(input.limit) as (Omit<ImportRun, 'report'> & { report: string })[]
    return rows.map((row) => ({ ...row, report: JSON.parse(row.report) }))
  },

  /** Rows that were not taken, or taken with a warning, after a row; in the order of the file. */
  'registry.importProblems': (
    context: ReadContext,
    input: { id: string; after: number; limit: number; taken?: boolean | undefined },
  ): { problems: RowProblem[]; refused: number; warned: number } => {
    const rows = context
      .sql(
        `SELECT row, line, taken, cells, reasons FROM import_problem
         WHERE import_id = ? AND row > ? AND taken >= ? AND taken <= ? ORDER BY row LIMIT ?`,
      )
      .all(input.id, input.after, input.taken === true ? 1 : 0, input.taken === false ? 0 : 1, input.limit) as {
      row: number
      line: number
      taken: number
      cells: string
      reasons: string
    }[]
    const count = context.sql('SELECT count(*) FROM import_problem WHERE import_id = ? AND taken = ?').pluck()
    return {
      problems: rows.map(({ cells, reasons, taken, ...row }) => ({
        ...row,
        taken: taken === 1,
        cells: JSON.parse(cells),
        reasons: JSON.parse(reasons),
      })),
      refused: count.get(input.id, 0) as number,
      warned: count.get(input.id, 1) as number,
    }
  },
} as const
