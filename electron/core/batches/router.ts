import { z } from 'zod'
import { BatchState } from '../../../shared/model/batch.ts'
import { PaymentState } from '../../../shared/model/payment.ts'
import { Id } from '../../../shared/model/record.ts'
import { deedProcedure, officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { today } from '../clock/today.ts'
import { decideBatch, decisionRulings } from './decide.ts'
import { groupFindings } from './finding-groups.ts'
import { prepareCycle, preparingProgress } from './prepare.ts'
import { putPaymentsAside } from './put-aside.ts'
import { submitBatch } from './submit.ts'

const Window = { offset: z.int().min(0), limit: z.int().min(1).max(500) }

export const batchesRouter = router({
  page: officerProcedure
    .input(
      z.object({
        ...Window,
        states: z.array(BatchState).optional(),
        cycleId: Id.optional(),
        programmeId: Id.optional(),
        attention: z.boolean().optional(),
        text: z.string().max(200).optional(),
      }),
    )
    .query(({ ctx, input, signal }) =>
      ctx.office.reader.run('batches.page', { ...input, now: Date.now() }, { signal }),
    ),

  tally: officerProcedure
    .input(z.object({ cycleId: Id.optional(), programmeId: Id.optional() }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('batches.tally', input, { signal })),

  cycles: officerProcedure.query(({ ctx, signal }) => ctx.office.reader.run('batches.cycles', undefined, { signal })),

  open: officerProcedure
    .input(z.object({ batchId: Id }))
    .query(({ ctx, input, signal }) =>
      ctx.office.reader.run('batches.open', { ...input, now: Date.now() }, { signal }),
    ),

  payments: officerProcedure
    .input(
      z.object({
        ...Window,
        batchId: Id.optional(),
        cycleId: Id.optional(),
        registrantId: Id.optional(),
        states: z.array(PaymentState).optional(),
        reasonCode: z.string().max(80).optional(),
        text: z.string().max(200).optional(),
      }),
    )
    .query(({ ctx, input, signal }) => ctx.office.reader.run('payments.page', input, { signal })),

  reasons: officerProcedure
    .input(z.object({ cycleId: Id, state: PaymentState }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('payments.reasons', input, { signal })),

  payment: officerProcedure
    .input(z.object({ paymentId: Id }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('payments.open', input, { signal })),

  /** What preparing this cycle would make, without making it. */
  plan: officerProcedure.input(z.object({ cycleId: Id })).query(async ({ ctx, input, signal }) => {
    const plan = await ctx.office.reader.run('batches.plan', { ...input, day: today() }, { signal })
    return {
      batches: plan.batches.map(({ tagName, payments }) => ({
        tagName,
        count: payments.length,
        sum: payments.reduce((sum, { amount }) => sum + amount, 0),
      })),
      blocked: groupFindings(
        plan.blocked.flatMap(({ paymentId, blocked }) =>
          blocked === null ? [] : [{ ...blocked, severity: 'blocks' as const, paymentId }],
        ),
        plan.blocked,
      ),
      currency: ctx.office.store.get('programme', ctx.office.store.get('cycle', input.cycleId).programmeId).currency,
      obstacles: plan.obstacles,
    }
  }),

  prepare: roleProcedure('clerk')
    .input(z.object({ cycleId: Id }))
    .mutation(({ ctx, input }) => prepareCycle(ctx.office, { ...input, day: today(), officerId: ctx.officer.id })),

  /** Payments done so far and to do; null when nobody prepares the cycle. */
  preparing: officerProcedure
    .input(z.object({ cycleId: Id }))
    .query(({ input }) => preparingProgress(input.cycleId) ?? null),

  /** Pre-flight of a batch against the registry as it is now. */
  check: officerProcedure.input(z.object({ batchId: Id })).query(async ({ ctx, input, signal }) => {
    const { cycleId } = ctx.office.store.get('batch', input.batchId)
    const check = await ctx.office.reader.run('batches.check', { ...input, cycleId, day: today() }, { signal })
    const payable = check.payments.filter(({ blocked }) => blocked === null)
    return {
      /** Findings about all payments together. */
      general: check.findings.filter(({ paymentId }) => paymentId === undefined),
      groups: groupFindings(check.findings, check.payments),
      /** Payments whose entitlement is gone. */
      missing: check.missing.length,
      examined: check.payments.length + check.missing.length,
      payable: { count: payable.length, sum: payable.reduce((sum, { amount }) => sum + amount, 0) },
    }
  }),

  submit: roleProcedure('clerk')
    .input(z.object({ batchId: Id }))
    .mutation(async ({ ctx, input }) => {
      const { submission, left } = await submitBatch(ctx.office, {
        ...input,
        day: today(),
        officerId: ctx.officer.id,
        now: Date.now(),
      })
      const { lines, ...head } = submission
      return { submission: head, left }
    }),

  /** Why this officer may not approve or return the latest submission; null where nothing stands against it. */
  rulings: officerProcedure
    .input(z.object({ batchId: Id, submissionId: Id, digest: z.string().length(64) }))
    .query(({ ctx, input }) => decisionRulings(ctx.office.store, ctx.officer, input)),

  putAside: roleProcedure('clerk')
    .input(z.object({ batchId: Id, paymentIds: z.array(Id).min(1).max(10_000), reason: z.string().max(200) }))
    .mutation(({ ctx, input }) =>
      putPaymentsAside(ctx.office, { ...input, officerId: ctx.officer.id, now: Date.now() }),
    ),

  decide: deedProcedure(
    { deed: 'approve', about: ['batchId', 'submissionId'], only: { verdict: 'approve' } },
    'approver',
  )
    .input(
      z.object({
        batchId: Id,
        submissionId: Id,
        digest: z.string().length(64),
        verdict: z.enum(['approve', 'return']),
        reason: z.string().max(500),
        pin: z.string().max(64),
      }),
    )
    .mutation(({ ctx, input }) =>
      decideBatch(ctx.office, ctx.officer, input, Date.now(), (tx, batch) =>
        ctx.office.dispatch.queueApprovedBatch(tx, batch),
      ),
    ),
})
