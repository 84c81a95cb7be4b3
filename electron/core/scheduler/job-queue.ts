import { type Fault, fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Store, Transaction } from '../store/store.ts'
import { backOff } from './back-off.ts'
import type { Deferral, Job, JobNeeds, JobOutcome, JobState, NewJob } from './job.ts'

interface JobRow {
  readonly id: string
  readonly kind: string
  readonly key: string
  readonly input: string
  readonly needs: string
  readonly state: JobState
  readonly run_at: number
  readonly every: number | null
  readonly attempts: number
  readonly deferred_by: Deferral | ''
  readonly fault: string | null
}

/** No job waits longer than this (hours); a later date means that the clock was put back. */
const LONGEST_WAIT = 25 * 60
/** Minutes after which a deferred job asks again by itself, in case nobody tells it. */
const ASK_AGAIN = 1
/** Finished jobs stay visible for so long, in minutes. */
const KEPT = 30 * 24 * 60

const jobOf = (row: JobRow): Job => ({
  id: row.id,
  kind: row.kind,
  key: row.key,
  input: JSON.parse(row.input),
  needs: JSON.parse(row.needs) as JobNeeds,
  state: row.state,
  runAt: row.run_at,
  every: row.every,
  attempts: row.attempts,
  deferredBy: row.deferred_by,
  fault: row.fault === null ? null : (JSON.parse(row.fault) as Fault),
})

const UNDONE = "kind = ? AND key = ? AND state <> 'done'"

/** The jobs in the store: their states and what moves them. Knows nothing of running them. */
export class JobQueue {
  readonly #store: Store
  readonly #time: Pick<OfficeTime, 'now' | 'random' | 'minute'>
  /** Running jobs that were asked for again meanwhile. */
  readonly #wanted = new Set<string>()

  constructor(store: Store, time: Pick<OfficeTime, 'now' | 'random' | 'minute'>) {
    this.#store = store
    this.#time = time
  }

  /** Adds a job with the change that makes it necessary; a job of that kind and key that is not done is woken instead. */
  enqueue(transaction: Transaction, job: NewJob): string {
    const now = this.#time.now()
    const known = transaction.sql(`SELECT * FROM job WHERE ${UNDONE}`).get(job.kind, job.key) as JobRow | undefined
    const runAt = job.runAt ?? now
    if (known === undefined) {
      const id = newId()
      transaction
        .sql("INSERT INTO job VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, 0, '', NULL, NULL, NULL, ?, NULL)")
        .run(id, job.kind, job.key, JSON.stringify(job.input), JSON.stringify(job.needs), runAt, job.every ?? null, now)
      return id
    }
    transaction
      .sql(
        `UPDATE job SET input = ?, needs = ?, run_at = min(run_at, ?), attempts = 0,
         state = CASE state WHEN 'attention' THEN 'waiting' ELSE state END WHERE id = ?`,
      )
      .run(JSON.stringify(job.input), JSON.stringify(job.needs), runAt, known.id)
    if (known.state === 'running') transaction.afterCommit(() => void this.#wanted.add(known.id))
    return known.id
  }

  /** At start nothing runs: what the last process left running waits again, and everything that waits is looked at once. */
  recover(): void {
    this.#store.housekeeping((sql) => {
      sql("UPDATE job SET state = 'waiting', lease_until = NULL WHERE state = 'running'").run()
      sql("UPDATE job SET run_at = min(run_at, ?) WHERE state = 'waiting'").run(this.#time.now())
      sql("DELETE FROM job WHERE state = 'done' AND finished_at < ?").run(this.#time.now() - KEPT * this.#time.minute)
    })
  }

  /** Jobs that may start now, the longest waiting first. */
  due(limit: number): Job[] {
    const now = this.#time.now()
    const rows = this.#store
      .sql("SELECT * FROM job WHERE state = 'waiting' AND (run_at <= ? OR run_at > ?) ORDER BY run_at LIMIT ?")
      .all(now, now + LONGEST_WAIT * this.#time.minute, limit) as JobRow[]
    return rows.map(jobOf)
  }

  /** When the next waiting job is due, epoch milliseconds. */
  findNext(): number | undefined {
    const next = this.#store.sql("SELECT min(run_at) FROM job WHERE state = 'waiting'").pluck().get() as number | null
    return next ?? undefined
  }

  find(id: string): Job | undefined {
    const row = this.#store.sql('SELECT * FROM job WHERE id = ?').get(id) as JobRow | undefined
    return row === undefined ? undefined : jobOf(row)
  }

  findByKey(kind: string, key: string): Job | undefined {
    const row = this.#store.sql(`SELECT * FROM job WHERE ${UNDONE}`).get(kind, key) as JobRow | undefined
    return row === undefined ? undefined : jobOf(row)
  }

  begin(id: string, leaseUntil: number): void {
    this.#wanted.delete(id)
    this.#store.housekeeping((sql) =>
      sql("UPDATE job SET state = 'running', lease_until = ? WHERE id = ? AND state = 'waiting'").run(leaseUntil, id),
    )
  }

  /** Puts a job off that could not be started. */
  defer(id: string, by: Deferral): void {
    this.#store.housekeeping((sql) =>
      sql("UPDATE job SET deferred_by = ?, run_at = ? WHERE id = ? AND state = 'waiting'").run(
        by,
        this.#time.now() + ASK_AGAIN * this.#time.minute,
        id,
      ),
    )
  }

