import type { RecordKind, RecordOf } from '../../../../shared/model/records.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { findReceipt, findSequence, putReceipt } from '../replication/receipts.ts'

type Sql = Store['sql']

/** How a row stands to the central server's copy. */
export interface RowStanding {
  /** Its revision; undefined while the server never told of one. */
  readonly rev: string | undefined
  /** Whether the server has the row as it is. */
  readonly isInStep: boolean
}

/** @returns undefined where the store has no such record */
export function findRowStanding(sql: Sql, kind: RecordKind, id: string): RowStanding | undefined {
  const seq = findSequence(sql, kind, id)
  if (seq === undefined) return undefined
  const receipt = findReceipt(sql, kind, id)
  return { rev: receipt?.rev, isInStep: receipt?.seq === seq }
}

const DROP_BASE = 'DELETE FROM central_base WHERE kind = ? AND id = ?'

/** The server has the row as it is now. `at`: epoch milliseconds of its answer. */
export function noteInStep(sql: Sql, kind: RecordKind, id: string, rev: string, at: number): void {
  putReceipt(sql, kind, id, { seq: findSequence(sql, kind, id) ?? 0, rev, at })
  sql(DROP_BASE).run(kind, id)
}

/** The server has `theirs`, and the row here goes out over it; from now on that is what both had last. */
export function noteAhead(sql: Sql, kind: RecordKind, theirs: { readonly id: string }, rev: string, at: number): void {
  // No row was ever written with sequence 0, so the row counts as changed since.
  putReceipt(sql, kind, theirs.id, { seq: 0, rev, at })
  sql('INSERT OR REPLACE INTO central_base VALUES (?, ?, ?)').run(kind, theirs.id, JSON.stringify(theirs))
}

/** The server has nothing of the record any more; the row goes out as a new one. */
export function forgetStanding(sql: Sql, kind: RecordKind, id: string): void {
  sql('DELETE FROM central_receipt WHERE kind = ? AND id = ?').run(kind, id)
  sql(DROP_BASE).run(kind, id)
}

/** The version that both sides had last; undefined where they never had one. */
export function findBase<K extends RecordKind>(sql: Sql, kind: K, id: string): RecordOf<K> | undefined {
  const body = sql('SELECT body FROM central_base WHERE kind = ? AND id = ?').pluck().get(kind, id) as
    | string
    | undefined
  return body === undefined ? undefined : (JSON.parse(body) as RecordOf<K>)
}

/** Writes what each office works out for itself; what the server has of the record stays as it was. */
export function writeDerived(tx: Transaction, batch: RecordOf<'batch'>): void {
  const receipt = findReceipt(tx.sql, 'batch', batch.id)
  const wasInStep = receipt !== undefined && receipt.seq === findSequence(tx.sql, 'batch', batch.id)
  tx.adopt('batch', batch)
  if (!wasInStep) return
  putReceipt(tx.sql, 'batch', batch.id, { ...receipt, seq: tx.sequence })
  tx.sql(DROP_BASE).run('batch', batch.id)
}

/** How often a document was written at the server, by its revision (`3-abc`); 0 where it has none. */
export const generationOf = (rev: string): number => Number.parseInt(rev, 10) || 0
