import { mergeList } from './contacts.ts'
import { mergeFields, mergeLife, mergeRemoval, mergeSet } from './fields.ts'
import type { Merger } from './versions.ts'

/** Fields that are lists of contacts or sets of words, with the most they hold, and those that are a life. */
interface PlainPlan {
  readonly lists?: Readonly<Record<string, number>>
  readonly sets?: Readonly<Record<string, number>>
  readonly life?: readonly [fields: readonly [string, ...string[]], rank: Readonly<Record<string, number>>]
}

/** A record that people edit field by field. */
export const plain =
  ({ lists = {}, sets = {}, life }: PlainPlan): Merger =>
  (versions, fields, outcome) => {
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
