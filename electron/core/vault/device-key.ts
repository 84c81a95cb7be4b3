import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { PublicKey } from '../../../shared/model/officer.ts'
import { OFFICE, type Store } from '../store/store.ts'
import { findSecret, putSecret } from './secrets.ts'
import { findEd25519, publicJwk } from './signing-keys.ts'

const KIND = 'device-key'
/** What the key is for; an installation has one. */
const USE = 'audit'

/**
 * The Ed25519 key by which this installation answers for its audit trail; made when it is first asked for, and never
 * changed, so that whoever keeps its public half can tell this office's word from another's.
 *
 * @throws OfficeError `vault.damaged`
 */
export function openDeviceKey(store: Store): { readonly privateKey: KeyObject; readonly publicKey: PublicKey } {
  const kept = findSecret(store, KIND, USE)
  const privateKey = kept === undefined ? makeDeviceKey(store) : (findEd25519(kept) ?? fail('vault.damaged'))
  return { privateKey, publicKey: publicJwk(privateKey) }
}

function makeDeviceKey(store: Store): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519')
  store.transaction(OFFICE, (transaction) => {
    putSecret(transaction, KIND, USE, JSON.stringify(privateKey.export({ format: 'jwk' })))
    transaction.audit({
      action: 'vault.device-key-made',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { use: USE },
    })
  })
  return privateKey
}
