import type { KeyObject } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { PublicKey } from '../../../shared/model/officer.ts'
import type { Store } from '../store/store.ts'
import { openOwnKey } from './own-key.ts'
import { findEd25519, publicJwk } from './signing-keys.ts'

const DEVICE_KEY = { curve: 'ed25519', kind: 'device-key', use: 'audit', action: 'vault.device-key-made' } as const

/**
 * The Ed25519 key by which this installation answers for its audit trail; made when it is first asked for, and never
 * changed, so that whoever keeps its public half can tell this office's word from another's.
 *
 * @throws OfficeError `vault.damaged`
 */
export function openDeviceKey(store: Store): { readonly privateKey: KeyObject; readonly publicKey: PublicKey } {
  const privateKey = openOwnKey(store, DEVICE_KEY, findEd25519) ?? fail('vault.damaged')
  return { privateKey, publicKey: publicJwk(privateKey) }
}
