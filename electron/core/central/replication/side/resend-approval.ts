import { z } from 'zod'
import { PartKey } from '../../../../../shared/model/payment.ts'
import { Id, Moment } from '../../../../../shared/model/record.ts'
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

export const resendApprovalTable: SideTable = {
  unsent: (sql, most) =>
    (
      sql(
        `${SELECT} WHERE NOT EXISTS
           (SELECT 1 FROM central_receipt r WHERE r.kind = 'resendApproval' AND r.id = ${NAME}) LIMIT ?`,
      ).all(most) as ResendApproval[]
    ).map((fields) => ({ id: nameOf(fields), step: 1, rev: null, fields })),
  after: (sql, after, most) =>
    (sql(`${SELECT} WHERE ${NAME} > ? ORDER BY ${NAME} LIMIT ?`).all(after, most) as ResendApproval[]).map(
      (fields) => ({ id: nameOf(fields), fields }),
    ),
  find: (sql, id) => sql(`${SELECT} WHERE ${NAME} = ?`).get(id) as ResendApproval | undefined,
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
