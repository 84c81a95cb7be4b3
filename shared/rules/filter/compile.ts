import type { Domain } from './domain.ts'
import type { Refusal } from './error.ts'
import { FOLD_FUNCTION } from './fold.ts'
import { globOf, type Pattern } from './pattern.ts'
import { type Plan, planOf, type Test } from './plan.ts'
import type { FilterSchema, Route } from './schema.ts'

/** An SQL expression over the row with the given alias; a plain string names a column of it. */
export type SqlColumn = string | ((row: string) => string)

/**
 * Where the store keeps one kind of record. Every expression gives text, a number, 0/1, JSON array text for sets, or NULL
 * where the field is not set. They are written by the store, never taken from a filter.
 */
export interface SqlTable {
  /** Table or view, for records reached through a reference. */
  readonly from: string
  /** Column with the record's id. */
  readonly id: SqlColumn
  /** A further condition on the rows of `from`, where one table holds several kinds of records. */
  readonly where?: (row: string) => string
  /** Column with the record as JSON, for every field without a column of its own. */
  readonly json?: string
  /** By the field's path. */
  readonly columns?: Readonly<Record<string, SqlColumn>>
  /** By path: columns that hold the text already folded, so that `ilike` need not fold row by row. */
  readonly foldedColumns?: Readonly<Record<string, SqlColumn>>
}

/** By kind of record (`FilterSchema.record`). */
export type SqlTables = Readonly<Record<string, SqlTable>>

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const columnSql = (column: SqlColumn, row: string): string =>
  typeof column === 'string' ? `${row}.${quoted(column)}` : column(row)

function own<T>(from: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return from && Object.hasOwn(from, name) ? from[name] : undefined
}

class Compiler {
  readonly params: (string | number)[] = []
  readonly #tables: SqlTables
  readonly #row: string
  #aliases = 0

  constructor(tables: SqlTables, row: string) {
    this.#tables = tables
    this.#row = row
  }

  #table(record: string): SqlTable {
    const table = own(this.#tables, record)
    if (!table) throw new Error(`No table described for ${record}`)
    return table
  }

