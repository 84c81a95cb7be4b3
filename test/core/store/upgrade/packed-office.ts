import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import SQLite from 'better-sqlite3-multiple-ciphers'
import { openDatabase } from '../../../../electron/core/store/database.ts'

/* An office's folder as it was left by a version of the program, small enough to be kept with the sources. */

/** The key of every office that is kept here. Their people are invented. */
export const key = { bytes: new Uint8Array(32).fill(42) }
/** Where the payment system of these offices is: settings that were approved name it, so it stays the same. */
export const PEER_PORT = 27_419

export const offices = fileURLToPath(new URL('offices', import.meta.url))
export const fileOf = (version: string): string => join(offices, `${version}.json.gz`)

const STORE = 'office.db'
const BESIDE = ['dispatch-journal.jsonl', 'ledger.jsonl'] as const

interface Packed {
  readonly version: string
  /** The store without its cipher, which folds to a tenth; it is enciphered again before anything opens it. */
  readonly store: string
  /** A few pages as that version enciphered them: its cipher is still the one that is opened today. */
  readonly sealed: string
  readonly beside: Readonly<Record<string, string>>
}

/** Keeps the folder of an office that is closed. */
export function packOffice(directory: string, version: string): void {
  const plain = join(directory, 'plain.db')
  const sealed = join(directory, 'sealed.db')
  const database = openDatabase(join(directory, STORE), key, 'write')
  database.prepare('VACUUM INTO ?').run(plain)
  database.close()
  const copy = openDatabase(plain, key, 'write')
  // A journal beside the file knows no change of the cipher.
  copy.pragma('journal_mode = DELETE')
  copy.pragma("rekey=''")
  copy.close()
  const small = openDatabase(sealed, key, 'write')
  small.exec("CREATE TABLE word (text TEXT); INSERT INTO word VALUES ('opened')")
  small.pragma('journal_mode = DELETE')
  small.close()
  const base64 = (name: string): string => readFileSync(join(directory, name)).toString('base64')
  const packed: Packed = {
    version,
    store: base64('plain.db'),
    sealed: base64('sealed.db'),
    beside: Object.fromEntries(BESIDE.map((name) => [name, base64(name)])),
  }
  writeFileSync(fileOf(version), gzipSync(JSON.stringify(packed), { level: 9 }))
}

/** Lays the folder out again, enciphered; `installation.json` is not in it, as on a machine it was moved to. */
export function unpackOffice(version: string, directory: string): void {
  const packed: Packed = JSON.parse(gunzipSync(readFileSync(fileOf(version))).toString('utf8'))
  mkdirSync(directory, { recursive: true })
  const put = (name: string, content: string): string => {
    const file = join(directory, name)
    writeFileSync(file, Buffer.from(content, 'base64'))
    return file
  }
  for (const [name, content] of Object.entries(packed.beside)) put(name, content)
  const sealed = openDatabase(put('sealed.db', packed.sealed), key, 'write')
  const word = sealed.prepare('SELECT text FROM word').pluck().get()
  sealed.close()
  if (word !== 'opened') throw new Error(`what ${version} enciphered cannot be read`)
  rmSync(join(directory, 'sealed.db'))
  const store = new SQLite(put(STORE, packed.store))
  store.pragma("cipher='chacha20'")
  store.rekey(Buffer.from(`raw:${Buffer.from(key.bytes).toString('hex')}`))
  store.close()
}
