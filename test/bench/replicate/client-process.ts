import { watchBlocks } from '../block-watch.ts'
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
