import { EventEmitter, on } from 'node:events'
import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { Id } from '../../../shared/model/record.ts'
import { type OfficerContext, officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import type { Transaction } from '../store/store.ts'

const worker = roleProcedure('clerk', 'approver', 'administrator')
const OneJob = z.object({ jobId: Id })

/** A command on one job, audited, after which the queue is looked at. */
function command(ctx: OfficerContext, work: (transaction: Transaction) => void): null {
  ctx.office.store.transaction(ctx.officer.id, work)
  ctx.office.scheduler.look()
  ctx.office.scheduler.tell()
  return null
}

/** The outbox: what the office does by itself, when, and what it waits for. */
export const outboxRouter = router({
  page: officerProcedure
    .input(z.object({ offset: z.int().min(0), limit: z.int().min(1).max(500), done: z.boolean() }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('outbox.page', input, { signal })),

  /** Says that the outbox changed, so that the screen asks again. */
  changes: officerProcedure.subscription(async function* ({ ctx, signal }) {
    const changes = new EventEmitter<{ change: [] }>()
    const stop = ctx.office.scheduler.onChange(() => void changes.emit('change'))
    try {
      for await (const _ of on(changes, 'change', signal === undefined ? {} : { signal })) yield null
    } finally {
      stop()
    }
  }),

  pause: worker
    .input(OneJob)
    .mutation(({ ctx, input }) => command(ctx, (tx) => ctx.office.scheduler.queue.pause(tx, input.jobId))),

  resume: worker
    .input(OneJob)
    .mutation(({ ctx, input }) => command(ctx, (tx) => ctx.office.scheduler.queue.resume(tx, input.jobId))),

  /** Retry of a job that needs attention, and "run now" of one that waits. */
  runNow: worker.input(OneJob).mutation(({ ctx, input }) =>
    command(ctx, (tx) => {
      const { queue } = ctx.office.scheduler
      const job = queue.find(input.jobId) ?? fail('store.not-found', { kind: 'job' })
      ctx.office.dispatch.prepareRunNow(tx, job)
      queue.runNow(tx, job.id)
    }),
  ),

  /** Slows a recurring job down, or lets it go as fast as the payment manager allows; minutes. */
  setInterval: roleProcedure('administrator')
    .input(z.object({ jobId: Id, minutes: z.int().min(1).max(1440) }))
    .mutation(({ ctx, input }) =>
      command(ctx, (tx) => {
        const { queue } = ctx.office.scheduler
        const job = queue.find(input.jobId) ?? fail('store.not-found', { kind: 'job' })
        if (job.every === null) fail('outbox.job-moved-on')
        const shortest = tx.find('paymentManager', job.key)?.statusCheckInterval ?? 1
        if (input.minutes < shortest) fail('outbox.interval-too-short', { minutes: shortest })
        queue.setEvery(tx, job.id, ctx.office.scheduler.minutes(input.minutes))
      }),
    ),
})
