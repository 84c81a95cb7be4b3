import { OfficeError } from '../../../shared/contract/result.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Reader } from '../store/reader.ts'
import type { Store } from '../store/store.ts'
import type { OutgoingCounts } from './replication/outgoing-query.ts'
import { pushedUntil, setPushedUntil } from './replication/receipts.ts'

/** Milliseconds between two counts of what is unsent, at least, and how many times as long as the last one took. */
const PAUSE = 1_000
const SHARE = 20

interface CountParts {
  readonly store: Store
  readonly reader: Reader
  readonly time: OfficeTime
  /** Whether there is a server to which anything could be sent. */
  readonly isWanted: () => boolean
  /** Records are being exchanged: what was noted of them changes by itself. */
  readonly isRunning: () => boolean
  readonly onCounted: () => void
}

/** How much the central server does not have yet, counted now and then on the reading thread. */
export class OutgoingCount {
  readonly #parts: CountParts
  readonly #closing = new AbortController()
  #counts: OutgoingCounts | null = null
  #callOff: (() => void) | undefined
  #counting = false
  #took = 0

  constructor(parts: CountParts) {
    this.#parts = parts
  }

  /** Null until it was counted. */
  get counts(): OutgoingCounts | null {
    return this.#counts
  }

  forget(): void {
    this.#counts = null
  }

  /** Counts before long; asked for more often it counts no oftener. */
  soon(): void {
    if (this.#callOff !== undefined || this.#closing.signal.aborted) return
    this.#callOff = this.#parts.time.after(Math.max(PAUSE, this.#took * SHARE), () => {
      this.#callOff = undefined
      void this.#count()
    })
  }

  close(): void {
    this.#closing.abort()
    this.#callOff?.()
  }

  async #count(): Promise<void> {
    const { store, reader, time, isWanted, isRunning, onCounted } = this.#parts
    if (this.#counting || !isWanted()) return
    this.#counting = true
    const began = time.elapsed()
    try {
      const { signal } = this.#closing
      const from = pushedUntil(store)
      // Once after opening everything is looked at, whatever was noted before.
      const counts = await reader.run('central.outgoing', { after: this.#counts === null ? 0 : from }, { signal })
      if (counts.first !== null && counts.first <= from && !isRunning()) setPushedUntil(store, counts.first - 1)
      this.#counts = counts
      onCounted()
    } catch (error) {
      // An office that closes needs no count; any other fault is shown by what else reads there.
      if (!(error instanceof OfficeError)) throw error
    } finally {
      this.#counting = false
      this.#took = time.elapsed() - began
    }
  }
}
