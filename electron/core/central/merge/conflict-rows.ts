import { z } from 'zod'
import { conflictId } from '../../../../shared/model/ids.ts'
import { Id, Moment } from '../../../../shared/model/record.ts'
import { type RecordKind, records } from '../../../../shared/model/records.ts'
import { stable } from '../../../../shared/rules/central-merge/versions.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { hasSettlements, restateConflict } from './settlements.ts'

/*
 * A conflict belongs to the district: whoever merged two versions tells it to the central server, and every office shows it.
 * It says the same wherever it was found, and is named by what it says, so that offices which find it apart find one.
 */

/** Kinds between whose versions officers decide; the others follow rules alone. */
const DECIDED_BY_OFFICERS: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'registrant',
  'membership',
  'identityNumber',
  'programme',
  'enrolment',
  'cycle',
  'entitlement',
  'consent',
])
/** Never in dispute: nobody chooses who made a record, or what it is called. */
const NOT_TO_CHOOSE: ReadonlySet<string> = new Set([
  'id',
  'changedAt',
  'changedBy',
  'makers',
  'erasedAt',
  'tokenisedAt',
  'edition',
])

const Version = z.looseObject({ changedAt: Moment, changedBy: z.string().max(200) })

/** Two versions of a record as they travel, without what each office works out for itself. */
export const Conflict = z.object({
  id: Id,
  kind: z.enum(Object.keys(records) as [RecordKind, ...RecordKind[]]),
  /** The record; of decisions their batch. */
  recordId: Id,
  fields: z.array(z.string().min(1).max(60)).min(1).max(100),
  /** All three are null once they were taken out: somebody was erased, or a number was given up for a token. */
  base: Version.nullable(),
  earlier: Version.nullable(),
  later: Version.nullable(),
  /** Which of the fields' values stands until an officer has decided, or by a rule. */
  standing: z.enum(['earlier', 'later', 'merged']),
  decidedBy: z.enum(['officer', 'rule']),
})
export type Conflict = z.infer<typeof Conflict>

/** The name of a conflict by what it says. */
export const nameOfConflict = (conflict: Omit<Conflict, 'id'>): string => conflictId(stable(conflict))

/** Whether it is one of a kind that is there, under its own name. */
export function isGoodConflict({ id, ...said }: Conflict): boolean {
  const mayAsk = said.decidedBy === 'rule' || DECIDED_BY_OFFICERS.has(said.kind)
  if (!mayAsk || said.fields.some((field) => NOT_TO_CHOOSE.has(field))) return false
  return said.earlier === null ? said.base === null && said.later === null : nameOfConflict(said) === id
}

const COLUMNS = `id, kind, record_id AS recordId, fields, base, earlier, later, standing, decided_by AS decidedBy`

interface Row extends Omit<Conflict, 'fields' | 'base' | 'earlier' | 'later'> {
  readonly fields: string
  readonly base: string | null
  readonly earlier: string | null
  readonly later: string | null
}

function toConflict({ id, kind, recordId, standing, decidedBy, fields, base, earlier, later }: Row): Conflict {
  const version = (text: string | null) => (text === null ? null : JSON.parse(text))
  return {
    id,
    kind,
    recordId,
    fields: JSON.parse(fields),
    base: version(base),
    earlier: version(earlier),
    later: version(later),
    standing,
    decidedBy,
  }
}

export function findConflict(sql: Store['sql'], id: string): Conflict | undefined {
  const row = sql(`SELECT ${COLUMNS} FROM central_conflict WHERE id = ?`).get(id) as Row | undefined
  return row === undefined ? undefined : toConflict(row)
}

/** Conflicts in the order of their ids, behind one of them. */
export function conflictsAfter(sql: Store['sql'], after: string, most: number): Conflict[] {
  const rows = sql(`SELECT ${COLUMNS} FROM central_conflict WHERE id > ? ORDER BY id LIMIT ?`).all(after, most) as Row[]
  return rows.map(toConflict)
}

/** Conflicts of which the server has another state than this office, or nothing. */
export function conflictsUnsent(
  sql: Store['sql'],
  most: number,
  except: readonly string[],
): (Conflict & { readonly rev: string | null })[] {
  const rows = sql(
    `SELECT ${COLUMNS.replace('id, kind', 'c.id, c.kind')}, r.rev FROM central_conflict c
     LEFT JOIN central_receipt r ON r.kind = 'conflict' AND r.id = c.id
     WHERE r.seq IS NOT 1 + (c.earlier IS NULL) AND (r.seq IS NOT NULL OR c.earlier IS NOT NULL)
       AND c.id NOT IN (SELECT value FROM json_each(?)) LIMIT ?`,
  ).all(JSON.stringify(except), most) as (Row & { readonly rev: string | null })[]
  return rows.map(({ rev, ...row }) => ({ ...toConflict(row), rev }))
}

const INSERT = 'INSERT INTO central_conflict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

/**
 * Puts a conflict among those of this office; one that is there stays as it is.
 *
 * @param where found by this office, by another one of the district, or before this office was there: then what a rule
 *   decided is no news to anybody here
 */
export function putConflict(tx: Transaction, conflict: Conflict, where: 'here' | 'elsewhere' | 'before'): void {
  const { id, kind, recordId, fields, base, earlier, later, standing, decidedBy } = conflict
  if (tx.sql('SELECT 1 FROM central_conflict WHERE id = ?').get(id) !== undefined) return
  const text = (version: object | null): string | null => (version === null ? null : JSON.stringify(version))
  const versions = isTakenOut(tx, conflict) ? [null, null, null] : [text(base), text(earlier), text(later)]
  const seen = where === 'before' && decidedBy === 'rule' ? [OFFICE, tx.moment] : [null, null]
  tx.touch('central')
  tx.sql(INSERT).run(id, kind, recordId, JSON.stringify(fields), ...versions, standing, decidedBy, tx.moment, ...seen)
  if (hasSettlements(tx.sql, id)) restateConflict(tx, id)
  tx.audit({
    action: decidedBy === 'officer' ? 'central.conflict-found' : 'central.conflict-ruled',
    subjectKind: kind === 'decision' ? 'batch' : kind,
    subjectId: recordId,
    detail: { conflict: id, fields, standing, ...(where === 'here' ? {} : { elsewhere: true }) },
  })
}

/** What an erasure or a token took from the record since does not come back as a version of it. */
function isTakenOut(tx: Transaction, { kind, recordId, later }: Conflict): boolean {
  const { erasedAt, tokenisedAt } = (tx.find(kind, recordId) ?? {}) as { erasedAt?: string; tokenisedAt?: string }
  const knew = (field: string): string => String(later?.[field] ?? '')
  return (erasedAt ?? '') > knew('erasedAt') || (tokenisedAt ?? '') > knew('tokenisedAt')
}

/** Takes the versions of records out of their conflicts, here and, by the next contact, everywhere. */
export function emptyConflicts(tx: Transaction, kind: RecordKind, recordIds: readonly string[]): void {
  const { changes } = tx
    .sql(
      `UPDATE central_conflict SET base = NULL, earlier = NULL, later = NULL
       WHERE kind = ? AND record_id IN (SELECT value FROM json_each(?)) AND earlier IS NOT NULL`,
    )
    .run(kind, JSON.stringify(recordIds))
  if (changes === 0) return
  tx.touch('central')
  tx.touch('said')
}
