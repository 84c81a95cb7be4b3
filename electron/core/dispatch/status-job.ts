import { z } from 'zod'
import type { PaymentState } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { NO_CURRENCY } from '../../../shared/rules/currency.ts'
import { momentMilliseconds } from '../clock/hybrid-clock.ts'
import type { JobKind, JobOutcome } from '../scheduler/job.ts'
import { OFFICE, type Transaction } from '../store/store.ts'
import { isFollowedHere } from './claim.ts'
import { type DispatchContext, STATUS_JOB } from './dispatch-context.ts'
import { lookUp } from './look-up.ts'
import type { Posts } from './posts.ts'

const Input = z.object({
  managerId: z.string(),
  /** The manager's interval when the job got its own, minutes: a change of the setting shows. */
  interval: z.int(),
})

/** The older a batch, the rarer it is asked about: a part of its age, at most so many minutes. */
const PART_OF_AGE = 10
const RAREST = 6 * 60
const RAREST_WHILE_UNKNOWN = 10
/** How much a payment system that says "too many requests" can slow the look-ups down. */
const SLOWEST = 32

/** Money that was paid can come back: a settled batch is asked about for so long, ever more rarely; 3 days. */
const REVERSALS_WATCHED = 3 * 24 * 60

interface AskedBatch {
  readonly batchId: string
  readonly unknown: number
  /** Which of its payments are asked about. */
  readonly states: readonly PaymentState[]
}

const OPEN_STATES = ['sent', 'acknowledged', 'unknown', 'review'] as const satisfies readonly PaymentState[]
const OPEN = `payment.manager_id = ? AND payment.state IN (${OPEN_STATES.map((state) => `'${state}'`).join(', ')})`

