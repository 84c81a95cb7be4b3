import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Watched } from '../loop-watch.ts'
import type { ClientFigures, ClientTask } from './client-task.ts'

const entry = fileURLToPath(new URL('./client-process.ts', import.meta.url))
const watch = new URL('../loop-watch.ts', import.meta.url).href

export interface ClientRun extends ClientFigures {
  /** The longest time in which the client's main thread was at work without a pause, milliseconds. */
  readonly block: number
}

/** Runs a client in a process of its own. */
export async function runClient(task: ClientTask): Promise<ClientRun> {
  const watched = mkdtempSync(join(tmpdir(), 'bench-watched-'))
  const child = spawn(process.execPath, ['--import', watch, entry, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_WATCH: watched },
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  try {
    const line = said.split('\n').find((one) => one.startsWith('{'))
    if (code !== 0 || line === undefined) throw new Error(`the client ended with ${code}: ${said}`)
    const block = readdirSync(watched)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(watched, name), 'utf8')) as Watched)
      .filter(({ thread }) => thread === 'main')
    return { ...(JSON.parse(line) as ClientFigures), block: Math.max(0, ...block.map(({ busiest }) => busiest)) }
  } finally {
    rmSync(watched, { recursive: true, force: true })
  }
}
