import { rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import type { BackupFound } from '../../../shared/model/backup.ts'
import { findBackups } from './backup-folder.ts'
import { failAsFolder } from './folder-faults.ts'

export interface LookTask {
  readonly task: 'look'
  readonly folder: string
  /** Whether it has to take files. */
  readonly writable: boolean
}

/**
 * The backups in a folder that is to hold them; none is no fault. Blocks for as long as its medium may take, so it runs on a
 * thread of its own.
 *
 * @throws OfficeError `backup.folder-*`
 */
export function lookAtFolder({ folder, writable }: LookTask): readonly BackupFound[] {
  try {
    if (!statSync(folder).isDirectory()) fail('backup.folder-missing')
    if (writable) {
      const probe = join(folder, '.field-office-may-write')
      writeFileSync(probe, '')
      rmSync(probe)
    }
    return findBackups(folder)
  } catch (error) {
    if (error instanceof OfficeError && error.fault.code === 'backup.none-there') return []
    return failAsFolder(error, 0)
  }
}