/** Asks each payment system again and again what became of the payments that are open there. */
export function statusJob(context: DispatchContext, posts: Posts): JobKind<z.infer<typeof Input>> {
  const { store, time } = context
  /** When a batch is asked about next; forgotten at a restart, which costs one look-up. */
  const nextAt = new Map<string, number>()
  const slowness = new Map<string, number>()

  const intervalOf = (manager: PaymentManager, { batchId, unknown }: AskedBatch): number => {
    const shortest = manager.statusCheckInterval * time.minute
    const batch = batchId === '' ? undefined : store.find('batch', batchId)
    const age = batch === undefined ? 0 : Math.max(0, time.now() - momentMilliseconds(batch.stateAt))
    const longest = (unknown > 0 ? RAREST_WHILE_UNKNOWN : RAREST) * time.minute
    return Math.max(shortest, Math.min(age / PART_OF_AGE, longest))
  }

  const watchedSince = (): number => time.now() - REVERSALS_WATCHED * time.minute

  const openBatches = (manager: PaymentManager): AskedBatch[] => {
    const rows = store
      .sql(
        `SELECT payment.batch_id AS batchId, sum(payment.state = 'unknown') AS unknown,
                sum(payment.state <> 'review') AS moving, coalesce(batch.state_at, '') AS stateAt
         FROM payment LEFT JOIN batch ON batch.id = payment.batch_id
         WHERE ${OPEN} GROUP BY payment.batch_id`,
      )
      .all(manager.id) as { batchId: string; unknown: number; moving: number; stateAt: string }[]
    const since = watchedSince()
    const followed = rows.filter(({ batchId }) => isFollowedHere(context, batchId))
    return followed.map(({ batchId, unknown, moving, stateAt }) => {
      // A batch that only waits for officers is never settled; what it has paid can come back all the same.
      const watchPaid = moving === 0 && stateAt !== '' && momentMilliseconds(stateAt) > since
      return { batchId, unknown, states: watchPaid ? [...OPEN_STATES, 'paid'] : OPEN_STATES }
    })
  }

  const settledBatches = (manager: PaymentManager): AskedBatch[] => {
    const rows = store
      .sql(
        "SELECT id, state_at AS stateAt FROM batch WHERE state = 'settled' AND manager_id = ? ORDER BY state_at DESC",
      )
      .all(manager.id) as { id: string; stateAt: string }[]
    const since = watchedSince()
    return rows
      .filter(({ id, stateAt }) => momentMilliseconds(stateAt) > since && isFollowedHere(context, id))
      .map(({ id }) => ({ batchId: id, unknown: 0, states: ['paid'] }))
  }

  const askAll = async (manager: PaymentManager, signal: AbortSignal): Promise<JobOutcome | undefined> => {
    const owed = store.sql('SELECT 1 FROM look_up_owed WHERE manager_id = ? LIMIT 1').get(manager.id) !== undefined
    for (const batch of [...openBatches(manager), ...settledBatches(manager)]) {
      if (signal.aborted) return { kind: 'deferred', by: 'restart' }
      const due = nextAt.get(batch.batchId) ?? 0
      // A date far ahead was set before the clock was put back.
      const farAhead = due > time.now() + RAREST * time.minute
      if (!owed && !farAhead && due > time.now()) continue
      const currency = store.find('batch', batch.batchId)?.currency ?? NO_CURRENCY
      const rows = store
        .sql(
          `SELECT id, body ->> '$.theirReference' AS theirReference FROM payment
           WHERE batch_id = ? AND state IN (SELECT value FROM json_each(?)) AND manager_id = ?`,
        )
        .all(batch.batchId, JSON.stringify(batch.states), manager.id) as { id: string; theirReference: string }[]
      const asked = rows.map((row) => ({ ...row, currency, batchId: batch.batchId }))
      const result = await lookUp(context, posts, manager, asked, signal)
      if (result.kind === 'put-off') {
        return { kind: 'deferred', by: 'line', until: result.retryAt, fault: result.fault }
      }
      if (result.kind === 'failed') {
        const slower = Math.min(SLOWEST, (slowness.get(manager.id) ?? 1) * 2)
        if (result.slowDown) slowness.set(manager.id, slower)
        const pause = manager.statusCheckInterval * time.minute * (slowness.get(manager.id) ?? 1)
        return { kind: 'retry', fault: result.fault, notBefore: time.now() + pause }
      }
      nextAt.set(batch.batchId, time.now() + intervalOf(manager, batch))
    }
    return undefined
  }

  return {
    kind: STATUS_JOB,
    input: Input,
    sends: false,
    async run({ managerId }, { signal }) {
      const manager = store.get('paymentManager', managerId)
      if (!manager.statusCheckActive || manager.removed) return { kind: 'finished', result: 'off' }
      const stopped = await askAll(manager, signal)
      if (stopped !== undefined) return stopped
      slowness.set(managerId, Math.max(1, (slowness.get(managerId) ?? 1) / 2))
      const pause = manager.statusCheckInterval * time.minute * (slowness.get(managerId) ?? 1)
      // All that was owed after a restore is asked: batches may go on.
      context.scheduler.wakeDeferred('restored')
      return { kind: 'finished', at: time.now() + pause }
    },
  }
}

/** Gives the status jobs the intervals of their managers where an administrator changed one. */
export function followIntervals(context: Pick<DispatchContext, 'store' | 'scheduler' | 'time'>): void {
  const { store, scheduler } = context
  const managers = store.sql('SELECT body FROM payment_manager WHERE removed = 0').pluck().all() as string[]
  for (const body of managers) {
    const manager = JSON.parse(body) as PaymentManager
    const job = scheduler.queue.findByKey(STATUS_JOB, manager.id)
    if (job === undefined || Input.parse(job.input).interval === manager.statusCheckInterval) continue
    store.transaction(OFFICE, (transaction) => enqueueStatusJob(context, transaction, manager))
  }
}

/** One recurring job for each manager that sends. */
export function enqueueStatusJob(
  { scheduler, time }: Pick<DispatchContext, 'scheduler' | 'time'>,
  transaction: Transaction,
  manager: Pick<PaymentManager, 'id' | 'statusCheckInterval'>,
): void {
  const { id: managerId, statusCheckInterval: interval } = manager
  const every = interval * time.minute
  const known = scheduler.queue.findByKey(STATUS_JOB, managerId)
  // An officer may have slowed the job down in the outbox; that holds until the setting itself changes.
  if (known !== undefined && Input.parse(known.input).interval !== interval) {
    scheduler.queue.setEvery(transaction, known.id, every)
  }
  scheduler.enqueue(transaction, {
    kind: STATUS_JOB,
    key: managerId,
    input: { managerId, interval },
    needs: { line: true, endpoint: `status:${managerId}`, officer: [] },
    runAt: time.now() + every,
    every,
  })
}
