import type { RecordKind } from '../../../shared/model/records.ts'
import type { Office } from '../office.ts'

/** Notes that an officer has read why the central server did not take a record; it is told no more on Home. */
export function markRefusalSeen(
  { store }: Pick<Office, 'store'>,
  officerId: string,
  { kind, id }: { readonly kind: RecordKind; readonly id: string },
): void {
  store.transaction(officerId, (transaction) => {
    transaction.touch('central')
    transaction
      .sql('UPDATE central_refusal SET seen_by = ?, seen_at = ? WHERE kind = ? AND id = ? AND seen_at IS NULL')
      .run(officerId, transaction.moment, kind, id)
    transaction.audit({ action: 'central.refusal-seen', subjectKind: kind, subjectId: id })
  })
}
