import type { OfficeTime } from '../clock/office-time.ts'
import type { Store, Transaction } from '../store/store.ts'

/*
 * Look-ups that did not find a payment. Counted in `elapsed` time: a clock that jumps must not make two look-ups seem ten
 * minutes apart.
 */

/** Another look-up missed these payments. */
export function noteAbsent(sql: Store['sql'], ids: readonly string[], time: Pick<OfficeTime, 'elapsed'>): void {
  const now = time.elapsed()
  // After a restart of the machine the count begins anew: what was stored before says nothing about now.
  const statement = sql(
    `INSERT INTO absence VALUES (?, ?, ?, 1) ON CONFLICT (payment_id) DO UPDATE SET
       first = CASE WHEN excluded.latest < latest THEN excluded.first ELSE first END,
       count = CASE WHEN excluded.latest < latest THEN 1 ELSE count + 1 END,
       latest = excluded.latest`,
  )
  for (const id of ids) statement.run(id, now, now)
}

/** They were posted again, or found. */
export function forgetAbsence(sql: Store['sql'], ids: readonly string[]): void {
  sql('DELETE FROM absence WHERE payment_id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids))
}

/** Nothing that was counted on another machine or in an older copy of the store counts. */
export const forgetAllAbsence = (transaction: Transaction): void => void transaction.sql('DELETE FROM absence').run()

export interface AbsenceSummary {
  readonly absent: number
  readonly sinceLookUp: number
  readonly absentFor: number
}

/** The weakest of the series of these payments. */
export function absenceOf(
  sql: Store['sql'],
  ids: readonly string[],
  time: Pick<OfficeTime, 'elapsed'>,
): AbsenceSummary {
  const row = sql(
    `SELECT count(*) AS absent, min(latest) AS oldest, max(latest) AS newest, min(latest - first) AS apart
     FROM absence WHERE payment_id IN (SELECT value FROM json_each(?))`,
  ).get(JSON.stringify(ids)) as { absent: number; oldest: number | null; newest: number | null; apart: number | null }
  const since = time.elapsed() - (row.oldest ?? 0)
  const restarted = row.newest !== null && row.newest > time.elapsed()
  return {
    absent: row.absent,
    sinceLookUp: row.absent === 0 || restarted ? Number.POSITIVE_INFINITY : since,
    absentFor: row.apart ?? 0,
  }
}
