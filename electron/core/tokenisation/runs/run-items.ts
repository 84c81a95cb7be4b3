import { randomBytes } from 'node:crypto'
import type { ItemState } from '../../../../shared/contract/tokenisation.ts'
import type { OutcomeClass } from '../../../../shared/rules/tokenisation/answer-class.ts'
import type { Transaction } from '../../store/store.ts'
import type { Sql } from './run-store.ts'

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

/** The items of these references, by reference; one statement for all of them. */
export function itemsOf(from: Sql, refs: readonly string[]): Map<string, Item> {
  const items = from.sql(`${ITEM} WHERE ref IN (SELECT value FROM json_each(?))`).all(JSON.stringify(refs)) as Item[]
  return new Map(items.map((item) => [item.ref, item]))
}

/**
 * Who is to be sent next; nobody where the run has ended. Nothing was said of them yet, so their class is empty: only with it are
 * they read in order, not sorted anew each time.
 */
export const chosenItems = (from: Sql, runId: string, limit: number): Item[] =>
  isOpen(from, runId)
    ? (from
        .sql(`${ITEM} WHERE run_id = ? AND state = 'chosen' AND class = '' ORDER BY ref LIMIT ?`)
        .all(runId, limit) as Item[])
    : []

const isOpen = (from: Sql, runId: string): boolean =>
  from.sql('SELECT 1 FROM token_run WHERE id = ? AND ended_at IS NULL').get(runId) !== undefined

export const sentItems = (from: Sql, requestId: number): Item[] =>
  from.sql(`${ITEM} WHERE request_id = ? AND state = 'sent' ORDER BY ref`).all(requestId) as Item[]

/** A person and what names them in a run. */
export interface Chosen {
  readonly registrantId: string
  /** 128 random bits: says nothing about anybody, and cannot be guessed. */
  readonly ref: string
}

/** Bytes of a reference. */
const REF = 16

/**
 * Gives people their references in the order of their ids: a run takes people by reference, and so goes through every index by
 * registrants from one end to the other. Whoever is named twice is in it once.
 */
export function withRefs(registrantIds: readonly string[]): Chosen[] {
  const ids = [...new Set(registrantIds)].sort()
  const random = randomBytes(REF * ids.length)
  const refs = ids.map((_, index) => random.toString('base64url', REF * index, REF * (index + 1))).sort()
  return ids.map((registrantId, index) => ({ registrantId, ref: refs[index] as string }))
}

/** Puts people into a run, unless it has ended; who is in one that has not stays there. @returns how many were put in */
export function addItems(
  transaction: Transaction,
  { runId, connectorId }: { runId: string; connectorId: string },
  people: readonly Chosen[],
  at: number,
): number {
  if (!isOpen(transaction, runId)) return 0
  const list = JSON.stringify(people.map(({ registrantId, ref }) => [registrantId, ref]))
  return transaction
    .sql(
      `INSERT INTO token_item SELECT p.value ->> 1, ?, NULL, ?, p.value ->> 0, NULL, 'chosen', '', '', '{}',
         coalesce((SELECT tries FROM token_person WHERE registrant_id = p.value ->> 0), 0), NULL, '', ?
       FROM json_each(?) p WHERE NOT EXISTS
         (SELECT 1 FROM token_item o WHERE o.registrant_id = p.value ->> 0 AND o.state IN ('chosen', 'sent'))`,
    )
    .run(runId, connectorId, at, list).changes
}

/** Of people who go out in a request: the hash of the VID that does, and what their record is now. */
export interface Sent {
  readonly ref: string
  readonly vidHash: Buffer
  readonly basis: string
}

/** Writes down who goes out in a request. */
export function sendItems(transaction: Transaction, requestId: number, people: readonly Sent[], at: number): void {
  const list = JSON.stringify(people.map(({ ref, vidHash, basis }) => [ref, vidHash.toString('hex'), basis]))
  transaction
    .sql(
      `UPDATE token_item SET state = 'sent', request_id = ?, vid_hash = unhex(p.value ->> 1), basis = p.value ->> 2,
         tries = tries + 1, class = '', code = '', params = '{}', changed_at = ?
       FROM json_each(?) p WHERE ref = p.value ->> 0`,
    )
    .run(requestId, at, list)
}

/** Writes down of whom the token is stored; nothing is remembered against them any more. */
export function settleTokenised(transaction: Transaction, items: readonly Item[], at: number): void {
  transaction
    .sql(
      `UPDATE token_item SET state = 'tokenised', class = '', code = '', params = '{}', next_try = NULL, changed_at = ?
       WHERE ref IN (SELECT value FROM json_each(?))`,
    )
    .run(at, JSON.stringify(items.map(({ ref }) => ref)))
  transaction
    .sql('DELETE FROM token_person WHERE registrant_id IN (SELECT value FROM json_each(?))')
    .run(JSON.stringify(items.map(({ registrantId }) => registrantId)))
}

/** Why somebody has no token. */
export interface Outcome {
  readonly state: 'refused' | 'unanswered' | 'skipped'
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

/** Writes down what came of a person, in the run and as the newest word about them. */
export function settleItem(transaction: Transaction, item: Item, outcome: Outcome, basis: string, at: number): void {
  settleInRun(transaction, item, outcome, basis, at)
  const { state, class: outcomeClass, nextTry } = outcome
  transaction
    .sql(
      `INSERT INTO token_person VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (registrant_id) DO UPDATE SET
       ref = excluded.ref, state = excluded.state, class = excluded.class, basis = excluded.basis,
       tries = excluded.tries, next_try = excluded.next_try`,
    )
    .run(item.registrantId, item.ref, state, outcomeClass, basis, item.tries, nextTry)
}
