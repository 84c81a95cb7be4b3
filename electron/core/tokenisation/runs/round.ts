import { setImmediate as breathe } from 'node:timers/promises'
import type { Fault } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { JobOutcome, JobRun } from '../../scheduler/job.ts'
import { OFFICE } from '../../store/store.ts'
import type { Answers } from '../mts/answers.ts'
import { applyAnswers } from './apply-answers.ts'
import { choosePeople } from './choose-people.ts'
import { chunkAgain, nextChunk } from './chunk.ts'
import { end, expire, giveUp } from './endings.ts'
import { followRequest } from './follow-request.ts'
import { type AfterPost, postChunk, refuseSuspects } from './post-chunk.ts'
import { applySceneOf, type RunParts } from './run-scene.ts'
import { findRunById, openRequests, type Run, setRunState, takeBack } from './run-store.ts'
import type { Source } from './source.ts'
import { sweepImportProblems } from './sweep-imports.ts'

/** A run on whose requests the seeder failed so many times in a row ends; a later one goes on. */
const TRIES = 6
/** Minutes between two looks at answers that are to come. */
const LOOK_AGAIN = 0.05
/** Bytes of the store's journal that make folding it worth while. */
const JOURNAL_LIMIT = 32_000_000

/** Chooses, sends, follows, until nobody is left. The journal is folded back beside the core thread meanwhile. */
export async function goRound(
  parts: RunParts,
  source: Source,
  connector: Connector,
  run: Run,
  job: JobRun,
): Promise<JobOutcome | 'ended'> {
  const { store, journal } = parts
  const release = store.holdCheckpoints()
  try {
    if (run.state === 'choosing') {
      const fault = await choosePeople(parts, source, connector, run, job.signal)
      if (fault !== undefined) return afterFailure(parts, run, { kind: 'retry', fault }, job)
    }
    takeBackCutOff(parts, connector, run)
    const hand = new Hand(parts, connector, run)
    try {
      return await sendAndFollow(parts, source, connector, run, job, hand)
    } finally {
      await hand.write()
    }
  } finally {
    // Else the first commit afterwards would fold all of it back, and block the core meanwhile.
    await journal.fold(0)
    release()
  }
}

/**
 * Answers that were fetched and are not written yet: the seeder takes the next request meanwhile. They are fetched again where
 * the office is shut before.
 */
class Hand {
  readonly #parts: RunParts
  readonly #connector: Connector
  readonly #run: Run
  #fetched: { readonly requestId: number; readonly answers: Answers } | undefined

  constructor(parts: RunParts, connector: Connector, run: Run) {
    this.#parts = parts
    this.#connector = connector
    this.#run = run
  }

  /** The request whose answers they are. */
  get requestId(): number | undefined {
    return this.#fetched?.requestId
  }

  take(fetched: { readonly requestId: number; readonly answers: Answers }): void {
    this.#fetched = fetched
  }

  async write(): Promise<void> {
    const fetched = this.#fetched
    this.#fetched = undefined
    if (fetched === undefined) return
    const scene = applySceneOf(this.#parts, this.#connector, this.#run.id)
    await applyAnswers(scene, fetched.answers, fetched.requestId)
    await this.#parts.journal.fold(JOURNAL_LIMIT)
  }
}

async function sendAndFollow(
  parts: RunParts,
  source: Source,
  connector: Connector,
  run: Run,
  job: JobRun,
  hand: Hand,
): Promise<JobOutcome | 'ended'> {
  const { store, time } = parts
  for (;;) {
    if (job.signal.aborted) return { kind: 'deferred', by: 'restart' }
    if (findRunById(store, run.id)?.state === 'stopped') return 'ended'
    // One request at a time: what the seeder has comes first.
    const taken = openRequests(store, run.id, 'taken').find(({ id }) => id !== hand.requestId)
    if (taken !== undefined) {
      await hand.write()
      const followed = await followRequest(parts, connector, run, taken, job.signal)
      if (followed.kind === 'fetched') hand.take(followed)
      if (followed.kind === 'over' || followed.kind === 'fetched') continue
      if (followed.kind === 'wait') {
        return { kind: 'again', at: Math.min(followed.until, time.now() + LOOK_AGAIN * time.minute) }
      }
      return deferred(followed.fault, followed.retryAt)
    }
    const [ready] = openRequests(store, run.id, 'ready')
    if (ready === undefined) refuseSuspects(store, run, time.now())
    const chunk =
      ready === undefined ? nextChunk(parts, source, connector, run) : chunkAgain(parts, source, connector, ready)
    if (chunk === undefined && ready === undefined) {
      if (hand.requestId === undefined) break
      await hand.write()
      continue
    }
    if (chunk == null) {
      await breathe()
      continue
    }
    const after = await during(() => postChunk(parts, source, connector, run, chunk, job.signal), hand)
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

/** Posts the next request while the answers of the one before are written. */
async function during<T>(post: () => Promise<T>, hand: Hand): Promise<T> {
  const [posted, written] = await Promise.allSettled([post(), hand.write()])
  if (written.status === 'rejected') throw written.reason
  if (posted.status === 'rejected') throw posted.reason
  return posted.value
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
