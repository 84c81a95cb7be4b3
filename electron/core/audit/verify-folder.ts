import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { openDatabase } from '../store/database.ts'
import { holdDirectory } from '../store/directory-lock.ts'
import { hasKeyFile, openKeyFile } from '../vault/key-file.ts'
import { type TrailVerdict, verifyTrail } from './verify-trail.ts'

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
): Promise<TrailVerdict> {
  const directory = join(dataDirectory, which)
  if (!hasKeyFile(directory)) fail('vault.no-office', { folder: directory })
  const release = holdDirectory(dataDirectory)
  try {
    const key = await openKeyFile(directory, passphrase)
    const database = openDatabase(join(directory, 'office.db'), { bytes: key }, 'read')
    try {
      const walk = verifyTrail(database)
      let step = walk.next()
      while (!step.done) step = walk.next()
      return step.value
    } finally {
      database.close()
    }
  } finally {
    release()
  }
}
