import { EventEmitter, on } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fail } from '../../../shared/contract/result.ts'

/** Long work on one programme or cycle, as the screens see it. */
export interface RunProgress {
  readonly kind:
    | 'enrolling'
    | 'moving'
    | 'generating'
    | 'submitting'
    | 'approving'
    | 'returning'
    | 'cancelling'
    | 'undoing'
    | 'importing'
  readonly done: number
  /** Undefined while it is not known. */
  readonly total: number | undefined
}

export interface RunControl {
  /** Reports items done and lets everything else have its turn; call it between two transactions. @throws OfficeError `api.cancelled` */
  pause(done: number): Promise<void>
}

interface Running {
  progress: RunProgress
  readonly stop: AbortController
  readonly ended: Promise<unknown>
}

/**
 * Work that takes longer than one transaction may. Each subject (a programme or a cycle) has at most one at a time, it
 * goes on when the screen that began it is left, and it can be stopped between two transactions.
 */
export class Runs {
  readonly #running = new Map<string, Running>()
  readonly #news = new EventEmitter<{ news: [string] }>().setMaxListeners(0)
  #closed = false

  /** @throws OfficeError `cycle.busy` while the subject has work going on, and whatever `work` throws */
  async run<T>(
    subjectId: string,
    kind: RunProgress['kind'],
    total: number | undefined,
    work: (control: RunControl) => Promise<T>,
  ): Promise<T> {
    if (this.#running.has(subjectId)) fail('cycle.busy')
    if (this.#closed) fail('api.core-stopped')
    const stop = new AbortController()
    const settled = Promise.withResolvers<void>()
    const running: Running = { progress: { kind, done: 0, total }, stop, ended: settled.promise }
    this.#running.set(subjectId, running)
    this.#news.emit('news', subjectId)
    try {
      return await work({
        pause: async (done) => {
          running.progress = { ...running.progress, done }
          this.#news.emit('news', subjectId)
          await nextTurn()
          if (stop.signal.aborted) fail('api.cancelled')
        },
      })
    } finally {
      this.#running.delete(subjectId)
      settled.resolve()
      this.#news.emit('news', subjectId)
    }
  }

  find(subjectId: string): RunProgress | undefined {
    return this.#running.get(subjectId)?.progress
  }

  /** @throws OfficeError `cycle.busy` while the subject has work going on */
  refuseWhileRunning(subjectId: string): void {
    if (this.#running.has(subjectId)) fail('cycle.busy')
  }

  stop(subjectId: string): void {
    this.#running.get(subjectId)?.stop.abort()
  }

  /** The progress of a subject's work as it changes; null while there is none. */
  async *follow(subjectId: string, signal: AbortSignal | undefined): AsyncGenerator<RunProgress | null> {
    yield this.find(subjectId) ?? null
    for await (const [changed] of on(this.#news, 'news', signal === undefined ? {} : { signal })) {
      if (changed === subjectId) yield this.find(subjectId) ?? null
    }
  }

  /** Stops everything between two transactions and waits for it. */
  async close(): Promise<void> {
    this.#closed = true
    const open = [...this.#running.values()]
    for (const { stop } of open) stop.abort()
    await Promise.all(open.map(({ ended }) => ended))
  }
}
