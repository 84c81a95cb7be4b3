import { useSyncExternalStore } from 'react'

/** Milliseconds between two looks at the clock. */
export const LOOKS_EVERY = 10_000

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function look(): void {
  now = Date.now()
  for (const listener of listeners) listener()
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    timer = setInterval(look, LOOKS_EVERY)
    // Nobody looked for a while.
    queueMicrotask(look)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Epoch milliseconds, the same for everything on the screen: of two moments the later one is never shown as longer ago. */
export const useNow = (): number => useSyncExternalStore(listen, () => now)
