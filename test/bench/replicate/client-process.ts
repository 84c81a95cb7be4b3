import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ClientFigures, ClientTask } from './client-task.ts'

/* One client in its own process, so that processor time and memory are its own. Prints its figures as one JSON line. */
const task = JSON.parse(process.argv[2] ?? '') as ClientTask
const run =
  task.who === 'office' ? (await import('./office-client.ts')).work : (await import('./pouch-client.ts')).replicate
const longest = watchBlocks()
const { records, time, work } = await run(task)
const block = longest()
const memory = process.resourceUsage().maxRSS / 1024
const figures: ClientFigures = { records, time, work, memory, block }
console.log(JSON.stringify(figures))
process.exit(0)

/** @returns what tells the longest block of this thread, of which only what it was itself at work counts */
function watchBlocks(): () => number {
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
  setInterval(look, 50).unref()
  return () => {
    look()
    return busiest
  }
}
