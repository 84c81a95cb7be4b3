import { existsSync, mkdirSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import { BACKUP_FORMAT, type BackupFound, type BackupKeep } from '../../../shared/model/backup.ts'
import { openDatabase, syncDirectory, translate } from '../store/database.ts'
import { backupName, clearUnfinished, rotate } from './backup-folder.ts'
import { checkCopy } from './copied-store.ts'
import { copyFileDurably, digestFile, syncFile } from './digest-file.ts'
import { failAsFolder } from './folder-faults.ts'
import { backupFiles, foundOf, sealManifest, UNFINISHED } from './manifest.ts'

export interface MakeTask {
  readonly task: 'make'
  /** The office's own folder. */
  readonly directory: string
  readonly key: Uint8Array
  readonly installationId: string
  /** Where backups lie. */
  readonly folder: string
  readonly keep: BackupKeep
  readonly officeName: string
  readonly district: string
  /** Epoch milliseconds. */
  readonly madeAt: number
}

export interface Made {
  readonly backup: BackupFound
  readonly removed: number
  readonly kept: number
  /** The backup stands, but older ones could not be taken away. */
  readonly rotated: boolean
}

const MEGABYTE = 1_000_000
/** Room that is left free beside the copy. */
const SPARE = 8 * MEGABYTE

/**
 * Writes a backup beside, reads it back whole, and gives it its name only then. A consistent copy of an open store; it holds
 * up nobody who writes. Blocks for seconds, so it runs on a thread of its own.
 *
 * @throws OfficeError `backup.*` by what is wrong with the folder; `store.damaged` where the office's own file is
 */
export function makeBackup(task: MakeTask): Made {
  const { directory, key, installationId, folder, keep, officeName, district, madeAt } = task
  const source = join(directory, backupFiles.store)
  const needed = statSync(source).size + SPARE
  const megabytes = Math.ceil(needed / MEGABYTE)
  const path = freePlace(join(folder, backupName(installationId, madeAt)))
  const beside = `${path}${UNFINISHED}`
  try {
    // Not made here: behind the path of a stick that is not there, the office's own disk would fill.
    if (!statSync(folder).isDirectory()) fail('backup.folder-missing')
    clearUnfinished(folder, installationId)
    const { bavail, bsize } = statfsSync(folder)
    if (bavail * bsize < needed) fail('backup.no-room', { megabytes })
    mkdirSync(beside, { mode: 0o700 })
    const store = join(beside, backupFiles.store)
    copyStore(source, key, store)
    const keys = copyFileDurably(join(directory, backupFiles.keys), join(beside, backupFiles.keys))
    const facts = verified(() => checkCopy(store, key))
    const manifest = sealManifest(
      {
        format: BACKUP_FORMAT,
        ...facts,
        officeName,
        district,
        madeAt,
        files: { store: digestFile(store), keys },
      },
      key,
    )
    const told = join(beside, backupFiles.manifest)
    writeFileSync(told, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    syncFile(told)
    syncDirectory(beside)
    renameSync(beside, path)
    syncDirectory(folder)
    const backup = foundOf(path, manifest)
    return { backup, ...rotatedIn(folder, installationId, keep) }
  } catch (error) {
    takeAway(beside)
    return failAsFolder(error, megabytes)
  }
}

/** Two backups of one second stand beside each other. */
function freePlace(path: string): string {
  let free = path
  for (let count = 2; existsSync(free); count += 1) free = `${path}-${count}`
  return free
}

/** A consistent copy with the same key, on the disk when this returns. @throws OfficeError `store.*` */
export function copyStore(source: string, key: Uint8Array, to: string): void {
  // Only a connection that may write can copy itself; this one writes nothing into the store.
  const database = openDatabase(source, { bytes: key }, 'write', 8)
  try {
    database.pragma('wal_autocheckpoint = 0')
    translate(() => database.prepare('VACUUM INTO ?').run(to))
  } finally {
    database.close()
  }
  syncFile(to)
}

/** A copy that cannot be read back is not a backup, whatever is wrong with it. */
function verified<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof OfficeError) fail('backup.not-verified', {}, error)
    throw error
  }
}

/** That an old backup stays where it should go is no reason to call the new one failed. */
function rotatedIn(folder: string, installationId: string, keep: BackupKeep): Omit<Made, 'backup'> {
  try {
    return { ...rotate(folder, installationId, keep), rotated: true }
  } catch (error) {
    console.warn('older backups stay', error instanceof Error ? error.name : '')
    return { removed: 0, kept: 0, rotated: false }
  }
}

function takeAway(beside: string): void {
  try {
    rmSync(beside, { recursive: true, force: true })
  } catch (error) {
    // The folder is gone or cannot be written; the next backup clears what is left.
    console.warn('an unfinished backup stays', error instanceof Error ? error.name : '')
  }
}
