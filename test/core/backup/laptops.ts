import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findBackups } from '../../../electron/core/backup/backup-folder.ts'
import { makeBackup } from '../../../electron/core/backup/make-backup.ts'
import { restoreBackup } from '../../../electron/core/backup/restore-backup.ts'
import { seal } from '../../../electron/core/vault/sealing.ts'
import { usualBackupSettings } from '../../../shared/model/backup.ts'
import { openSendingOffice, type SendingOffice } from '../dispatch/sending-office.ts'

/** A sending office has no key file of its own, and a backup takes one along. */
export async function sealKeyFile(directory: string, key: Uint8Array): Promise<void> {
  const sealed = await seal(key, 'a long enough passphrase', 'store key')
  writeFileSync(join(directory, 'keys.json'), JSON.stringify({ version: 1, protection: 'passphrase', sealed }))
}

/** Backs an office up, open as it is. @returns the backup's own folder */
export async function backUp({ directory, key, store }: SendingOffice, folder: string): Promise<string> {
  await sealKeyFile(directory, key)
  const { installationId } = store
  const { keep } = usualBackupSettings
  const told = { installationId, keep, officeName: 'District office', district: '', madeAt: Date.now() }
  return makeBackup({ task: 'make', directory, key, folder, ...told }).backup.path
}

/** The newest backup of a folder, put in place in the data folder of another laptop and opened there. */
export function openElsewhere({ key, time }: SendingOffice, folder: string, dataDirectory: string): SendingOffice {
  const [newest] = findBackups(folder)
  restoreBackup({ task: 'restore', path: newest?.path ?? '', key, dataDirectory, present: 'refuse' })
  const office = openSendingOffice(join(dataDirectory, 'office'), { key, time })
  office.scheduler.start()
  return office
}
