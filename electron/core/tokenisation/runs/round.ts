import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { JobOutcome, JobRun } from '../../scheduler/job.ts'
import { OFFICE, type Transaction } from '../../store/store.ts'
import type { Answers } from '../mts/answers.ts'
import { FORMATS_IGNORED } from '../mts/seeder.ts'
import { applyAnswers } from './apply-answers.ts'
import { choosePeople } from './choose-people.ts'
import { beginPosting, type Chunk, chunkAgain, nextChunk, takeNext, undoUnposted } from './chunk.ts'
import { end, expire, giveUp } from './endings.ts'
import { followRequest } from './follow-request.ts'
import { type AfterPost, postChunk, refuseSuspects } from './post-chunk.ts'
import { applySceneOf, type RunParts } from './run-scene.ts'
import { findRunById, openRequests, type Run, setRunState, takeBack } from './run-store.ts'
import type { Source } from './source.ts'
import { sweepImportProblems } from './sweep-imports.ts'
import { WritePace } from './write-pace.ts'

/** A run on whose requests the seeder failed so many times in a row ends; a later one goes on. */
const TRIES = 6
/** Minutes between two looks at answers that are to come. */
const LOOK_AGAIN = 0.05
/** Bytes of the store's journal that make folding it worth while: what is written again and again goes back once. */
const JOURNAL_LIMIT = 128_000_000
/** Milliseconds in which a request leaves, before the core is busy with the answers of the one before. */
const LEAVES = 2

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
    const hand = new Hand(parts, source, connector, run)
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
 * Answers that were fetched and are not written yet, and the people who are to be sent next: the seeder works on a request
 * meanwhile. Answers are fetched again, and people looked at anew, where the office is shut before.
 */
class Hand {
  readonly #parts: RunParts
  readonly #source: Source
  readonly #connector: Connector
  readonly #run: Run
  #fetched: { readonly requestId: number; readonly answers: Answers } | undefined
  #next: Chunk | undefined
  readonly #pace = new WritePace()

  constructor(parts: RunParts, source: Source, connector: Connector, run: Run) {
    this.#parts = parts
    this.#source = source
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

  async write(also?: (transaction: Transaction) => void): Promise<void> {
    const fetched = this.#fetched
    this.#fetched = undefined
    if (fetched === undefined) return
    const scene = applySceneOf(this.#parts, this.#connector, this.#run.id)
    await applyAnswers(scene, fetched.answers, { lastOf: fetched.requestId, also, pace: this.#pace })
  }

  /** Writes the answers, and in the same commit who goes next. */
  async writeAndMakeReady(): Promise<void> {
    let next: Chunk | null | undefined
    await this.write((transaction) => {
      next = takeNext(transaction, this.#parts, this.#source, this.#connector, this.#run, 'ready')
    })
    this.#next = next ?? undefined
  }

  /** The people who were made ready, as they go out now; undefined where there are none, or not as they were. */
  takeNext(): Chunk | undefined {
    const next = this.#next
    this.#next = undefined
    if (next === undefined) return undefined
    return beginPosting(this.#parts, this.#connector, this.#run, next) ? next : undefined
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
  const { store, time, journal } = parts
  for (;;) {
    if (job.signal.aborted) return { kind: 'deferred', by: 'restart' }
    if (findRunById(store, run.id)?.state === 'stopped') return 'ended'
    // Nothing is written meanwhile, so the journal begins anew.
    await journal.keepBelow(JOURNAL_LIMIT)
    // One request at a time: what the seeder has comes first.
    const taken = openRequests(store, run.id, 'taken').find(({ id }) => id !== hand.requestId)
    if (taken !== undefined) {
      await hand.write()
      const followed = await followRequest(parts, connector, run, taken, job.signal)
      if (followed.kind === 'fetched' && followed.answers.formatIgnored) {
        takeBackUnread(parts, run, taken.id)
        return afterFailure(parts, run, { kind: 'refused', fault: { code: FORMATS_IGNORED, params: {} } }, job)
      }
      if (followed.kind === 'fetched') hand.take(followed)
      if (followed.kind === 'over' || followed.kind === 'fetched') continue
      if (followed.kind === 'wait') {
        return { kind: 'again', at: Math.min(followed.until, time.now() + LOOK_AGAIN * time.minute) }
      }
      return deferred(followed.fault, followed.retryAt)
    }
    const chunk = hand.takeNext() ?? findChunk(parts, source, connector, run)
    if (chunk === undefined) {
      if (hand.requestId === undefined) break
      await hand.write()
      continue
    }
    if (chunk === null) {
      await breathe()
      continue
    }
    const after = await during(
      () => postChunk(parts, source, connector, run, chunk, job.signal),
      () => hand.writeAndMakeReady(),
    )
    if (after.kind !== 'on') return afterFailure(parts, run, after, job)
  }
  const waiting = await expire(parts, run)
  if (waiting !== undefined) {
    store.housekeeping((sql) => sql("UPDATE token_run SET state = 'waiting' WHERE id = ?").run(run.id))
    return { kind: 'again', at: Math.max(waiting, time.now() + LOOK_AGAIN * time.minute) }
  }
  await sweepImportProblems(parts, job.signal)
  source.onEnd?.(parts, connector)
  await end(parts, run, 'done')
  return 'ended'
}

/** Who goes next: a part of a request on which the seeder broke, or the next people; `null` where there is nobody to send among those. */
function findChunk(parts: RunParts, source: Source, connector: Connector, run: Run): Chunk | null | undefined {
  const { store, time } = parts
  const [ready] = openRequests(store, run.id, 'ready')
  if (ready !== undefined) return chunkAgain(parts, source, connector, ready) ?? null
  refuseSuspects(store, run, time.now())
  return nextChunk(parts, source, connector, run)
}

/** Posts the next request while the answers of the one before are written. */
async function during<T>(post: () => Promise<T>, write: () => Promise<void>): Promise<T> {
  const posting = post()
  const writing = pause(LEAVES).then(write)
  const [posted, written] = await Promise.allSettled([posting, writing])
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
async function afterFailure(
  parts: RunParts,
  run: Run,
  after: Exclude<AfterPost, { kind: 'on' }>,
  job: JobRun,
): Promise<JobOutcome | 'ended'> {
  switch (after.kind) {
    case 'refused':
      await end(parts, run, 'failed', after.fault)
      return 'ended'
    case 'put-off':
      return deferred(after.fault, after.retryAt)
    case 'retry':
      if (job.attempts + 1 < TRIES) return { kind: 'retry', fault: after.fault }
      giveUp(parts, run)
      await end(parts, run, 'failed', after.fault)
      return 'ended'
  }
}

/** Nobody can tell whose the answers of a request are: its people go back among the chosen, and none of them is marked. */
function takeBackUnread({ store }: RunParts, run: Run, requestId: number): void {
  store.transaction(OFFICE, (transaction) => {
    takeBack(transaction, requestId)
    transaction.audit({
      action: 'tokenisation.people-chosen',
      subjectKind: 'tokenRun',
      subjectId: run.id,
      detail: { requests: 1, again: true },
    })
    transaction.touch('tokenisation')
  })
}

/** A post that was cut off by the end of the process may have been taken; nobody knows under which name. */
function takeBackCutOff({ store }: RunParts, connector: Connector, run: Run): void {
  undoUnposted(store, run)
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
