import type { RecordKind } from '../../../../shared/model/records.ts'
import type { Draft, Transaction } from '../../store/store.ts'
import { putRegistrant } from '../contact-keys.ts'

/** Records that an import changes in place, rather than marks as its own. */
export type ChangedKind = RecordKind & ('registrant' | 'membership' | 'identityNumber' | 'consent')

export interface BeforeImport {
  readonly kind: ChangedKind
  readonly id: string
  /** JSON; null where the import made the record. */
  readonly before: string | null
}

const KEEP = 'INSERT OR IGNORE INTO import_before (import_id, kind, record_id, before) VALUES (?, ?, ?, ?)'
const FORGET = 'DELETE FROM import_before WHERE import_id = ? AND kind = ? AND record_id = ?'

/** Keeps a record as it was before an import touched it first; undefined where there was none. */
export function keepBefore(
  transaction: Transaction,
  importId: string,
  kind: ChangedKind,
  id: string,
  before: object | undefined,
): void {
  transaction.sql(KEEP).run(importId, kind, id, before === undefined ? null : JSON.stringify(before))
}

/** Puts a record back as it was before the import; what the import made is removed. */
export function putBack(transaction: Transaction, importId: string, { kind, id, before }: BeforeImport): void {
  const current = transaction.get(kind, id)
  const { changedAt, changedBy, ...old } = before === null ? { ...current, removed: true } : JSON.parse(before)
  if (kind === 'registrant') putRegistrant(transaction, old)
  else transaction.put(kind, old as Draft<typeof kind>)
  transaction.sql(FORGET).run(importId, kind, id)
}
