import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import type { BackupFound, BackupKeep } from '../../../shared/model/backup.ts'
import { backupsToKeep } from '../../../shared/rules/backup-rotation.ts'
import { backupFiles, foundOf, readManifest, UNFINISHED } from './manifest.ts'

const PREFIX = 'field-office'

/** The folder of a backup by its office and its moment in UTC: `field-office-0197c2aa41-20260131-081500`. */
export function backupName(installationId: string, madeAt: number): string {
  const stamp = new Date(madeAt)
    .toISOString()
    .replaceAll(/[-:]|\..*$/g, '')
    .replace('T', '-')
  return `${prefixOf(installationId)}${stamp}`
}

/** The end of the id is what differs between offices that were set up on the same day. */
const prefixOf = (installationId: string): string => `${PREFIX}-${installationId.replaceAll('-', '').slice(-10)}-`

/**
 * The backups in a folder, or the one that the folder itself (or a file in it) is; newest first. What is unfinished or has
 * no readable description is left out, unless nothing else is there.
 *
 * @throws OfficeError `backup.none-there`, or why the only one cannot be read
 */
export function findBackups(place: string): readonly BackupFound[] {
  const own = existsSync(join(place, backupFiles.manifest)) ? place : undefined
  if (own !== undefined) return [foundOf(own, readManifest(own))]
  const asFile = Object.values(backupFiles).find((name) => place.endsWith(`/${name}`) || place.endsWith(`\\${name}`))
  if (asFile !== undefined && existsSync(place)) return findBackups(place.slice(0, -asFile.length - 1))
  const found: BackupFound[] = []
  let refused: OfficeError | undefined
  for (const path of foldersIn(place)) {
    try {
      found.push(foundOf(path, readManifest(path)))
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error
      refused ??= error
    }
  }
  if (found.length === 0) throw refused ?? new OfficeError({ code: 'backup.none-there', params: {} })
  return found.sort((a, b) => b.manifest.madeAt - a.manifest.madeAt)
}

/** Takes away what earlier tries of this office left unfinished. */
export function clearUnfinished(folder: string, installationId: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefixOf(installationId)) && name.endsWith(UNFINISHED)) {
      rmSync(join(folder, name), { recursive: true, force: true })
    }
  }
}

/**
 * Takes away this office's backups that need not be kept any more; those of other offices in the same folder stay.
 *
 * @returns how many there were to take away, and how many stay
 */
export function rotate(folder: string, installationId: string, keep: BackupKeep): { removed: number; kept: number } {
  const own = findBackups(folder).filter(({ manifest }) => manifest.installationId === installationId)
  const stay = backupsToKeep(
    own.map(({ manifest }) => manifest.madeAt),
    keep,
  )
  let removed = 0
  for (const { path, manifest } of own) {
    if (stay.has(manifest.madeAt)) continue
    // Renamed first: whatever interrupts the removal, what is left is no backup any more.
    renameSync(path, `${path}${UNFINISHED}`)
    rmSync(`${path}${UNFINISHED}`, { recursive: true, force: true })
    removed += 1
  }
  return { removed, kept: own.length - removed }
}

function foldersIn(place: string): string[] {
  try {
    return readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.startsWith(`${PREFIX}-`) && !entry.name.endsWith(UNFINISHED))
      .map(({ name }) => join(place, name))
  } catch (error) {
    return fail('backup.none-there', {}, error)
  }
}
