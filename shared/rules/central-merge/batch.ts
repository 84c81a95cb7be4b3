import { mergeFields, mergeFlag } from './fields.ts'
import type { Outcome, Side, Versions } from './versions.ts'

/** Counters of a batch that only ever rise. */
const RISING: ReadonlySet<string> = new Set(['submissionNumber', 'sentBack'])

/** What its officers said of a batch; what follows from its payments is worked out in each office. */
export function mergeBatch(versions: Versions, fields: readonly string[], outcome: Outcome): void {
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
