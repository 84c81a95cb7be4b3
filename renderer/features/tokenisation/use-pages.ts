import { useInfiniteQuery } from '@tanstack/react-query'
import type { ListPage } from '../../../shared/contract/tokenisation.ts'

interface PagesOf<Row> {
  readonly data: { readonly rows: readonly Row[]; readonly total: number } | undefined
  readonly error: Error | null
  readonly refetch: () => unknown
  /** Undefined at the end of the list. */
  readonly more: (() => void) | undefined
  readonly loadingMore: boolean
}

/** A list that goes on after its last row, page by page as it is read. */
export function usePages<Row>(
  queryKey: readonly unknown[],
  kinds: readonly string[],
  ask: (after: string | null, signal: AbortSignal) => Promise<ListPage<Row>>,
): PagesOf<Row> {
  const query = useInfiniteQuery({
    queryKey: ['pages', ...queryKey],
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    meta: { kinds },
  })
  const pages = query.data?.pages
  return {
    data: pages && { rows: pages.flatMap(({ rows }) => rows), total: pages[0]?.total ?? 0 },
    error: query.error,
    refetch: query.refetch,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    loadingMore: query.isFetchingNextPage,
  }
}
