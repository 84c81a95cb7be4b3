import canonicalize from 'canonicalize'
import type { Statement } from '../store/database.ts'
import { AUDIT_COLUMNS, type AuditRow } from './audit-log.ts'

/** Rows between two turns of other work. */
const SLICE = 250

export interface LinesWanted {
  /** The position before the first line. */
  readonly after: number
  /** The position of the last line. */
  readonly until: number
  /** Most lines. */
  readonly limit: number
}

/**
 * Rows of the trail as lines: each the RFC 8785 form of the row with its hash, so that a line without its `hash` is what was
 * hashed. Rows leave as they lie, broken ones too.
 */
export function* linesOf(
  asked: { sql(text: string): Statement },
  { after, until, limit }: LinesWanted,
): Generator<{ readonly text: string; readonly done: number }> {
  const slice = asked.sql(
    `SELECT ${AUDIT_COLUMNS} FROM audit WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
  )
  let done = after
  for (let left = limit; left > 0; left -= SLICE) {
    const rows = slice.all(done, until, Math.min(SLICE, left)) as AuditRow[]
    done = rows.at(-1)?.position ?? done
    if (rows.length > 0) yield { text: rows.map((row) => `${canonicalize(row)}\n`).join(''), done }
    if (rows.length < SLICE) return
  }
}
