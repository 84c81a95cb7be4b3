import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { hostname, platform } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from './write-durably.ts'

/* Where a store lives, in a file beside it that no backup takes along. */

/** A folder on a machine. */
export const Place = z.object({ machine: z.string(), folder: z.string() })
export type Place = z.infer<typeof Place>

const InstallationFile = Place.extend({
  installationId: z.string(),
  epoch: z.int(),
  /** The office of this folder moved to another laptop: whatever store lies here, it sends nothing. */
  retired: z.boolean().default(false),
})
export type InstallationFile = z.infer<typeof InstallationFile>

const INSTALLATION_FILE = 'installation.json'

export const placeOf = (directory: string): Place => ({ machine: machineName(), folder: folderName(directory) })

export const isSamePlace = (one: Place, other: Place): boolean =>
  one.machine === other.machine && one.folder === other.folder

/** A name for this machine that a copied folder does not take along. */
function machineName(): string {
  const idFile = '/etc/machine-id'
  const id = existsSync(idFile) ? readFileSync(idFile, 'utf8').trim() : hostname()
  return createHash('sha256').update(`${platform()} ${id}`).digest('hex').slice(0, 32)
}

/** The folder itself, not its path: renaming is harmless, a copy is another folder. */
function folderName(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true })
  return createHash('sha256').update(`${dev} ${ino}`).digest('hex').slice(0, 32)
}

export function readInstallationFile(directory: string): InstallationFile | undefined {
  try {
    return InstallationFile.parse(JSON.parse(readFileSync(join(directory, INSTALLATION_FILE), 'utf8')))
  } catch {
    // Missing or unreadable is the same doubt.
    return undefined
  }
}

/** Durable when it returns. @throws OfficeError `store.disk-full`, `store.read-only` */
export function writeInstallationFile(directory: string, content: InstallationFile): void {
  writeDurably(join(directory, INSTALLATION_FILE), `${JSON.stringify(content)}\n`)
}

/** Which installation lives in an office's folder, as far as that can be told without its key. */
export const readInstallationId = (directory: string): string | undefined =>
  readInstallationFile(directory)?.installationId
