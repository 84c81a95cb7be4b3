import type { Fault } from '../../../shared/contract/result.ts'
import type { ReadContext } from '../store/read-query.ts'
import type { Deferral, JobNeeds, JobState } from './job.ts'

/** A job as the outbox shows it. */
export interface OutboxRow {
  readonly id: string
  readonly kind: string
  readonly key: string
  /** Name of the batch or payment manager it works for. */
  readonly subject: string
  readonly state: JobState
  /** Epoch milliseconds. */
  readonly runAt: number
  readonly every: number | null
  readonly attempts: number
  readonly deferredBy: Deferral | ''
  readonly fault: Fault | null
  readonly needs: JobNeeds
}

const ORDER = `CASE state WHEN 'attention' THEN 0 WHEN 'running' THEN 1 WHEN 'waiting' THEN 2 WHEN 'paused' THEN 3 ELSE 4 END`

export const outboxQueries = {
  /** A page of the outbox: what needs attention first, then what runs, waits, is paused; done jobs when asked for. */
  'outbox.page': (
    { sql }: ReadContext,
    input: { readonly offset: number; readonly limit: number; readonly done: boolean },
  ): { rows: OutboxRow[]; total: number; attention: number } => {
    const where = input.done ? "state = 'done'" : "state <> 'done'"
    const rows = sql(
      `SELECT id, kind, key, state, run_at AS runAt, every, attempts, deferred_by AS deferredBy, fault, needs,
              coalesce((SELECT body ->> '$.name' FROM batch WHERE batch.id = job.key),
                       (SELECT body ->> '$.name' FROM payment_manager WHERE payment_manager.id = job.key), '') AS subject
       FROM job WHERE ${where} ORDER BY ${ORDER}, ${input.done ? 'finished_at DESC' : 'run_at'}, id LIMIT ? OFFSET ?`,
    ).all(input.limit, input.offset) as (Omit<OutboxRow, 'fault' | 'needs'> & { fault: string | null; needs: string })[]
    return {
      rows: rows.map((row) => ({
        ...row,
        fault: row.fault === null ? null : (JSON.parse(row.fault) as Fault),
        needs: JSON.parse(row.needs) as JobNeeds,
      })),
      total: sql(`SELECT count(*) FROM job WHERE ${where}`).pluck().get() as number,
      attention: sql("SELECT count(*) FROM job WHERE state = 'attention'").pluck().get() as number,
    }
  },
} as const
