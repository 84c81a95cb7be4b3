import type { Store, Transaction } from '../store/store.ts'
import { type SealedBox as Sealed, SealedBox } from './sealing.ts'

/*
 * Secrets lie in a table of the encrypted store that no list reads and nothing replicates. Screens can write them and
 * ask whether they are there; only the core reads them.
 */
export type SecretKind =
  | 'officer-key'
  | 'signing-key'
  | 'decryption-key'
  | 'manager-secret'
  | 'mapper-secret'
  | 'manager-client-secret'
  | 'client-certificate'
  | 'callback-path'
  | 'callback-certificate'
  | 'callback-key'
  | 'callback-inbox-password'
  | 'central-password'
  | 'central-key'
  | 'connector-password'
  | 'tokenisation-key'
  | 'device-key'
  | 'sign-in-key'
  | 'sign-in-secret'

export function putSecret(transaction: Transaction, kind: SecretKind, owner: string, value: string): void {
  transaction
    .sql(
      `INSERT INTO secret VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
    )
    .run(`${kind}:${owner}`, kind, Buffer.from(value), transaction.moment)
}

export function findSecret(store: Store, kind: SecretKind, owner: string): string | undefined {
  const value = store.sql('SELECT value FROM secret WHERE name = ?').pluck().get(`${kind}:${owner}`) as
    | Buffer
    | undefined
  return value?.toString('utf8')
}

export function forgetSecret(transaction: Transaction, kind: SecretKind, owner: string): void {
  transaction.sql('DELETE FROM secret WHERE name = ?').run(`${kind}:${owner}`)
}

export const putSealedSecret = (transaction: Transaction, kind: SecretKind, owner: string, sealed: Sealed): void =>
  putSecret(transaction, kind, owner, JSON.stringify(sealed))

export function findSealedSecret(store: Store, kind: SecretKind, owner: string): Sealed | undefined {
  const value = findSecret(store, kind, owner)
  return value === undefined ? undefined : SealedBox.parse(JSON.parse(value))
}
