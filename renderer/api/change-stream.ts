import type { QueryClient } from '@tanstack/react-query'

/** Follows the core's changes. @returns how to stop. */
export type FollowChanges = (onChange: (kinds: readonly string[]) => void) => () => void

/** Changes within this many milliseconds are answered together, so that an import does not ask a thousand times. */
const GATHER = 250

/**
 * Asks every question again whose `meta.kinds` names a kind of record that changed. The first change is answered at
 * once, those that follow closely are gathered. @returns how to stop.
 */
export function followChanges(queryClient: QueryClient, follow: FollowChanges): () => void {
  const waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const answer = (): void => {
    if (waiting.size === 0) {
      timer = undefined
      return
    }
    const changed = new Set(waiting)
    waiting.clear()
    timer = setTimeout(answer, GATHER)
    void queryClient.invalidateQueries(
      { predicate: ({ meta }) => readKinds(meta).some((kind) => changed.has(kind)) },
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
