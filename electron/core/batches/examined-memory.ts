import type { ReadContext } from '../store/read-query.ts'
import {
  type ExaminationSettings,
  type ExaminedEntitlement,
  type ExaminedFacts,
  factsOf,
  identityTypeOf,
} from './examination.ts'

/*
 * What the reading thread remembers of entitlements that it examined, so that checking a batch soon after it was prepared need
 * not read everybody again: their records lie all over the file. An examination counts only while it is certain that another
 * one would find the same: under the same programme, manager and day, and while no record that it was made of, and none that
 * belongs to somebody it looked at, was written since. Whatever is not remembered is examined.
 */

/** A kilobyte each. */
const MOST_EXAMINATIONS = 25_000
/** After more changes than these it is simpler to examine everybody. */
const MOST_CHANGES = 5_000
const KEPT_FOR = 30 * 60 * 1000

export interface ExaminedMemory {
  /** What examining the entitlement would find now; undefined where that is not known. */
  recall(entitlementId: string): ExaminedFacts | undefined
  /** To be told only of what was examined after the memory was opened. */
  keep(examined: ExaminedEntitlement): ExaminedFacts
}

interface Kept {
  readonly basis: string
  /** The store's sequence before the first of them was examined: what any of them saw is at least as new. */
  readonly since: number
  readonly examinations: Map<string, { readonly facts: ExaminedFacts; readonly madeOf: ExaminedEntitlement['madeOf'] }>
  /** Of most examinations they are the same. */
  readonly makers: Map<string, readonly string[]>
  readonly end: NodeJS.Timeout
}

/** One for each reading thread: that of the last programme, manager and day. */
const memories = new WeakMap<ReadContext, Kept>()

/** What a mapper said has no sequence. */
const isRemembered = ({ manager }: ExaminationSettings): boolean => manager.payeeIdType !== 'mapper'

/** Everything that decides what is found, beside the records of registrants and the entitlement itself. */
const basisOf = ({ programme, manager, day }: ExaminationSettings): string => JSON.stringify([programme, manager, day])

/** Forgets whatever was known and remembers from now on; for those who examine everybody anyway. */
export function beginMemory(context: ReadContext, settings: ExaminationSettings): ExaminedMemory {
  const old = memories.get(context)
  if (old !== undefined) forget(context, old)
  if (!isRemembered(settings)) return { recall: () => undefined, keep: factsOf }
  const kept: Kept = {
    basis: basisOf(settings),
    since: sequenceOf(context),
    examinations: new Map(),
    makers: new Map(),
    end: setTimeout(() => forget(context, kept), KEPT_FOR).unref(),
  }
  memories.set(context, kept)
  return using(kept, NOTHING)
}

/** What is known under these settings, as far as it still counts. */
export function openMemory(context: ReadContext, settings: ExaminationSettings): ExaminedMemory {
  const kept = memories.get(context)
  if (kept === undefined || !isRemembered(settings) || kept.basis !== basisOf(settings)) {
    return beginMemory(context, settings)
  }
  const changed = changedSince(context, kept.since, settings)
  if (changed === undefined) return beginMemory(context, settings)
  kept.end.refresh()
  return using(kept, changed)
}

const NOTHING: ReadonlySet<string | number> = new Set()

const using = ({ examinations, makers }: Kept, changed: ReadonlySet<string | number>): ExaminedMemory => ({
  recall(entitlementId) {
    const known = examinations.get(entitlementId)
    if (known === undefined) return undefined
    return changed.size > 0 && known.madeOf.some((one) => changed.has(one)) ? undefined : known.facts
  },
  keep(examined) {
    const key = JSON.stringify(examined.makers)
    const known = makers.get(key) ?? examined.makers
    makers.set(key, known)
    const facts = { ...factsOf(examined), makers: known }
    const { id } = examined.entitlement
    if (examinations.size < MOST_EXAMINATIONS || examinations.has(id)) {
      examinations.set(id, { facts, madeOf: examined.madeOf })
    }
    return facts
  },
})

function forget(context: ReadContext, kept: Kept): void {
  clearTimeout(kept.end)
  if (memories.get(context) === kept) memories.delete(context)
}

const sequenceOf = ({ sql }: ReadContext): number =>
  Number(sql("SELECT value FROM meta WHERE key = 'sequence'").pluck().get())

/**
 * Records that were written since, each with whomever it belongs to now; whomever it belonged to before knows it by itself
 * ({@link ExaminedEntitlement.madeOf}). Nothing is ever deleted from these tables.
 */
const CHANGED = {
  entitlement: 'id',
  registrant: 'id',
  membership: 'id, group_id',
  identity_number: 'id, registrant_id',
  enrolment: 'rowid, registrant_id',
} as const

/** Undefined when they are too many. */
function changedSince(
  { sql }: ReadContext,
  sequence: number,
  { manager }: ExaminationSettings,
): ReadonlySet<string | number> | undefined {
  const changed = new Set<string | number>()
  for (const [table, columns] of Object.entries(CHANGED)) {
    if (table === 'identity_number' && identityTypeOf(manager) === undefined) continue
    const rows = sql(`SELECT ${columns} FROM ${table} WHERE seq > ? LIMIT ?`).raw()
    for (const row of rows.all(sequence, MOST_CHANGES - changed.size) as (string | number)[][]) {
      for (const one of row) changed.add(one)
    }
    if (changed.size >= MOST_CHANGES) return undefined
  }
  return changed
}
