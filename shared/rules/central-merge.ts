import { versionName } from '../model/ids.ts'
import type { PaymentState } from '../model/payment.ts'
import { editionOf, type Moment } from '../model/record.ts'
import type { RecordKind, RecordOf } from '../model/records.ts'
import { grantedStates } from './entitlement-life.ts'
import { sameValue } from './three-way.ts'

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

type Fields = Readonly<Record<string, unknown>>
type Side = 'mine' | 'theirs'

interface Versions {
  readonly base: Fields | undefined
  readonly mine: Fields
  readonly theirs: Fields
  readonly later: Side
}

interface Outcome {
  readonly values: Record<string, unknown>
  readonly conflicts: Set<string>
  readonly ruled: Set<string>
}

/** Every kind of record carries these; they say who wrote it, not what it says. */
const MARKS: ReadonlySet<string> = new Set(['changedAt', 'changedBy'])
/** Worked out in each office from the records of the batch. */
const DERIVED: ReadonlySet<string> = new Set(['state', 'stateAt', 'attention', 'attentionParams', 'count', 'sum'])

/** What both offices get when one of them merges what the other wrote. `base` is the version that both had last. */
export function mergeRecord<K extends MergedKind>(
  kind: K,
  base: RecordOf<K> | undefined,
  mine: RecordOf<K>,
  theirs: RecordOf<K>,
): MergedRecord<K> {
  const versions: Versions = { base, mine, theirs, later: laterOf(mine, theirs) }
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
function laterOf(mine: Fields, theirs: Fields): Side {
  const order = [mine, theirs].map((side) => `${String(side.changedAt)} ${String(side.changedBy)} ${stable(side)}`)
  return (order[0] as string) > (order[1] as string) ? 'mine' : 'theirs'
}

/** JSON in which the order of keys does not matter. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )

function fieldsOf(kind: MergedKind, { mine, theirs }: Pick<Versions, 'mine' | 'theirs'>): string[] {
  const all = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return [...all].filter((field) => !MARKS.has(field) && !(kind === 'batch' && DERIVED.has(field)))
}

const areSame = (fields: readonly string[], one: Fields, other: Fields): boolean =>
  fields.every((field) => sameValue(one[field], other[field]))

/** Without a base both sides count as changed wherever they differ. */
const changed = (base: Fields | undefined, side: Fields, fields: readonly string[]): boolean =>
  base === undefined || !areSame(fields, base, side)

/** The side whose values of these fields count because the other did not touch them; undefined when both did. */
function onlyChanged({ base, mine, theirs }: Versions, fields: readonly string[]): Side | undefined {
  if (areSame(fields, mine, theirs) || !changed(base, mine, fields)) return 'theirs'
  return changed(base, theirs, fields) ? undefined : 'mine'
}

function take({ values }: Outcome, side: Fields, fields: readonly string[]): void {
  for (const field of fields) values[field] = side[field]
}

/** Field by field; what both changed goes by the later moment. */
function mergeFields(
  versions: Versions,
  fields: readonly string[],
  outcome: Outcome,
  into: 'conflicts' | 'ruled',
): void {
  for (const field of fields) {
    const only = onlyChanged(versions, [field])
    take(outcome, versions[only ?? versions.later], [field])
    if (only === undefined) outcome[into].add(field)
  }
}

/** Off the registry on one side and edited on the other. */
function mergeRemoval(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const { base, mine, theirs, later } = versions
  const rest = fields.filter((field) => field !== 'removed')
  mergeFields(versions, ['removed'], outcome, 'conflicts')
  if (base === undefined || base.removed === true || mine.removed === theirs.removed) return
  if (!changed(base, mine.removed === true ? theirs : mine, rest)) return
  take(outcome, versions[later], ['removed'])
  outcome.conflicts.add('removed')
}

interface Element extends Fields {
  readonly id: string
}

const withoutIds = (list: readonly Element[]): unknown => list.map(({ id, ...rest }) => rest)

/** A list of contacts, element by element. */
function mergeList(versions: Versions, field: string, most: number, outcome: Outcome): void {
  const only = onlyChanged(versions, [field])
  if (only !== undefined) {
    take(outcome, versions[only], [field])
    return
  }
  const of = (side: Fields): readonly Element[] => side[field] as readonly Element[]
  const mine = of(versions.mine)
  const theirs = of(versions.theirs)
  const later = of(versions[versions.later])
  const conflict = (value: readonly Element[]): void => {
    outcome.values[field] = value
    outcome.conflicts.add(field)
  }
  if (versions.base === undefined) {
    // Entered at both offices: the same accounts under other ids are no news.
    if (!sameValue(withoutIds(mine), withoutIds(theirs))) {
      conflict(later)
      return
    }
    outcome.values[field] = stable(mine) < stable(theirs) ? mine : theirs
    return
  }
  const base = of(versions.base)
  const find = (list: readonly Element[], id: string) => list.find((element) => element.id === id)
  const known = new Set(base.map(({ id }) => id))
  const added = [...mine, ...theirs].map(({ id }) => id).filter((id) => !known.has(id))
  let disputed = false
  const merged: Element[] = []
  for (const id of [...known, ...[...new Set(added)].sort()]) {
    const at: [Element | undefined, Element | undefined, Element | undefined] = [
      find(base, id),
      find(mine, id),
      find(theirs, id),
    ]
    const { element, conflicts } = mergeElement(at, find(later, id), versions.later)
    disputed ||= conflicts
    if (element !== undefined) merged.push(element)
  }
  if (merged.length > most) {
    conflict(later)
    return
  }
  const preferred = merged.filter((element) => element.preferred === true)
  if (preferred.length > 1) {
    const chosen = later.find((element) => element.preferred === true)?.id ?? preferred[0]?.id
    conflict(merged.map((element) => ({ ...element, preferred: element.id === chosen })))
    return
  }
  outcome.values[field] = merged
  if (disputed) outcome.conflicts.add(field)
}

function mergeElement(
  [base, mine, theirs]: readonly [Element | undefined, Element | undefined, Element | undefined],
  later: Element | undefined,
  laterSide: Side,
): { element: Element | undefined; conflicts: boolean } {
  if (sameValue(mine, theirs) || sameValue(base, mine)) return { element: theirs, conflicts: false }
  if (sameValue(base, theirs)) return { element: mine, conflicts: false }
  if (mine === undefined || theirs === undefined) return { element: later, conflicts: true }
  const outcome: Outcome = { values: {}, conflicts: new Set(), ruled: new Set() }
  mergeFields({ base, mine, theirs, later: laterSide }, Object.keys(mine), outcome, 'conflicts')
  return { element: outcome.values as Element, conflicts: outcome.conflicts.size > 0 }
}

/** Words of which each is there or not: what one side added or took away counts. */
function mergeSet(versions: Versions, field: string, most: number, outcome: Outcome): void {
  const only = onlyChanged(versions, [field])
  if (only !== undefined) {
    take(outcome, versions[only], [field])
    return
  }
  const of = (side: Fields | undefined) => (side?.[field] ?? []) as readonly string[]
  const [base, mine, theirs] = [of(versions.base), of(versions.mine), of(versions.theirs)]
  const kept = base.filter((word) => mine.includes(word) && theirs.includes(word))
  const added = [...new Set([...mine, ...theirs])].filter((word) => !base.includes(word)).sort()
  const merged = [...kept, ...added]
  if (merged.length <= most) {
    outcome.values[field] = merged
  } else {
    take(outcome, versions[versions.later], [field])
    outcome.conflicts.add(field)
  }
}

/** Officers who made something: nobody is ever taken off (I7). */
function unite({ mine, theirs }: Versions, field: string, { values }: Outcome): void {
  const of = (side: Fields) => (side[field] ?? []) as readonly string[]
  const [one, other] = [of(mine), of(theirs)]
  const covers = (all: readonly string[], some: readonly string[]) => some.every((id) => all.includes(id))
  if (covers(one, other) && covers(other, one)) values[field] = stable(one) < stable(other) ? one : other
  else if (covers(one, other)) values[field] = one
  else if (covers(other, one)) values[field] = other
  else values[field] = [...new Set([...one, ...other])].sort()
}

/** A state and what belongs to it; where both moved it, the one further on stands. */
function mergeLife(
  versions: Versions,
  fields: readonly [string, ...string[]],
  rank: Readonly<Record<string, number>>,
  outcome: Outcome,
): void {
  const only = onlyChanged(versions, fields)
  if (only !== undefined) {
    take(outcome, versions[only], fields)
    return
  }
  const [state] = fields
  const at = (side: Fields): number => rank[String(side[state])] ?? 0
  const ahead = at(versions.mine) - at(versions.theirs)
  if (ahead === 0) {
    mergeFields(versions, fields, outcome, 'conflicts')
    return
  }
  take(outcome, ahead > 0 ? versions.mine : versions.theirs, fields)
  outcome.ruled.add(state)
}

/** A mark that is set or not: a change of it counts; without a base set stands over not set. */
function mergeFlag({ base, mine, theirs }: Versions, field: string): boolean {
  if (mine[field] === theirs[field]) return mine[field] === true
  return base === undefined || base[field] !== true
}

/** Who left stands over who pauses: nobody is paid by a mistake. */
const ENROLMENT = { enrolled: 0, paused: 1, exited: 2 }
const CYCLE = { draft: 0, to_approve: 1, approved: 2, cancelled: 3, distributed: 4, ended: 5 }
/** What was refused or cancelled stands over what was granted, until money has moved. */
const ENTITLEMENT = {
  draft: 0,
  pending_validation: 1,
  approved: 2,
  expired: 3,
  rejected1: 4,
  rejected2: 5,
  rejected3: 6,
  cancelled: 7,
  trans2FSP: 8,
  rdpd2ben: 9,
}

const PAYMENT: Readonly<Record<PaymentState, number>> = {
  prepared: 0,
  blocked: 0,
  queued: 1,
  cancelled: 2,
  sent: 3,
  unknown: 4,
  acknowledged: 4,
  paid: 5,
  rejected: 5,
  reversed: 6,
  review: 7,
}
/** From these a payment only goes on to others of them, since money may have moved. */
const SETTLED: ReadonlySet<unknown> = new Set<PaymentState>(['paid', 'rejected', 'reversed', 'review'])
/** A payment that has not left: where it would go can still change. */
const NOT_ON_ITS_WAY: ReadonlySet<unknown> = new Set<PaymentState>(['prepared', 'blocked', 'cancelled'])
const PROGRESS = [
  'state',
  'reasonCode',
  'reasonText',
  'reasonParams',
  'amountPaid',
  'theirReference',
  'stateAt',
] as const
const IDENTITY = ['id', 'entitlementId', 'attempt'] as const

/** The payment system said that it paid, and that it never did. */
const contradict = (one: unknown, other: unknown): boolean =>
  [one, other].includes('rejected') && [one, other].some((state) => state === 'paid' || state === 'reversed')

const CONTRADICTION = { reasonCode: 'payment.contradiction', reasonText: '', reasonParams: {} }

/** By the moment of the state, which goes with it into every merge; the record's own may be of another field. */
function laterProgress({ mine, theirs, later }: Versions): Side {
  if (areSame(PROGRESS, mine, theirs)) return later
  const order = ({ stateAt, ...side }: Fields): string => {
    const said = stable(PROGRESS.map((field) => side[field] ?? null))
    return `${String(stateAt)} ${said}`
  }
  return order(mine) > order(theirs) ? 'mine' : 'theirs'
}

function mergePayment(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const { base, mine, theirs, later } = versions
  const held = mergeFlag(versions, 'held')
  const rest = new Set<string>([...PROGRESS, ...IDENTITY, 'held'])
  const plan = fields.filter((field) => !rest.has(field))

  const only = areSame(PROGRESS, mine, theirs) ? undefined : onlyChanged(versions, PROGRESS)
  const isBackwards = (to: Fields, from: Fields): boolean =>
    !SETTLED.has(to.state) && (SETTLED.has(from.state) || (from.state === 'cancelled' && to.state !== 'cancelled'))
  const free = only !== undefined && !isBackwards(versions[only], versions[only === 'mine' ? 'theirs' : 'mine'])
  const ahead = PAYMENT[mine.state as PaymentState] - PAYMENT[theirs.state as PaymentState]
  const joined: Side = ahead === 0 ? laterProgress(versions) : ahead > 0 ? 'mine' : 'theirs'
  const winner: Side = free ? only : joined
  take(outcome, versions[winner], PROGRESS)
  if (!free && contradict(mine.state, theirs.state)) {
    const reference = [mine, theirs]
      .map((side) => String(side.theirReference))
      .sort()
      .at(-1)
    const paid = [mine, theirs].map(({ amountPaid }) => amountPaid as number | null).filter((sum) => sum !== null)
    Object.assign(outcome.values, CONTRADICTION, {
      state: 'review',
      amountPaid: paid.length === 0 ? null : Math.max(...paid),
      theirReference: reference,
      stateAt: versions[later].stateAt,
    })
    outcome.ruled.add('state')
  }
  if (only !== undefined && !free) outcome.ruled.add('state')

  const planner = onlyChanged(versions, plan)
  const whose = NOT_ON_ITS_WAY.has(outcome.values.state) ? (planner ?? winner) : winner
  take(outcome, versions[whose], plan)
  // A plan that only one side changed gives way to what is on its way already.
  const isOvertaken = planner !== undefined && planner !== whose && !areSame(plan, mine, theirs)
  if (isOvertaken && base !== undefined) outcome.ruled.add('payeeAddress')
  if (mine.amount !== theirs.amount && onlyChanged(versions, ['amount']) !== whose) outcome.ruled.add('amount')

  outcome.values.held = held
  // Why it is held goes with the mark.
  const holder = [versions[winner], versions[winner === 'mine' ? 'theirs' : 'mine']].find((side) => side.held === held)
  if (held && versions[winner].held !== true && outcome.values.reasonCode === '' && holder !== undefined) {
    outcome.values.reasonCode = holder.reasonCode
    outcome.values.reasonParams = holder.reasonParams
  }
}

/** Counters of a batch that only ever rise. */
const RISING: ReadonlySet<string> = new Set(['submissionNumber', 'sentBack'])

function mergeBatch(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const { mine, theirs, later } = versions
  const earlier: Side = later === 'mine' ? 'theirs' : 'mine'
  const own = new Set(['held', 'heldReason', 'cancelledReason', ...RISING])
  mergeFields(
    versions,
    fields.filter((field) => !own.has(field)),
    outcome,
    'ruled',
  )
  for (const field of fields.filter((one) => RISING.has(one))) {
    outcome.values[field] = Math.max(Number(mine[field] ?? 0), Number(theirs[field] ?? 0))
  }
  const held = mergeFlag(versions, 'held')
  outcome.values.held = held
  const holder = [versions[later], versions[earlier]].find((side) => side.held === held) ?? versions[later]
  outcome.values.heldReason = holder.heldReason
  const cancelled = [versions[later], versions[earlier]].find((side) => side.cancelledReason !== '')
  outcome.values.cancelledReason = cancelled?.cancelledReason ?? ''
}

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

function mergeEntitlement(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const life = ['state', 'reason'] as const
  const money = ['amount', 'currency'] as const
  mergeRemoval(versions, fields, outcome)
  mergeLife(versions, life, ENTITLEMENT, outcome)
  mergeFields(
    versions,
    fields.filter((field) => ![...life, ...money, 'removed'].includes(field)),
    outcome,
    'conflicts',
  )
  const { base, mine, theirs } = versions
  const grants = (side: Fields): boolean =>
    changed(base, side, ['state']) && (grantedStates as readonly unknown[]).includes(side.state)
  // Whoever granted it saw this sum; another one is not granted by it.
  const granter = grants(mine) === grants(theirs) ? undefined : grants(mine) ? mine : theirs
  if (base === undefined || granter === undefined || areSame(money, mine, theirs)) {
    mergeFields(versions, money, outcome, 'conflicts')
    return
  }
  take(outcome, granter, money)
  if (changed(base, granter === mine ? theirs : mine, money)) outcome.conflicts.add('amount')
}

interface PlainPlan {
  readonly lists?: Readonly<Record<string, number>>
  readonly sets?: Readonly<Record<string, number>>
  readonly life?: readonly [fields: readonly [string, ...string[]], rank: Readonly<Record<string, number>>]
}

/** A record that people edit field by field. */
const plain =
  ({ lists = {}, sets = {}, life }: PlainPlan) =>
  (versions: Versions, fields: readonly string[], outcome: Outcome): void => {
    const own = new Set(['removed', ...Object.keys(lists), ...Object.keys(sets), ...(life?.[0] ?? [])])
    mergeRemoval(versions, fields, outcome)
    mergeFields(
      versions,
      fields.filter((field) => !own.has(field)),
      outcome,
      'conflicts',
    )
    for (const [field, most] of Object.entries(lists)) mergeList(versions, field, most, outcome)
    for (const [field, most] of Object.entries(sets)) mergeSet(versions, field, most, outcome)
    if (life !== undefined) mergeLife(versions, life[0], life[1], outcome)
  }

const mergers: Readonly<Record<MergedKind, (versions: Versions, fields: readonly string[], outcome: Outcome) => void>> =
  {
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
    consent: plain({}),
  }

/** Whether records of a kind are merged; the other kinds never change once they are written. */
export const isMergedKind = (kind: RecordKind): kind is MergedKind => Object.hasOwn(mergers, kind)
