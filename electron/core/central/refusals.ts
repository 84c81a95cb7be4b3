import type { RefusalRow } from '../../../shared/contract/central.ts'
import type { Office } from '../office.ts'
import { sideTables } from './replication/side/side-tables.ts'
import { isSideKind } from './replication/side-records.ts'

/** Notes that an officer has read why the central server did not take a record; it is told no more on Home. */
export function markRefusalSeen(
  { store }: Pick<Office, 'store'>,
  officerId: string,
  { kind, id }: Pick<RefusalRow, 'kind' | 'id'>,
): void {
  store.transaction(officerId, (transaction) => {
    transaction.touch('central')
    transaction
      .sql('UPDATE central_refusal SET seen_by = ?, seen_at = ? WHERE kind = ? AND id = ? AND seen_at IS NULL')
      .run(officerId, transaction.moment, kind, id)
    const about = isSideKind(kind) ? sideTables[kind].about(transaction.sql, id) : { kind, id }
    transaction.audit({
      action: 'central.refusal-seen',
      subjectKind: about?.kind ?? 'office',
      subjectId: about?.id ?? 'central',
    })
  })
}
