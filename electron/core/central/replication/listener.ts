import type { OfficeTime } from '../../clock/office-time.ts'
import type { Store } from '../../store/store.ts'
import type { CouchConnection } from '../connection.ts'
import { checkpointOf } from './receipts.ts'

/** Seconds that the server keeps a question open while nothing happens. */
const WAIT = 50
/** Milliseconds; a line that answers more slowly is left to what is to be sent. */
const GOOD_LINE = 700

/** Asks the central server to tell at once when something new is there: one open question, on good lines only. */
export class Listener {
  readonly #parts: {
    readonly store: Store
    readonly time: OfficeTime
    readonly onNews: () => void
  }
  #ended = new AbortController()
  #waiting: Promise<void> | undefined

  constructor(parts: { readonly store: Store; readonly time: OfficeTime; readonly onNews: () => void }) {
    this.#parts = parts
  }

  /** After a contact that went well. One question at a time. */
  listen(connection: CouchConnection, database: string): void {
    if (this.#waiting !== undefined || this.#ended.signal.aborted) return
    this.#waiting = this.#wait(connection, database).finally(() => {
      this.#waiting = undefined
    })
  }

  async #wait(connection: CouchConnection, database: string): Promise<void> {
    const { store, time, onNews } = this.#parts
    const { signal } = this.#ended
    const probe = await connection.ask({ method: 'GET', path: `/${database}`, limit: 10_000, signal })
    if (!probe.ok || probe.value.status !== 200 || probe.value.took > GOOD_LINE) return
    while (!signal.aborted) {
      const query = new URLSearchParams({
        feed: 'longpoll',
        since: checkpointOf(store),
        limit: '1',
        timeout: String(WAIT * 1_000),
      })
      const began = time.elapsed()
      const path = `/${database}/_changes?${query}`
      const answer = await connection.ask({ method: 'GET', path, limit: (WAIT + 20) * 1_000, signal })
      if (!answer.ok || answer.value.status !== 200) return
      const parsed = connection.parse(answer.value)
      const results = parsed.ok ? (parsed.value as { results?: unknown }).results : undefined
      if (!Array.isArray(results)) return
      if (results.length > 0) {
        // Asked again after the contact that this leads to.
        onNews()
        return
      }
      // A server that does not wait is not asked without end.
      if (time.elapsed() - began < (WAIT * 1_000) / 2) return
    }
  }

  /** Calls the open question off, so that another server can be listened to. */
  async stop(): Promise<void> {
    this.#ended.abort()
    await this.#waiting
    this.#ended = new AbortController()
  }

  async close(): Promise<void> {
    this.#ended.abort()
    await this.#waiting
  }
}
