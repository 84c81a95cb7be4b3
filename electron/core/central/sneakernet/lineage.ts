import type { RecordKind, RecordOf } from '../../../../shared/model/records.ts'
import { isMergedKind, type MergedKind, mergeRecord } from '../../../../shared/rules/central-merge/merge-record.ts'
import { collections } from '../../store/collections.ts'
import type { Statement } from '../../store/database.ts'
import { isSameContent, type TravellingKind } from '../documents.ts'

/*
 * A record's lineage is the set of versions, named by their moments, that the one which stands came from, itself included. Of
 * two versions the one whose lineage holds the other's is the newer. Only when neither does, two offices changed it apart.
 */

type Sql = (text: string) => Statement

const KINDS: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'registrant',
  'membership',
  'identityNumber',
  'programme',
  'enrolment',
  'cycle',
  'entitlement',
  'batch',
  'officer',
  'paymentManager',
  'connector',
  'signInProvider',
  'consent',
])
/** Versions of these are never kept whole beside the one that stands. */
const WITHOUT_BODY: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'identityNumber',
  'officer',
  'paymentManager',
  'connector',
  'signInProvider',
])

export const hasLineage = (kind: RecordKind): boolean => KINDS.has(kind)

/** Versions of a record that go along whole: who reads merged work rarely lacks an older one, and a file stays small. */
const MOST_WHOLE = 12

/**
 * The versions before the one that stands, as a file tells them. Versions of batches are not told whole: what they hold is
 * worked out in each office.
 */
export function lineageOf(sql: Sql, kind: RecordKind, id: string): { past: string[]; whole: string[] } {
  const rows = sql('SELECT changed_at AS at, body FROM central_past WHERE kind = ? AND id = ? ORDER BY changed_at DESC')
  const known = rows.all(kind, id) as { at: string; body: string | null }[]
  const whole = kind === 'batch' ? [] : known.flatMap(({ body }) => (body === null ? [] : [body]))
  return { past: known.map(({ at }) => at), whole: whole.slice(0, MOST_WHOLE) }
}

/** A version as it came in a file. */
export interface FileVersion {
  readonly kind: TravellingKind
  readonly id: string
  readonly fields: Readonly<Record<string, unknown>> & { readonly changedAt: string }
  /** Moments of the versions that it came from. */
  readonly past: readonly string[]
  /** The newest of those as they were, of kinds whose fields are merged: the reader may never have had them. */
  readonly wholePast: readonly (object & { readonly changedAt: string })[]
}

/** How a version that came stands to the one that is here. */
export type Relation =
  | { readonly kind: 'new' }
  | { readonly kind: 'same' }
  /** What is here came from it. */
  | { readonly kind: 'older' }
  /** It came from what is here. */
  | { readonly kind: 'newer' }
  /** Changed apart; with the last version that both came from, where it is still known whole. */
  | { readonly kind: 'fork'; readonly base: object | undefined }

interface Here {
  readonly changedAt: string
}

const pastOf = (sql: Sql, kind: RecordKind, id: string): string[] =>
  sql('SELECT changed_at FROM central_past WHERE kind = ? AND id = ?').pluck().all(kind, id) as string[]

/** Compares a version that came with the record here; for kinds with a lineage. */
export function relate(sql: Sql, here: Here | undefined, came: FileVersion): Relation {
  if (here === undefined) return { kind: 'new' }
  const { kind, id, fields, past } = came
  if (isSameContent(kind, here, fields)) return { kind: 'same' }
  const mine = new Set([...pastOf(sql, kind, id), here.changedAt])
  const theirs = new Set([...past, fields.changedAt])
  const covered = theirs.isSubsetOf(mine)
  const covers = mine.isSubsetOf(theirs)
  if (covered && !covers) return { kind: 'older' }
  if (covers && !covered) return { kind: 'newer' }
  // Both know the same versions and put them together in two ways: no base settles that.
  return { kind: 'fork', base: covers ? undefined : findBase(sql, came, mine.intersection(theirs)) }
}

/**
 * What both came from. Where records went to and fro, that can be several versions of which none came from another: they are
 * put together, or what one side had from the other would look like an edit of its own.
 */
function findBase(sql: Sql, { kind, id, wholePast }: FileVersion, common: ReadonlySet<string>): object | undefined {
  if (!isMergedKind(kind)) return undefined
  const rows = sql('SELECT changed_at AS at, body FROM central_past WHERE kind = ? AND id = ? ORDER BY changed_at')
  const told = new Map(wholePast.map((version) => [version.changedAt, version as RecordOf<MergedKind>]))
  const shared = (rows.all(kind, id) as { at: string; body: string | null }[])
    .filter(({ at }) => common.has(at))
    .map(({ at, body }) => (body === null ? told.get(at) : parse(body)))
  if (shared.at(-1) === undefined) return undefined
  const [first, ...rest] = shared.filter((version) => version !== undefined)
  return first && rest.reduce((base, version) => mergeRecord(kind, first, base, version).record, first)
}

const parse = (body: string): RecordOf<MergedKind> => JSON.parse(body) as RecordOf<MergedKind>

/**
 * Notes that what stands here now came from both: from what stood here and from what came. Call it once the version was
 * applied.
 */
export function joinLineage(sql: Sql, before: (Here & object) | undefined, came: FileVersion): void {
  const { kind, id, fields, past, wholePast } = came
  const add = sql(
    `INSERT INTO central_past VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, id, changed_at) DO UPDATE SET body = coalesce(central_past.body, excluded.body)`,
  )
  const told = new Map(wholePast.map((version) => [version.changedAt, JSON.stringify(version)]))
  // Of somebody who was erased the versions are known by their moments alone.
  const isErased = sql(
    `SELECT 1 FROM ${collections[kind].table} WHERE id = ? AND body ->> '$.erasedAt' IS NOT NULL`,
  ).get(id)
  const isKept = isErased === undefined && !WITHOUT_BODY.has(kind)
  for (const moment of past) add.run(kind, id, moment, isKept ? (told.get(moment) ?? null) : null)
  if (before === undefined || before.changedAt === fields.changedAt) return
  const bodyOf = (version: object): string | null => (isKept ? JSON.stringify(version) : null)
  add.run(kind, id, before.changedAt, bodyOf(before))
  add.run(kind, id, fields.changedAt, bodyOf(fields))
}
