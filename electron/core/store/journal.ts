import { once } from 'node:events'
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** Bytes of new writes that are folded together beside them: what is written again and again goes back once. */
const EASE = 32_000_000
/** The thread hands pages from file to file and makes next to nothing of its own. */
const heap = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 } as const

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
  /** A folding beside the writes, since when only a rest is left to fold. */
  #ahead: { readonly folding: Promise<void>; isDone: boolean } | undefined
  /** Bytes of the journal when it was eased last. */
  #eased = 0
  #closed = false

  constructor(file: string, key: Uint8Array) {
    this.#file = file
    this.#key = key
  }

  /** Folds the journal once it has so many bytes; returns when that is done. */
  fold(from: number): Promise<void> {
    if (this.#size() < from) return Promise.resolve()
    this.#folding ??= this.#fold().finally(() => {
      this.#folding = undefined
    })
    return this.#folding
  }

  /**
   * Keeps the journal from growing without end, for who writes all the time: from so many bytes on it is folded beside the writes,
   * and once that is done, what came meanwhile while this is waited for. Only then does the journal begin anew, so nothing may be
   * written until this returns.
   */
  async keepBelow(bytes: number): Promise<void> {
    const ahead = this.#ahead
    if (ahead === undefined) {
      if (this.#size() < bytes) return
      const begun = { folding: this.fold(0), isDone: false }
      const done = (): void => {
        begun.isDone = true
      }
      begun.folding.then(done, done)
      this.#ahead = begun
    } else if (ahead.isDone) {
      this.#ahead = undefined
      // Where it failed, this says so.
      await ahead.folding
      await this.fold(0)
    }
  }

  /**
   * Folds the journal beside the writes each time that it grew by so much; nobody waits for it. What cannot be folded (a full disk)
   * stays in the journal, where it is as safe, and is tried again after as much.
   */
  ease(): void {
    if (this.#closed || this.#folding !== undefined) return
    const size = this.#size()
    // It began anew.
    if (size < this.#eased) this.#eased = 0
    if (size - this.#eased < EASE) return
    this.#eased = size
    this.fold(0).catch((error: unknown) => {
      console.warn('the journal was not folded back:', error instanceof Error ? error.message : error)
    })
  }

  async close(): Promise<void> {
    // What is still written until the store closes is folded then.
    this.#closed = true
    // Who began it hears of its fault.
    await this.#folding?.catch(() => undefined)
    const thread = this.#thread
    this.#thread = undefined
    if (thread === undefined) return
    const exit = once(thread, 'exit')
    thread.postMessage('close')
    await exit
  }

  #size(): number {
    return statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? -1
  }

  async #fold(): Promise<void> {
    this.#thread ??= this.#start()
    const folded = once(this.#thread, 'message')
    this.#thread.postMessage('fold')
    try {
      await folded
    } catch (error) {
      // It ended by that; the next folding begins another.
      this.#thread = undefined
      throw error
    }
  }

  #start(): Worker {
    const entry = import.meta.url.endsWith('.ts') ? './journal-thread.ts' : './journal-thread.js'
    return new Worker(new URL(entry, import.meta.url), {
      workerData: { file: this.#file, key: this.#key },
      name: 'journal',
      resourceLimits: heap,
    })
  }
}
