import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { fail } from '../../../../shared/contract/result.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import { findSecret, putSecret } from '../../vault/secrets.ts'
import { findX25519 } from './part-box.ts'

const KIND = 'central-key'
/** What the key is for; an installation has one of each. */
const USE = 'encryption'

/** The private key that opens what others write to this installation; made when it is first asked for. */
export function openInstallationKey(store: Store): KeyObject {
  const kept = findSecret(store, KIND, USE)
  if (kept !== undefined) return findX25519(kept) ?? fail('central-files.key-missing')
  const { privateKey } = generateKeyPairSync('x25519')
  store.transaction(OFFICE, (transaction) => {
    putSecret(transaction, KIND, USE, JSON.stringify(privateKey.export({ format: 'jwk' })))
    transaction.audit({
      action: 'central.office-key-made',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { use: USE },
    })
  })
  return privateKey
}
