import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { syncDirectory } from './database.ts'

/**
 * Replaces a small file: written beside, synced, renamed, so that it has the old content or the new one and never a part.
 *
 * @throws OfficeError `store.disk-full`, `store.read-only`; the old content stays then
 */
export function writeDurably(file: string, content: string): void {
  const beside = `${file}.new`
  try {
    const descriptor = openSync(beside, 'w', 0o600)
    try {
      // Not `writeSync`: a disk that is nearly full takes a part without a fault.
      writeFileSync(descriptor, content)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(beside, file)
    syncDirectory(dirname(file))
  } catch (error) {
    failAsDisk(error)
  }
}

/** Names what a disk says when it takes no more. @throws OfficeError `store.disk-full`, `store.read-only`; else the error itself */
export function failAsDisk(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') fail('store.disk-full', {}, error)
  if (code === 'EROFS' || code === 'EACCES') fail('store.read-only', {}, error)
  throw error
}
