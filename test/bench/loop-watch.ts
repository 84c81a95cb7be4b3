import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread, threadId, threadName } from 'node:worker_threads'

/*
 * Loaded into every thread of an office (`--import`) by the measurements, never by the office itself: keeps the longest block
 * of the thread's event loop and the most memory of the process in a small file, one for each thread.
 */
const folder = process.env.BENCH_WATCH
/** What a thread says of itself. */
export interface Watched {
  readonly process: number
  readonly thread: string
  /** Longest block in milliseconds. */
  readonly longest: number
  /** The longest of it in which the thread itself was at work: what is left of blocks when others had the processor. */
  readonly busiest: number
  /** MB of the whole process; 0 in threads beside the main one. */
  readonly memory: number
}

if (folder !== undefined) {
  const file = join(folder, `${process.pid}-${threadId}.json`)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  let memory = 0
  let busiest = 0
  let longest = 0
  let used = process.threadCpuUsage()
  delay.enable()
  setInterval(() => {
    const since = process.threadCpuUsage(used)
    used = process.threadCpuUsage()
    const block = Number.isFinite(delay.max) ? delay.max / 1e6 : 0
    delay.reset()
    longest = Math.max(longest, block)
    busiest = Math.max(busiest, Math.min(block, (since.user + since.system) / 1000))
    if (isMainThread) memory = Math.max(memory, process.memoryUsage.rss() / 2 ** 20)
    const watched: Watched = {
      process: process.pid,
      thread: isMainThread ? 'main' : (threadName ?? ''),
      longest,
      busiest,
      memory: Math.round(memory),
    }
    // In one step, so that whoever looks never finds half of it.
    writeFileSync(`${file}.new`, JSON.stringify(watched))
    renameSync(`${file}.new`, file)
  }, 100).unref()
}
