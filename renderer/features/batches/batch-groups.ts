import type { BatchState } from '../../../shared/model/batch.ts'
import type { BatchTally } from './answers.ts'

/** What batches have in common for somebody who has to do something about them. */
export const batchGroups = [
  'all',
  'attention',
  'toSubmit',
  'toApprove',
  'toSend',
  'onTheWay',
  'settled',
  'cancelled',
] as const
export type BatchGroup = (typeof batchGroups)[number]

/** The states that each group takes; those that need attention may be in any. */
export const statesOfGroup: Readonly<Record<Exclude<BatchGroup, 'all' | 'attention'>, readonly BatchState[]>> = {
  toSubmit: ['open', 'returned', 'lapsed'],
  toApprove: ['submitted'],
  toSend: ['approved'],
  onTheWay: ['queued', 'claimed', 'sending', 'following'],
  settled: ['settled'],
  cancelled: ['cancelled'],
}

export const isBatchGroup = (text: string | null): text is BatchGroup =>
  text !== null && (batchGroups as readonly string[]).includes(text)

/** The part of a question for batches that a group decides. */
export function filterOfGroup(group: BatchGroup): { states?: BatchState[]; attention?: boolean } {
  if (group === 'all') return {}
  if (group === 'attention') return { attention: true }
  return { states: [...statesOfGroup[group]] }
}

/** How many batches a group has. */
export function countOfGroup(group: BatchGroup, tally: BatchTally): number {
  const counts = Object.values(tally.states)
  if (group === 'all') return counts.reduce((sum, count) => sum + count, 0)
  if (group === 'attention') return tally.attention
  return statesOfGroup[group].reduce((sum, state) => sum + (tally.states[state] ?? 0), 0)
}
