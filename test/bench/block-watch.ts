import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Watches the event loop of this thread.
 *
 * @returns what ends the watch and tells the longest block since its begin, milliseconds; only what the thread was itself at
 *   work counts
 */
export function watchBlocks(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  let busiest = 0
  let used = process.threadCpuUsage()
  const look = (): void => {
    const since = process.threadCpuUsage(used)
    used = process.threadCpuUsage()
    const longest = Number.isFinite(delay.max) ? delay.max / 1e6 : 0
    delay.reset()
    busiest = Math.max(busiest, Math.min(longest, (since.user + since.system) / 1000))
  }
  delay.enable()
  const looking = setInterval(look, 50).unref()
  return () => {
    look()
    clearInterval(looking)
    delay.disable()
    return busiest
  }
}
