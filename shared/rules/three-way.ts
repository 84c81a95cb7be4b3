/*
 * Three versions of one record: what an officer started from, what they made of it, and what the record is by now.
 * Edits of different fields are both kept; the same field changed by both to different values is for a person to decide.
 */

type Fields = Readonly<Record<string, unknown>>

export interface ThreeWay {
  /** Fields that the officer changed. */
  readonly changed: readonly string[]
  /** Of those, the fields that somebody else changed meanwhile to another value. */
  readonly conflicts: readonly string[]
}

/** Equality of plain JSON values; the order of keys does not matter, and an absent key is an undefined value. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, at) => sameValue(item, right[at]))
    )
  }
  const one = left as Fields
  const other = right as Fields
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => sameValue(one[key], other[key]))
}

/** Fields in which two versions of a record differ; names that begin with `_` belong to the machinery. */
export const differingFields = (one: Fields, other: Fields): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (field) => !field.startsWith('_') && !sameValue(one[field], other[field]),
  )

/** What the officer changed, and where that meets somebody else's change. */
export function compareThreeWay(assumed: Fields, wanted: Fields, current: Fields): ThreeWay {
  const changed = differingFields(assumed, wanted)
  const conflicts = changed.filter(
    (field) => !sameValue(assumed[field], current[field]) && !sameValue(wanted[field], current[field]),
  )
  return { changed, conflicts }
}
