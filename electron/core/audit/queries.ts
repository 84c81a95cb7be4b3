import type { ReadContext } from '../store/read-query.ts'
import { AUDIT_COLUMNS, type AuditRow } from './audit-log.ts'
import { type LinesWanted, linesOf } from './export-lines.ts'
import { looksOf } from './looks.ts'
import { positionsOf } from './period.ts'
import { type TrailVerdict, verifyTrail } from './verify-trail.ts'

export interface AuditFilter {
  readonly officerId?: string | undefined
  /** A whole action (`batch.approved`) or a family of them (`batch.`). */
  readonly action?: string | undefined
  readonly subjectKind?: string | undefined
  readonly subjectId?: string | undefined
  /** A contact or identity number that an entry is about; looks at full values name it. */
  readonly contactId?: string | undefined
  /** Epoch milliseconds, inclusive. */
  readonly from?: number | undefined
  /** Epoch milliseconds, exclusive. */
  readonly until?: number | undefined
}

export interface AuditWindow extends AuditFilter {
  readonly limit: number
  /** Rows before this position: the next page by key. */
  readonly before?: number | undefined
  /** Rows to leave out, newest first; where no position is known. */
  readonly offset?: number | undefined
}

/** Conditions over the columns that have indexes; times are positions. */
function conditionsOf(
  context: ReadContext,
  filter: AuditFilter,
): { readonly where: string; readonly params: (string | number)[] } {
  const conditions = ['1']
  const params: (string | number)[] = []
  const add = (condition: string, ...values: (string | number | undefined)[]): void => {
    if (values.some((value) => value === undefined)) return
    conditions.push(condition)
    params.push(...(values as (string | number)[]))
  }
  const { action, from, until } = filter
  add('officer_id = ?', filter.officerId)
  // A family ends where the next character after the point begins.
  if (action?.endsWith('.')) add('action >= ? AND action < ?', action, `${action.slice(0, -1)}/`)
  else add('action = ?', action)
  add('subject_kind = ?', filter.subjectKind)
  add('subject_id = ?', filter.subjectId)
  add("detail ->> '$.contact' = ?", filter.contactId)
  if (from !== undefined || until !== undefined) {
    const { first, last } = positionsOf(context, { from, until })
    add('position BETWEEN ? AND ?', first, last)
  }
  return { where: conditions.join(' AND '), params }
}

export const auditQueries = {
  /** A page of the trail, newest first, with the count of all rows that match. */
  'audit.page': (context: ReadContext, filter: AuditWindow): { rows: AuditRow[]; total: number } => {
    const { where, params } = conditionsOf(context, filter)
    const total = context
      .sql(`SELECT count(*) FROM audit WHERE ${where}`)
      .pluck()
      .get(...params) as number
    const rows = context
      .sql(
        // Positions first, which stand in the indexes; whole rows only for the page.
        `SELECT ${AUDIT_COLUMNS} FROM audit WHERE position IN
           (SELECT position FROM audit WHERE ${where} AND position < ? ORDER BY position DESC LIMIT ? OFFSET ?)
         ORDER BY position DESC`,
      )
      .all(...params, filter.before ?? Number.MAX_SAFE_INTEGER, filter.limit, filter.offset ?? 0) as AuditRow[]
    return { rows, total }
  },

  /** Actions, kinds of record and officers that occur in the trail; what a filter can choose from. */
  'audit.choices': (context: ReadContext): { actions: string[]; subjectKinds: string[]; officerIds: string[] } => {
    const distinct = (column: string, index: string): string[] => {
      // Jumps from value to value along the index instead of reading every row.
      const next = context
        .sql(`SELECT ${column} FROM audit INDEXED BY ${index} WHERE ${column} > ? ORDER BY ${column} LIMIT 1`)
        .pluck()
      const found: string[] = []
      for (
        let value = next.get('') as string | undefined;
        value !== undefined;
        value = next.get(value) as string | undefined
      ) {
        found.push(value)
      }
      return found
    }
    return {
      actions: distinct('action', 'audit_action'),
      subjectKinds: distinct('subject_kind', 'audit_subject'),
      officerIds: distinct('officer_id', 'audit_officer'),
    }
  },

  /** Walks the whole chain against the heads that the store remembers. */
  *'audit.verify'(context: ReadContext): Generator<number, TrailVerdict> {
    return yield* verifyTrail(context.database)
  },

  'audit.looks': looksOf,

  /** Lines of an export. */
  *'audit.exportLines'(context: ReadContext, wanted: LinesWanted): Generator<number, { text: string; done: number }> {
    const slices: string[] = []
    let done = wanted.after
    for (const slice of linesOf(context, wanted)) {
      slices.push(slice.text)
      done = slice.done
      yield done
    }
    return { text: slices.join(''), done }
  },

  /** SQLite's own check of the file, table by table so that it can be interleaved with other reads. */
  *'store.check'(context: ReadContext): Generator<number, { tables: number; findings: string[] }> {
    const tables = context
      .sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name")
      .pluck()
      .all() as string[]
    const findings: string[] = []
    for (const [index, table] of tables.entries()) {
      const rows = context.database.pragma(`quick_check('${table.replaceAll("'", "''")}')`, { simple: false }) as {
        quick_check: string
      }[]
      findings.push(...rows.map((row) => row.quick_check).filter((text) => text !== 'ok'))
      yield index + 1
    }
    return { tables: tables.length, findings }
  },
} as const
