import { z } from 'zod'
import { PartKey } from '../../../../../shared/model/payment.ts'
import { Id, Moment } from '../../../../../shared/model/record.ts'
import type { Store } from '../../../store/store.ts'
import type { SideTable } from './side-table.ts'

/* An approver's leave to send a part again, said once for so many posts. */

const ResendApproval = z.object({
  batchId: Id,
  part: PartKey,
  posts: z.int().min(0),
  officerId: Id,
  moment: Moment,
})
type ResendApproval = z.infer<typeof ResendApproval>

const SELECT = 'SELECT batch_id AS batchId, part, posts, officer_id AS officerId, moment FROM resend_approval e'
const NAME = "(e.batch_id || ':' || e.part || ':' || e.posts)"

const nameOf = ({ batchId, part, posts }: ResendApproval): string => `${batchId}:${part}:${posts}`

const find = (sql: Store['sql'], id: string): ResendApproval | undefined =>
  sql(`${SELECT} WHERE ${NAME} = ?`).get(id) as ResendApproval | undefined

export const resendApprovalTable: SideTable = {
  unsent: (sql, most, except) =>
    (
      sql(
        `${SELECT} WHERE NOT EXISTS
           (SELECT 1 FROM central_receipt r WHERE r.kind = 'resendApproval' AND r.id = ${NAME})
         AND ${NAME} NOT IN (SELECT value FROM json_each(?)) LIMIT ?`,
      ).all(JSON.stringify(except), most) as ResendApproval[]
    ).map((fields) => ({ id: nameOf(fields), step: 1, rev: null, fields, officerId: fields.officerId })),
  about(sql, id) {
    const said = find(sql, id)
    return said === undefined ? undefined : { kind: 'batch', id: said.batchId }
  },
  after: (sql, after, most) =>
    (sql(`${SELECT} WHERE ${NAME} > ? ORDER BY ${NAME} LIMIT ?`).all(after, most) as ResendApproval[]).map(
      (fields) => ({ id: nameOf(fields), fields }),
    ),
  find,
  // Another approver may have given the same leave: one is as good as the other.
  decide: () => 'known',
  take(tx, id, fields) {
    const checked = ResendApproval.safeParse(fields)
    if (!checked.success || nameOf(checked.data) !== id) return undefined
    const { batchId, part, posts, officerId, moment } = checked.data
    tx.sql('INSERT OR IGNORE INTO resend_approval VALUES (?, ?, ?, ?, ?)').run(batchId, part, posts, officerId, moment)
    return 1
  },
}
