import type { QueryClient } from '@tanstack/react-query'

/** So long nothing was asked, milliseconds. */
const QUIET = 400
/** Some screens never stop asking. */
const LONGEST_WAIT = 3_000

const hurried = new Set<() => void>()

/** Somebody needs at once what waits for a quiet moment. */
export function hasten(): void {
  for (const go of [...hurried]) go()
}

/**
 * Runs `work` once the screen has its answers and nothing was asked for a moment, so that it does not stand in the way of
 * what an officer waits for; at once when {@link hasten} is called. @returns how to call it off
 */
export function whenQuiet(queryClient: QueryClient, work: () => void): () => void {
  let quiet: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    if (queryClient.isFetching() > 0) {
      clearTimeout(quiet)
      quiet = undefined
    } else quiet ??= setTimeout(go, QUIET)
  }
  const stop = (): void => {
    clearTimeout(quiet)
    clearTimeout(longest)
    hurried.delete(go)
    unsubscribe()
  }
  const go = (): void => {
    stop()
    work()
  }
  const longest = setTimeout(go, LONGEST_WAIT)
  const unsubscribe = queryClient.getQueryCache().subscribe(look)
  hurried.add(go)
  look()
  return stop
}
