import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { OfficeError } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { JobKind, JobNeeds, JobOutcome, JobRun } from '../../scheduler/job.ts'
import { OFFICE } from '../../store/store.ts'
import { getRunnable, putConnectorState, runsHere } from '../connectors.ts'
import { end, takeOutCutOff } from './endings.ts'
import { goRound } from './round.ts'
import { ensureKey, type RunParts } from './run-scene.ts'
import { beginRun, findLastScheduled, findOpenRun, findRunById, type Run } from './run-store.ts'
import { nextScheduled } from './schedule.ts'
import type { Source } from './source.ts'

export const RUN_JOB = 'tokenise.run'

const Input = z.object({ connectorId: z.string() })

/** One job for each connector: its runs go one after the other, and one request at a time. */
export const runNeeds = ({ id }: Pick<Connector, 'id'>): JobNeeds => ({
  line: true,
  endpoint: `tokenise:${id}`,
  officer: [],
})

/** Brings a connector's runs to their ends, and begins those that its schedule wants. */
export function runJob(
  parts: RunParts,
  sources: Readonly<Record<Connector['kind'], Source>>,
): JobKind<z.infer<typeof Input>> {
  const { store } = parts

  const settle = async (connector: Connector, run: Run, job: JobRun): Promise<JobOutcome | 'ended'> => {
    try {
      return await goRound(parts, sources[connector.kind], connector, run, job)
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error
      // What was being read is called off with the office; the run goes on when it is opened again.
      if (job.signal.aborted) return { kind: 'deferred', by: 'restart' }
      await end(parts, run, 'failed', error.fault)
      return 'ended'
    }
  }

  return {
    kind: RUN_JOB,
    input: Input,
    sends: false,
    async run({ connectorId }, job) {
      await takeOutCutOff(parts)
      for (;;) {
        if (job.signal.aborted) return { kind: 'deferred', by: 'restart' }
        const known = store.find('connector', connectorId)
        if (known === undefined) return { kind: 'finished' }
        const run = findOpenRun(store, connectorId)
        if (run === undefined) {
          const next = beginDue(parts, known)
          if (next === 'begun') continue
          return next === undefined ? { kind: 'finished' } : { kind: 'again', at: next }
        }
        const connector = await runnable(parts, known, run)
        if (connector === undefined) continue
        const outcome = await settle(connector, run, job)
        if (outcome !== 'ended') return outcome
        await breathe()
        if (connector.jobType === 'one-time' && run.startedBy === 'schedule') completeOnce(parts, connectorId, run)
      }
    },
  }
}

/** A one-time job is over with its run; one that could not go on waits to be started again. */
function completeOnce({ store }: RunParts, connectorId: string, run: Run): void {
  if (store.get('connector', connectorId).state !== 'started') return
  const isDone = findRunById(store, run.id)?.state === 'done'
  store.transaction(OFFICE, (transaction) =>
    isDone
      ? putConnectorState(transaction, connectorId, 'completed', 'connector.completed')
      : putConnectorState(transaction, connectorId, 'stopped', 'connector.stopped'),
  )
}

/** The connector as it may run; a run of one that may not ends with the reason. */
async function runnable(parts: RunParts, connector: Connector, run: Run): Promise<Connector | undefined> {
  try {
    return await getRunnable(parts, connector.id)
  } catch (error) {
    if (!(error instanceof OfficeError)) throw error
    await end(parts, run, 'failed', error.fault)
    return undefined
  }
}

/** Where it is kept since when a connector's schedule counts: when it was started last. */
export const startedMark = (id: string): string => `connector-started:${id}`

/** When the schedule wants a run of a connector next, epoch milliseconds; undefined when it does not. */
export function findScheduled(
  { store, time }: Pick<RunParts, 'store' | 'time'>,
  connector: Connector,
): number | undefined {
  const { id, state, removed } = connector
  if (removed || state !== 'started' || !runsHere(store, connector)) return undefined
  const since = Number(store.findMark(startedMark(id)) ?? 0)
  const last = findLastScheduled(store, id)
  const counts = last !== undefined && last >= since
  return nextScheduled(connector, counts ? last : undefined, since === 0 ? time.now() : since, time.minute)
}

/** Begins the run that the schedule wants now. @returns when it wants one next; undefined when it does not any more */
function beginDue(parts: RunParts, connector: Connector): 'begun' | number | undefined {
  const { store, time } = parts
  const due = findScheduled(parts, connector)
  if (due === undefined || due > time.now()) return due
  store.transaction(OFFICE, (transaction) => {
    ensureKey(transaction)
    beginRun(transaction, { connectorId: connector.id, startedBy: 'schedule', startedAt: time.now() })
  })
  return 'begun'
}
