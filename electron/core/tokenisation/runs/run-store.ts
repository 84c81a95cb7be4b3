import type { RunStart, RunState } from '../../../../shared/contract/tokenisation.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Statement } from '../../store/database.ts'
import type { Transaction } from '../../store/store.ts'

/** Reads of the store or within a transaction. */
export interface Sql {
  sql(text: string): Statement
}

export interface Run {
  readonly id: string
  readonly connectorId: string
  readonly state: RunState
  readonly startedBy: RunStart
  readonly officerId: string
  readonly startedAt: number
}

const RUN = `SELECT id, connector_id AS connectorId, state, started_by AS startedBy, officer_id AS officerId,
  started_at AS startedAt FROM token_run`

/** The run that is due next of a connector's runs that have not ended; one goes after the other. */
export const findOpenRun = (from: Sql, connectorId: string): Run | undefined =>
  from.sql(`${RUN} WHERE connector_id = ? AND ended_at IS NULL ORDER BY id LIMIT 1`).get(connectorId) as Run | undefined

export const findRunById = (from: Sql, id: string): Run | undefined =>
  from.sql(`${RUN} WHERE id = ?`).get(id) as Run | undefined

/** When a connector last began to run by its schedule, epoch milliseconds; undefined while it never did. */
export const findLastScheduled = (from: Sql, connectorId: string): number | undefined =>
  (from
    .sql("SELECT max(started_at) FROM token_run WHERE connector_id = ? AND started_by = 'schedule'")
    .pluck()
    .get(connectorId) as number | null) ?? undefined

/** Begins a run; the caller puts people in. */
export function beginRun(transaction: Transaction, run: Pick<Run, 'connectorId' | 'startedBy' | 'startedAt'>): string {
  const id = newId()
  transaction
    .sql("INSERT INTO token_run VALUES (?, ?, 'choosing', ?, ?, ?, NULL, 0, NULL)")
    .run(id, run.connectorId, run.startedBy, transaction.officerId, run.startedAt)
  transaction.audit({
    action: 'tokenisation.run-started',
    subjectKind: 'tokenRun',
    subjectId: id,
    detail: { connector: run.connectorId, by: run.startedBy },
  })
  transaction.touch('tokenisation')
  return id
}

export function setRunState(transaction: Transaction, id: string, state: 'sending' | 'waiting'): void {
  transaction.sql('UPDATE token_run SET state = ?, fault = NULL WHERE id = ? AND ended_at IS NULL').run(state, id)
  transaction.touch('tokenisation')
}

export interface Request {
  readonly id: number
  readonly runId: string
  readonly root: number | null
  readonly identifier: string
  readonly state: 'ready' | 'posting' | 'taken' | 'suspect' | 'over'
  readonly tries: number
  readonly postedAt: number | null
  readonly deadline: number | null
}

const REQUEST = `SELECT id, run_id AS runId, root, identifier, state, tries, posted_at AS postedAt, deadline
  FROM token_request`

export const openRequests = (from: Sql, runId: string, state: Request['state']): Request[] =>
  from.sql(`${REQUEST} WHERE run_id = ? AND state = ? ORDER BY id`).all(runId, state) as Request[]

/** A new request in which people go; the first one of a chunk is its root. */
export function addRequest(
  transaction: Transaction,
  runId: string,
  { root, state, tries }: { root: number | null; state: 'ready' | 'posting'; tries: number },
  posted: { readonly at: number; readonly deadline: number } | null,
): number {
  const { lastInsertRowid } = transaction
    .sql("INSERT INTO token_request VALUES (NULL, ?, ?, '', ?, ?, ?, ?, NULL)")
    .run(runId, root, state, tries, posted?.at ?? null, posted?.deadline ?? null)
  const id = Number(lastInsertRowid)
  if (root === null) transaction.sql('UPDATE token_request SET root = ? WHERE id = ?').run(id, id)
  return id
}

export function setRequest(
  transaction: Transaction,
  id: number,
  change: { readonly state: Request['state']; readonly identifier?: string; readonly tries?: number },
): void {
  transaction
    .sql(
      `UPDATE token_request SET state = ?, identifier = coalesce(?, identifier), tries = coalesce(?, tries) WHERE id = ?`,
    )
    .run(change.state, change.identifier ?? null, change.tries ?? null, id)
}

/** Nothing more is waited for: whoever has no answer by now gets none. @param at epoch milliseconds */
export function endRequest(transaction: Transaction, id: number, at: number): void {
  transaction.sql("UPDATE token_request SET state = 'over', deadline = min(deadline, ?) WHERE id = ?").run(at, id)
}

/** Whoever waits for an answer in a request goes back among the chosen, as if nothing had been sent. */
export function takeBack(transaction: Transaction, requestId: number): void {
  transaction
    .sql(
      "UPDATE token_item SET state = 'chosen', class = '', request_id = NULL WHERE request_id = ? AND state = 'sent'",
    )
    .run(requestId)
  setRequest(transaction, requestId, { state: 'over' })
}

/** Requests that were made ready and of which nothing left: as if they had never been. @returns how many */
export function undoReady(transaction: Transaction, runId: string): number {
  const ids = transaction
    .sql("SELECT id FROM token_request WHERE run_id = ? AND state = 'ready' AND root = id AND tries = 0")
    .pluck()
    .all(runId) as number[]
  for (const id of ids) {
    transaction
      .sql(
        `UPDATE token_item SET state = 'chosen', request_id = NULL, vid_hash = NULL, tries = tries - 1
         WHERE request_id = ? AND state = 'sent'`,
      )
      .run(id)
    transaction.sql('DELETE FROM token_request WHERE id = ?').run(id)
  }
  return ids.length
}
