import { Worker } from 'node:worker_threads'
import { smallHeap } from '../../thread-limits.ts'
import { type CheckedPage, checkBytes } from './check-page.ts'
import type { FromChecker, ToChecker } from './page-thread.ts'

/** Bytes; smaller pages are checked where they are, since a thread costs more than they do. */
const WORTH_A_THREAD = 100_000

/** What it makes of a page is garbage once it was handed on: where there is little room, a third of its work is collecting that. */
const heap = { ...smallHeap, maxYoungGenerationSizeMb: 32 } as const

interface Waiting {
  readonly documents: CheckedPage['documents'][number][]
  readonly resolve: (page: CheckedPage | undefined) => void
  readonly reject: (error: Error) => void
}

/** Checks pages beside the core thread. The thread lives while there is much to check. */
export class PageChecker {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #lastId = 0

  /** Much will have to be checked: the thread is up by the time that the first of it is here. */
  prepare(): void {
    this.#worker ??= this.#start()
  }

  /** @returns undefined when the bytes are no page */
  check(bytes: Uint8Array, of: ToChecker['of']): Promise<CheckedPage | undefined> {
    if (bytes.byteLength < WORTH_A_THREAD) return Promise.resolve(checkBytes(bytes, of))
    this.#worker ??= this.#start()
    this.#lastId += 1
    const id = this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<CheckedPage | undefined>()
    this.#waiting.set(id, { documents: [], resolve, reject })
    this.#worker.postMessage({ id, bytes, of } satisfies ToChecker)
    return promise
  }

  /** Ends the thread; the next large page starts another. */
  async rest(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #start(): Worker {
    const entry = import.meta.url.endsWith('.ts') ? './page-thread.ts' : './page-thread.js'
    const worker = new Worker(new URL(entry, import.meta.url), { name: 'central', resourceLimits: heap })
    worker.on('message', (message: FromChecker) => {
      const waiting = this.#waiting.get(message.id)
      if (waiting === undefined) return
      if ('documents' in message) {
        waiting.documents.push(...message.documents)
        return
      }
      this.#waiting.delete(message.id)
      waiting.resolve(message.rest === undefined ? undefined : { ...message.rest, documents: waiting.documents })
    })
    const end = (error: Error): void => {
      if (this.#worker === worker) this.#worker = undefined
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    }
    worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => end(new Error('the thread that checks pages ended')))
    return worker
  }
}
