import type { RecordKind } from '../../../shared/model/records.ts'
import { type ErasableKind, inStepWithErasure } from '../../../shared/rules/erasure.ts'
import { emptyConflicts } from '../central/merge/conflict-rows.ts'
import type { Transaction } from '../store/store.ts'

/** Of these the versions lie in the store beside the one that stands. */
export type VersionedKind = Exclude<ErasableKind, 'submission' | 'observation' | 'collection'>

const FORGET = [
  'DELETE FROM revision WHERE kind = ?1 AND record_id = ?2',
  'UPDATE central_past SET body = NULL WHERE kind = ?1 AND id = ?2',
  "DELETE FROM central_quarantine WHERE document_id = ?1 || ':' || ?2",
  // An import that is taken back must not bring it back.
  'DELETE FROM import_before WHERE import_id IN (SELECT id FROM import_run) AND kind = ?1 AND record_id = ?2',
]

/** Takes what was erased from a record out of everything that the store keeps of it beside it. Call it once the record is written. */
export function forgetVersions(tx: Transaction, kind: VersionedKind, id: string): void {
  for (const statement of FORGET) tx.sql(statement).run({ 1: kind, 2: id })
  emptyConflicts(tx, kind, [id])
  const base = tx.sql('SELECT body FROM central_base WHERE kind = ? AND id = ?').pluck().get(kind, id)
  const record = tx.find(kind as RecordKind, id)
  if (base === undefined || record === undefined) return
  const { mine } = inStepWithErasure(kind, { base: undefined, mine: JSON.parse(base as string), theirs: record })
  tx.sql('UPDATE central_base SET body = ? WHERE kind = ? AND id = ?').run(JSON.stringify(mine), kind, id)
}
