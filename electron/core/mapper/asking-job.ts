import { z } from 'zod'
import type { Fault } from '../../../shared/contract/result.ts'
import { today } from '../clock/today.ts'
import { isTrustedManager } from '../identity/trust.ts'
import type { Deferral, JobKind, JobOutcome, JobRun } from '../scheduler/job.ts'
import type { Reader } from '../store/reader.ts'
import type { Store } from '../store/store.ts'
import { settingsDigest } from './answers.ts'
import { askPeople } from './ask-people.ts'
import type { MapperClient, MapperOf, MapperOutcome } from './client.ts'

export const ASKING_JOB = 'mapper.ask'

export const AskingInput = z.object({
  cycleId: z.string(),
  batchId: z.string().nullable(),
  /** Whoever was asked since is not asked again; epoch milliseconds. */
  since: z.number(),
})
export type AskingInput = z.infer<typeof AskingInput>

/** How far a run is, in people. */
export interface AskingProgress {
  readonly done: number
  readonly total: number
}

export interface AskingParts {
  readonly store: Store
  readonly reader: Reader
  readonly client: MapperClient
  readonly now: () => number
  /** Milliseconds. */
  readonly minute: number
  readonly progress: Map<string, AskingProgress>
  /** Whether an officer called it off; asked between two questions. */
  readonly isCalledOff: (key: string) => boolean
}

export const askingKey = ({ cycleId, batchId }: Pick<AskingInput, 'cycleId' | 'batchId'>): string =>
  batchId === null ? `cycle:${cycleId}` : `batch:${batchId}`

/** Whom the manager of a cycle asks; undefined where it asks nobody. */
export function findMapperOf({ store }: Pick<AskingParts, 'store'>, cycleId: string): MapperOf | undefined {
  const { paymentManagerId } = store.get('programme', store.get('cycle', cycleId).programmeId)
  const manager = store.find('paymentManager', paymentManagerId)
  if (manager?.payeeIdType !== 'mapper' || manager.mapper === undefined) return undefined
  return { managerId: manager.id, mapper: manager.mapper }
}

/** An alternate recipient is asked about once the principal has no account, so one round may bring about another. */
const ROUNDS = 4

/** Asks a mapper about everybody whom a cycle or a batch would pay. What was answered is kept, so a run that is cut off goes on. */
export const askingJob = (parts: AskingParts): JobKind<AskingInput> => ({
  kind: ASKING_JOB,
  input: AskingInput,
  sends: false,
  async run(input, run) {
    const key = askingKey(input)
    try {
      return await askAll(parts, input, key, run)
    } finally {
      parts.progress.delete(key)
    }
  },
})

async function askAll(parts: AskingParts, input: AskingInput, key: string, { signal }: JobRun): Promise<JobOutcome> {
  const { store, reader, now, progress } = parts
  const of = findMapperOf(parts, input.cycleId)
  if (of === undefined || parts.isCalledOff(key)) return { kind: 'finished' }
  if (!(await isTrustedManager(store, store.get('paymentManager', of.managerId)))) {
    return { kind: 'attention', fault: { code: 'dispatch.manager-untrusted', params: {} } }
  }
  let done = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const people = await reader.run('batches.peopleToAsk', { ...input, day: today(new Date(now())) }, { signal })
    if (people.length === 0) break
    const total = done + people.length
    progress.set(key, { done, total })
    for (let from = 0; from < people.length; from += of.mapper.questionSize) {
      if (signal.aborted) return { kind: 'deferred', by: 'restart' }
      if (parts.isCalledOff(key)) return { kind: 'finished' }
      // Settings that changed meanwhile are those of the next run.
      const latest = findMapperOf(parts, input.cycleId)
      if (latest === undefined || settingsDigest(latest.mapper) !== settingsDigest(of.mapper)) {
        return { kind: 'again', at: now() }
      }
      const slice = people.slice(from, from + of.mapper.questionSize)
      const outcome = await askPeople(parts, of, slice, signal)
      if (signal.aborted) return { kind: 'deferred', by: 'restart' }
      if (outcome.kind !== 'answered') return outcomeOf(outcome, now() + parts.minute)
      done += slice.length
      progress.set(key, { done, total })
    }
  }
  return { kind: 'finished', result: String(done) }
}

/** How a run ends that got no answer. */
function outcomeOf(outcome: Exclude<MapperOutcome, { kind: 'answered' }>, soon: number): JobOutcome {
  const { fault } = outcome
  if (outcome.kind === 'put-off') return { kind: 'deferred', by: waitsFor(fault), until: outcome.retryAt, fault }
  if (outcome.kind === 'refused') return { kind: 'attention', fault }
  return { kind: 'retry', fault, ...(outcome.slowDown ? { notBefore: soon } : {}) }
}

const waitsFor = ({ code }: Fault): Deferral => (code === 'http.circuit-open' ? 'endpoint' : 'line')
