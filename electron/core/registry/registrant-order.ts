import type { ReadContext } from '../store/read-query.ts'

export type SortColumn = 'name' | 'registryNumber' | 'area' | 'changedAt'
export interface Order {
  readonly column: SortColumn
  readonly direction: 'asc' | 'desc'
}

/** The index behind each order, and its columns; the row number decides between equals. */
const ORDERS: Readonly<Record<SortColumn, { index: string; columns: readonly string[] }>> = {
  name: { index: 'registrant_list', columns: ['sort_name', 'birthdate'] },
  registryNumber: { index: 'registrant_number', columns: ['registry_number'] },
  area: { index: 'registrant_area', columns: ['area', 'sort_name'] },
  changedAt: { index: 'registrant_seq', columns: ['seq', 'id'] },
}

/** `FROM … ORDER BY …` of the registrants of an order; `kind` narrows it where an index carries it. */
function orderedRows({ column, direction }: Order, kind: string | undefined): string {
  const { index, columns } = ORDERS[column]
  const [from, where] =
    kind === undefined ? [index, 'removed = 0'] : ['registrant_kind_list', `removed = 0 AND kind = '${kind}'`]
  const by = [...(kind === undefined ? columns : ['sort_name']), 'rowid'].map((name) => `${name} ${direction}`)
  return `FROM registrant INDEXED BY ${from} WHERE ${where} ORDER BY ${by.join(', ')}`
}

const opposite = ({ column, direction }: Order): Order => ({ column, direction: direction === 'asc' ? 'desc' : 'asc' })

/** Whether an index gives this list in this order, so that a window of it can be read without looking at the rest. */
export const isIndexed = (order: Order, kind: string | undefined): boolean =>
  kind === undefined || order.column === 'name'

/** From which place on the whole order is remembered rather than walked through. */
const DEEP = 2_000

/** Row numbers of a window of an indexed list: near an end by a walk along the index, further inside out of the whole order. */
export function readWindow(
  context: ReadContext,
  order: Order,
  kind: 'individual' | 'group' | undefined,
  window: { readonly offset: number; readonly limit: number; readonly total: number },
): number[] {
  const { offset, limit, total } = window
  const rows = (by: Order, take: number, skip: number): number[] =>
    context
      .sql(`SELECT rowid ${orderedRows(by, kind)} LIMIT ? OFFSET ?`)
      .pluck()
      .all(take, skip) as number[]
  const behind = total - offset - limit
  if (Math.min(offset, behind) > DEEP) return [...wholeOrder(context, order, kind).subarray(offset, offset + limit)]
  if (behind >= offset || offset >= total) return rows(order, limit, offset)
  const take = Math.min(limit, total - offset)
  return rows(opposite(order), take, Math.max(0, behind)).reverse()
}

/** The store's change sequence: what was remembered under another one is out of date. */
export const sequenceOf = (context: ReadContext): string =>
  (context.sql("SELECT value FROM meta WHERE key = 'sequence'").pluck().get() as string | undefined) ?? '0'

/** Remembered until the store changes. */
const orders = new Map<string, Int32Array>()
let ordersAt = ''

/** Row numbers of all registrants in an order that {@link isIndexed}: some 50 ms at 200,000, once after each change. */
export function wholeOrder(context: ReadContext, order: Order, kind: 'individual' | 'group' | undefined): Int32Array {
  const sequence = sequenceOf(context)
  if (ordersAt !== sequence) {
    orders.clear()
    ordersAt = sequence
  }
  const key = (of: Order): string => `${of.column} ${of.direction} ${kind ?? ''}`
  const known = orders.get(key(order)) ?? orders.get(key(opposite(order)))?.toReversed()
  const all = known ?? readWhole(context, order, kind)
  orders.set(key(order), all)
  return all
}

/** One text instead of 200,000 rows: crossing from SQLite row by row costs many times as much. */
function readWhole(context: ReadContext, order: Order, kind: string | undefined): Int32Array {
  const rows = context
    .sql(`SELECT json_group_array(row) FROM (SELECT rowid AS row ${orderedRows(order, kind)})`)
    .pluck()
    .get() as string
  return Int32Array.from(JSON.parse(rows) as number[])
}
