import type { Statement } from '../store/database.ts'

/** A stretch of time, epoch milliseconds: `from` belongs to it, `until` does not. */
export interface Period {
  readonly from?: number | undefined
  readonly until?: number | undefined
}

interface Asked {
  sql(text: string): Statement
}

/** The first nine digits of every moment at or after a time; moments sort as text. */
const momentAt = (time: number): string => time.toString(36).padStart(9, '0')

/**
 * Positions of the entries of a stretch of time, both inclusive; `last` is below `first` where there are none. Moments grow
 * with positions, since the clock never goes back, so that a few looks find them and no index has to be kept.
 */
export function positionsOf(asked: Asked, { from, until }: Period): { readonly first: number; readonly last: number } {
  const newest = (asked.sql('SELECT max(position) FROM audit').pluck().get() as number | null) ?? 0
  const near = asked.sql('SELECT position, moment FROM audit WHERE position >= ? ORDER BY position LIMIT 1')
  const firstAt = (time: number): number => {
    const wanted = momentAt(time)
    let [low, high] = [1, newest + 1]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = near.get(middle) as { position: number; moment: string } | undefined
      if (row === undefined || row.moment >= wanted) high = middle
      else low = row.position + 1
    }
    return low
  }
  return { first: from === undefined ? 1 : firstAt(from), last: until === undefined ? newest : firstAt(until) - 1 }
}
