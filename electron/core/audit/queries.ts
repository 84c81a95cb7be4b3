import type { ReadContext } from '../store/read-query.ts'
import { type AuditBreak, type AuditRow, verifyAudit } from './audit-log.ts'

export interface AuditFilter {
  /** Rows before this position; for paging backwards from the newest. */
  readonly before?: number | undefined
  readonly limit: number
  readonly officerId?: string | undefined
  readonly action?: string | undefined
  readonly subjectKind?: string | undefined
  readonly subjectId?: string | undefined
}

export const auditQueries = {
  /** A page of the trail, newest first, with the count of all rows that match. */
  'audit.page': (context: ReadContext, filter: AuditFilter): { rows: AuditRow[]; total: number } => {
    const conditions = ['1']
    const params: (string | number)[] = []
    const add = (condition: string, value: string | undefined): void => {
      if (value === undefined) return
      conditions.push(condition)
      params.push(value)
    }
    add('officer_id = ?', filter.officerId)
    add('action = ?', filter.action)
    add('subject_kind = ?', filter.subjectKind)
    add('subject_id = ?', filter.subjectId)
    const where = conditions.join(' AND ')
    const total = context
      .sql(`SELECT count(*) FROM audit WHERE ${where}`)
      .pluck()
      .get(...params) as number
    const rows = context
      .sql(
        `SELECT position, moment, officer_id AS officerId, action, subject_kind AS subjectKind,
                subject_id AS subjectId, detail, previous, hash
         FROM audit WHERE ${where} AND position < ? ORDER BY position DESC LIMIT ?`,
      )
      .all(...params, filter.before ?? Number.MAX_SAFE_INTEGER, filter.limit) as AuditRow[]
    return { rows, total }
  },

  /** Walks the whole chain against the head the store remembers. */
  *'audit.verify'(context: ReadContext): Generator<number, { checked: number; break: AuditBreak | null }> {
    const mark = context.sql("SELECT value FROM meta WHERE key = 'audit-head'").pluck().get() as string | undefined
    const [position, hash] = mark?.split(':') ?? []
    const expected = position !== undefined && hash !== undefined ? { position: Number(position), hash } : undefined
    const found = yield* verifyAudit(context.database, expected)
    const checked = context.sql('SELECT count(*) FROM audit').pluck().get() as number
    return { checked, break: found ?? null }
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
