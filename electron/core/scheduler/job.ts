import { z } from 'zod'
import type { Fault } from '../../../shared/contract/result.ts'
import { Role } from '../../../shared/model/officer.ts'

export type JobState = 'waiting' | 'running' | 'paused' | 'attention' | 'done'

/** What a job waits for without that being a failed try (I9). */
export const deferrals = [
  'line',
  'endpoint',
  'officer',
  'clock',
  'stopped',
  'held',
  'restored',
  'restart',
  'answer',
] as const
export type Deferral = (typeof deferrals)[number]

/** What a job needs to run; shown to officers, and jobs that share an endpoint run one after the other. */
export const JobNeeds = z.object({
  line: z.boolean(),
  /** Names the other system; empty when none is needed. */
  endpoint: z.string().max(200),
  /** Somebody with one of these roles has to be signed in; empty when nobody has to. */
  officer: z.array(Role),
})
export type JobNeeds = z.infer<typeof JobNeeds>

/** A durable piece of work as it lies in the store. */
export interface Job {
  readonly id: string
  readonly kind: string
  readonly key: string
  readonly input: unknown
  readonly needs: JobNeeds
  readonly state: JobState
  /** Epoch milliseconds. */
  readonly runAt: number
  /** Milliseconds between two runs; null for a job that ends. */
  readonly every: number | null
  readonly attempts: number
  readonly deferredBy: Deferral | ''
  readonly fault: Fault | null
}

/** How a run ended. */
export type JobOutcome =
  /** Done; a recurring job goes on after its interval, `at` the latest. */
  | { readonly kind: 'finished'; readonly at?: number; readonly result?: string }
  /** There is more to do at a known time; not a failure. */
  | { readonly kind: 'again'; readonly at: number }
  /** It could not be tried; `until` when nobody will say that it can. Never counts as an attempt. */
  | { readonly kind: 'deferred'; readonly by: Deferral; readonly until?: number; readonly fault?: Fault }
  /** It was tried and failed; tried again after a growing pause, not before `notBefore`. */
  | { readonly kind: 'retry'; readonly fault: Fault; readonly notBefore?: number }
  /** It cannot go on without an officer. */
  | { readonly kind: 'attention'; readonly fault: Fault }

export interface JobRun {
  readonly jobId: string
  readonly attempts: number
  /** Aborted when the office closes: end soon with `deferred` by `restart`. */
  readonly signal: AbortSignal
}

/** A kind of work and how it is done. `sends` marks kinds that the stop-all switch holds. */
export interface JobKind<I = unknown> {
  readonly kind: string
  readonly input: z.ZodType<I>
  readonly sends: boolean
  run(input: I, run: JobRun): Promise<JobOutcome>
}

/** A job to be put into the queue. */
export interface NewJob {
  readonly kind: string
  /** Unique among the unfinished jobs of its kind; a second one wakes the first. */
  readonly key: string
  readonly input: unknown
  readonly needs: JobNeeds
  readonly runAt?: number
  readonly every?: number
}
