import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backOff } from '../../../electron/core/scheduler/back-off.ts'
import type { Job, JobOutcome, NewJob } from '../../../electron/core/scheduler/job.ts'
import { JobQueue } from '../../../electron/core/scheduler/job-queue.ts'
import { OFFICE, Store } from '../../../electron/core/store/store.ts'

const MINUTE = 60_000
let directory: string
let store: Store
let now = 0
let random = 0.5
let queue: JobQueue

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jobs-'))
  store = new Store({ file: join(directory, 'office.db'), key: { bytes: randomBytes(32) } })
  now = 1_800_000_000_000
  random = 0.5
  queue = new JobQueue(store, { now: () => now, random: () => random, minute: MINUTE })
})

afterEach(() => {
  store.close()
  rmSync(directory, { recursive: true, force: true })
})

const needs = { line: true, endpoint: 'one', officer: [] }
const enqueue = (job: Partial<NewJob> = {}): string =>
  store.transaction(OFFICE, (tx) => {
    tx.audit({ action: 'test.queued', subjectKind: 'job', subjectId: 'test' })
    return queue.enqueue(tx, { kind: 'kind', key: 'key', input: {}, needs, ...job })
  })

const get = (id: string): Job => queue.find(id) ?? expect.unreachable()

const run = (id: string, outcome: JobOutcome): void => {
  queue.begin(id, now + MINUTE)
  queue.end(get(id), outcome)
}

const fault = { code: 'http.timed-out', params: {} } as const

describe('the queue', () => {
  test('keeps one unfinished job a kind and key, and wakes it when it is wanted again', () => {
    const id = enqueue({ runAt: now + MINUTE })
    expect(queue.due(10)).toEqual([])
    expect(enqueue()).toBe(id)
    expect(queue.due(10).map((job) => job.id)).toEqual([id])
    run(id, { kind: 'finished' })
    expect(enqueue()).not.toBe(id)
  })

  test('puts what a killed process left running back to waiting', () => {
    const id = enqueue()
    queue.begin(id, now + MINUTE)
    expect(queue.due(10)).toEqual([])
    queue.recover()
    expect(get(id).state).toBe('waiting')
    expect(queue.due(10).length).toBe(1)
  })

  test('runs once, however many runs a recurring job missed while the laptop slept', () => {
    const id = enqueue({ every: 5 * MINUTE })
    now += 10 * 60 * MINUTE
    expect(queue.due(10).length).toBe(1)
    run(id, { kind: 'finished' })
    expect(queue.due(10)).toEqual([])
    expect(get(id).runAt).toBe(now + 5 * MINUTE)
  })

  test('waiting for line, officer or restart is no attempt', () => {
    const id = enqueue()
    run(id, { kind: 'retry', fault })
    for (const by of ['line', 'officer', 'restart', 'held', 'stopped'] as const) run(id, { kind: 'deferred', by })
    expect(get(id).attempts).toBe(1)
    queue.wakeDeferred(['stopped'])
    expect(get(id)).toMatchObject({ attempts: 0, runAt: now })
  })

  test('the line back starts failed tries over', () => {
    const id = enqueue()
    for (let tries = 0; tries < 8; tries += 1) run(id, { kind: 'retry', fault })
    expect(get(id).runAt).toBeGreaterThan(now)
    queue.wakeNetwork()
    expect(get(id)).toMatchObject({ attempts: 0, runAt: now })
  })

  test('a clock that was put back by years leaves nothing waiting for years', () => {
    const id = enqueue()
    run(id, { kind: 'retry', fault })
    now -= 5 * 365 * 24 * 60 * MINUTE
    expect(queue.due(10).map((job) => job.id)).toEqual([id])
  })

  test('a job that was asked for while it ran runs once more', () => {
    const id = enqueue()
    queue.begin(id, now + MINUTE)
    enqueue()
    queue.end(get(id), { kind: 'finished' })
    expect(get(id).state).toBe('waiting')
  })

  test('pausing, resuming and running now are audited commands', () => {
    const id = enqueue()
    const command = (work: (tx: Parameters<typeof queue.pause>[0]) => void): void => store.transaction('officer', work)
    command((tx) => queue.pause(tx, id))
    expect(queue.due(10)).toEqual([])
    expect(() => command((tx) => queue.runNow(tx, id))).toThrow('outbox.job-moved-on')
    command((tx) => queue.resume(tx, id))
    run(id, { kind: 'attention', fault })
    expect(queue.due(10)).toEqual([])
    command((tx) => queue.runNow(tx, id))
    expect(queue.due(10).length).toBe(1)
    const actions = store.sql('SELECT action FROM audit WHERE subject_id = ? ORDER BY position').pluck().all(id)
    expect(actions).toEqual(['job.paused', 'job.resumed', 'job.run-now'])
  })

  test('whatever happens, no job is lost, and every one that is not done can still be brought to run', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('enqueue' as const), key: fc.integer({ min: 0, max: 3 }) }),
      fc.record({
        do: fc.constant('run' as const),
        outcome: fc.oneof(
          fc.constant<JobOutcome>({ kind: 'finished' }),
          fc.constant<JobOutcome>({ kind: 'retry', fault }),
          fc.constant<JobOutcome>({ kind: 'attention', fault }),
          fc.constant<JobOutcome>({ kind: 'deferred', by: 'line' }),
          fc.integer({ min: 0, max: 60 }).map((minutes): JobOutcome => ({ kind: 'again', at: now + minutes * MINUTE })),
        ),
      }),
      fc.record({ do: fc.constant('kill' as const) }),
      fc.record({ do: fc.constant('pass' as const), minutes: fc.integer({ min: -2000, max: 2000 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const known = new Set<string>()
        for (const one of steps) {
          if (one.do === 'enqueue') known.add(enqueue({ key: `key-${one.key}` }))
          else if (one.do === 'pass') now += one.minutes * MINUTE
          else if (one.do === 'kill') {
            const [job] = queue.due(1)
            if (job !== undefined) queue.begin(job.id, now)
            queue.recover()
          } else {
            const [job] = queue.due(1)
            if (job !== undefined) run(job.id, one.outcome)
          }
        }
        for (const id of known) {
          const job = get(id)
          expect(['waiting', 'attention', 'done']).toContain(job.state)
          if (job.state === 'attention') store.transaction('officer', (tx) => queue.runNow(tx, id))
        }
        queue.recover()
        const due = new Set(queue.due(100).map(({ id }) => id))
        for (const id of known) if (get(id).state !== 'done') expect(due.has(id)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})

describe('back-off', () => {
  test('grows, stays under a quarter of an hour, and is spread from nothing to its bound', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempts, chance) => {
        const pause = backOff(attempts, chance, MINUTE)
        expect(pause).toBeGreaterThanOrEqual(0)
        expect(pause).toBeLessThanOrEqual(15 * MINUTE)
        expect(backOff(attempts, 0, MINUTE)).toBe(0)
        expect(backOff(attempts + 1, 0.99, MINUTE)).toBeGreaterThanOrEqual(backOff(attempts, 0.99, MINUTE))
      }),
    )
  })
})
