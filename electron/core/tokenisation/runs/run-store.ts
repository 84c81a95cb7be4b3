import { randomBytes } from 'node:crypto'
import type { Fault } from '../../../../shared/contract/result.ts'
import type { ItemState, RunStart, RunState } from '../../../../shared/contract/tokenisation.ts'
import { newId } from '../../../../shared/model/ids.ts'
import { type OutcomeClass, pauseAfter } from '../../../../shared/rules/tokenisation/answer-class.ts'
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

const ACTIONS = {
  done: 'tokenisation.run-ended',
  stopped: 'tokenisation.run-stopped',
  failed: 'tokenisation.run-failed',
} as const

/**
 * Ends a run. Who was not sent yet is not marked in any way, who has no answer is listed as that: a later run takes both. Whom an
 * officer chose by name is listed also where the run failed before their turn came.
 * `minute`: as this office counts them, milliseconds.
 */
export function endRun(
  transaction: Transaction,
  id: string,
  state: keyof typeof ACTIONS,
  { at, minute }: { readonly at: number; readonly minute: number },
  fault: Fault | null = null,
): void {
  undoReady(transaction, id)
  if (state === 'failed') {
    transaction
      .sql(
        `UPDATE token_item SET state = 'unanswered', class = 'later', changed_at = ? WHERE run_id = ? AND state = 'chosen'
           AND EXISTS (SELECT 1 FROM token_run r WHERE r.id = run_id AND r.started_by = 'selection')`,
      )
      .run(at, id)
  }
  transaction.sql("DELETE FROM token_item WHERE run_id = ? AND state = 'chosen'").run(id)
  transaction.sql("UPDATE token_request SET state = 'over' WHERE run_id = ? AND state <> 'over'").run(id)
  transaction
    .sql('UPDATE token_run SET state = ?, ended_at = ?, fault = ? WHERE id = ? AND ended_at IS NULL')
    .run(state, at, fault === null ? null : JSON.stringify(fault), id)
  const nextTry = at + pauseAfter(1) * minute
  transaction
    .sql(
      `INSERT INTO token_person SELECT registrant_id, ref, 'unanswered', 'unanswered', basis, tries, ?
       FROM token_item WHERE run_id = ? AND state = 'sent' ON CONFLICT (registrant_id) DO UPDATE SET
       ref = excluded.ref, state = excluded.state, class = excluded.class, basis = excluded.basis,
       tries = excluded.tries, next_try = excluded.next_try`,
    )
    .run(nextTry, id)
  transaction
    .sql(
      `UPDATE token_item SET state = 'unanswered', class = 'unanswered', next_try = ?, changed_at = ?
       WHERE run_id = ? AND state = 'sent'`,
    )
    .run(nextTry, at, id)
  const action = ACTIONS[state]
  transaction.audit({
    action,
    subjectKind: 'tokenRun',
    subjectId: id,
    detail: fault === null ? {} : { code: fault.code },
  })
  transaction.touch('tokenisation')
}

export interface Item {
  readonly ref: string
  readonly runId: string
  readonly requestId: number | null
  readonly connectorId: string
  readonly registrantId: string
  readonly vidHash: Buffer | null
  readonly state: ItemState
  readonly class: OutcomeClass | ''
  readonly tries: number
  readonly basis: string
}

const ITEM = `SELECT ref, run_id AS runId, request_id AS requestId, connector_id AS connectorId,
  registrant_id AS registrantId, vid_hash AS vidHash, state, class, tries, basis FROM token_item`

export const findItem = (from: Sql, ref: string): Item | undefined =>
  from.sql(`${ITEM} WHERE ref = ?`).get(ref) as Item | undefined

/** Nothing was said of them yet, so their class is empty: only with it are they read in order, not sorted anew each time. */
export const chosenItems = (from: Sql, runId: string, limit: number): Item[] =>
  from
    .sql(`${ITEM} WHERE run_id = ? AND state = 'chosen' AND class = '' ORDER BY ref LIMIT ?`)
    .all(runId, limit) as Item[]

export const sentItems = (from: Sql, requestId: number): Item[] =>
  from.sql(`${ITEM} WHERE request_id = ? AND state = 'sent' ORDER BY ref`).all(requestId) as Item[]

/** A person and what names them in a run. */
export interface Chosen {
  readonly registrantId: string
  /** 128 random bits: says nothing about anybody, and cannot be guessed. */
  readonly ref: string
}

/**
 * Gives people their references in the order of their ids: a run takes people by reference, and so goes through every index by
 * registrants from one end to the other.
 */
export function withRefs(registrantIds: readonly string[]): Chosen[] {
  const refs = registrantIds.map(() => randomBytes(16).toString('base64url')).sort()
  return [...registrantIds].sort().map((registrantId, index) => ({ registrantId, ref: refs[index] as string }))
}

/** Puts people into a run; who is in one that has not ended stays there. @returns how many were put in */
export function addItems(
  transaction: Transaction,
  { runId, connectorId }: { runId: string; connectorId: string },
  people: readonly Chosen[],
  at: number,
): number {
  const isOpen = transaction
    .sql("SELECT 1 FROM token_item WHERE registrant_id = ? AND state IN ('chosen', 'sent')")
    .pluck()
  const tries = transaction.sql('SELECT tries FROM token_person WHERE registrant_id = ?').pluck()
  const insert = transaction.sql(
    "INSERT INTO token_item VALUES (?, ?, NULL, ?, ?, NULL, 'chosen', '', '', '{}', ?, NULL, '', ?)",
  )
  let count = 0
  for (const { registrantId, ref } of people) {
    if (isOpen.get(registrantId) !== undefined) continue
    const before = (tries.get(registrantId) as number | undefined) ?? 0
    insert.run(ref, runId, connectorId, registrantId, before, at)
    count += 1
  }
  return count
}

/** What came of a person. */
export interface Outcome {
  readonly state: 'tokenised' | 'refused' | 'unanswered' | 'skipped'
  readonly class: OutcomeClass | ''
  readonly code: string
  readonly params: Readonly<Record<string, string>>
  /** Epoch milliseconds; null where only a correction helps. */
  readonly nextTry: number | null
}

/** Writes down what came of a person in the run. */
export function settleInRun(transaction: Transaction, item: Item, outcome: Outcome, basis: string, at: number): void {
  const { state, class: outcomeClass, code, params, nextTry } = outcome
  transaction
    .sql(
      `UPDATE token_item SET state = ?, class = ?, code = ?, params = ?, next_try = ?, basis = ?, changed_at = ?
       WHERE ref = ?`,
    )
    .run(state, outcomeClass, code, JSON.stringify(params), nextTry, basis, at, item.ref)
}

/** Writes down what came of a person, in the run and as the newest word about them; there is none about who has a token. */
export function settleItem(transaction: Transaction, item: Item, outcome: Outcome, basis: string, at: number): void {
  settleInRun(transaction, item, outcome, basis, at)
  const { state, class: outcomeClass, nextTry } = outcome
  if (state === 'tokenised') {
    transaction.sql('DELETE FROM token_person WHERE registrant_id = ?').run(item.registrantId)
    return
  }
  transaction
    .sql(
      `INSERT INTO token_person VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (registrant_id) DO UPDATE SET
       ref = excluded.ref, state = excluded.state, class = excluded.class, basis = excluded.basis,
       tries = excluded.tries, next_try = excluded.next_try`,
    )
    .run(item.registrantId, item.ref, state, outcomeClass, basis, item.tries, nextTry)
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
