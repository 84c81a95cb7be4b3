import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { type PeerPlace, runPeerFile } from '../payment-system/start-peer.ts'
import { PeerReadyLine } from './run-as-process.ts'

/** A peer that runs in a process of its own. */
export interface PeerProcess<Order, Summary, Entry> {
  readonly pid: number
  readonly origin: string
  readonly port: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Changes what it does; answers what there is afterwards. */
  order(order: Order): Promise<Summary>
  summary(): Promise<Summary>
  /** Its whole ledger, page by page. */
  ledger(): Promise<Entry[]>
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it as a power cut would (SIGKILL). */
  kill(): Promise<void>
}

/** What a peer answers to orders, and what its ledger is made of. */
export interface PeerShape<Summary, Entry> {
  readonly summary: z.ZodType<Summary>
  readonly entry: z.ZodType<Entry>
}

/** Starts a peer's own file and waits until it listens. It ends by itself when this process goes away. */
export async function startAsProcess<Order, Summary, Entry>(
  file: URL,
  options: object,
  shape: PeerShape<Summary, Entry>,
  place?: PeerPlace,
): Promise<PeerProcess<Order, Summary, Entry>> {
  const controlToken = randomBytes(24).toString('base64url')
  const run = runPeerFile(file, place)
  run.stdin.on('error', () => undefined)
  run.stdin.write(`${JSON.stringify({ controlToken, options })}\n`)
  const said = await Promise.race([
    once(createInterface({ input: run.stdout }), 'line').then(([text]) => String(text)),
    run.ended.then(() => {
      throw new Error('the peer ended before it was ready')
    }),
  ])
  const ready = PeerReadyLine.parse(JSON.parse(said))
  const ask = async (path: string, body?: Order): Promise<unknown> => {
    const answer = await fetch(ready.controlOrigin + path, {
      headers: { authorization: `Bearer ${controlToken}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`the peer refused an order: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  return {
    pid: ready.pid,
    origin: ready.origin,
    port: Number(new URL(ready.origin).port),
    ended: run.ended,
    order: async (order) => shape.summary.parse(await ask('/control', order)),
    summary: async () => shape.summary.parse(await ask('/control')),
    async ledger() {
      const all: Entry[] = []
      for (let after: number | null = 0; after !== null; ) {
        const page = (await ask(`/control/ledger?after=${after}`)) as { entries: unknown[]; next: number | null }
        all.push(...page.entries.map((entry) => shape.entry.parse(entry)))
        after = page.next
      }
      return all
    },
    async stop() {
      run.stdin.end()
      await run.ended
    },
    async kill() {
      run.kill()
      await run.ended
    },
  }
}
