import type { ReactNode } from 'react'

/** One column of a table. */
export interface Column<Row> {
  /** Also the name by which the query sorts. */
  readonly key: string
  /** Translated heading. */
  readonly header: string
  /** Narrowest width in pixels; the column takes its share of what is left over, `grow` parts of it (default 1). */
  readonly width: number
  readonly grow?: number
  /** Figures stand at the end. */
  readonly align?: 'start' | 'end'
  readonly sortable?: boolean
  readonly render: (row: Row) => ReactNode
  /** Always shown; cannot be hidden in the columns menu. */
  readonly fixed?: boolean
  readonly hiddenAtFirst?: boolean
  /** Its place in a narrow window, where each row becomes a small card; `detail` by default. */
  readonly narrow?: 'title' | 'trailing' | 'detail' | 'hidden'
}

/** Order of the rows. */
export interface Sort {
  readonly column: string
  readonly direction: 'asc' | 'desc'
}

/** What the table asks for. */
export interface PageRequest<Row> {
  readonly offset: number
  readonly limit: number
  readonly sort: Sort | undefined
  /** The row directly before `offset` if it is known, for stores that page by key. */
  readonly after: Row | undefined
}

/** One window of a list, and how long the whole list is. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly total: number
}

/** The order after a click on a heading: ascending, descending, then the list's own order. */
export function nextSort(sort: Sort | undefined, column: string): Sort | undefined {
  if (sort?.column !== column) return { column, direction: 'asc' }
  return sort.direction === 'asc' ? { column, direction: 'desc' } : undefined
}

/** Columns that are shown; a stored layout may name columns that no longer exist. */
export function shownColumns<Row>(columns: readonly Column<Row>[], hidden: readonly string[]): readonly Column<Row>[] {
  const shown = columns.filter(({ key, fixed }) => fixed || !hidden.includes(key))
  return shown.length === 0 ? columns.slice(0, 1) : shown
}

/** Columns that a table hides before anybody chose. */
export const hiddenAtFirst = (columns: readonly Column<never>[]): readonly string[] =>
  columns.filter((column) => column.hiddenAtFirst).map(({ key }) => key)
