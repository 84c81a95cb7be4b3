import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { openDatabase } from '../store/database.ts'
import { holdDirectory } from '../store/directory-lock.ts'
import { hasKeyFile, openKeyFile } from '../vault/key-file.ts'
import { type AuditBreak, verifyAudit } from './audit-log.ts'

/**
 * Walks the audit chain of an office that is not open.
 *
 * @param which the real office or the training one of this data folder
 * @throws OfficeError `store.in-use`, `vault.no-office`, `vault.wrong-passphrase`, `store.damaged`
 */
export async function verifyFolder(
  dataDirectory: string,
  which: 'office' | 'training',
  passphrase: string | undefined,
): Promise<{ readonly checked: number; readonly break: AuditBreak | null }> {
  const directory = join(dataDirectory, which)
  if (!hasKeyFile(directory)) fail('vault.no-office', { folder: directory })
  const release = holdDirectory(dataDirectory)
  try {
    const key = await openKeyFile(directory, passphrase)
    const database = openDatabase(join(directory, 'office.db'), { bytes: key }, 'read')
    try {
      const mark = database.prepare("SELECT value FROM meta WHERE key = 'audit-head'").pluck().get() as
        | string
        | undefined
      const [position, hash] = mark?.split(':') ?? []
      const expected = position !== undefined && hash !== undefined ? { position: Number(position), hash } : undefined
      const walk = verifyAudit(database, expected)
      let step = walk.next()
      while (!step.done) step = walk.next()
      const checked = database.prepare('SELECT count(*) FROM audit').pluck().get() as number
      return { checked, break: step.value ?? null }
    } finally {
      database.close()
    }
  } finally {
    release()
  }
}
