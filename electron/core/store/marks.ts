import type { Database, Statement } from './database.ts'

/** The store's own marks: single values such as the installation id, the change sequence and the clock. */
export class Marks {
  readonly #get: Statement
  readonly #set: Statement

  constructor(database: Database) {
    this.#get = database.prepare('SELECT value FROM meta WHERE key = ?').pluck()
    this.#set = database.prepare(
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    )
  }

  find(key: string): string | undefined {
    return this.#get.get(key) as string | undefined
  }

  /** Only inside a transaction of the store. */
  set(key: string, value: string): void {
    this.#set.run(key, value)
  }
}
