import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { fail, OfficeError } from '../../../shared/contract/result.ts'

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'backup.folder-missing',
  ENOTDIR: 'backup.folder-missing',
  ENXIO: 'backup.folder-missing',
  ENODEV: 'backup.folder-missing',
  EACCES: 'backup.folder-read-only',
  EPERM: 'backup.folder-read-only',
  EROFS: 'backup.folder-read-only',
  ENOSPC: 'backup.no-room',
  EDQUOT: 'backup.no-room',
  EFBIG: 'backup.no-room',
}

/**
 * Throws what went wrong while a backup was written, as the fault of its folder. The office's own store is only read for
 * it, so a full or read-only disk here is the backup's.
 *
 * @param megabytes that the backup needs
 */
export function failAsFolder(error: unknown, megabytes: number): never {
  if (error instanceof OfficeError) {
    const { code } = error.fault
    if (code === 'store.disk-full') fail('backup.no-room', { megabytes }, error)
    if (code === 'store.read-only') fail('backup.folder-read-only', {}, error)
    // A medium that was pulled out looks like a damaged file to the database.
    const beneath = (error.cause as { code?: unknown } | undefined)?.code
    if (typeof beneath === 'string' && beneath.startsWith('SQLITE_IOERR')) fail('backup.folder-failed', {}, error)
    throw error
  }
  const code = codes[(error as NodeJS.ErrnoException).code ?? '']
  if (code !== undefined) fail(code, code === 'backup.no-room' ? { megabytes } : {}, error)
  if ((error as NodeJS.ErrnoException).syscall !== undefined) fail('backup.folder-failed', {}, error)
  throw error
}
