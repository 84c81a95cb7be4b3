import { join } from 'node:path'
import SQLite from 'better-sqlite3-multiple-ciphers'
import { fail } from '../../../shared/contract/result.ts'

/**
 * Holds a data folder for this process: two cores over one store would both believe that they are the only sender.
 * The lock is the operating system's, through SQLite, so a killed process never leaves a stale one.
 *
 * @returns releases it
 * @throws OfficeError `store.in-use`
 */
export function holdDirectory(directory: string): () => void {
  const lock = new SQLite(join(directory, 'in-use'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    return fail('store.in-use', {}, error)
  }
  return () => lock.close()
}
