import { collections } from '../../store/collections.ts'
import type { ReadContext } from '../../store/read-query.ts'
import { type TravellingKind, travellingKinds } from '../documents.ts'
import { outgoingIn, slicesOf } from './outgoing.ts'

/** What is not at the central server yet, in units that officers know. */
export interface OutgoingCounts {
  readonly batches: number
  /** Registrants, persons and groups. */
  readonly people: number
  /** All else. */
  readonly other: number
  /** Moment of the oldest change that is not sent; null when there is none. */
  readonly oldest: string | null
  /** The lowest sequence among them; null when there is none. */
  readonly first: number | null
}

/** Where a record says which batch it belongs to. */
const BATCH_OF: Partial<Record<TravellingKind, string>> = {
  batch: 't.id',
  payment: 't.batch_id',
  submission: 't.batch_id',
  decision: 't.batch_id',
  transmission: 't.batch_id',
  delivery: 't.batch_id',
  observation: 't.batch_id',
  collection: 't.batch_id',
}

/** Counts what has a sequence behind `after` and is not acknowledged. */
export function* outgoingCounts(
  { sql }: ReadContext,
  { after }: { readonly after: number },
): Generator<number, OutgoingCounts> {
  const batches = new Set<string>()
  let [people, other, looked] = [0, 0, 0]
  let oldest: string | null = null
  let first: number | null = null
  for (const kind of travellingKinds) {
    const { table } = collections[kind]
    const statement = outgoingIn(table, `t.seq AS seq, t.changed_at AS changedAt, ${BATCH_OF[kind] ?? "''"} AS batchId`)
    for (const [seq, id, lastSeq, lastId] of slicesOf(sql, table, after, Number.MAX_SAFE_INTEGER)) {
      const rows = sql(statement).all(kind, kind, seq, id, lastSeq, lastId) as {
        readonly seq: number
        readonly changedAt: string
        readonly batchId: string
      }[]
      for (const { seq: own, changedAt, batchId } of rows) {
        if (batchId !== '') batches.add(batchId)
        else if (kind === 'registrant') people += 1
        else other += 1
        if (oldest === null || changedAt < oldest) oldest = changedAt
        if (first === null || own < first) first = own
      }
      looked += rows.length
      yield looked
    }
  }
  return { batches: batches.size, people, other, oldest, first }
}

export const centralReplicationQueries = { 'central.outgoing': outgoingCounts } as const
