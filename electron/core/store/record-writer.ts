import { fail } from '../../../shared/contract/result.ts'
import { type RecordKind, type RecordOf, records } from '../../../shared/model/records.ts'
import { collections } from './collections.ts'
import type { Database, Statement } from './database.ts'
import type { PreparedRecord } from './prepared-record.ts'

/** Reads and writes the records of one kind; statements are prepared once. */
export class RecordWriter<K extends RecordKind> {
  readonly kind: K
  readonly #facts: readonly ((record: RecordOf<K>) => string | number | null)[]
  readonly #find: Statement
  readonly #put: Statement
  readonly #insert: Statement
  /** Place of `changed_by` among the facts, or -1. */
  readonly #changedByAt: number

  constructor(database: Database, kind: K) {
    this.kind = kind
    const { table, columns } = collections[kind]
    const names = Object.keys(columns)
    this.#facts = Object.values(columns)
    this.#find = database.prepare(`SELECT body FROM ${table} WHERE id = ?`).pluck()
    const all = ['id', 'seq', 'changed_at', ...names, 'body']
    const insert = `INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`
    this.#insert = database.prepare(`${insert} ON CONFLICT (id) DO NOTHING`)
    this.#changedByAt = names.indexOf('changed_by')
    const updates = all.slice(1).map((name) => `${name} = excluded.${name}`)
    this.#put = database.prepare(
      records[kind].appendOnly ? insert : `${insert} ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
    )
  }

  find(id: string): RecordOf<K> | undefined {
    const body = this.#find.get(id) as string | undefined
    return body === undefined ? undefined : (JSON.parse(body) as RecordOf<K>)
  }

  /** @throws OfficeError `store.invalid-record` when the record does not fit its schema: a fault of ours, never stored. */
  put(record: RecordOf<K>, sequence: number): void {
    const checked = records[this.kind].schema.safeParse(record)
    if (!checked.success) {
      fail(
        'store.invalid-record',
        { kind: this.kind, where: checked.error.issues[0]?.path.join('.') ?? '' },
        checked.error,
      )
    }
    this.#put.run(
      record.id,
      sequence,
      record.changedAt,
      ...this.#facts.map((fact) => fact(record)),
      JSON.stringify(checked.data),
    )
  }

  /** @returns false when a record of that id is there already; nothing is changed then */
  insert(prepared: PreparedRecord<K>, sequence: number, changedAt: string, changedBy: string): boolean {
    const facts = [...prepared.facts]
    if (this.#changedByAt >= 0) facts[this.#changedByAt] = changedBy
    const marks = `"changedAt":"${changedAt}","changedBy":${JSON.stringify(changedBy)}`
    const body = `${prepared.head}${marks}${prepared.tail}`
    return this.#insert.run(prepared.id, sequence, changedAt, ...facts, body).changes === 1
  }
}
