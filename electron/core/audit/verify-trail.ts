import type { Database } from '../store/database.ts'
import { AUDIT_COLUMNS, type AuditBreak, type AuditRow, verifyAudit } from './audit-log.ts'
import { findStrangeEnd, knownHeads } from './known-heads.ts'

/** An entry that a verification names. */
export type NamedEntry = Pick<AuditRow, 'position' | 'moment' | 'hash'>

/** What a walk over the whole trail of a store found. */
export interface TrailVerdict {
  /** Entries there are. */
  readonly checked: number
  /** The first break, with the entry that stands there now, if one does. */
  readonly break: (AuditBreak & { readonly row: AuditRow | null }) | null
  /** The first entry, and the last one up to which every entry is in its place; null where there is none. */
  readonly since: NamedEntry | null
  readonly upTo: NamedEntry | null
}

/** Walks the trail against everything that the store knows of its end. Yields the entries done. */
export function* verifyTrail(database: Database): Generator<number, TrailVerdict> {
  const mark = database.prepare('SELECT value FROM meta WHERE key = ?').pluck()
  const findMark = (key: string): string | undefined => mark.get(key) as string | undefined
  // Before the walk: what is written meanwhile may come after its end.
  const checked = database.prepare('SELECT count(*) FROM audit').pluck().get() as number
  const walked = yield* verifyAudit(database, knownHeads(findMark))
  const atEnd = findStrangeEnd(findMark)
  const found = walked === undefined || (atEnd !== undefined && atEnd.position <= walked.position) ? atEnd : walked
  const rowAt = database.prepare(`SELECT ${AUDIT_COLUMNS} FROM audit WHERE position = ?`)
  const named = database.prepare('SELECT position, moment, hash FROM audit WHERE position = ?')
  const whole = found === undefined ? checked : found.position - 1
  return {
    checked,
    break: found === undefined ? null : { ...found, row: (rowAt.get(found.position) as AuditRow | undefined) ?? null },
    since: whole === 0 ? null : ((named.get(1) as NamedEntry | undefined) ?? null),
    upTo: (named.get(whole) as NamedEntry | undefined) ?? null,
  }
}
