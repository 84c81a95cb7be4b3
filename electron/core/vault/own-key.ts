import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { OFFICE, type Store } from '../store/store.ts'
import { findSecret, putSecret, type SecretKind } from './secrets.ts'

/** A private key that belongs to this installation alone. */
export interface OwnKey {
  readonly curve: 'ed25519' | 'x25519'
  readonly kind: SecretKind
  /** What the key is for; an installation has one of each. */
  readonly use: string
  /** How the trail calls its making. */
  readonly action: string
}

/**
 * Opens a key of this installation; makes it when it is first asked for.
 *
 * @param read the kept JWK as a key; undefined when it is none
 * @returns undefined when what is kept cannot be read
 */
export function openOwnKey(
  store: Store,
  { curve, kind, use, action }: OwnKey,
  read: (jwk: string) => KeyObject | undefined,
): KeyObject | undefined {
  const kept = findSecret(store, kind, use)
  if (kept !== undefined) return read(kept)
  const { privateKey } = curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')
  store.transaction(OFFICE, (transaction) => {
    putSecret(transaction, kind, use, JSON.stringify(privateKey.export({ format: 'jwk' })))
    transaction.audit({ action, subjectKind: 'office', subjectId: store.installationId, detail: { use } })
  })
  return privateKey
}
