import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ControlOrder, LedgerPage, PeerSummary } from './control-contract.ts'
import type { LedgerEntry } from './ledger-entry.ts'
import { PATHS } from './paths.ts'
import { type PeerOptionsInput, type PublicKey, ReadyLine } from './peer-options.ts'

/** A running payment system in a process of its own. */
export interface G2pConnectPeer {
  readonly pid: number
  readonly origin: string
  readonly port: number
  /** Full addresses to put into a payment manager. */
  readonly urls: Readonly<Record<keyof typeof PATHS, string>>
  /** Verifies its replies. */
  readonly publicKey: PublicKey
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

/** Starts the payment system and waits until it listens. It ends by itself when this process goes away. */
export async function startG2pConnectPeer(options: PeerOptionsInput): Promise<G2pConnectPeer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const entry = fileURLToPath(new URL(`./g2p-connect-process.${extension}`, import.meta.url))
  const child = spawn(process.execPath, [entry], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Inside Electron the executable is Electron itself, which then behaves as Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    windowsHide: true,
  })
  const ended = once(child, 'exit').then(() => undefined)
  child.stdin.on('error', () => undefined)
  child.stdin.write(`${JSON.stringify(options)}\n`)
  const line = createInterface({ input: child.stdout })
  const said = await Promise.race([
    once(line, 'line').then(([text]) => String(text)),
    ended.then(() => {
      throw new Error('the payment system ended before it was ready')
    }),
  ])
  return peerOver(child, ReadyLine.parse(JSON.parse(said)), options.controlToken, ended)
}

function peerOver(child: ChildProcess, ready: ReadyLine, token: string, ended: Promise<void>): G2pConnectPeer {
  const { origin } = ready
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
    origin,
    port: Number(new URL(origin).port),
    urls: {
      disburse: origin + PATHS.disburse,
      syncDisburse: origin + PATHS.syncDisburse,
      status: origin + PATHS.status,
      syncStatus: origin + PATHS.syncStatus,
      token: origin + PATHS.token,
    },
    publicKey: ready.publicKey,
    ended,
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
      child.stdin?.end()
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
