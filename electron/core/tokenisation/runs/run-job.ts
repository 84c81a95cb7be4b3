import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { type Fault, OfficeError } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { pauseAfter } from '../../../../shared/rules/tokenisation/answer-class.ts'
import type { JobKind, JobNeeds, JobOutcome, JobRun } from '../../scheduler/job.ts'
import { OFFICE } from '../../store/store.ts'
import { getRunnable, putConnectorState } from '../connectors.ts'
import { chunkAgain, nextChunk } from './chunk.ts'
import { followRequest } from './follow-request.ts'
import { type AfterPost, postChunk, refuseSuspects } from './post-chunk.ts'
import { ensureKey, type RunParts } from './run-scene.ts'
import {
  addItems,
  beginRun,
  endRun,
  findLastScheduled,
  findOpenRun,
  findRunById,
  type Item,
  openRequests,
  type Run,
  setRunState,
  settleItem,
  takeBack,
} from './run-store.ts'
import { nextScheduled } from './schedule.ts'
import type { Source } from './source.ts'
import { sweepImportProblems } from './sweep-imports.ts'

export const RUN_JOB = 'tokenise.run'

/** A run on whose requests the seeder failed so many times in a row ends; a later one goes on. */
const TRIES = 6
/** People who are put into a run in one transaction. */
const SLICE = 500
/** Minutes between two looks at answers that are to come. */
const LOOK_AGAIN = 0.05

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
      end(parts, run, 'failed', error.fault)
      return 'ended'
    }
  }

  return {
    kind: RUN_JOB,
    input: Input,
    sends: false,
    async run({ connectorId }, job) {
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
    end(parts, run, 'failed', error.fault)
    return undefined
  }
}

export function end(
  { store, time }: Pick<RunParts, 'store' | 'time'>,
  run: Run,
  state: 'done' | 'stopped' | 'failed',
  fault: Fault | null = null,
): void {
  store.transaction(OFFICE, (transaction) =>
    endRun(transaction, run.id, state, { at: time.now(), minute: time.minute }, fault),
  )
}

/** Where it is kept since when a connector's schedule counts: when it was started last. */
export const startedMark = (id: string): string => `connector-started:${id}`

