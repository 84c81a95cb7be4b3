import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { OFFICE_RESTORED } from '../data-folder.ts'
import { type Opener, openKey } from '../vault/key-file.ts'
import { runBackupTask } from './backup-worker.ts'
import { examineBackup, type Restored, type RestoreTask, requireNoOffice } from './restore-backup.ts'

export interface RestoreWish extends Pick<RestoreTask, 'path' | 'dataDirectory' | 'present'> {
  readonly opener: Opener
}

/**
 * Puts a backup in place as the office of a data folder that the caller holds. Everything is verified before; the office
 * that comes up sends nothing until an administrator has confirmed it (I11).
 *
 * @returns what was put in place, and the store's key
 * @throws OfficeError `backup.*`, `vault.*`, `store.*`; nothing of it is left then
 */
export async function restoreOffice(wish: RestoreWish): Promise<Restored & { readonly key: Uint8Array }> {
  const { path, dataDirectory, present, opener } = wish
  if (present === 'refuse') requireNoOffice(dataDirectory)
  // First, so that a damaged key file is not taken for a wrong passphrase.
  examineBackup(path)
  const { key, keyFile } = await openKey(path, opener)
  try {
    const sealedAnew = keyFile === undefined ? {} : { keyFile }
    return { ...(await runBackupTask({ task: 'restore', path, key, dataDirectory, present, ...sealedAnew })), key }
  } catch (error) {
    // Also where the thread itself was lost.
    rmSync(join(dataDirectory, OFFICE_RESTORED), { recursive: true, force: true })
    throw error
  }
}
