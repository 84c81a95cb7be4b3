import type { Registrant } from '../../../shared/model/registrant.ts'
import type { Transaction } from '../store/store.ts'

/** What two registrants may share although they should not: a phone, an e-mail address, an account. */
export interface ContactKey {
  readonly kind: 'phone' | 'email' | 'account' | 'iban'
  readonly value: string
}

/** The keys of a registrant's contacts; disabled ones count too, removed registrants have none. */
export function contactKeysOf(
  registrant: Pick<Registrant, 'removed' | 'phoneNumbers' | 'emails' | 'bankAccounts'>,
): ContactKey[] {
  if (registrant.removed) return []
  const keys: ContactKey[] = []
  for (const { number } of registrant.phoneNumbers) keys.push({ kind: 'phone', value: number })
  for (const { address } of registrant.emails) keys.push({ kind: 'email', value: address.toLowerCase() })
  for (const { iban, accountNumber, bic } of registrant.bankAccounts) {
    if (iban !== '') keys.push({ kind: 'iban', value: iban })
    if (accountNumber !== '') keys.push({ kind: 'account', value: `${accountNumber}@${bic}` })
  }
  return keys
}

const INSERT = 'INSERT OR IGNORE INTO contact_key (kind, value, registrant_id) VALUES (?, ?, ?)'

/** Writes the keys of a registrant that is new to the store. */
export function addContactKeys(transaction: Transaction, registrantId: string, keys: readonly ContactKey[]): void {
  for (const { kind, value } of keys) transaction.sql(INSERT).run(kind, value, registrantId)
}

const DELETE = 'DELETE FROM contact_key WHERE kind = ? AND value = ? AND registrant_id = ?'

/** Takes the keys away that a registrant had as it was. */
export function dropContactKeys(transaction: Transaction, before: Registrant): void {
  for (const { kind, value } of contactKeysOf(before)) transaction.sql(DELETE).run(kind, value, before.id)
}

/** Writes a registrant together with its keys. Every change of a registrant goes through here. */
export function putRegistrant(
  transaction: Transaction,
  draft: Omit<Registrant, 'changedAt' | 'changedBy'>,
): Registrant {
  const before = transaction.find('registrant', draft.id)
  const registrant = transaction.put('registrant', draft)
  if (before !== undefined) dropContactKeys(transaction, before)
  addContactKeys(transaction, registrant.id, contactKeysOf(registrant))
  return registrant
}
