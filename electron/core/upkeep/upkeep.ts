import type { Fault } from '../../../shared/contract/result.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { Reader } from '../store/reader.ts'

/** One check of the office by itself. */
export interface UpkeepCheck {
  readonly state: 'waiting' | 'running' | 'fine' | 'found' | 'failed'
  /** Tables or rows looked at so far, or in all. */
  readonly checked: number
  /** When it ended, epoch milliseconds. */
  readonly endedAt: number | null
  /** What was found, or why it could not be done. */
  readonly fault: Fault | null
}

export interface UpkeepStatus {
  /** SQLite's own check of the file. */
  readonly store: UpkeepCheck
  /** The audit chain, row by row. */
  readonly audit: UpkeepCheck
}

/** Lets the office open, officers sign in and the first lists be read, on a slow machine too, before it reads the whole file. */
const SETTLE = 15_000
const waiting: UpkeepCheck = { state: 'waiting', checked: 0, endedAt: null, fault: null }

/** Looks after the store while it is open: checks the file and the audit trail once after the start, and when asked. */
export class Upkeep {
  readonly #reader: Reader
  readonly #stop = new AbortController()
  #status: UpkeepStatus = { store: waiting, audit: waiting }
  #running: Promise<UpkeepStatus> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(reader: Reader) {
    this.#reader = reader
  }

  start(): void {
    this.#timer = setTimeout(() => void this.run(), SETTLE)
    this.#timer.unref()
  }

  get status(): UpkeepStatus {
    return this.#status
  }

  /** Checks everything now; joins a check that is going on. */
  run(): Promise<UpkeepStatus> {
    clearTimeout(this.#timer)
    this.#running ??= this.#check().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop.abort()
  }

  async #check(): Promise<UpkeepStatus> {
    const { signal } = this.#stop
    await this.#one('audit', async (onProgress) => {
      const { checked, break: found } = await this.#reader.run('audit.verify', undefined, { signal, onProgress })
      const fault: Fault | null =
        found === null
          ? null
          : { code: 'upkeep.audit-broken', params: { position: found.position, context: found.kind } }
      return { checked, fault }
    })
    await this.#one('store', async (onProgress) => {
      const { tables, findings } = await this.#reader.run('store.check', undefined, { signal, onProgress })
      const count = findings.length
      return { checked: tables, fault: count === 0 ? null : { code: 'upkeep.store-damaged', params: { count } } }
    })
    return this.#status
  }

  async #one(
    name: keyof UpkeepStatus,
    work: (onProgress: (checked: number) => void) => Promise<{ checked: number; fault: Fault | null }>,
  ): Promise<void> {
    const set = (check: UpkeepCheck): void => {
      this.#status = { ...this.#status, [name]: check }
    }
    set({ ...waiting, state: 'running' })
    try {
      const { checked, fault } = await work((done) => set({ ...waiting, state: 'running', checked: done }))
      set({ state: fault === null ? 'fine' : 'found', checked, endedAt: Date.now(), fault })
    } catch (error) {
      // Shown, not thrown: nobody waits for a check in the background.
      const fault: Fault = error instanceof OfficeError ? error.fault : { code: 'api.unexpected', params: {} }
      set({ state: 'failed', checked: this.#status[name].checked, endedAt: Date.now(), fault })
    }
  }
}
