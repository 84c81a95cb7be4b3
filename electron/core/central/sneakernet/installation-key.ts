import type { KeyObject } from 'node:crypto'
import { fail } from '../../../../shared/contract/result.ts'
import type { Store } from '../../store/store.ts'
import { openOwnKey } from '../../vault/own-key.ts'
import { findX25519 } from './part-box.ts'

const BOX_KEY = { curve: 'x25519', kind: 'central-key', use: 'encryption', action: 'central.office-key-made' } as const

/** The private key that opens what others write to this installation; made when it is first asked for. */
export const openInstallationKey = (store: Store): KeyObject =>
  openOwnKey(store, BOX_KEY, findX25519) ?? fail('central-files.key-missing')
