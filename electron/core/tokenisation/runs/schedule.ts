import type { Connector } from '../../../../shared/model/tokenisation.ts'

/**
 * When a started connector runs next by its schedule, epoch milliseconds; undefined when it does not any more. A run that was
 * missed is made up for once.
 *
 * @param last when it last began by its schedule
 * @param started when nothing ran yet: now
 */
export function nextScheduled(
  { jobType, intervalMinutes, dailyAt }: Pick<Connector, 'jobType' | 'intervalMinutes' | 'dailyAt'>,
  last: number | undefined,
  now: number,
  minute: number,
): number | undefined {
  if (jobType === 'one-time') return last === undefined ? now : undefined
  if (dailyAt === '') return last === undefined ? now : last + intervalMinutes * minute
  const [hours = 0, minutes = 0] = dailyAt.split(':').map(Number)
  const due = new Date(last ?? now)
  due.setHours(hours, minutes, 0, 0)
  // The first time of day after the last run; without any, the next one from now.
  if (due.getTime() <= (last ?? now)) due.setDate(due.getDate() + 1)
  return due.getTime()
}