/** When the schedule wants a run of a connector next, epoch milliseconds; undefined when it does not. */
export function findScheduled(
  { store, time }: Pick<RunParts, 'store' | 'time'>,
  connector: Connector,
): number | undefined {
  const { id, state, runsAt, removed } = connector
  if (removed || state !== 'started' || runsAt !== store.installationId) return undefined
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

/** Chooses, sends, follows, until nobody is left. */
async function goRound(
  parts: RunParts,
  source: Source,
  connector: Connector,
  run: Run,
  job: JobRun,
): Promise<JobOutcome | 'ended'> {
  const { store, time } = parts
  if (run.state === 'choosing') {
    const fault = await choose(parts, source, connector, run, job.signal)
    if (fault !== undefined) return afterFailure(parts, run, { kind: 'retry', fault }, job)
  }
  takeBackCutOff(parts, connector, run)
  for (;;) {
    if (job.signal.aborted) return { kind: 'deferred', by: 'restart' }
    if (findRunById(store, run.id)?.state === 'stopped') return 'ended'
    // One request at a time: what the seeder has comes first.
    const [taken] = openRequests(store, run.id, 'taken')
    if (taken !== undefined) {
      const followed = await followRequest(parts, connector, run, taken, job.signal)
      if (followed.kind === 'over') continue
      if (followed.kind === 'wait') {
        return { kind: 'again', at: Math.min(followed.until, time.now() + LOOK_AGAIN * time.minute) }
      }
      return deferred(followed.fault, followed.retryAt)
    }
    const [ready] = openRequests(store, run.id, 'ready')
    if (ready === undefined) refuseSuspects(store, run, time.now())
    const chunk =
      ready === undefined ? nextChunk(parts, source, connector, run) : chunkAgain(parts, source, connector, ready)
    if (chunk === undefined && ready === undefined) break
    if (chunk == null) {
      await breathe()
      continue
    }
    const after = await postChunk(parts, source, connector, run, chunk, job.signal)
    if (after.kind !== 'on') return afterFailure(parts, run, after, job)
  }
  const waiting = await expire(parts, run)
  if (waiting !== undefined) {
    store.housekeeping((sql) => sql("UPDATE token_run SET state = 'waiting' WHERE id = ?").run(run.id))
    return { kind: 'again', at: Math.max(waiting, time.now() + LOOK_AGAIN * time.minute) }
  }
  await sweepImportProblems(store, job.signal)
  source.onEnd?.(parts, connector)
  end(parts, run, 'done')
  return 'ended'
}

const deferred = (fault: Fault, retryAt: number | null): JobOutcome => ({
  kind: 'deferred',
  by: fault.code === 'http.line-down' ? 'line' : 'endpoint',
  ...(retryAt === null ? {} : { until: retryAt }),
  fault,
})

/** Nobody is marked for what the settings, the line or the seeder are to blame for. */
function afterFailure(
  parts: RunParts,
  run: Run,
  after: Exclude<AfterPost, { kind: 'on' }>,
  job: JobRun,
): JobOutcome | 'ended' {
  switch (after.kind) {
    case 'refused':
      end(parts, run, 'failed', after.fault)
      return 'ended'
    case 'put-off':
      return deferred(after.fault, after.retryAt)
    case 'retry':
      if (job.attempts + 1 < TRIES) return { kind: 'retry', fault: after.fault }
      giveUp(parts, run)
      end(parts, run, 'failed', after.fault)
      return 'ended'
  }
}

/** Whoever could not be sent is listed with the reason and sent by a later run. */
function giveUp({ store, time }: RunParts, run: Run): void {
  const items = store
    .sql(
      `SELECT ref, run_id AS runId, request_id AS requestId, connector_id AS connectorId, registrant_id AS registrantId,
         vid_hash AS vidHash, state, class, tries, basis FROM token_item WHERE run_id = ? AND state = 'chosen' AND tries > 0`,
    )
    .all(run.id) as Item[]
  if (items.length === 0) return
  store.transaction(OFFICE, (transaction) => {
    const at = time.now()
    for (const item of items) {
      const nextTry = at + pauseAfter(item.tries) * time.minute
      const outcome = { state: 'unanswered', class: 'later', code: 'ATS-REQ-100', params: {}, nextTry } as const
      settleItem(transaction, item, outcome, item.basis, at)
    }
    transaction.audit({
      action: 'tokenisation.unanswered',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { people: items.length },
    })
  })
}

/** Faults that pass by themselves. */
const mayPass = ({ code }: Fault): boolean => /^(http\.|odk\.failing$)/.test(code)

/**
 * Puts whoever is due into the run; begun again after a crash it goes on where it was.
 *
 * @returns why nobody could be chosen, where that may pass by itself
 */
async function choose(
  parts: RunParts,
  source: Source,
  connector: Connector,
  run: Run,
  signal: AbortSignal,
): Promise<Fault | undefined> {
  const { store, time } = parts
  if (run.startedBy !== 'selection') {
    let ids: readonly string[]
    try {
      ids = await source.findDue(parts, connector, run, signal)
    } catch (error) {
      if (error instanceof OfficeError && mayPass(error.fault)) return error.fault
      throw error
    }
    for (let from = 0; from < ids.length; from += SLICE) {
      store.transaction(OFFICE, (transaction) => {
        const people = addItems(
          transaction,
          { runId: run.id, connectorId: connector.id },
          ids.slice(from, from + SLICE),
          time.now(),
        )
        transaction.audit({
          action: 'tokenisation.people-chosen',
          subjectKind: 'tokenRun',
          subjectId: run.id,
          detail: { people },
        })
      })
      await breathe()
    }
  }
  store.housekeeping((sql) =>
    sql("UPDATE token_run SET state = 'sending' WHERE id = ? AND state = 'choosing'").run(run.id),
  )
  return undefined
}

/** A post that was cut off by the end of the process may have been taken; nobody knows under which name. */
function takeBackCutOff({ store }: RunParts, connector: Connector, run: Run): void {
  const cutOff = openRequests(store, run.id, 'posting')
  if (cutOff.length === 0) return
  store.transaction(OFFICE, (transaction) => {
    for (const { id } of cutOff) {
      // Calls may still come; else it is sent again, which comes to the same.
      if (connector.delivery === 'callback') {
        transaction.sql("UPDATE token_request SET state = 'taken' WHERE id = ?").run(id)
      } else takeBack(transaction, id)
    }
    setRunState(transaction, run.id, 'sending')
    transaction.audit({
      action: 'tokenisation.people-chosen',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { requests: cutOff.length, again: true },
    })
  })
}

/** Lists who was not answered in time. @returns the next deadline, where somebody still has one */
export async function expire({ store, time }: RunParts, run: Run): Promise<number | undefined> {
  const now = time.now()
  const sentTooLong = store.sql(
    `SELECT i.ref, i.run_id AS runId, i.request_id AS requestId, i.connector_id AS connectorId,
         i.registrant_id AS registrantId, i.vid_hash AS vidHash, i.state, i.class, i.tries, i.basis
       FROM token_item i LEFT JOIN token_request q ON q.id = i.request_id
       WHERE i.run_id = ? AND i.state = 'sent' AND coalesce(q.deadline, 0) <= ? LIMIT ?`,
  )
  for (;;) {
    const late = sentTooLong.all(run.id, now, SLICE) as Item[]
    if (late.length === 0) break
    store.transaction(OFFICE, (transaction) => {
      for (const item of late) {
        const nextTry = now + pauseAfter(item.tries) * time.minute
        const outcome = { state: 'unanswered', class: 'unanswered', code: '', params: {}, nextTry } as const
        settleItem(transaction, item, outcome, item.basis, now)
      }
      transaction.audit({
        action: 'tokenisation.unanswered',
        subjectKind: 'tokenRun',
        subjectId: run.id,
        detail: { people: late.length },
      })
      transaction.touch('tokenisation')
    })
    await breathe()
  }
  const next = store
    .sql(
      `SELECT min(q.deadline) FROM token_request q WHERE q.run_id = ? AND EXISTS
         (SELECT 1 FROM token_item i WHERE i.request_id = q.id AND i.state = 'sent')`,
    )
    .pluck()
    .get(run.id) as number | null
  return next ?? undefined
}
