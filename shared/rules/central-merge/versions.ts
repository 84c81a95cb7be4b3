import { sameValue } from '../three-way.ts'

/* Two versions of a record and the one that both offices had last, as every rule of merging looks at them. */

export type Fields = Readonly<Record<string, unknown>>
export type Side = 'mine' | 'theirs'

export interface Versions {
  readonly base: Fields | undefined
  readonly mine: Fields
  readonly theirs: Fields
  readonly later: Side
  /** The side that stands at the central server, where one does; only what its rules let follow can be written there. */
  readonly atServer?: Side
}

export interface Outcome {
  readonly values: Record<string, unknown>
  readonly conflicts: Set<string>
  readonly ruled: Set<string>
}

/** How the records of a kind come together; `fields` are those that say something. */
export type Merger = (versions: Versions, fields: readonly string[], outcome: Outcome) => void

/** JSON in which the order of keys does not matter. */
export const stable = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )

/** Whether these fields say the same on both. */
export const areSame = (fields: readonly string[], one: Fields, other: Fields): boolean =>
  fields.every((field) => sameValue(one[field], other[field]))

/** Without a base both sides count as changed wherever they differ. */
export const changed = (base: Fields | undefined, side: Fields, fields: readonly string[]): boolean =>
  base === undefined || !areSame(fields, base, side)

/** The side whose values of these fields count because the other did not touch them; undefined when both did. */
export function onlyChanged({ base, mine, theirs }: Versions, fields: readonly string[]): Side | undefined {
  if (areSame(fields, mine, theirs) || !changed(base, mine, fields)) return 'theirs'
  return changed(base, theirs, fields) ? undefined : 'mine'
}

/** Takes these fields as one side has them. */
export function take({ values }: Outcome, side: Fields, fields: readonly string[]): void {
  for (const field of fields) values[field] = side[field]
}
