import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ControlOrder, LedgerPage, PeerSummary } from './control-contract.ts'
import type { LedgerEntry } from './ledger-entry.ts'
import { type PeerOptionsInput, ReadyLine } from './peer-options.ts'

/** A running payment system in a process of its own. */
export interface PaymentPeer<Place extends string> {
  readonly pid: number
  readonly origin: string
  readonly port: number
  /** Full addresses to put into a payment manager. */
  readonly urls: Readonly<Record<Place, string>>
  /** Verifies its replies. */
  readonly publicKey: ReadyLine['publicKey']
  /** Every key that it publishes. */
  readonly keys: ReadyLine['keys']
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Changes behaviour or schedule; answers what the ledger holds afterwards. */
  order(order: ControlOrder): Promise<PeerSummary>
  summary(): Promise<PeerSummary>
  ledgerPage(after?: number, limit?: number): Promise<LedgerPage>
  /** The whole ledger, page by page. */
  ledger(): Promise<LedgerEntry[]>
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it as a power cut would (SIGKILL). */
  kill(): Promise<void>
}

/** A process, or a thread where there can be none. */
export type PeerPlace = 'process' | 'thread'

/** A peer that runs by itself: told through `stdin`, heard through `stdout`. */
export interface PeerRun {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly ended: Promise<void>
  kill(): void
}

/** Packaged Electron cannot be run as plain Node (its `runAsNode` fuse is off); there a peer is a thread. */
const usualPlace: PeerPlace = process.versions.electron === undefined ? 'process' : 'thread'

/** Runs a peer's own file. */
export function runPeerFile(entry: URL, place: PeerPlace = usualPlace): PeerRun {
  if (place === 'thread') {
    const worker = new Worker(entry, { stdin: true, stdout: true, name: 'peer' })
    const ended = once(worker, 'exit').then(() => undefined)
    if (worker.stdin === null) throw new Error('a thread with standard input has one')
    return { stdin: worker.stdin, stdout: worker.stdout, ended, kill: () => void worker.terminate() }
  }
  const child = spawn(process.execPath, [fileURLToPath(entry)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  })
  const ended = once(child, 'exit').then(() => undefined)
  return { stdin: child.stdin, stdout: child.stdout, ended, kill: () => void child.kill('SIGKILL') }
}

/**
 * Starts a payment system and waits until it listens. It ends by itself when this process goes away.
 *
 * @param entry the file that runs it
 * @param paths where what is spoken
 */
export async function startPeer<Place extends string>(
  entry: URL,
  paths: Readonly<Record<Place, string>>,
  options: PeerOptionsInput,
  place: PeerPlace = usualPlace,
): Promise<PaymentPeer<Place>> {
  const system = runPeerFile(entry, place)
  system.stdin.on('error', () => undefined)
  system.stdin.write(`${JSON.stringify(options)}\n`)
  const line = createInterface({ input: system.stdout })
  const said = await Promise.race([
    once(line, 'line').then(([text]) => String(text)),
    system.ended.then(() => {
      throw new Error('the payment system ended before it was ready')
    }),
  ])
  return peerOver(system, ReadyLine.parse(JSON.parse(said)), paths, options.controlToken)
}

function peerOver<Place extends string>(
  system: PeerRun,
  ready: ReadyLine,
  paths: Readonly<Record<Place, string>>,
  token: string,
): PaymentPeer<Place> {
  const ask = async <T>(path: string, body?: ControlOrder): Promise<T> => {
    const answer = await fetch(ready.controlOrigin + path, {
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`the payment system refused ${path}: ${answer.status} ${await answer.text()}`)
    return answer.json() as Promise<T>
  }
  const ledgerPage = (after = 0, limit = 500): Promise<LedgerPage> =>
    ask(`/control/ledger?after=${after}&limit=${limit}`)
  return {
    pid: ready.pid,
    origin: ready.origin,
    port: Number(new URL(ready.origin).port),
    urls: Object.fromEntries(
      Object.entries<string>(paths).map(([name, path]) => [name, ready.origin + path]),
    ) as Record<Place, string>,
    publicKey: ready.publicKey,
    keys: ready.keys,
    ended: system.ended,
    order: (order) => ask('/control', order),
    summary: () => ask('/control/summary'),
    ledgerPage,
    async ledger() {
      const all: LedgerEntry[] = []
      for (let next: number | null = 0; next !== null; ) {
        const page: LedgerPage = await ledgerPage(next, 5_000)
        all.push(...page.entries)
        next = page.next
      }
      return all
    },
    async stop() {
      system.stdin.end()
      await system.ended
    },
    async kill() {
      system.kill()
      await system.ended
    },
  }
}
