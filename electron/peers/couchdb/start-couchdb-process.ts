import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type PeerPlace, runPeerFile } from '../payment-system/start-peer.ts'
import { type CouchdbOrder, CouchdbReadyLine, CouchdbSummary } from './control-contract.ts'
import type { CouchdbPeerOptionsInput } from './peer-options.ts'

/** A running server in a process of its own. */
export interface CouchdbProcess {
  readonly pid: number
  readonly origin: string
  readonly port: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Changes faults or state; answers what there is afterwards. */
  order(order: CouchdbOrder): Promise<CouchdbSummary>
  summary(): Promise<CouchdbSummary>
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it as a power cut would (SIGKILL). */
  kill(): Promise<void>
}

/** Starts the server and waits until it listens. It ends by itself when this process goes away. */
export async function startCouchdbProcess(
  options: CouchdbPeerOptionsInput,
  place?: PeerPlace,
): Promise<CouchdbProcess> {
  const controlToken = options.controlToken ?? randomBytes(24).toString('base64url')
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const run = runPeerFile(new URL(`./couchdb-process.${extension}`, import.meta.url), place)
  run.stdin.on('error', () => undefined)
  run.stdin.write(`${JSON.stringify({ ...options, controlToken })}\n`)
  const said = await Promise.race([
    once(createInterface({ input: run.stdout }), 'line').then(([text]) => String(text)),
    run.ended.then(() => {
      throw new Error('the server ended before it was ready')
    }),
  ])
  const ready = CouchdbReadyLine.parse(JSON.parse(said))
  const ask = async (order?: CouchdbOrder): Promise<CouchdbSummary> => {
    const answer = await fetch(`${ready.controlOrigin}/control`, {
      headers: { authorization: `Bearer ${controlToken}` },
      ...(order === undefined ? {} : { method: 'POST', body: JSON.stringify(order) }),
    })
    if (!answer.ok) throw new Error(`the server refused an order: ${answer.status} ${await answer.text()}`)
    return CouchdbSummary.parse(await answer.json())
  }
  return {
    pid: ready.pid,
    origin: ready.origin,
    port: Number(new URL(ready.origin).port),
    ended: run.ended,
    order: ask,
    summary: () => ask(),
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
