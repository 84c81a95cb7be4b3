import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ClientFigures, ClientTask } from './client-task.ts'

const entry = fileURLToPath(new URL('./client-process.ts', import.meta.url))

/** Runs a client in a process of its own. */
export async function runClient(task: ClientTask): Promise<ClientFigures> {
  const child = spawn(process.execPath, [entry, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Compiling TypeScript is no part of the work, least of all that of threads which start in the middle of it.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'bench-replicate-compiled') },
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  const line = said.split('\n').find((one) => one.startsWith('{'))
  if (code !== 0 || line === undefined) throw new Error(`the client ended with ${code}: ${said}`)
  return JSON.parse(line) as ClientFigures
}
