import { type QueryClient, useQueries, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import type { Page, PageRequest, Sort } from './columns.ts'

/** Rows asked for at a time. */
export const PAGE_SIZE = 100

/** Where the rows of a list come from. */
export interface RowSource<Row> {
  /** Names the list with everything that decides its content (filter, search); the order is added by the table. */
  readonly queryKey: readonly unknown[]
  /** Kinds of record whose change makes the list be asked again. */
  readonly kinds: readonly string[]
  readonly fetchPage: (request: PageRequest<Row>, signal: AbortSignal) => Promise<Page<Row>>
}

/** What of a list is at hand. */
export interface LoadedRows<Row> {
  /** Rows in all; undefined until the first answer. */
  readonly total: number | undefined
  readonly rowAt: (index: number) => Row | undefined
  readonly error: Error | undefined
  readonly retry: () => void
  /** All rows from one index to another, loading what is missing; for choosing a range. */
  readonly loadRange: (from: number, to: number) => Promise<readonly Row[]>
}

/** Indexes of the pages that cover the rows from `first` to `last`. */
export function pagesCovering(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / PAGE_SIZE)
  const to = Math.floor(Math.max(0, last) / PAGE_SIZE)
  return Array.from({ length: to - from + 1 }, (_, page) => from + page)
}

function pageOptions<Row>(queryClient: QueryClient, source: RowSource<Row>, sort: Sort | undefined, page: number) {
  const keyOf = (index: number) => ['table', ...source.queryKey, sort ?? null, index]
  return {
    queryKey: keyOf(page),
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      source.fetchPage(
        {
          offset: page * PAGE_SIZE,
          limit: PAGE_SIZE,
          sort,
          after: page > 0 ? queryClient.getQueryData<Page<Row>>(keyOf(page - 1))?.rows.at(-1) : undefined,
        },
        signal,
      ),
    meta: { kinds: source.kinds },
  }
}

/** Keeps the pages under the eye (and page one, for the total) loaded and up to date. */
export function useLoadedRows<Row>(
  source: RowSource<Row>,
  sort: Sort | undefined,
  visible: { first: number; last: number },
): LoadedRows<Row> {
  const queryClient = useQueryClient()
  const pages = pagesCovering(visible.first, visible.last)
  const shown = useRef<ReadonlyMap<number, Page<Row>>>(new Map())
  const answers = useQueries({
    queries: pages.map((page) => ({
      ...pageOptions(queryClient, source, sort, page),
      // The rows of the last search stay until the new ones are here, so that typing does not flicker.
      placeholderData: () => shown.current.get(page),
    })),
  })
  shown.current = new Map(pages.flatMap((page, at) => (answers[at]?.data ? [[page, answers[at].data] as const] : [])))
  const known = useRef<number>(undefined)
  const total = answers.find(({ data, isPlaceholderData }) => data && !isPlaceholderData)?.data?.total
  if (total !== undefined) known.current = total

  const rowAt = (index: number): Row | undefined => {
    const at = pages.indexOf(Math.floor(index / PAGE_SIZE))
    return answers[at]?.data?.rows[index % PAGE_SIZE]
  }
  const loadRange = useCallback(
    async (from: number, to: number) => {
      const loaded = await Promise.all(
        pagesCovering(from, to).map((page) =>
          queryClient.ensureQueryData(pageOptions(queryClient, source, sort, page)),
        ),
      )
      const start = Math.floor(from / PAGE_SIZE) * PAGE_SIZE
      return loaded.flatMap(({ rows }) => rows).slice(from - start, to - start + 1)
    },
    [queryClient, source, sort],
  )
  return {
    total: known.current,
    rowAt,
    error: answers.find(({ error }) => error)?.error ?? undefined,
    retry: () => {
      for (const answer of answers) if (answer.error) void answer.refetch()
    },
    loadRange,
  }
}
