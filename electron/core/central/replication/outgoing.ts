import { setImmediate as nextTurn } from 'node:timers/promises'
import { collections } from '../../store/collections.ts'
import type { Store } from '../../store/store.ts'
import { type TravellingKind, travellingKinds } from '../documents.ts'

/** A record that the central server does not have as it is here. */
export interface Outgoing {
  readonly kind: TravellingKind
  readonly id: string
  readonly seq: number
  /** Revision that the server had last; null where it never had the record. */
  readonly rev: string | null
}

/** Rows that are looked at before others get their turn. */
const SLICE = 2_000

/** Ends of slices over the rows of a table with a sequence behind one and up to another. */
const LAST_OF_SLICE = (table: string): string =>
  `SELECT seq, id FROM ${table} WHERE (seq, id) > (?, ?) AND seq <= ? ORDER BY seq, id LIMIT 1 OFFSET ${SLICE - 1}`

/** What a slice holds that is not acknowledged and was not refused as it is. */
export const outgoingIn = (table: string, columns: string): string => `
  SELECT ${columns} FROM ${table} t
  LEFT JOIN central_receipt r ON r.kind = ? AND r.id = t.id
  LEFT JOIN central_refusal f ON f.kind = ? AND f.id = t.id
  WHERE (t.seq, t.id) > (?, ?) AND (t.seq, t.id) <= (?, ?) AND t.seq IS NOT r.seq AND t.seq IS NOT f.seq
  ORDER BY t.seq, t.id`

/** Behind every id. */
const LAST_ID = '\u{10ffff}'

/** The slices of a table between two sequences: bounds for {@link outgoingIn}. */
export function* slicesOf(
  sql: Store['sql'],
  table: string,
  after: number,
  until: number,
): Generator<readonly [number, string, number, string]> {
  let [seq, id] = [after, LAST_ID]
  for (;;) {
    const end = sql(LAST_OF_SLICE(table)).get(seq, id, until) as { seq: number; id: string } | undefined
    if (end === undefined) {
      yield [seq, id, until, LAST_ID]
      return
    }
    yield [seq, id, end.seq, end.id]
    seq = end.seq
    id = end.id
  }
}

/**
 * Records with a sequence behind `after` and up to `until` that the server does not have as they are: what others need comes
 * first, and of a kind the oldest. Looks at the rows in slices.
 */
export async function* outgoing(store: Store, after: number, until: number): AsyncGenerator<Outgoing[]> {
  const sql = (text: string) => store.sql(text)
  for (const kind of travellingKinds) {
    const { table } = collections[kind]
    for (const [seq, id, lastSeq, lastId] of slicesOf(sql, table, after, until)) {
      const rows = sql(outgoingIn(table, 't.id, t.seq, r.rev')).all(kind, kind, seq, id, lastSeq, lastId) as Omit<
        Outgoing,
        'kind'
      >[]
      if (rows.length > 0) yield rows.map((row) => ({ kind, ...row }))
      await nextTurn()
    }
  }
}
