import type { BatchTag } from '../model/payment-manager.ts'
import { type Ruling, refused, ruled } from './ruling.ts'

/** A batch tag with its filter made into a question, so that grouping knows nothing of the filter language. */
export interface GroupingTag<T> extends Pick<BatchTag, 'id' | 'name' | 'maximumBatchSize'> {
  readonly catchAll: boolean
  readonly matches: (item: T) => boolean
}

/** One batch to be made: the how-many-th of its tag (from 1), and what is in it. */
export interface Group<T> {
  readonly tagId: string
  readonly tagName: string
  readonly number: number
  readonly items: readonly T[]
}

/** Whether a tag's filter (Odoo domain) takes everyone: `[]`. */
export const isCatchAll = (filter: string): boolean => /^\s*(?:\[\s*\])?\s*$/.test(filter)

const byKey = (one: readonly [string, unknown], other: readonly [string, unknown]): number =>
  one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0

/**
 * Puts everything into batches by ordered tags: each item belongs to the first tag that matches, the last tag takes the
 * rest, and a new batch begins when one is full. The order is that of the keys, not of the input, so that two laptops
 * with the same records make the same batches.
 */
export function groupIntoBatches<T>(
  items: readonly T[],
  tags: readonly GroupingTag<T>[],
  keyOf: (item: T) => string,
): Ruling<Group<T>[]> {
  const last = tags.at(-1)
  if (last === undefined) return refused('grouping.no-tags')
  if (!last.catchAll) return refused('grouping.no-catch-all')
  for (const tag of tags) {
    if (!Number.isInteger(tag.maximumBatchSize) || tag.maximumBatchSize < 1) {
      return refused('grouping.bad-size', { tag: tag.name })
    }
  }
  const keyed = items.map((item) => [keyOf(item), item] as const).sort(byKey)
  for (let at = 1; at < keyed.length; at += 1) {
    if (keyed[at - 1]?.[0] === keyed[at]?.[0]) return refused('grouping.listed-twice')
  }
  const pools = tags.map((): T[] => [])
  for (const [, item] of keyed) {
    const at = tags.findIndex((tag) => tag.catchAll || tag.matches(item))
    pools[at]?.push(item)
  }
  const groups: Group<T>[] = []
  for (const [at, tag] of tags.entries()) {
    const pool = pools[at] ?? []
    for (let from = 0; from < pool.length; from += tag.maximumBatchSize) {
      const number = from / tag.maximumBatchSize + 1
      groups.push({ tagId: tag.id, tagName: tag.name, number, items: pool.slice(from, from + tag.maximumBatchSize) })
    }
  }
  return ruled(groups)
}
