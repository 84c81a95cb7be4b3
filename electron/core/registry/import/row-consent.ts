import { consentId } from '../../../../shared/model/ids.ts'
import type { Consent, ConsentWay } from '../../../../shared/model/tokenisation.ts'
import { today } from '../../clock/today.ts'
import type { Transaction } from '../../store/store.ts'
import { noteConsent, PURPOSE } from '../../tokenisation/consents.ts'
import { keepBefore, putBack } from './import-before.ts'

/** What a row says about the consent of its person. */
export interface RowConsent {
  readonly given: boolean
  /** `YYYY-MM-DD`; null where the file does not say when. */
  readonly on: string | null
}

/** The import that brings consents, and how people said them to whoever wrote the file. */
export interface ConsentSource {
  readonly importId: string
  readonly fileName: string
  readonly how: ConsentWay
}

/** Whether a withdrawal that is written down stands against a consent in a file, which may be the older of the two. */
export const withdrawalStands = (
  known: Pick<Consent, 'given' | 'on'> | undefined,
  { given, on }: RowConsent,
): boolean => given && known?.given === false && (on === null || known.on > on)

/**
 * Writes down what a row says about consent, audited with the import and the row, in the transaction that takes the row.
 *
 * @returns whether anything changed
 */
export function takeConsent(
  transaction: Transaction,
  { importId, fileName, how }: ConsentSource,
  registrantId: string,
  said: RowConsent,
  row: number,
): boolean {
  const id = consentId(registrantId, PURPOSE)
  const before = transaction.find('consent', id)
  if (withdrawalStands(before?.removed === false ? before : undefined, said)) return false
  const entry = { given: said.given, on: said.on ?? today(), how, note: `${fileName} (${row})` }
  if (!noteConsent(transaction, registrantId, entry, { import: importId, row })) return false
  keepBefore(transaction, importId, 'consent', id, before)
  return true
}

/** Takes back what the import wrote about a person's consent, if it did. */
export function takeConsentBack(transaction: Transaction, importId: string, registrantId: string): void {
  const id = consentId(registrantId, PURPOSE)
  const kept = transaction
    .sql("SELECT before FROM import_before WHERE import_id = ? AND kind = 'consent' AND record_id = ?")
    .get(importId, id) as { before: string | null } | undefined
  if (kept !== undefined) putBack(transaction, importId, { kind: 'consent', id, before: kept.before })
}
