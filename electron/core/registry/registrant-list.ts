import type { Registrant } from '../../../shared/model/registrant.ts'
import type { ReadContext } from '../store/read-query.ts'
import { compileFilter, filteredRows } from './registrant-filter.ts'
import type { Order } from './registrant-order.ts'
import { searchRegistrants } from './registrant-search.ts'

/** What decides the content of a list of registrants. */
export interface RegistrantList {
  readonly kind?: 'individual' | 'group' | undefined
  readonly search?: string | undefined
  /** In the filter language. */
  readonly filter?: string | undefined
}

/** The registrants with these row numbers, in this order; those that went away meanwhile are left out. */
export function readRegistrants(context: ReadContext, rows: ArrayLike<number>): Registrant[] {
  const statement = context.sql('SELECT body FROM registrant WHERE rowid = ?').pluck()
  return Array.from(rows, (row) => statement.get(row) as string | undefined)
    .filter((body) => body !== undefined)
    .map((body) => JSON.parse(body) as Registrant)
}

/** Row numbers of a searched list, narrowed by its filter; at most as many as a search gives. */
export function searchedRows(context: ReadContext, list: RegistrantList): { rows: readonly number[]; more: boolean } {
  const found = searchRegistrants(context, list.search ?? '', list.kind)
  if (list.filter === undefined || found.rows.length === 0) return found
  const { sql, params } = compileFilter(list.filter)
  const kept = new Set(
    context.database
      .prepare(`SELECT r.rowid FROM registrant AS r WHERE r.rowid IN (SELECT value FROM json_each(?)) AND (${sql})`)
      .pluck()
      .all(JSON.stringify(found.rows), ...params) as number[],
  )
  return { rows: found.rows.filter((row) => kept.has(row)), more: found.more }
}

/** Row numbers of a whole list in its order; for exports and for choosing many. */
export function* listRows(
  context: ReadContext,
  list: RegistrantList,
  order: Order,
): Generator<number, ArrayLike<number>> {
  if (list.search?.trim()) return searchedRows(context, list).rows
  return yield* filteredRows(context, list.filter, list.kind, order)
}
