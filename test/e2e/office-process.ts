import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { RunningOffice } from './office.ts'

export type ToOffice<Order> =
  | { readonly do: 'link' }
  | { readonly do: 'order'; readonly order: Order }
  | { readonly do: 'close' }
export type FromOffice = { readonly url: string; readonly origin: string } | { readonly answer: unknown }

/** An office in a process of a test's own making, which can be told things that no officer could. */
export interface OrderedOffice<Order> extends RunningOffice {
  order(order: Order): Promise<unknown>
}

const screens = fileURLToPath(new URL('../../out/renderer', import.meta.url))

/**
 * @param entry the process's file; it is given its data folder, the screens' folder and the script as JSON
 * @throws with what the office said when it does not open
 */
export async function spawnOffice<Order>(entry: string, script: object): Promise<OrderedOffice<Order>> {
  const data = await mkdtemp(join(tmpdir(), 'office-'))
  const child = spawn(process.execPath, [entry, data, screens, JSON.stringify(script)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const hear = async (): Promise<FromOffice> => {
    const line = await lines.next()
    if (line.done) throw new Error(`the office did not open: ${errors}`)
    return JSON.parse(line.value)
  }
  const link = async (): Promise<{ url: string; origin: string }> => {
    const message = await hear()
    if (!('url' in message)) throw new Error('the office said something else')
    return message
  }
  const tell = (message: ToOffice<Order>): void => void child.stdin.write(`${JSON.stringify(message)}\n`)
  const { url, origin } = await link()
  return {
    url,
    origin,
    data,
    process: child,
    async newLink() {
      tell({ do: 'link' })
      return (await link()).url
    },
    async order(order) {
      tell({ do: 'order', order })
      const message = await hear()
      return 'answer' in message ? message.answer : undefined
    },
    async close() {
      const ended = once(child, 'exit')
      tell({ do: 'close' })
      const [code] = await ended
      await rm(data, { recursive: true, force: true })
      return code
    },
  }
}
