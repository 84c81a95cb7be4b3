import type { Query, QueryClient } from '@tanstack/react-query'

/** Follows the core's changes. @returns how to stop. */
export type FollowChanges = (onChange: (kinds: readonly string[]) => void) => () => void

/** Changes within this many milliseconds are answered together, so that an import does not ask a thousand times. */
const GATHER = 250

/**
 * Asks every question again whose `meta.kinds` names a kind of record that changed. The first change is answered at
 * once, those that follow closely are gathered; a question that is just being answered is asked again after that.
 * @returns how to stop.
 */
export function followChanges(queryClient: QueryClient, follow: FollowChanges): () => void {
  const waiting = new Set<string>()
  /** Questions that were being answered when something of theirs changed: that answer may be from before it. */
  const late = new Set<Query>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const answer = (): void => {
    if (waiting.size === 0 && late.size === 0) {
      timer = undefined
      return
    }
    const changed = new Set(waiting)
    const again = new Set(late)
    waiting.clear()
    late.clear()
    timer = setTimeout(answer, GATHER)
    const concerned = (query: Query): boolean =>
      again.has(query) || readKinds(query.meta).some((kind) => changed.has(kind))
    // Not cut off and begun anew: under a stream of changes a long answer would never come to its end.
    for (const query of queryClient.getQueryCache().findAll({ fetchStatus: 'fetching', predicate: concerned })) {
      late.add(query)
    }
    void queryClient.invalidateQueries(
      { predicate: (query) => !late.has(query) && concerned(query) },
      { cancelRefetch: false },
    )
  }
  const stop = follow((kinds) => {
    for (const kind of kinds) waiting.add(kind)
    if (timer === undefined) answer()
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}

function readKinds(meta: Record<string, unknown> | undefined): readonly string[] {
  return Array.isArray(meta?.kinds) ? meta.kinds : []
}
