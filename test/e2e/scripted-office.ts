import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Behaviour } from '../../electron/peers/payment-system/behaviour.ts'
import type { ControlOrder, PeerSummary } from '../../electron/peers/payment-system/control-contract.ts'
import type { PaymentManager } from '../../shared/model/payment-manager.ts'
import type { RunningOffice } from './office.ts'

/** What is other than in the app. */
export interface OfficeScript {
  /** How long a minute of waiting lasts, in milliseconds. */
  readonly minute: number
  readonly manager: Partial<Omit<PaymentManager, 'id' | 'signature' | 'changedAt' | 'changedBy'>>
  readonly behaviour: Partial<Behaviour>
}

export type ToOffice =
  | { readonly do: 'link' }
  | { readonly do: 'order'; readonly order: ControlOrder }
  | { readonly do: 'close' }
export type FromOffice = { readonly url: string; readonly origin: string } | { readonly summary: PeerSummary | null }

/** A training office whose minutes are short and whose payment system does what it is told. */
export interface ScriptedOffice extends RunningOffice {
  /** Tells the payment system how to behave. */
  order(order: ControlOrder): Promise<void>
}

const entry = fileURLToPath(new URL('./scripted-office-process.ts', import.meta.url))
const screens = fileURLToPath(new URL('../../out/renderer', import.meta.url))

/** @throws with what the office said when it does not open. */
export async function startScriptedOffice({
  minute = 300,
  manager = {},
  behaviour = {},
}: Partial<OfficeScript> = {}): Promise<ScriptedOffice> {
  const data = await mkdtemp(join(tmpdir(), 'office-'))
  const script: OfficeScript = { minute, manager, behaviour }
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
  const tell = (message: ToOffice): void => void child.stdin.write(`${JSON.stringify(message)}\n`)
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
      await hear()
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
