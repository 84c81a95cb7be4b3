import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BridgeRequest } from '../../shared/contract/bridge.ts'
import type { KeyStore } from './doors/key-store.ts'
import { answerForKeyStore, type KeyStoreAnswer, type KeyStoreQuestion } from './doors/key-store-line.ts'
import type { PackedReply } from './doors/packed-reply.ts'
import type { ProxyDecision } from './http/exchange-types.ts'
import type { WorkUnderWay } from './scheduler/scheduler.ts'
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
  /** A provisioning file that lies ready for whoever uses this machine; it makes the office where there is none, and no more. */
  readonly machineProvisionFile?: string
  /** Passphrase read from a descriptor by a headless door; opens an existing office without a screen. */
  readonly passphrase?: string
  /** Log to standard error as JSON lines. */
  readonly verbose?: boolean
}

/** With what the core's thread begins. */
export interface CoreThreadData {
  readonly options: CoreOptions
  /** The door answers for a key store of its own. */
  readonly hasKeyStore: boolean
}

/** What the door says to the core thread. */
export type ToCore =
  | { readonly to: 'request'; readonly client: string; readonly request: BridgeRequest }
  | { readonly to: 'client-gone'; readonly client: string }
  | { readonly to: 'power'; readonly event: 'suspend' | 'resume' | 'line-up' | 'line-down' }
  | { readonly to: 'proxy'; readonly id: number; readonly decision: ProxyDecision }
  | KeyStoreAnswer
  | { readonly to: 'close' }

/** What the core thread says to the door. */
export type FromCore =
  | { readonly from: 'ready' }
  | { readonly from: 'reply'; readonly client: string; readonly reply: PackedReply }
  | { readonly from: 'work'; readonly work: WorkUnderWay }
  | { readonly from: 'proxy'; readonly id: number; readonly origin: string }
  | { readonly from: 'install'; readonly order: InstallOrder }
  | KeyStoreQuestion
  /** An address that the officer's browser is meant to open: a provider's page, once. */
  | { readonly from: 'link'; readonly url: string }
  | { readonly from: 'closed' }

/** A verified installer that an administrator wants to be run now. The door looks at its digest once more. */
export interface InstallOrder {
  readonly file: string
  readonly sha256: string
  readonly version: string
}

/** What the core needs of the door. */
export interface DoorServices {
  /** The way through the network to an origin, as the system is set up. */
  readonly findProxy?: (origin: string) => Promise<ProxyDecision>
  /** Where the key of the store can be kept; without one the core asks the key ring of the system itself. */
  readonly keyStore?: KeyStore
}

/** The door's end of the core thread. The door only routes: it never looks into requests or replies. */
export interface CoreThread {
  /** `client` names one window or browser session; its sign-in lasts across reconnects under the same name. */
  send(client: string, request: BridgeRequest): void
  /** The window was closed for good; its subscriptions end and its sign-in is forgotten. */
  forget(client: string): void
  onReply(listener: (client: string, reply: PackedReply) => void): void
  /** Called with each address that a window may have opened, once, in the system's browser. */
  onLink(listener: (url: string) => void): void
  /** Tell the scheduler about sleep, wake and line changes. */
  power(event: 'suspend' | 'resume' | 'line-up' | 'line-down'): void
  /** Called with what runs each time that changes. */
  onWork(listener: (work: WorkUnderWay) => void): void
  onInstall(listener: (order: InstallOrder) => void): void
  /** Called when the thread ends without having been closed. */
  onCrash(listener: (error: Error) => void): void
  /** Finishes what runs, closes the store, ends the thread. */
  close(): Promise<void>
}

/** Starts the core in its own thread and waits until it listens. */
export async function openCoreThread(options: CoreOptions, services: DoorServices = {}): Promise<CoreThread> {
  const entry = import.meta.url.endsWith('.ts') ? '../core-thread.ts' : './core-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    workerData: { options, hasKeyStore: services.keyStore !== undefined } satisfies CoreThreadData,
    name: 'core',
    resourceLimits: smallHeap,
  })
  const links = new Set<(url: string) => void>()
  const replies = new Set<(client: string, reply: PackedReply) => void>()
  const crashes = new Set<(error: Error) => void>()
  const workListeners = new Set<(work: WorkUnderWay) => void>()
  const installers = new Set<(order: InstallOrder) => void>()
  let closing = false

  const ready = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  worker.on('message', (message: FromCore) => {
    switch (message.from) {
      case 'ready':
        return ready.resolve()
      case 'reply':
        for (const listener of replies) listener(message.client, message.reply)
        return
      case 'link':
        for (const listener of links) listener(message.url)
        return
      case 'work':
        for (const listener of workListeners) listener(message.work)
        return
      case 'install':
        for (const listener of installers) listener(message.order)
        return
      case 'proxy':
        return void answerProxy(message.id, message.origin)
      case 'key-store':
        if (services.keyStore !== undefined) void answerForKeyStore(services.keyStore, message).then(post)
        return
      case 'closed':
        return closed.resolve()
    }
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
  // Without a word of the system the way is tried directly, and what stands in it is reported like any other fault.
  const answerProxy = async (id: number, origin: string): Promise<void> => {
    const decision = await Promise.resolve(services.findProxy?.(origin) ?? null).catch(() => null)
    post({ to: 'proxy', id, decision })
  }

  await ready.promise
  return {
    send: (client, request) => post({ to: 'request', client, request }),
    forget: (client) => post({ to: 'client-gone', client }),
    onReply: (listener) => void replies.add(listener),
    onLink: (listener) => void links.add(listener),
    power: (event) => post({ to: 'power', event }),
    onWork: (listener) => void workListeners.add(listener),
    onInstall: (listener) => void installers.add(listener),
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
