import { fail } from '../../../shared/contract/result.ts'
import { compile, type FilterError, filterSchemas, parse } from '../../../shared/rules/filter/index.ts'
import { filterTables } from '../store/filter-tables.ts'
import type { ReadContext } from '../store/read-query.ts'
import { type Order, sequenceOf, wholeOrder } from './registrant-order.ts'

export interface CompiledFilter {
  readonly sql: string
  readonly params: readonly (string | number)[]
}

/** Registrants have no amounts, so the number of decimals is of no matter. */
const schema = filterSchemas(2).registrant

const refuse = ({ code, offset, length, params }: FilterError): never => fail(code, { ...params, offset, length })

/** A filter over registrants as an SQL condition on `r`. @throws OfficeError with the filter's code; `offset`, `length` say where */
export function compileFilter(text: string): CompiledFilter {
  const parsed = parse(text)
  if (!parsed.ok) return refuse(parsed.error)
  const compiled = compile(parsed.domain, schema, filterTables, 'r')
  return compiled.ok ? compiled : refuse(compiled.error)
}

/** Rows looked at between two yields: as many as go into some milliseconds. */
const FIRST_SLICE = 4_000
const MOST_SLICE = 60_000
const SLICE_TIME = 12

/** Row numbers of the registrants in a filter, in no particular order; reads the index of facts only, slice by slice. */
export function* matchingRows(
  context: ReadContext,
  filter: CompiledFilter | undefined,
  kind: 'individual' | 'group' | undefined,
): Generator<number, number[]> {
  const conditions = ['r.removed = 0', ...(kind === undefined ? [] : [`r.kind = '${kind}'`])]
  if (filter !== undefined) conditions.push(`(${filter.sql})`)
  const bound = context
    .sql('SELECT seq FROM registrant INDEXED BY registrant_seq WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?')
    .pluck()
  const statement = context.database
    .prepare(
      `SELECT json_group_array(r.rowid) FROM registrant AS r INDEXED BY registrant_facts
       WHERE r.seq > ? AND r.seq <= ? AND ${conditions.join(' AND ')}`,
    )
    .pluck()
  const matches: number[] = []
  let from = -1
  let slice = FIRST_SLICE
  for (let done = slice; ; done += slice) {
    const started = performance.now()
    const to = (bound.get(from, slice) as number | undefined) ?? Number.MAX_SAFE_INTEGER
    const found = JSON.parse(statement.get(from, to, ...(filter?.params ?? [])) as string) as number[]
    for (const row of found) matches.push(row)
    if (to === Number.MAX_SAFE_INTEGER) return matches
    from = to
    const took = Math.max(0.1, performance.now() - started)
    slice = Math.round(Math.min(slice * 4, MOST_SLICE, Math.max(FIRST_SLICE, (slice * SLICE_TIME) / took)))
    yield done
  }
}

interface Kept {
  readonly key: string
  readonly sequence: string
  readonly rows: Int32Array
}

/** The last few filtered lists, so that scrolling in one does not filter again. */
const kept: Kept[] = []
const KEPT = 4

/** Row numbers of a filtered list in its order. */
export function* filteredRows(
  context: ReadContext,
  filter: string | undefined,
  kind: 'individual' | 'group' | undefined,
  order: Order,
): Generator<number, Int32Array> {
  const sequence = sequenceOf(context)
  const key = JSON.stringify([filter, kind, order])
  const known = kept.find((list) => list.key === key && list.sequence === sequence)
  if (known !== undefined) return known.rows
  const matches = yield* matchingRows(context, filter === undefined ? undefined : compileFilter(filter), kind)
  const all = wholeOrder(context, order, undefined)
  const taken = new Uint8Array(matches.reduce((most, row) => Math.max(most, row), 0) + 1)
  for (const row of matches) taken[row] = 1
  const rows = all.filter((row) => taken[row] === 1)
  kept.unshift({ key, sequence, rows })
  kept.length = Math.min(kept.length, KEPT)
  return rows
}
