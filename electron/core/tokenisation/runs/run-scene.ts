import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { OfficeTime } from '../../clock/office-time.ts'
import type { Office } from '../../office.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { findSecret, putSecret } from '../../vault/secrets.ts'
import type { ApplyScene } from './apply-answers.ts'

/** What runs work with. */
export interface RunParts extends Pick<Office, 'store' | 'reader' | 'journal' | 'http' | 'callbacks' | 'training'> {
  readonly time: OfficeTime
}

const OWNER = 'office'

/** The office's key for hashes of VIDs and secrets of runs; it never leaves. @throws Error before {@link ensureKey} */
export function tokenisationKey(store: Store): KeyObject {
  const key = findSecret(store, 'tokenisation-key', OWNER)
  if (key === undefined) throw new Error('the key of tokenisation is missing')
  return createSecretKey(key, 'base64url')
}

/** Makes the key where there is none, within the transaction that first needs it. */
export function ensureKey(transaction: Transaction): void {
  const known = transaction.sql("SELECT 1 FROM secret WHERE name = 'tokenisation-key:office'").get()
  if (known === undefined) putSecret(transaction, 'tokenisation-key', OWNER, randomBytes(32).toString('base64url'))
}

/** What only the seeder is told of a run: the end of the address that it calls, and what it shows there. */
export const runSecret = (key: KeyObject, runId: string, what: 'address' | 'password'): string =>
  createHmac('sha256', key).update(`${what}\u001f${runId}`).digest('base64url')

export const applySceneOf = ({ store, time }: RunParts, connector: Connector, runId: string): ApplyScene => ({
  store,
  key: tokenisationKey(store),
  connector,
  runId,
  now: () => time.now(),
  minute: time.minute,
})
