import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { BACKUP_FORMAT, type BackupFound, BackupManifest } from '../../../shared/model/backup.ts'

/** What lies in the folder of a backup. */
export const backupFiles = { manifest: 'manifest.json', store: 'office.db', keys: 'keys.json' } as const

/** A folder with this end is being written or taken away: never a backup. */
export const UNFINISHED = '.part'

const Unsealed = BackupManifest.omit({ seal: true })

/** Binds the description of a backup to the store's key: whoever has only the medium cannot make another one fit. */
function sealOf(manifest: z.infer<typeof Unsealed>, key: Uint8Array): Buffer {
  const sealing = Buffer.from(hkdfSync('sha256', key, new Uint8Array(), 'backup manifest', 32))
  // Parsed anew, so that the order of the fields is always the schema's.
  return createHmac('sha256', sealing)
    .update(JSON.stringify(Unsealed.parse(manifest)))
    .digest()
}

export const sealManifest = (manifest: z.infer<typeof Unsealed>, key: Uint8Array): BackupManifest => ({
  ...Unsealed.parse(manifest),
  seal: sealOf(manifest, key).toString('base64url'),
})

/** @throws OfficeError `backup.other-key` when the description was changed, or was made under another key */
export function requireSeal(manifest: BackupManifest, key: Uint8Array): void {
  const [expected, found] = [sealOf(manifest, key), Buffer.from(manifest.seal, 'base64url')]
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) fail('backup.other-key')
}

/**
 * Reads what a backup says about itself; nothing of it is proven by that.
 *
 * @throws OfficeError `backup.incomplete`, `backup.manifest-damaged`, `backup.from-the-future`
 */
export function readManifest(path: string): BackupManifest {
  const text = readText(join(path, backupFiles.manifest))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return fail('backup.manifest-damaged', {}, error)
  }
  const stated = z.object({ format: z.int() }).safeParse(json)
  if (stated.success && stated.data.format > BACKUP_FORMAT) {
    fail('backup.from-the-future', { found: stated.data.format, known: BACKUP_FORMAT })
  }
  const parsed = BackupManifest.safeParse(json)
  return parsed.success ? parsed.data : fail('backup.manifest-damaged', {}, parsed.error)
}

export function foundOf(path: string, manifest: BackupManifest): BackupFound {
  const { seal: _, files, ...told } = manifest
  return { path, manifest: { ...told, bytes: files.store.bytes + files.keys.bytes } }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return fail('backup.incomplete', {}, error)
  }
}
