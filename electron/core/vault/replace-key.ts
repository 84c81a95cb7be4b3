import { randomBytes } from 'node:crypto'
import { existsSync, globSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { runBackupTask } from '../backup/backup-worker.ts'
import { removeCopy } from '../backup/rekeyed-copy.ts'
import type { KeyStore } from '../doors/key-store.ts'
import { syncDirectory } from '../store/database.ts'
import { failAsDisk } from '../store/write-durably.ts'
import { type MadeRecoveryKey, openAndSettle, replaceKeyFile, replacementOf, STORE_FILE } from './key-file.ts'

export interface KeyReplacement {
  /** The folder of a real office that is closed; held by the caller. */
  readonly directory: string
  /** Undefined where the key store of the system opens the office. */
  readonly passphrase: string | undefined
  readonly keyStore: KeyStore
  /** Opens the office with its new key. */
  readonly recoveryKey: MadeRecoveryKey
  readonly officerId: string
}

const COPY = 'office.db.rekeyed'

/**
 * Replaces the key of the store: a copy under the new key is written and read beside the store, the key file then knows both
 * keys, the copy takes the store's name, and only then the old key is forgotten. Cut off at any moment, the office opens by
 * the same passphrase (or key store) as before; see `openAndSettle`.
 *
 * Officers' keys lie in the store under their PINs and stay as they are. Backups keep the key of their day.
 *
 * @throws OfficeError `vault.*`, `store.*`, `backup.not-verified`; the office is as it was then
 */
export async function replaceKey(wanted: KeyReplacement): Promise<void> {
  const { directory, passphrase, keyStore, recoveryKey, officerId } = wanted
  const key = await openAndSettle(directory, passphrase, keyStore)
  const newKey = randomBytes(32)
  const { between, after, tag } = await replacementOf(directory, newKey, recoveryKey, { passphrase, keyStore })
  const [store, copy] = [join(directory, STORE_FILE), join(directory, COPY)]
  await runBackupTask({ task: 'rekey', store, copy, key, newKey, officerId, tag })
  // Pages of it would be taken for pages of the new file; only an office that is open has one.
  if (existsSync(`${store}-wal`)) fail('store.in-use')
  replaceKeyFile(directory, between)
  try {
    renameSync(copy, store)
    syncDirectory(directory)
  } catch (error) {
    failAsDisk(error)
  }
  replaceKeyFile(directory, after)
  forgetOldCopies(directory)
}

/** Takes away what a replacement that was cut off has left; the office is closed, and its key file settled. */
export function clearCutOffReplacement(directory: string): void {
  removeCopy(join(directory, COPY))
}

/** Copies made before a migration open with the old key, which is to open nothing here. */
function forgetOldCopies(directory: string): void {
  for (const name of globSync(`${STORE_FILE}.before-*`, { cwd: directory })) rmSync(join(directory, name))
}
