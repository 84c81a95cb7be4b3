import type { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { type RecordKind, type RecordOf, records } from '../../../shared/model/records.ts'
import { collections } from './collections.ts'
import type { Database, Statement } from './database.ts'
import { madeBy } from './makers.ts'
import type { AdoptableRecord, PreparedRecord } from './prepared-record.ts'
import type { Draft } from './store.ts'

/** Reads and writes the records of one kind; statements are prepared once. */
export class RecordWriter<K extends RecordKind> {
  readonly kind: K
  readonly #facts: readonly ((record: RecordOf<K>) => string | number | null)[]
  readonly #database: Database
  readonly #table: string
  readonly #names: readonly string[]
  readonly #find: Statement
  readonly #findFacts: Statement
  readonly #add: Statement
  readonly #insert: Statement
  readonly #insertAdopted: Statement
  /** By the places of the facts that change. */
  readonly #updates = new Map<string, Statement>()
  /** The fields that each fact is made of. */
  readonly #fields = new Map<number, readonly string[]>()
  /** Place of `changed_by` among the facts, or -1. */
  readonly #changedByAt: number

  constructor(database: Database, kind: K) {
    this.kind = kind
    const { table, columns } = collections[kind]
    const names = Object.keys(columns)
    this.#database = database
    this.#table = table
    this.#names = names
    this.#facts = Object.values(columns)
    this.#find = database.prepare(`SELECT body FROM ${table} WHERE id = ?`).pluck()
    const all = ['id', 'seq', 'changed_at', ...names, 'body']
    const insert = `INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`
    this.#insert = database.prepare(`${insert} ON CONFLICT (id) DO NOTHING`)
    // Whatever it clashes with: a record of another office may take what is unique here under an id of its own.
    this.#insertAdopted = database.prepare(`${insert} ON CONFLICT DO NOTHING`)
    this.#changedByAt = names.indexOf('changed_by')
    this.#add = database.prepare(insert)
    this.#findFacts = database.prepare(`SELECT ${names.join(', ')} FROM ${table} WHERE id = ?`).raw()
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
    const facts = this.#facts.map((fact) => fact(record))
    const body = JSON.stringify(checked.data)
    const before = records[this.kind].appendOnly ? undefined : (this.#findFacts.get(record.id) as unknown[] | undefined)
    if (before === undefined) {
      this.#add.run(record.id, sequence, record.changedAt, ...facts, body)
      return
    }
    this.#write(record, sequence, facts, before, body)
  }

  /** Writes the original over what stood in for it; its table lets nothing else pass. */
  complete(record: RecordOf<K>, sequence: number): void {
    const facts = this.#facts.map((fact) => fact(record))
    const before = this.#findFacts.get(record.id) as unknown[]
    this.#write(record, sequence, facts, before, JSON.stringify(records[this.kind].schema.parse(record)))
  }

  /** Writes what an erasure leaves over the record; sequence, names and facts stay as they are. */
  erase(record: RecordOf<K>): void {
    const facts = this.#facts.map((fact) => fact(record))
    const before = this.#findFacts.get(record.id) as unknown[]
    const changed = [...facts.keys()].filter((place) => facts[place] !== before[place])
    const sets = [...changed.map((place) => `${this.#names[place]} = ?`), 'body = ?'].join(', ')
    const body = JSON.stringify(records[this.kind].schema.parse(record))
    this.#database
      .prepare(`UPDATE ${this.#table} SET ${sets} WHERE id = ?`)
      .run(...changed.map((place) => facts[place] ?? null), body, record.id)
  }

  #write(
    record: RecordOf<K>,
    sequence: number,
    facts: readonly (string | number | null)[],
    before: readonly unknown[],
    body: string,
  ): void {
    const changed = [...facts.keys()].filter((place) => facts[place] !== before[place])
    const values = changed.map((place) => facts[place] ?? null)
    this.#update(changed).run(sequence, record.changedAt, ...values, body, record.id)
  }

  /**
   * @throws OfficeError `store.changed-meanwhile` when the record is not stored as `before`; `store.invalid-record` when a
   *   changed field does not fit its schema
   */
  change(
    before: RecordOf<K>,
    changes: Partial<Draft<K>>,
    { sequence, changedAt, changedBy }: { sequence: number; changedAt: string; changedBy: string },
  ): RecordOf<K> {
    this.#check(changes)
    const record: RecordOf<K> = { ...before, ...changes, id: before.id, changedAt, changedBy }
    const changed: number[] = []
    const values: (string | number | null)[] = []
    for (const [place, fact] of this.#facts.entries()) {
      const value = fact(record)
      if (value === fact(before)) continue
      changed.push(place)
      values.push(value)
    }
    const update = this.#update(changed, ' AND changed_at = ?')
    const body = JSON.stringify(record)
    const { changes: written } = update.run(sequence, changedAt, ...values, body, before.id, before.changedAt)
    if (written !== 1) fail('store.changed-meanwhile', { kind: this.kind })
    return record
  }

  /**
   * The same changes for records that may be many, in one statement for all that were last written together: it costs half of
   * what writing each of them does.
   *
   * @throws OfficeError as {@link change}
   */
  changeAll(
    before: readonly RecordOf<K>[],
    changes: Partial<Draft<K>>,
    { sequence, changedAt, changedBy }: { sequence: number; changedAt: string; changedBy: string },
  ): void {
    const [first] = before
    if (first === undefined) return
    this.#check(changes)
    const places = this.#placesOf(first, changes)
    const fields = { ...changes, changedAt, changedBy }
    const update = this.#updateAll(places, Object.keys(fields))
    const record: RecordOf<K> = { ...first, ...fields, id: first.id }
    const facts = places.map((place) => this.#facts[place]?.(record) ?? null)
    const values = Object.values(fields).map((value) => JSON.stringify(value))
    for (const [wasChangedAt, together] of Map.groupBy(before, (one) => one.changedAt)) {
      const ids = JSON.stringify(together.map(({ id }) => id))
      const { changes: written } = update.run(sequence, changedAt, ...facts, ...values, ids, wasChangedAt)
      if (written !== together.length) fail('store.changed-meanwhile', { kind: this.kind })
    }
  }

  #check(changes: Partial<Draft<K>>): void {
    const shape: Readonly<Record<string, z.ZodType>> = records[this.kind].schema.shape
    for (const [field, value] of Object.entries(changes)) {
      const checked = shape[field]?.safeParse(value)
      if (!checked?.success) fail('store.invalid-record', { kind: this.kind, where: field }, checked?.error)
    }
  }

  /** The columns that are made of these fields and of nothing else, so that all records get the same in them. */
  #placesOf(record: RecordOf<K>, changes: Partial<Draft<K>>): number[] {
    return [...this.#facts.keys()].filter((place) => {
      const read = this.#fieldsOf(place, record)
      const changed = read.filter((field) => Object.hasOwn(changes, field))
      if (changed.length > 0 && changed.length < read.length) throw new Error(`a column of ${read.join(', ')}`)
      return changed.length > 0
    })
  }

  /** Of which fields a column is made. */
  #fieldsOf(place: number, record: RecordOf<K>): readonly string[] {
    let fields = this.#fields.get(place)
    if (fields === undefined) {
      const read = new Set<string>()
      const watched = new Proxy(record, {
        get(target, field, receiver) {
          read.add(String(field))
          return Reflect.get(target, field, receiver)
        },
      })
      this.#facts[place]?.(watched)
      fields = [...read]
      this.#fields.set(place, fields)
    }
    return fields
  }

  #updateAll(places: readonly number[], fields: readonly string[]): Statement {
    const key = `${places.join()} ${fields.join()}`
    let statement = this.#updates.get(key)
    if (statement === undefined) {
      const sets = ['seq', 'changed_at', ...places.map((place) => this.#names[place])].map((name) => `${name} = ?`)
      const body = `json_set(body, ${fields.map((field) => `'$.${field}', json(?)`).join(', ')})`
      // Nothing like OR FAIL: it would take the place of what the triggers say about conflicts.
      statement = this.#database.prepare(
        `UPDATE ${this.#table} SET ${sets.join(', ')}, body = ${body}
         WHERE id IN (SELECT value FROM json_each(?)) AND changed_at = ?`,
      )
      this.#updates.set(key, statement)
    }
    return statement
  }

  /** SQLite writes every index of a column that an update names, changed or not; so it names the changed ones only. */
  #update(changed: readonly number[], condition = ''): Statement {
    const key = `${changed.join()}${condition}`
    let statement = this.#updates.get(key)
    if (statement === undefined) {
      const sets = ['seq', 'changed_at', ...changed.map((place) => this.#names[place]), 'body'].map(
        (name) => `${name} = ?`,
      )
      statement = this.#database.prepare(`UPDATE ${this.#table} SET ${sets.join(', ')} WHERE id = ?${condition}`)
      this.#updates.set(key, statement)
    }
    return statement
  }

  /** @returns false when a record of that id is there already; nothing is changed then */
  insert(prepared: PreparedRecord<K>, sequence: number, changedAt: string, changedBy: string): boolean {
    const facts = [...prepared.facts]
    if (this.#changedByAt >= 0) facts[this.#changedByAt] = changedBy
    const made = madeBy(this.kind, changedBy)
    const makers = made === undefined ? '' : `,"makers":${JSON.stringify(made)}`
    const marks = `"changedAt":"${changedAt}","changedBy":${JSON.stringify(changedBy)}${makers}`
    const body = `${prepared.head}${marks}${prepared.tail}`
    return this.#insert.run(prepared.id, sequence, changedAt, ...facts, body).changes === 1
  }

  /** @returns false when its id, or something else that is unique, is taken; nothing is changed then */
  insertAdopted({ id, changedAt, facts, body }: AdoptableRecord<K>, sequence: number): boolean {
    return this.#insertAdopted.run(id, sequence, changedAt, ...facts, body).changes === 1
  }
}