  #column(record: string, path: string, row: string): string {
    const table = this.#table(record)
    const column = own(table.columns, path)
    if (column !== undefined) return columnSql(column, row)
    if (table.json === undefined) throw new Error(`No column described for ${record}.${path}`)
    const jsonPath = path
      .split('.')
      .map((name) => `.${JSON.stringify(name)}`)
      .join('')
    return `json_extract(${row}.${quoted(table.json)}, '$${jsonPath.replaceAll("'", "''")}')`
  }

  /** The value at the end of a route as one scalar expression; what is missing on the way gives NULL. */
  #value({ through, last }: Route, leaf: (record: string, path: string, row: string) => string): string {
    let row = this.#row
    let wrap = (inner: string) => inner
    for (const { schema, field } of through) {
      const target = this.#table(field.target().record)
      const id = this.#column(schema.record, field.path, row)
      this.#aliases += 1
      const alias = `f${this.#aliases}`
      const also = target.where ? ` AND ${target.where(alias)}` : ''
      const outer = wrap
      wrap = (inner) =>
        outer(`(SELECT ${inner} FROM ${target.from} AS ${alias} WHERE ${columnSql(target.id, alias)} = ${id}${also})`)
      row = alias
    }
    return wrap(leaf(last.schema.record, last.field.path, row))
  }

  #plain(route: Route): string {
    return this.#value(route, (record, path, row) => this.#column(record, path, row))
  }

  #folded(route: Route): string {
    return this.#value(route, (record, path, row) => {
      const stored = own(this.#table(record).foldedColumns, path)
      return stored === undefined ? `${FOLD_FUNCTION}(${this.#column(record, path, row)})` : columnSql(stored, row)
    })
  }

  #bind(value: string | number): string {
    this.params.push(value)
    return '?'
  }

  #in(sql: string, values: readonly (string | number)[]): string {
    const [only] = values
    if (values.length === 1 && only !== undefined) return `${sql} = ${this.#bind(only)}`
    return `${sql} IN (${values.map((value) => this.#bind(value)).join(', ')})`
  }

  #like(sql: string, pattern: Pattern): string {
    switch (pattern.kind) {
      case 'contains':
        return `instr(${sql}, ${this.#bind(pattern.text)}) > 0`
      case 'equals':
        return `${sql} = ${this.#bind(pattern.text)}`
      case 'wildcards':
        return `${sql} GLOB ${this.#bind(globOf(pattern.items))}`
    }
  }

  /*
   * A positive leaf may be NULL where the field is not set: WHERE, AND and OR take that for "no", and a bare column lets
   * SQLite use its index. The plan has no NOT above a leaf; a negated leaf is made two-valued first.
   */
  #leaf(route: Route, test: Test): string {
    switch (test.kind) {
      case 'textIn': {
        const sql = this.#plain(route)
        const equal = this.#in(sql, test.values)
        return test.values.includes('') ? `(${sql} IS NULL OR ${equal})` : equal
      }
      case 'textOrder': {
        const sql = this.#plain(route)
        const ordered = `${sql} ${test.operator} ${this.#bind(test.value)}`
        return test.operator.startsWith('<') ? `(${ordered} AND ${sql} <> '')` : ordered
      }
      case 'textPattern': {
        const sql = test.pattern.folded ? this.#folded(route) : this.#plain(route)
        // A pattern of wildcards alone takes empty text too, and so what is not set.
        const nullable = test.pattern.kind === 'wildcards' ? `coalesce(${sql}, '')` : sql
        return this.#like(nullable, test.pattern)
      }
      case 'numberIn': {
        const sql = this.#plain(route)
        if (test.values.length === 0) return `${sql} IS NULL`
        const equal = this.#in(sql, test.values)
        return test.unset ? `(${sql} IS NULL OR ${equal})` : equal
      }
      case 'numberOrder':
        return `${this.#plain(route)} ${test.operator} ${this.#bind(test.value)}`
      case 'isTrue':
        return `${this.#plain(route)} = 1`
      case 'setHas': {
        const items = `SELECT 1 FROM json_each(${this.#plain(route)})`
        const has = test.values.length > 0 ? [`EXISTS (${items} WHERE ${this.#in('value', test.values)})`] : []
        return `(${[...(test.empty ? [`NOT EXISTS (${items})`] : []), ...has].join(' OR ')})`
      }
      case 'setPattern': {
        const fold = `CASE WHEN octet_length(value) = length(value) THEN lower(value) ELSE ${FOLD_FUNCTION}(value) END`
        const item = test.pattern.folded ? `(${fold})` : 'value'
        return `EXISTS (SELECT 1 FROM json_each(${this.#plain(route)}) WHERE ${this.#like(item, test.pattern)})`
      }
    }
  }

  plan(plan: Plan): string {
    switch (plan.kind) {
      case 'constant':
        return plan.value ? '1' : '0'
      case 'leaf': {
        const sql = this.#leaf(plan.route, plan.test)
        return plan.negated ? `NOT coalesce(${sql}, 0)` : sql
      }
      default:
        return `(${plan.parts.map((part) => this.plan(part)).join(plan.kind === 'all' ? ' AND ' : ' OR ')})`
    }
  }
}

/**
 * The filter as an SQLite condition for WHERE, over the row with alias `row`, taking the same records as
 * {@link prepare}. Values are bound parameters only. The connection must know {@link FOLD_FUNCTION}.
 */
export function compile(
  domain: Domain,
  schema: FilterSchema,
  tables: SqlTables,
  row: string,
): { readonly ok: true; readonly sql: string; readonly params: readonly (string | number)[] } | Refusal {
  const planned = planOf(domain, schema)
  if (!planned.ok) return planned
  const compiler = new Compiler(tables, row)
  return { ok: true, sql: compiler.plan(planned.plan), params: compiler.params }
}
