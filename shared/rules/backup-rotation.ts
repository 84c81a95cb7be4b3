import type { BackupKeep } from '../model/backup.ts'

const DAY = 86_400_000

/** The periods a moment lies in, in UTC: a rotation that follows the local clock would count a journey as a day. */
const periods: Readonly<Record<keyof BackupKeep, (at: number) => string>> = {
  daily: (at) => String(Math.floor(at / DAY)),
  // Weeks begin on Monday; the first day of the epoch was a Thursday.
  weekly: (at) => String(Math.floor((Math.floor(at / DAY) + 3) / 7)),
  monthly: (at) => new Date(at).toISOString().slice(0, 7),
}

/**
 * Which backups stay: the newest one, and the newest of each of the last days, weeks and months that have any. Periods
 * without a backup do not count, so an office that was closed for a while loses nothing by it.
 *
 * @param made moments at which backups were made, epoch milliseconds
 */
export function backupsToKeep(made: readonly number[], keep: BackupKeep): ReadonlySet<number> {
  const newestFirst = [...new Set(made)].sort((a, b) => b - a)
  const kept = new Set(newestFirst.slice(0, 1))
  for (const name of ['daily', 'weekly', 'monthly'] as const) {
    const seen = new Set<string>()
    for (const at of newestFirst) {
      const period = periods[name](at)
      if (seen.has(period)) continue
      if (seen.size >= keep[name]) break
      seen.add(period)
      kept.add(at)
    }
  }
  return kept
}

/**
 * By when the last backup that was made up to a moment has gone, where there is a backup every day from then on.
 *
 * @param at epoch milliseconds
 * @returns epoch milliseconds, the beginning of a day in UTC
 */
export function lastCopyGone(at: number, keep: BackupKeep): number {
  const day = Math.floor(at / DAY)
  const date = new Date(at)
  const weekBegins = day - ((day + 3) % 7)
  return Math.max(
    (day + keep.daily) * DAY,
    (weekBegins + 7 * keep.weekly) * DAY,
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + keep.monthly, 1),
  )
}
