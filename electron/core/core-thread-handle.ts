import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BridgeRequest } from '../../shared/contract/bridge.ts'
import type { PackedReply } from './doors/packed-reply.ts'
import { smallHeap } from './thread-limits.ts'

/** How the core is told to open: where the data lies and what the door knows. Plain data, since it crosses a thread. */
export interface CoreOptions {
  /** Folder of this office's data. */
  readonly dataDirectory: string
  /** Which door opened it; shown in the audit trail. */
  readonly door: 'electron' | 'browser' | 'test'
  /** A provisioning file to apply once the store is open. */
  readonly provisionFile?: string
  /** Secrets that belong to the provisioning file. */
  readonly provisionSecretsFile?: string
  /** Passphrase read from a descriptor by a headless door; opens an existing office without a screen. */
  readonly passphrase?: string
  /** Log to standard error as JSON lines. */
  readonly verbose?: boolean
}

/** What the door says to the core thread. */
export type ToCore =
  | { readonly to: 'request'; readonly client: string; readonly request: BridgeRequest }
  | { readonly to: 'client-gone'; readonly client: string }
  | { readonly to: 'power'; readonly event: 'suspend' | 'resume' | 'line-up' | 'line-down' }
  | { readonly to: 'close' }

/** What the core thread says to the door. */
export type FromCore =
  | { readonly from: 'ready' }
  | { readonly from: 'reply'; readonly client: string; readonly reply: PackedReply }
  | { readonly from: 'closed' }

/** The door's end of the core thread. The door only routes: it never looks into requests or replies. */
export interface CoreThread {
  /** `client` names one window or browser session; its sign-in lasts across reconnects under the same name. */
  send(client: string, request: BridgeRequest): void
  /** The window was closed for good; its subscriptions end and its sign-in is forgotten. */
  forget(client: string): void
  onReply(listener: (client: string, reply: PackedReply) => void): void
  /** Tell the scheduler about sleep, wake and line changes. */
  power(event: 'suspend' | 'resume' | 'line-up' | 'line-down'): void
  /** Called when the thread ends without having been closed. */
  onCrash(listener: (error: Error) => void): void
  /** Finishes what runs, closes the store, ends the thread. */
  close(): Promise<void>
}

/** Starts the core in its own thread and waits until it listens. */
export async function openCoreThread(options: CoreOptions): Promise<CoreThread> {
  const entry = import.meta.url.endsWith('.ts') ? '../core-thread.ts' : './core-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    workerData: options,
    name: 'core',
    resourceLimits: smallHeap,
  })
  const replies = new Set<(client: string, reply: PackedReply) => void>()
  const crashes = new Set<(error: Error) => void>()
  let closing = false

  const ready = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  worker.on('message', (message: FromCore) => {
    if (message.from === 'ready') ready.resolve()
    else if (message.from === 'reply') for (const listener of replies) listener(message.client, message.reply)
    else closed.resolve()
  })
  const crashed = (error: Error): void => {
    ready.reject(error)
    if (!closing) for (const listener of crashes) listener(error)
  }
  worker.on('error', (error) => crashed(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => {
    closed.resolve()
    if (!closing) crashed(new Error(`core thread ended with ${code}`))
  })
  const post = (message: ToCore): void => worker.postMessage(message)

  await ready.promise
  return {
    send: (client, request) => post({ to: 'request', client, request }),
    forget: (client) => post({ to: 'client-gone', client }),
    onReply: (listener) => void replies.add(listener),
    power: (event) => post({ to: 'power', event }),
    onCrash: (listener) => void crashes.add(listener),
    async close() {
      if (closing) return closed.promise
      closing = true
      const exit = once(worker, 'exit')
      post({ to: 'close' })
      await closed.promise
      await exit
    },
  }
}
