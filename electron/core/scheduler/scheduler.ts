import { OfficeError } from '../../../shared/contract/result.ts'
import type { Role } from '../../../shared/model/officer.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { Deferral, Job, JobKind, JobOutcome, NewJob } from './job.ts'
import { JobQueue } from './job-queue.ts'
import { isSendingStopped } from './sending-switch.ts'

export interface SchedulerOptions {
  readonly store: Store
  readonly time: OfficeTime
  readonly isPresent: (roles: readonly Role[]) => boolean
  /** Gets faults that no catalogue code explains. */
  readonly report: (error: unknown) => void
}

/** How many jobs run: those that send payments, and the others. */
export interface WorkUnderWay {
  readonly sending: number
  readonly other: number
}

const AT_ONCE = 4
/** Milliseconds: looks at the queue at least so often, since clocks jump and timers stop while a laptop sleeps. */
const LOOK = 15_000
/** Minutes that a run may take before it looks stuck. */
const LEASE = 30
/** A run that breaks without a catalogue fault so many times in a row needs an officer. */
const UNEXPLAINED_TRIES = 5

/** Runs the office's jobs: durable, recurring, patient, never two at once for one key or one endpoint. */
export class Scheduler {
  readonly queue: JobQueue
  readonly #options: SchedulerOptions
  readonly #kinds = new Map<string, JobKind>()
  readonly #running = new Map<
    string,
    { readonly endpoint: string; readonly sends: boolean; readonly done: Promise<void> }
  >()
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  #callOff: (() => void) | undefined
  #lastLook = 0
  #started = false

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.queue = new JobQueue(options.store, options.time)
  }

  /** Before `start`, once per kind. */
  register<I>(kind: JobKind<I>): void {
    if (this.#kinds.has(kind.kind)) throw new Error(`two job kinds are called ${kind.kind}`)
    this.#kinds.set(kind.kind, kind as JobKind)
  }

  start(): void {
    this.queue.recover()
    this.#started = true
    this.look()
  }

  enqueue(transaction: Transaction, job: NewJob): string {
    const kind = this.#kinds.get(job.kind)
    if (kind === undefined) throw new Error(`no such kind of job: ${job.kind}`)
    const id = this.queue.enqueue(transaction, { ...job, input: kind.input.parse(job.input) })
    transaction.afterCommit(() => this.look())
    return id
  }

  wake(kind: string, key: string): void {
    this.queue.wake(kind, key)
    this.look()
  }

  wakeDeferred(...by: Deferral[]): void {
    this.queue.wakeDeferred(by)
    this.look()
  }

  wakeNetwork(): void {
    this.queue.wakeNetwork()
    this.look()
  }

  /** Called after each change of a job; for the outbox screen. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What runs at this moment. */
  work(): WorkUnderWay {
    const running = [...this.#running.values()]
    const sending = running.filter(({ sends }) => sends).length
    return { sending, other: running.length - sending }
  }

  /** Minutes as this office counts them, in milliseconds. */
  minutes(count: number): number {
    return count * this.#options.time.minute
  }

  /** Tells listeners that jobs changed. */
  tell(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Starts what is due, and sets the timer for what is due next. */
  look(): void {
    if (!this.#started || this.#closing.signal.aborted) return
    const { store, time, isPresent } = this.#options
    const now = time.now()
    // A clock that went back would leave every job waiting for a time that is far away.
    if (now < this.#lastLook - LOOK) this.queue.wakeAll()
    this.#lastLook = now
    const stopped = isSendingStopped(store)
    for (const job of this.queue.due(1000)) {
      if (this.#running.size >= AT_ONCE) break
      if (this.#running.has(job.id)) continue
      const kind = this.#kinds.get(job.kind)
      // Of a newer version that this one replaced; it waits until that one is back.
      if (kind === undefined) this.queue.defer(job.id, 'restart')
      else if (stopped && kind.sends) this.queue.defer(job.id, 'stopped')
      else if (job.needs.officer.length > 0 && !isPresent(job.needs.officer)) this.queue.defer(job.id, 'officer')
      else if (!this.#endpointIsBusy(job)) this.#begin(job, kind)
    }
    this.#callOff?.()
    const next = this.queue.findNext() ?? now + LOOK
    // What is due and could not begin waits for a run to end, which looks again.
    const pause = this.#running.size > 0 ? 250 : 5
    this.#callOff = time.after(Math.min(LOOK, Math.max(next - now, pause)), () => this.look())
  }

  /** Asks what runs to end and waits for it. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#callOff?.()
    await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  #endpointIsBusy(job: Job): boolean {
    const { endpoint } = job.needs
    return endpoint !== '' && [...this.#running.values()].some((running) => running.endpoint === endpoint)
  }

  #begin(job: Job, kind: JobKind): void {
    const { time } = this.#options
    this.queue.begin(job.id, time.now() + LEASE * time.minute)
    this.tell()
    const done = this.#run(job, kind).then((outcome) => {
      this.queue.end(job, outcome)
      this.#running.delete(job.id)
      this.tell()
      this.look()
    })
    this.#running.set(job.id, { endpoint: job.needs.endpoint, sends: kind.sends, done })
  }

  async #run(job: Job, kind: JobKind): Promise<JobOutcome> {
    try {
      const input = kind.input.parse(job.input)
      return await kind.run(input, { jobId: job.id, attempts: job.attempts, signal: this.#closing.signal })
    } catch (error) {
      if (this.#closing.signal.aborted) return { kind: 'deferred', by: 'restart' }
      if (error instanceof OfficeError) return { kind: 'attention', fault: error.fault }
      this.#options.report(error)
      const fault = { code: 'api.unexpected', params: {} } as const
      return job.attempts < UNEXPLAINED_TRIES ? { kind: 'retry', fault } : { kind: 'attention', fault }
    }
  }
}
