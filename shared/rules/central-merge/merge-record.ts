import { versionName } from '../../model/ids.ts'
import { editionOf, type Moment } from '../../model/record.ts'
import type { RecordKind, RecordOf } from '../../model/records.ts'
import { sameValue } from '../three-way.ts'
import { mergeBatch } from './batch.ts'
import { mergeEntitlement } from './entitlement.ts'
import { unite } from './fields.ts'
import { mergePayment } from './payment.ts'
import { plain } from './plain.ts'
import {
  areSame,
  type Fields,
  type Merger,
  type Outcome,
  onlyChanged,
  type Side,
  stable,
  take,
  type Versions,
} from './versions.ts'

/*
 * Two offices changed one record before they heard of each other. What one side changed alone is kept; what both changed
 * follows a rule that gives both of them the same record, whichever of them merges: lives by their progress, makers by
 * union, all else by the later moment of the record, and that is then shown to an officer with both versions.
 */

/** Kinds that are merged; the others are append-only or do not travel. */
export type MergedKind = Exclude<
  RecordKind,
  | 'submission'
  | 'decision'
  | 'claim'
  | 'transmission'
  | 'delivery'
  | 'conformanceReport'
  | 'observation'
  | 'fileDeed'
  | 'collection'
>

export interface MergedRecord<K extends MergedKind> {
  /** `same`: the two say the same; `mine`, `theirs`: it is that side's record as it is. */
  readonly kind: 'same' | 'mine' | 'theirs' | 'merged'
  readonly record: RecordOf<K>
  /** Changed on both sides: the record holds the later side's value until an officer has decided. */
  readonly conflictFields: readonly string[]
  /** Changed on both sides and decided by rule, worth showing. */
  readonly ruledFields: readonly string[]
}

/** Every kind of record carries these; they say who wrote it, not what it says. */
const MARKS: ReadonlySet<string> = new Set(['changedAt', 'changedBy'])
/** Worked out in each office from the records of the batch. */
const DERIVED: ReadonlySet<string> = new Set(['state', 'stateAt', 'attention', 'attentionParams', 'count', 'sum'])

/**
 * What both offices get when one of them merges what the other wrote. `base` is the version that both had last.
 *
 * @param from where `theirs` comes from: what stands at the central server binds whoever merges it
 */
export function mergeRecord<K extends MergedKind>(
  kind: K,
  base: RecordOf<K> | undefined,
  mine: RecordOf<K>,
  theirs: RecordOf<K>,
  from: 'server' | 'office' = 'office',
): MergedRecord<K> {
  const versions: Versions = {
    base,
    mine,
    theirs,
    later: laterOf(mine, theirs),
    ...(from === 'server' ? { atServer: 'theirs' } : {}),
  }
  const fields = fieldsOf(kind, versions)
  const laterRecord = versions.later === 'mine' ? mine : theirs
  if (areSame(fields, mine, theirs)) return { kind: 'same', record: laterRecord, conflictFields: [], ruledFields: [] }
  const outcome: Outcome = { values: {}, conflicts: new Set(), ruled: new Set() }
  mergers[kind](
    versions,
    fields.filter((field) => field !== 'makers'),
    outcome,
  )
  if (fields.includes('makers')) unite(versions, 'makers', outcome)
  const merged = { ...mine, ...outcome.values }
  const found = { conflictFields: [...outcome.conflicts].sort(), ruledFields: [...outcome.ruled].sort() }
  if (areSame(fields, merged, mine)) return { kind: 'mine', record: mine, ...found }
  if (areSame(fields, merged, theirs)) return { kind: 'theirs', record: theirs, ...found }
  const said = stable(fields.map((field) => [field, (merged as Fields)[field] ?? null]))
  const changedAt = momentAfter(laterRecord.changedAt, said)
  return { kind: 'merged', record: { ...merged, changedAt, changedBy: laterRecord.changedBy }, ...found }
}

const COUNTER = 36 ** 4
const NODE = 36n ** 12n

/** A moment right after another, named by what was said then: whoever merges gets the same, and no other version has it. */
function momentAfter(moment: Moment, said: string): Moment {
  const [milliseconds = '', counter = ''] = moment.split('-')
  const next = Math.min(Number.parseInt(counter, 36) + 1, COUNTER - 1)
  const name = BigInt(`0x${versionName(said).replaceAll('-', '')}`) % NODE
  return [milliseconds, next.toString(36).padStart(4, '0'), name.toString(36).padStart(12, '0')].join('-')
}

/** Which side is later: by the whole text of its moment, then by what it says, so that both offices agree. */
export function laterOf(mine: Fields, theirs: Fields): Side {
  const order = [mine, theirs].map((side) => `${String(side.changedAt)} ${String(side.changedBy)} ${stable(side)}`)
  return (order[0] as string) > (order[1] as string) ? 'mine' : 'theirs'
}

function fieldsOf(kind: MergedKind, { mine, theirs }: Pick<Versions, 'mine' | 'theirs'>): string[] {
  const all = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return [...all].filter((field) => !MARKS.has(field) && !(kind === 'batch' && DERIVED.has(field)))
}

/** Who left stands over who pauses: nobody is paid by a mistake. */
const ENROLMENT = { enrolled: 0, paused: 1, exited: 2 }
const CYCLE = { draft: 0, to_approve: 1, approved: 2, cancelled: 3, distributed: 4, ended: 5 }

/**
 * Once a number was given up for a token, no version that did not know that brings it back: not an older one, nor an edit of
 * it made apart. A new entry carries the moment at which the number was given up, and so stands against it.
 */
function mergeIdentityNumber(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const { mine, theirs } = versions
  const [mineAt, theirsAt] = [mine, theirs].map((side) => String(side.tokenisedAt ?? '')) as [string, string]
  if (mineAt === theirsAt) plain({})(versions, fields, outcome)
  else take(outcome, mineAt > theirsAt ? mine : theirs, fields)
}

/**
 * Signed as a whole, so one of the two stands as a whole: the one that was signed more often, whatever became of the other; an
 * older record, whose signature is as good, never takes its place.
 */
function mergeSigned(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const { mine, theirs } = versions
  const ahead = editionOf(mine) - editionOf(theirs)
  const only = onlyChanged(versions, fields)
  const winner: Side = ahead === 0 ? (only ?? versions.later) : ahead > 0 ? 'mine' : 'theirs'
  take(outcome, versions[winner], fields)
  if (only !== undefined) return
  for (const field of fields) if (!sameValue(mine[field], theirs[field])) outcome.ruled.add(field)
}

const mergers: Readonly<Record<MergedKind, Merger>> = {
  registrant: plain({ lists: { phoneNumbers: 20, emails: 20, bankAccounts: 20 }, sets: { tags: 50 } }),
  membership: plain({ sets: { kinds: 7 } }),
  identityNumber: mergeIdentityNumber,
  programme: plain({}),
  enrolment: plain({ life: [['state', 'reason', 'endedOn'], ENROLMENT] }),
  cycle: plain({ life: [['state'], CYCLE] }),
  entitlement: mergeEntitlement,
  payment: mergePayment,
  batch: mergeBatch,
  officer: mergeSigned,
  paymentManager: mergeSigned,
  connector: mergeSigned,
  signInProvider: mergeSigned,
  consent: plain({}),
}

/** Whether records of a kind are merged; the other kinds never change once they are written. */
export const isMergedKind = (kind: RecordKind): kind is MergedKind => Object.hasOwn(mergers, kind)
