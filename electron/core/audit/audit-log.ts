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

/** What the first entry follows. */
export const NO_PREVIOUS = '0'.repeat(64)

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
  readonly #hashAt: Statement

  constructor(database: Database) {
    this.#insert = database.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#last = database.prepare('SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1')
    this.#hashAt = database.prepare('SELECT hash FROM audit WHERE position = ?').pluck()
  }

  /** Position and hash of the newest row; position 0 before the first. */
  head(): { readonly position: number; readonly hash: string } {
    return (this.#last.get() as { position: number; hash: string } | undefined) ?? { position: 0, hash: NO_PREVIOUS }
  }

  findHash(position: number): string | undefined {
    return this.#hashAt.get(position) as string | undefined
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

/** Columns of a row, under the names of {@link AuditRow}. */
export const AUDIT_COLUMNS = `position, moment, officer_id AS officerId, action, subject_kind AS subjectKind,
  subject_id AS subjectId, detail, previous, hash`

/** Position and hash of an entry as somebody remembers it. */
export interface KnownHead {
  readonly position: number
  readonly hash: string
}

/**
 * How a chain can be broken: an entry is not there, is not what it was, does not follow the one before; the end is gone;
 * entries stand behind the end that this program wrote.
 */
export const auditBreakKinds = ['missing', 'altered', 'unlinked', 'tail-cut', 'added'] as const

/** Where a chain is broken, and how. */
export interface AuditBreak {
  readonly position: number
  readonly kind: (typeof auditBreakKinds)[number]
}

/** A break as marks of the store keep it: `position:kind`. */
export const breakText = ({ position, kind }: AuditBreak): string => `${position}:${kind}`

/** Reads {@link breakText}; undefined where there is none. */
export function readBreak(text: string | undefined): AuditBreak | undefined {
  const [position, name] = (text ?? '').split(':')
  const kind = auditBreakKinds.find((one) => one === name)
  return kind === undefined ? undefined : { position: Number(position), kind }
}

/**
 * Walks the whole chain in slices, yielding between them so that the caller can do other work.
 *
 * @param known heads that are remembered elsewhere (the store's marks, the central server); they show a cut tail and a
 *   chain that was written anew
 * @returns the first break, or undefined when the chain is whole
 */
export function* verifyAudit(
  database: Database,
  known: readonly KnownHead[] = [],
  sliceSize = 1000,
): Generator<number, AuditBreak | undefined> {
  const slice = database.prepare(`SELECT ${AUDIT_COLUMNS} FROM audit WHERE position > ? ORDER BY position LIMIT ?`)
  const remembered = new Map(known.map(({ position, hash }) => [position, hash]))
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
      if (remembered.has(position) && remembered.get(position) !== row.hash) return { position, kind: 'altered' }
    }
    if (rows.length < sliceSize) break
    yield position
  }
  if (known.some((head) => head.position > position)) return { position: position + 1, kind: 'tail-cut' }
  return undefined
}
