import { randomBytes, randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import SQLite from 'better-sqlite3-multiple-ciphers'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS database (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- Tells sequences of this database from those of another one of the same name.
  origin TEXT NOT NULL,
  security TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  living INTEGER NOT NULL,
  deleted INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS document (
  database INTEGER NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  -- The winning branch: its newest revision, the digests before it (newest first, by comma) and what it says.
  rev TEXT NOT NULL,
  past TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  body TEXT NOT NULL,
  -- The other branches, JSON; null for nearly all.
  others TEXT,
  PRIMARY KEY (database, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS document_seq ON document (database, seq);
CREATE TABLE IF NOT EXISTS local_document (
  database INTEGER NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (database, id)
) WITHOUT ROWID;
`

/** A whole server as it was at a moment. */
export type Snapshot = Buffer

export interface DocumentRow {
  readonly id: string
  readonly seq: number
  readonly rev: string
  readonly past: string
  readonly deleted: number
  readonly body: string
  readonly others: string | null
}

export interface DatabaseRow {
  readonly number: number
  readonly name: string
  readonly origin: string
  readonly security: string
  readonly sequence: number
  readonly living: number
  readonly deleted: number
}

/** The file of a server, or its memory. */
export class Storage {
  readonly #file: string | undefined
  #sqlite: SQLite.Database
  #statements = new Map<string, SQLite.Statement>()

  /** @param file undefined keeps everything in memory */
  constructor(file: string | undefined, from?: Snapshot) {
    this.#file = file
    this.#sqlite = this.#open(from)
  }

  /** Of this server, made with its file. */
  get uuid(): string {
    return this.setting('uuid', () => randomUUID().replaceAll('-', ''))
  }

  /** Signs session cookies. */
  get secret(): string {
    return this.setting('secret', () => randomBytes(32).toString('hex'))
  }

  renewSecret(): void {
    this.run("DELETE FROM setting WHERE name = 'secret'")
  }

  setting(name: string, make: () => string): string {
    const known = this.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', name)
    if (known !== undefined) return known.value
    const value = make()
    this.run('INSERT INTO setting VALUES (?, ?)', name, value)
    return value
  }

  prepared(sql: string): SQLite.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  get<T>(sql: string, ...values: unknown[]): T | undefined {
    return this.prepared(sql).get(...values) as T | undefined
  }

  all<T>(sql: string, ...values: unknown[]): T[] {
    return this.prepared(sql).all(...values) as T[]
  }

  run(sql: string, ...values: unknown[]): void {
    this.prepared(sql).run(...values)
  }

  transaction<T>(work: () => T): T {
    return this.#sqlite.transaction(work)()
  }

  snapshot(): Snapshot {
    return this.#sqlite.serialize()
  }

  close(): void {
    this.#statements.clear()
    this.#sqlite.close()
  }

  #open(from: Snapshot | undefined): SQLite.Database {
    if (this.#file !== undefined && from !== undefined) {
      for (const ending of ['-wal', '-shm']) rmSync(this.#file + ending, { force: true })
      writeFileSync(this.#file, from)
    }
    const sqlite = new SQLite(this.#file ?? from ?? ':memory:')
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = NORMAL')
    sqlite.pragma('cache_size = -64000')
    sqlite.exec(SCHEMA)
    return sqlite
  }
}