  /** Writes down how a run ended. A job that an officer paused meanwhile stays paused; nothing is ever dropped (I8). */
  end(job: Job, outcome: JobOutcome): void {
    const now = this.#time.now()
    const { minute, random } = this.#time
    const wanted = this.#wanted.delete(job.id)
    const next = (): { state: JobState; runAt: number; attempts: number; by: Deferral | ''; fault: Fault | null } => {
      switch (outcome.kind) {
        case 'finished':
          return job.every === null
            ? { state: wanted ? 'waiting' : 'done', runAt: now, attempts: 0, by: '', fault: null }
            : {
                state: 'waiting',
                // Counted from the end of the run: whatever was missed while the laptop slept is one run.
                runAt: wanted ? now : Math.max(now + job.every, outcome.at ?? 0),
                attempts: 0,
                by: '',
                fault: null,
              }
        case 'again':
          return { state: 'waiting', runAt: wanted ? now : outcome.at, attempts: 0, by: 'answer', fault: null }
        case 'deferred':
          return {
            state: 'waiting',
            runAt: wanted || outcome.by === 'restart' ? now : (outcome.until ?? now + ASK_AGAIN * minute),
            attempts: job.attempts,
            by: outcome.by,
            fault: outcome.fault ?? null,
          }
        case 'retry':
          return {
            state: 'waiting',
            runAt: wanted ? now : Math.max(now + backOff(job.attempts, random(), minute), outcome.notBefore ?? 0),
            attempts: job.attempts + 1,
            by: '',
            fault: outcome.fault,
          }
        case 'attention':
          return {
            state: wanted ? 'waiting' : 'attention',
            runAt: now,
            attempts: job.attempts,
            by: '',
            fault: outcome.fault,
          }
      }
    }
    const { state, runAt, attempts, by, fault } = next()
    this.#store.housekeeping((sql) =>
      sql(
        `UPDATE job SET state = CASE WHEN state = 'paused' AND ? <> 'done' THEN 'paused' ELSE ? END, run_at = ?,
         attempts = ?, deferred_by = ?, fault = ?, lease_until = NULL, last_result = ?, finished_at = ? WHERE id = ?`,
      ).run(
        state,
        state,
        runAt,
        attempts,
        by,
        fault === null ? null : JSON.stringify(fault),
        outcome.kind === 'finished' ? (outcome.result ?? '') : '',
        state === 'done' ? now : null,
        job.id,
      ),
    )
  }

  /** The reason to wait is gone: waiting jobs deferred by it run now, with a clean record of tries. */
  wakeDeferred(by: readonly Deferral[]): void {
    this.#store.housekeeping((sql) =>
      sql(
        `UPDATE job SET run_at = min(run_at, ?), attempts = 0
         WHERE state = 'waiting' AND deferred_by IN (SELECT value FROM json_each(?))`,
      ).run(this.#time.now(), JSON.stringify(by)),
    )
  }

  /** The clock was put back: what waits for a time that is suddenly far away is looked at now. */
  wakeAll(): void {
    this.#store.housekeeping((sql) =>
      sql("UPDATE job SET run_at = min(run_at, ?) WHERE state = 'waiting'").run(this.#time.now()),
    )
  }

  /** The line is back or the laptop woke: whatever waits for the network is tried at once, with a clean record of tries. */
  wakeNetwork(): void {
    this.#store.housekeeping((sql) =>
      sql(
        `UPDATE job SET run_at = min(run_at, ?), attempts = 0
         WHERE state = 'waiting' AND json_extract(needs, '$.line') AND deferred_by <> 'answer'
           AND (every IS NULL OR attempts > 0 OR deferred_by <> '')`,
      ).run(this.#time.now()),
    )
  }

  /** Runs the unfinished job of that kind and key as soon as it may; nothing happens when there is none. */
  wake(kind: string, key: string): void {
    const job = this.findByKey(kind, key)
    if (job === undefined || job.state === 'paused') return
    if (job.state === 'running') this.#wanted.add(job.id)
    else {
      this.#store.housekeeping((sql) =>
        sql("UPDATE job SET state = 'waiting', run_at = min(run_at, ?) WHERE id = ?").run(this.#time.now(), job.id),
      )
    }
  }

  pause(transaction: Transaction, id: string): void {
    this.#command(transaction, id, 'job.paused', "state = 'paused'", ['waiting', 'running', 'attention'])
  }

  resume(transaction: Transaction, id: string): void {
    this.#command(transaction, id, 'job.resumed', "state = 'waiting', attempts = 0, run_at = ?", ['paused'])
  }

  /** After an officer has mended what it stumbled over; also "run now" for a job that waits. */
  runNow(transaction: Transaction, id: string): void {
    this.#command(transaction, id, 'job.run-now', "state = 'waiting', attempts = 0, deferred_by = '', run_at = ?", [
      'waiting',
      'attention',
    ])
  }

  setEvery(transaction: Transaction, id: string, every: number): void {
    this.#command(transaction, id, 'job.interval-changed', `every = ${Math.round(every)}`, [
      'waiting',
      'running',
      'paused',
      'attention',
    ])
  }

  #command(transaction: Transaction, id: string, action: string, assignment: string, from: readonly JobState[]): void {
    const job = this.find(id) ?? fail('store.not-found', { kind: 'job' })
    if (!from.includes(job.state)) fail('outbox.job-moved-on')
    const values = assignment.includes('?') ? [this.#time.now(), id] : [id]
    transaction.sql(`UPDATE job SET ${assignment} WHERE id = ?`).run(...values)
    transaction.audit({ action, subjectKind: 'job', subjectId: id, detail: { kind: job.kind, key: job.key } })
  }
}
