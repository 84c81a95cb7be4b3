import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import { smallerHeap } from '../thread-limits.ts'
import type { readQueries } from './read-queries.ts'
import type { ReadInput, ReadOutput } from './read-query.ts'

export type ToReader =
  | { readonly ask: 'run'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly ask: 'cancel'; readonly id: number }
  | { readonly ask: 'close' }

export type FromReader =
  | { readonly id: number; readonly outcome: 'answer'; readonly value: unknown }
  | { readonly id: number; readonly outcome: 'progress'; readonly done: number }
  | { readonly id: number; readonly outcome: 'fault'; readonly fault: Fault | undefined; readonly text: string }

type Queries = typeof readQueries

export interface ReadOptions {
  /** Aborting ends the read between two slices; the promise is rejected with `api.cancelled`. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (done: number) => void
}

/** The core's end of the reading thread. Questions that are asked before it has the store open wait. */
export interface Reader {
  /** Resolves once the store is open there. @throws OfficeError those of opening the store */
  readonly opened: Promise<void>
  run<N extends keyof Queries>(
    name: N,
    input: ReadInput<Queries[N]>,
    options?: ReadOptions,
  ): Promise<ReadOutput<Queries[N]>>
  close(): Promise<void>
}

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
  readonly onProgress: ((done: number) => void) | undefined
}

/** Starts the reading thread over the store's file. */
export function openReader(file: string, key: Uint8Array): Reader {
  const entry = import.meta.url.endsWith('.ts') ? './reader-thread.ts' : './reader-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    workerData: { file, key },
    name: 'reader',
    resourceLimits: smallerHeap,
  })
  const pending = new Map<number, Pending>()
  let lastId = 0
  let ended: Error | undefined

  const ready = Promise.withResolvers<void>()
  worker.on('message', (message: FromReader) => {
    if (message.id === 0) return ready.resolve()
    const asked = pending.get(message.id)
    if (asked === undefined) return
    if (message.outcome === 'progress') return asked.onProgress?.(message.done)
    pending.delete(message.id)
    if (message.outcome === 'answer') asked.resolve(message.value as never)
    else asked.reject(message.fault === undefined ? new Error(message.text) : new OfficeError(message.fault))
  })
  const end = (error: Error): void => {
    ended = error
    ready.reject(error)
    for (const asked of pending.values()) asked.reject(error)
    pending.clear()
  }
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => end(new OfficeError({ code: 'api.core-stopped', params: {} })))
  const post = (message: ToReader): void => worker.postMessage(message)
  // Whoever waits for it hears of a fault; so does everybody who asks something.
  ready.promise.catch(() => undefined)

  return {
    opened: ready.promise,
    run(name, input, options = {}) {
      const { signal, onProgress } = options
      if (ended !== undefined) return Promise.reject(ended)
      if (signal?.aborted) return Promise.reject(new OfficeError({ code: 'api.cancelled', params: {} }))
      lastId += 1
      const id = lastId
      const { promise, resolve, reject } = Promise.withResolvers<never>()
      pending.set(id, { resolve, reject, onProgress })
      const cancel = (): void => {
        if (!pending.delete(id)) return
        post({ ask: 'cancel', id })
        reject(new OfficeError({ code: 'api.cancelled', params: {} }))
      }
      signal?.addEventListener('abort', cancel, { once: true })
      post({ ask: 'run', id, name, input })
      return promise.finally(() => signal?.removeEventListener('abort', cancel))
    },
    async close() {
      if (ended !== undefined) return
      const exit = once(worker, 'exit')
      post({ ask: 'close' })
      await exit
    },
  }
}
