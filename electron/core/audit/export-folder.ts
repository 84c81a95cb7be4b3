import { closeSync, fsyncSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import type { PublicKey } from '../../../shared/model/officer.ts'
import { holdDirectory } from '../store/directory-lock.ts'
import { InstallationGuard } from '../store/installation-guard.ts'
import { OFFICE, Store } from '../store/store.ts'
import { failAsDisk, openDurably } from '../store/write-durably.ts'
import { openDeviceKey } from '../vault/device-key.ts'
import { hasKeyFile, openKeyFile } from '../vault/key-file.ts'
import { keyIdOf } from '../vault/signing-keys.ts'
import { linesOf } from './export-lines.ts'
import { beginExport } from './exports.ts'
import type { Period } from './period.ts'
import { headAt, sealLine } from './seal.ts'

export interface FolderAuditExport {
  readonly dataDirectory: string
  readonly which: 'office' | 'training'
  readonly passphrase: string | undefined
  /** A file that is not there yet. */
  readonly path: string
  readonly period: Period
  readonly onProgress: (done: number, total: number) => void
}

export interface AuditExported {
  readonly entries: number
  readonly first: number
  readonly last: number
  readonly keyId: string
  readonly publicKey: PublicKey
}

/** How many entries pass between two words about progress. */
const SAID_EVERY = 10_000

/**
 * Writes the trail of an office that is not open, or a part of it, into a file, as its screens do.
 *
 * @throws OfficeError `store.in-use`, `vault.no-office`, `vault.wrong-passphrase`, `audit.nothing-to-export`
 */
export async function exportFolderTrail(wanted: FolderAuditExport): Promise<AuditExported> {
  const { dataDirectory, which, passphrase, path, period, onProgress } = wanted
  const directory = join(dataDirectory, which)
  if (!hasKeyFile(directory)) fail('vault.no-office', { folder: directory })
  const release = holdDirectory(dataDirectory)
  try {
    const key = await openKeyFile(directory, passphrase)
    const store = new Store({ file: join(directory, 'office.db'), key: { bytes: key } })
    const guard = new InstallationGuard(store, directory)
    try {
      const { after, until } = beginExport(store, OFFICE, period)
      const descriptor = openDurably(path, 'wx')
      try {
        let said = after
        for (const { text, done } of linesOf(store, { after, until, limit: until - after })) {
          // Not `writeSync`: a disk that is nearly full takes a part without a fault.
          writeFileSync(descriptor, text)
          if (done - said < SAID_EVERY) continue
          said = done
          onProgress(done - after, until - after)
        }
        const [before, head] = [headAt(store, after), headAt(store, until)]
        writeFileSync(
          descriptor,
          await sealLine(store, { after: before, head, officerId: OFFICE, exportedAt: Date.now() }),
        )
        fsyncSync(descriptor)
      } catch (error) {
        rmSync(path, { force: true })
        failAsDisk(error)
      } finally {
        closeSync(descriptor)
      }
      const { publicKey } = openDeviceKey(store)
      return { entries: until - after, first: after + 1, last: until, keyId: await keyIdOf(publicKey), publicKey }
    } finally {
      guard.close()
      store.close()
    }
  } finally {
    release()
  }
}
