import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { smallHeap } from '../thread-limits.ts'

/**
 * Folds the store's journal back on a thread of its own, for work that writes much: a large journal would make the core thread do
 * it in the middle of a commit. The thread is there from the first time on.
 */
export class Journal {
  readonly #file: string
  readonly #key: Uint8Array
  #thread: Worker | undefined
  /** Everybody waits for the same folding. */
  #folding: Promise<void> | undefined

  constructor(file: string, key: Uint8Array) {
    this.#file = file
    this.#key = key
  }

  /** Folds the journal once it has so many bytes; returns when that is done. */
  fold(from: number): Promise<void> {
    const journal = `${this.#file}-wal`
    if (!existsSync(journal) || statSync(journal).size < from) return Promise.resolve()
    this.#folding ??= this.#fold().finally(() => {
      this.#folding = undefined
    })
    return this.#folding
  }

  async close(): Promise<void> {
    await this.#folding
    const thread = this.#thread
    this.#thread = undefined
    if (thread === undefined) return
    const exit = once(thread, 'exit')
    thread.postMessage('close')
    await exit
  }

  async #fold(): Promise<void> {
    this.#thread ??= this.#start()
    const folded = once(this.#thread, 'message')
    this.#thread.postMessage('fold')
    await folded
  }

  #start(): Worker {
    const entry = import.meta.url.endsWith('.ts') ? './journal-thread.ts' : './journal-thread.js'
    return new Worker(new URL(entry, import.meta.url), {
      workerData: { file: this.#file, key: this.#key },
      name: 'journal',
      resourceLimits: smallHeap,
    })
  }
}
