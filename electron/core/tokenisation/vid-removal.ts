import type { IdentityNumber } from '../../../shared/model/registrant.ts'
import { emptyConflicts } from '../central/merge/conflict-rows.ts'
import type { Transaction } from '../store/store.ts'

/** Tables that keep whole versions of a record beside the one that stands, and where in them they are. */
const IDS = 'SELECT value FROM json_each(?)'
const COPIES = [
  `UPDATE central_base SET body = json_set(body, '$.value', '') WHERE kind = 'identityNumber' AND id IN (${IDS})`,
  `UPDATE central_quarantine SET body = json_set(body, '$.record.value', '')
   WHERE document_id IN (SELECT 'identityNumber:' || value FROM json_each(?))
     AND json_type(body, '$.record.value') = 'text'`,
  // An import that is undone must not bring it back.
  `DELETE FROM import_before WHERE kind = 'identityNumber' AND record_id IN (${IDS})`,
]

/**
 * Removes numbers for good, in the transaction that stores the token in their place: from their sealed records and from every
 * copy of those that the store keeps. The removal is on record, the number is not; only a new entry brings one back.
 */
export function removeVids(transaction: Transaction, vids: readonly IdentityNumber[]): void {
  for (const vid of vids) {
    transaction.change('identityNumber', vid, { removed: true, value: '', tokenisedAt: transaction.moment })
  }
  forgetCopies(
    transaction,
    vids.map(({ id }) => id),
  )
}

/** Blots the values of identity numbers that were given up out of every version that the store keeps beside them. */
export function forgetCopies(transaction: Transaction, ids: readonly string[]): void {
  if (ids.length === 0) return
  for (const copy of COPIES) transaction.sql(copy).run(JSON.stringify(ids))
  emptyConflicts(transaction, 'identityNumber', ids)
}
