import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Moment } from '../../../shared/model/record.ts'
import type { Database, Statement } from '../store/database.ts'

/** What a step puts into the audit trail. `detail` holds codes, counts and digests, never personal data. */
export interface AuditEntry {
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly detail?: Readonly<Record<string, unknown>>
}

export interface AuditRow {
  readonly position: number
  readonly moment: Moment
  readonly officerId: string
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly detail: string
  readonly previous: string
  readonly hash: string
}

const NO_PREVIOUS = '0'.repeat(64)

/** SHA-256 over the RFC 8785 form of a row without its own hash; `previous` chains it to the one before. */
export function auditHash(row: Omit<AuditRow, 'hash'>): string {
  const { position, moment, officerId, action, subjectKind, subjectId, detail, previous } = row
  const text = canonicalize({ position, moment, officerId, action, subjectKind, subjectId, detail, previous })
  return createHash('sha256')
    .update(text as string)
    .digest('hex')
}

/** The chained log: each row carries the hash of the one before, so a changed, missing or moved row breaks the chain. */
export class AuditLog {
  readonly #insert: Statement
  readonly #last: Statement

  constructor(database: Database) {
    this.#insert = database.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#last = database.prepare('SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1')
  }

  /** Position and hash of the newest row; position 0 before the first. */
  head(): { readonly position: number; readonly hash: string } {
    return (this.#last.get() as { position: number; hash: string } | undefined) ?? { position: 0, hash: NO_PREVIOUS }
  }

  /** Only inside a transaction of the store. */
  append(entry: AuditEntry, officerId: string, moment: Moment): void {
    const head = this.head()
    const row = {
      position: head.position + 1,
      moment,
      officerId,
      action: entry.action,
      subjectKind: entry.subjectKind,
      subjectId: entry.subjectId,
      detail: canonicalize(entry.detail ?? {}) as string,
      previous: head.hash,
    }
    this.#insert.run(...Object.values(row), auditHash(row))
  }
}

/** Where a chain is broken, and how. */
export interface AuditBreak {
  readonly position: number
  readonly kind: 'missing' | 'altered' | 'unlinked' | 'tail-cut'
}

/**
 * Walks the whole chain in slices, yielding between them so that the caller can do other work.
 *
 * @param expected the newest head known from elsewhere (the store's marks, the central server); shows a cut tail
 * @returns the first break, or undefined when the chain is whole
 */
export function* verifyAudit(
  database: Database,
  expected?: { readonly position: number; readonly hash: string },
  sliceSize = 1000,
): Generator<number, AuditBreak | undefined> {
  const slice = database.prepare(
    `SELECT position, moment, officer_id AS officerId, action, subject_kind AS subjectKind, subject_id AS subjectId,
            detail, previous, hash FROM audit WHERE position > ? ORDER BY position LIMIT ?`,
  )
  let position = 0
  let previous = NO_PREVIOUS
  for (;;) {
    const rows = slice.all(position, sliceSize) as AuditRow[]
    for (const row of rows) {
      if (row.position !== position + 1) return { position: position + 1, kind: 'missing' }
      if (row.previous !== previous) return { position: row.position, kind: 'unlinked' }
      if (auditHash(row) !== row.hash) return { position: row.position, kind: 'altered' }
      position = row.position
      previous = row.hash
      if (expected?.position === position && expected.hash !== row.hash) return { position, kind: 'altered' }
    }
    if (rows.length < sliceSize) break
    yield position
  }
  if (expected !== undefined && expected.position > position) return { position: position + 1, kind: 'tail-cut' }
  return undefined
}
