import type { SideKind } from '../../../../shared/contract/central.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import type { RecordKind } from '../../../../shared/model/records.ts'
import { collections } from '../../store/collections.ts'
import type { Store, Transaction } from '../../store/store.ts'

type Sql = Transaction['sql']

/** What the central server has of a record, as it last told. */
export interface Receipt {
  /** Sequence of the row that it has; another one where the row was changed since. */
  readonly seq: number
  readonly rev: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Everything up to this sequence is at the central server, or was refused there. */
const PUSHED = 'central-pushed'
const CHECKPOINT = 'central-checkpoint'

export const findReceipt = (sql: Sql, kind: RecordKind | SideKind, id: string): Receipt | undefined =>
  sql('SELECT seq, rev, at FROM central_receipt WHERE kind = ? AND id = ?').get(kind, id) as Receipt | undefined

/** Notes which row the server has. */
export function putReceipt(sql: Sql, kind: RecordKind, id: string, { seq, rev, at }: Receipt): void {
  sql('INSERT OR REPLACE INTO central_receipt VALUES (?, ?, ?, ?, ?)').run(kind, id, seq, rev, at)
}

/** Sequence of a record's row; undefined where there is none. */
export const findSequence = (sql: Sql, kind: RecordKind, id: string): number | undefined =>
  sql(`SELECT seq FROM ${collections[kind].table} WHERE id = ?`).pluck().get(id) as number | undefined

/**
 * The server has a row as it is now, or as it was at `seq`: what it was changed from before is forgotten. Where it was
 * changed meanwhile, `body` is what both sides had last.
 */
export function acknowledge(sql: Sql, kind: RecordKind, id: string, receipt: Receipt, body: string): void {
  putReceipt(sql, kind, id, receipt)
  if (findSequence(sql, kind, id) === receipt.seq) {
    sql('DELETE FROM central_base WHERE kind = ? AND id = ?').run(kind, id)
  } else sql('INSERT OR REPLACE INTO central_base VALUES (?, ?, ?)').run(kind, id, body)
  sql('DELETE FROM central_refusal WHERE kind = ? AND id = ?').run(kind, id)
}

const KNOWN_THERE = `SELECT
  EXISTS (SELECT 1 FROM central_receipt WHERE kind = 'submission' AND id = ?)
  AND EXISTS (SELECT 1 FROM central_receipt WHERE kind = 'batch' AND id = ?)
  AND NOT EXISTS (SELECT 1 FROM decision WHERE submission_id = ?
    AND NOT EXISTS (SELECT 1 FROM central_receipt WHERE kind = 'decision' AND central_receipt.id = decision.id))
  AND NOT EXISTS (SELECT 1 FROM json_each(?) AS payment
    WHERE NOT EXISTS (SELECT 1 FROM central_receipt WHERE kind = 'payment' AND central_receipt.id = payment.value))`

/** Whether the central server has a submission, its decisions, its batch and every payment of it, in whichever state. */
export const isSubmissionThere = (
  store: Pick<Store, 'sql'>,
  { id, batchId, lines }: Pick<Submission, 'id' | 'batchId' | 'lines'>,
): boolean =>
  store
    .sql(KNOWN_THERE)
    .pluck()
    .get(id, batchId, id, JSON.stringify(lines.map(({ paymentId }) => paymentId))) === 1

export const pushedUntil = (store: Pick<Store, 'findMark'>): number => Number(store.findMark(PUSHED) ?? 0)

/** Inside a transaction all of whose rows have their receipts: what was complete before it is complete after it. */
export function stayPushed(transaction: Transaction): void {
  if (pushedUntil(transaction) === transaction.sequence - 1) transaction.mark(PUSHED, String(transaction.sequence))
}

export function setPushedUntil(store: Store, sequence: number): void {
  if (sequence !== pushedUntil(store)) store.housekeeping((_, mark) => mark(PUSHED, String(sequence)))
}

/**
 * A record that was judged and stands here otherwise than at the server is found by the next push, however old its row is.
 */
export function keepOutgoing(
  store: Store,
  judged: readonly { readonly kind: RecordKind; readonly id: string }[],
): void {
  const sql = (text: string) => store.sql(text)
  let first = pushedUntil(store)
  for (const { kind, id } of judged) {
    const seq = findSequence(sql, kind, id)
    if (seq !== undefined && seq <= first && findReceipt(sql, kind, id)?.seq !== seq) first = seq - 1
  }
  setPushedUntil(store, first)
}

/** Where the next pull begins; `0` before the first. Opaque, as the server gave it. */
export const checkpointOf = (store: Pick<Store, 'findMark'>): string => store.findMark(CHECKPOINT) || '0'

export function setCheckpoint(store: Store, sequence: string): void {
  // Where a power cut loses it, the page comes again.
  if (sequence !== checkpointOf(store)) store.housekeeping((_, mark) => mark(CHECKPOINT, sequence), 'later')
}

/** Rows of receipts that are dropped at once. */
const AT_ONCE = 5_000

/**
 * Forgets what a central server has and how far it was read, so that everything is compared and sent anew. In slices; an
 * interrupted run is finished by the next.
 */
export async function forgetServer(store: Store): Promise<void> {
  store.housekeeping((_, mark) => {
    mark(PUSHED, '0')
    mark(CHECKPOINT, '')
  })
  for (const table of ['central_receipt', 'central_base', 'central_refusal']) {
    let changes = AT_ONCE
    while (changes === AT_ONCE) {
      changes = store.housekeeping((sql) =>
        sql(`DELETE FROM ${table} WHERE (kind, id) IN (SELECT kind, id FROM ${table} LIMIT ${AT_ONCE})`).run(),
      ).changes
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
