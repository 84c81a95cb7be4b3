import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import type { BackupFound, BackupManifest } from '../../../shared/model/backup.ts'
import { OFFICE_FOLDER, OFFICE_RESTORED } from '../data-folder.ts'
import { syncDirectory } from '../store/database.ts'
import { readInstallationId } from '../store/installation-file.ts'
import { JOURNAL_FILE } from '../store/installation-guard.ts'
import { migrations } from '../store/migrations/index.ts'
import { OFFICE, Store } from '../store/store.ts'
import { replaceKeyFile } from '../vault/key-file.ts'
import { checkCopy, differingFact } from './copied-store.ts'
import { copyFileDurably, digestFile, type FileDigest } from './digest-file.ts'
import { backupFiles, foundOf, readManifest, requireSeal } from './manifest.ts'

export interface RestoreTask {
  readonly task: 'restore'
  /** The backup's own folder. */
  readonly path: string
  readonly key: Uint8Array
  /** Where the office is put; held by the caller. */
  readonly dataDirectory: string
  /** What to do with an office that lies there already. */
  readonly present: 'refuse' | 'move-aside'
  /** Content of the key file where it was sealed anew; the backup's own where left out. */
  readonly keyFile?: string
}

export interface Restored {
  readonly backup: BackupFound
  /** Where the office that was there lies now. */
  readonly aside: string | null
}

/**
 * Looks at what needs no key: the description, and whether the key file is the one that was backed up.
 *
 * @throws OfficeError `backup.*`, `store.from-the-future`
 */
export function examineBackup(path: string): BackupManifest {
  const manifest = readManifest(path)
  if (manifest.schema > migrations.length) {
    fail('store.from-the-future', { found: manifest.schema, known: migrations.length })
  }
  requireSame(
    backupFiles.keys,
    manifest.files.keys,
    reading(() => digestFile(join(path, backupFiles.keys))),
  )
  requireSize(backupFiles.store, manifest.files.store.bytes, sizeOf(join(path, backupFiles.store)))
  return manifest
}

/** @throws OfficeError `backup.office-there` */
export function requireNoOffice(dataDirectory: string): void {
  const directory = join(dataDirectory, OFFICE_FOLDER)
  if (existsSync(directory) && readdirSync(directory).length > 0) fail('backup.office-there')
}

/**
 * Puts a backup in place: copied beside, compared with its description, read whole, and given the office's name only then. An
 * office that is there is never written over. Blocks for seconds, so it runs on a thread of its own.
 *
 * @throws OfficeError `backup.*`, `store.*`; nothing of it is left then
 */
export function restoreBackup(task: RestoreTask): Restored {
  const { path, key, dataDirectory, present, keyFile } = task
  if (present === 'refuse') requireNoOffice(dataDirectory)
  const manifest = examineBackup(path)
  requireSeal(manifest, key)
  const beside = join(dataDirectory, OFFICE_RESTORED)
  rmSync(beside, { recursive: true, force: true })
  mkdirSync(beside, { recursive: true, mode: 0o700 })
  try {
    const store = join(beside, backupFiles.store)
    const copied = reading(() => copyFileDurably(join(path, backupFiles.store), store))
    requireSame(backupFiles.store, manifest.files.store, copied)
    copyFileDurably(join(path, backupFiles.keys), join(beside, backupFiles.keys))
    const differing = differingFact(manifest, checkCopy(store, key))
    if (differing !== undefined) fail('backup.file-changed', { file: backupFiles.store })
    noteInTrail(store, key, manifest)
    if (keyFile !== undefined) replaceKeyFile(beside, keyFile)
    syncDirectory(beside)
    return { backup: foundOf(path, manifest), aside: putInPlace(dataDirectory, beside, manifest) }
  } catch (error) {
    rmSync(beside, { recursive: true, force: true })
    throw error
  }
}

/** The first thing the restored office says is where it comes from. */
function noteInTrail(file: string, key: Uint8Array, { madeAt, auditHead, installationId }: BackupManifest): void {
  const store = new Store({ file, key: { bytes: key } })
  try {
    store.transaction(OFFICE, (transaction) =>
      transaction.audit({
        action: 'office.restored',
        subjectKind: 'office',
        subjectId: installationId,
        detail: { madeAt, auditHead },
      }),
    )
  } finally {
    store.close()
  }
}

/**
 * Gives the restored office its name. What lay there is moved aside; if it was an earlier life of the same office, its journal
 * goes along, since it knows what left after the backup was made.
 *
 * @returns where the earlier one lies
 */
function putInPlace(dataDirectory: string, beside: string, { installationId }: BackupManifest): string | null {
  const place = join(dataDirectory, OFFICE_FOLDER)
  if (!existsSync(place) || readdirSync(place).length === 0) {
    rmSync(place, { recursive: true, force: true })
    renameSync(beside, place)
    syncDirectory(dataDirectory)
    return null
  }
  const journal = join(place, JOURNAL_FILE)
  if (readInstallationId(place) === installationId && existsSync(journal)) {
    copyFileDurably(journal, join(beside, JOURNAL_FILE))
    syncDirectory(beside)
  }
  const aside = freeName(join(dataDirectory, `${OFFICE_FOLDER}-before-restore`))
  renameSync(place, aside)
  renameSync(beside, place)
  syncDirectory(dataDirectory)
  return aside
}

function freeName(wanted: string): string {
  let name = wanted
  for (let number = 2; existsSync(name); number += 1) name = `${wanted}-${number}`
  return name
}

function sizeOf(file: string): number {
  return reading(() => statSync(file).size)
}

function requireSize(file: string, expected: number, found: number): void {
  if (found < expected) fail('backup.file-cut', { file })
  if (found > expected) fail('backup.file-changed', { file })
}

function requireSame(file: string, stated: FileDigest, found: FileDigest): void {
  requireSize(file, stated.bytes, found.bytes)
  if (stated.sha256 !== found.sha256) fail('backup.file-changed', { file })
}

/** Runs `read`; that a file of the backup is not there, or cannot be read to its end, is the backup's fault. */
function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return fail('backup.incomplete', {}, error)
    if (code === 'ENOSPC' || code === 'EDQUOT') return fail('store.disk-full', {}, error)
    if (syscall === 'read' || syscall === 'open') return fail('backup.folder-failed', {}, error)
    throw error
  }
}
