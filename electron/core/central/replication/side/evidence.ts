import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { Amount, Id, Moment } from '../../../../../shared/model/record.ts'
import type { Store, Transaction } from '../../../store/store.ts'
import type { SideTable } from './side-table.ts'

/* What officers know about a payment; a second one confirms it once. Its steps: 1 as it was said, 2 confirmed. */

const Evidence = z.object({
  id: Id,
  paymentId: Id,
  finding: z.enum(['paid', 'not-paid', 'reversed']),
  amount: Amount.nullable(),
  reference: z.string().max(1_000),
  document: z.string().max(1_000),
  recordedBy: Id,
  recordedAt: Moment,
  confirmedBy: Id.nullable(),
  confirmedAt: Moment.nullable(),
})
type Evidence = z.infer<typeof Evidence>

const SELECT = `SELECT id, payment_id AS paymentId, finding, amount, reference, document, recorded_by AS recordedBy,
  recorded_at AS recordedAt, confirmed_by AS confirmedBy, confirmed_at AS confirmedAt FROM evidence e`

const stepOf = ({ confirmedBy }: Pick<Evidence, 'confirmedBy'>): number => (confirmedBy === null ? 1 : 2)

const OPEN = { confirmedBy: null, confirmedAt: null }
const saysTheSame = (one: object, other: object): boolean =>
  isDeepStrictEqual({ ...one, ...OPEN }, { ...other, ...OPEN })

const find = (sql: Store['sql'], id: string): Evidence | undefined =>
  sql(`${SELECT} WHERE id = ?`).get(id) as Evidence | undefined

export const evidenceTable: SideTable = {
  unsent: (sql, most, except) =>
    (
      sql(
        `${SELECT.replace('SELECT id', 'SELECT r.rev, e.id')}
         LEFT JOIN central_receipt r ON r.kind = 'evidence' AND r.id = e.id
         WHERE r.seq IS NOT 1 + (e.confirmed_by IS NOT NULL) AND e.id NOT IN (SELECT value FROM json_each(?)) LIMIT ?`,
      ).all(JSON.stringify(except), most) as (Evidence & { readonly rev: string | null })[]
    ).map(({ rev, ...fields }) => ({
      id: fields.id,
      step: stepOf(fields),
      rev,
      fields,
      officerId: fields.confirmedBy ?? fields.recordedBy,
    })),
  about(sql, id) {
    const payment = find(sql, id)?.paymentId
    return payment === undefined ? undefined : { kind: 'payment', id: payment }
  },
  after: (sql, after, most) =>
    (sql(`${SELECT} WHERE id > ? ORDER BY id LIMIT ?`).all(after, most) as Evidence[]).map((fields) => ({
      id: fields.id,
      fields,
    })),
  find,
  decide(known, came) {
    if (!saysTheSame(known, came)) return 'refused'
    return stepOf(came as Evidence) > stepOf(known as Evidence) ? 'write' : 'known'
  },
  take(tx, id, fields) {
    const checked = Evidence.safeParse(fields)
    if (!checked.success || checked.data.id !== id) return undefined
    const theirs = checked.data
    const here = find(tx.sql, id)
    if (here === undefined) insert(tx, theirs)
    else if (!saysTheSame(here, theirs)) return undefined
    // Of two officers who confirmed it the one counts whom the server has.
    else if (theirs.confirmedBy !== null) {
      tx.sql('UPDATE evidence SET confirmed_by = ?, confirmed_at = ? WHERE id = ?').run(
        theirs.confirmedBy,
        theirs.confirmedAt,
        id,
      )
    }
    return stepOf(theirs)
  },
}

function insert(tx: Transaction, evidence: Evidence): void {
  const { id, paymentId, finding, amount, reference, document, recordedBy, recordedAt, confirmedBy, confirmedAt } =
    evidence
  tx.sql('INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    id,
    paymentId,
    finding,
    amount,
    reference,
    document,
    recordedBy,
    recordedAt,
    confirmedBy,
    confirmedAt,
  )
}
