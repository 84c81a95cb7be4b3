import { closeSync, existsSync, fsyncSync, openSync, readSync } from 'node:fs'
import SQLite from 'better-sqlite3-multiple-ciphers'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import { FOLD_FUNCTION, fold } from '../../../shared/rules/filter/index.ts'

export type Database = SQLite.Database
export type Statement = SQLite.Statement

export interface DatabaseKey {
  /** 32 random bytes that encrypt the file (one authentication tag per page). */
  readonly bytes: Uint8Array
}

/**
 * Ciphers of store files; a new one gets the first, AEGIS-256, for which processors have instructions: writing costs half of what
 * it does with ChaCha20-Poly1305, in which older files stay.
 */
const CIPHERS = ['aegis', 'chacha20'] as const

const PLAIN_HEADER = 'SQLite format 3\u0000'

/**
 * Opens the encrypted store file with the settings money depends on: WAL, `synchronous=FULL`, foreign checks left to us.
 *
 * @param cache most MB of decrypted pages that the connection keeps
 */
export function openDatabase(file: string, key: DatabaseKey, mode: 'write' | 'read', cache = 40): Database {
  refusePlainFile(file)
  const database = translate(() => decipher(file, key, mode))
  try {
    if (mode === 'write') {
      database.pragma('locking_mode = NORMAL')
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma('wal_autocheckpoint = 4000')
      // Once it was folded back, the journal begins anew: its size tells how much there is to fold.
      database.pragma('journal_size_limit = 1000000')
    } else database.pragma('query_only = ON')
    database.pragma(`cache_size = ${-1_000 * cache}`)
    database.pragma('temp_store = MEMORY')
    database.pragma('busy_timeout = 5000')
    database.function(FOLD_FUNCTION, { deterministic: true }, (text) => (typeof text === 'string' ? fold(text) : null))
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** The file under the cipher that it was written with. @throws SqliteError NOTADB where the key opens it under none */
function decipher(file: string, key: DatabaseKey, mode: 'write' | 'read'): Database {
  for (const cipher of CIPHERS) {
    const database = new SQLite(file, { readonly: mode === 'read', fileMustExist: mode === 'read' })
    try {
      database.pragma(`cipher='${cipher}'`)
      database.key(rawKey(key))
      database.prepare('SELECT count(*) FROM sqlite_schema').get()
      return database
    } catch (error) {
      database.close()
      const isAnother = error instanceof SQLite.SqliteError && error.code === 'SQLITE_NOTADB'
      if (!isAnother || cipher === CIPHERS.at(-1)) throw error
    }
  }
  throw new Error('there is no cipher')
}

/** Whether a store's file opens with this key. @throws OfficeError of {@link openDatabase} but `store.wrong-key` */
export function canOpen(file: string, key: DatabaseKey): boolean {
  try {
    openDatabase(file, key, 'read', 1).close()
    return true
  } catch (error) {
    if (error instanceof OfficeError && error.fault.code === 'store.wrong-key') return false
    throw error
  }
}

/**
 * Enciphers a copy of a store anew, in place. Without a journal, so the copy is lost where this is cut off.
 *
 * @throws OfficeError `store.*`
 */
export function rekeyCopy(file: string, key: DatabaseKey, next: DatabaseKey): void {
  const database = openDatabase(file, key, 'write', 8)
  try {
    translate(() => {
      database.pragma('journal_mode = DELETE')
      database.pragma('journal_mode = OFF')
      database.rekey(rawKey(next))
    })
  } finally {
    database.close()
  }
}

const rawKey = ({ bytes }: DatabaseKey): Buffer => Buffer.from(`raw:${Buffer.from(bytes).toString('hex')}`)

/** Runs `work`; SQLite's own faults come out as codes of the catalogue, anything else passes unchanged. */
export function translate<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    return failAsCatalogued(error)
  }
}

/** Throws `error` again, as a code of the catalogue where it is a fault of SQLite that has one. */
export function failAsCatalogued(error: unknown): never {
  if (!(error instanceof SQLite.SqliteError)) throw error
  switch (error.code.split('_').slice(0, 2).join('_')) {
    case 'SQLITE_NOTADB':
      return fail('store.wrong-key', {}, error)
    case 'SQLITE_CORRUPT':
      return fail('store.damaged', {}, error)
    case 'SQLITE_FULL':
      return fail('store.disk-full', {}, error)
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
      return fail('store.read-only', {}, error)
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return fail('store.in-use', {}, error)
    case 'SQLITE_IOERR':
      return fail(/FULL|NOSPC/.test(error.message) ? 'store.disk-full' : 'store.damaged', {}, error)
    case 'SQLITE_CONSTRAINT':
      if (error.message.startsWith('append-only')) return fail('store.append-only', {}, error)
      throw error
    default:
      throw error
  }
}

/** A store that is not encrypted was put there by somebody else; opening it would write over it. */
function refusePlainFile(file: string): void {
  if (!existsSync(file)) return
  const descriptor = openSync(file, 'r')
  try {
    const header = Buffer.alloc(PLAIN_HEADER.length)
    const read = readSync(descriptor, header, 0, header.length, 0)
    if (read === header.length && header.toString('latin1') === PLAIN_HEADER) fail('store.wrong-key')
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a folder's entries durable after files in it were made or renamed (a no-op where folders cannot be synced). */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
