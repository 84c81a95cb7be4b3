import { z } from 'zod'
import { OfficeError } from '../../../shared/contract/result.ts'
import { PartKey } from '../../../shared/model/payment.ts'
import { Amount, Id, Line } from '../../../shared/model/record.ts'
import { evidenceFindings } from '../../../shared/rules/payment-life.ts'
import { deedProcedure, officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { openSignatory } from '../identity/signed-change.ts'
import type { LookUpResult } from './look-up.ts'

const Pin = z.string().max(64)
const Reason = z.string().trim().min(1).max(200)

/** A look-up that an officer asked for: its fault is the officer's answer. */
function answerOf(result: LookUpResult): { readonly answered: number } {
  if (result.kind === 'done') return { answered: result.answered }
  throw new OfficeError(result.fault)
}

export const dispatchRouter = router({
  /** Line, payment systems and the office's own doubts; what home and the outbox put into words. */
  status: officerProcedure.query(({ ctx }) => ctx.office.dispatch.status()),

  /** Sends approved batches; the PIN is asked again. */
  send: deedProcedure({ deed: 'send', about: ['batchIds'] }, 'clerk', 'approver')
    .input(z.object({ batchIds: z.array(Id).min(1).max(1000), pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      ctx.office.dispatch.send(ctx.officer.id, input.batchIds)
      return null
    }),

  cancel: roleProcedure('clerk', 'approver')
    .input(z.object({ batchId: Id, reason: Reason, pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await ctx.office.dispatch.cancel(ctx.officer.id, input.batchId, input.reason)
      return null
    }),

  hold: roleProcedure('clerk', 'approver', 'administrator')
    .input(z.object({ batchId: Id, reason: Reason }))
    .mutation(({ ctx, input }) => {
      ctx.office.dispatch.hold(ctx.officer.id, input.batchId, input.reason)
      return null
    }),

  release: roleProcedure('clerk', 'approver', 'administrator')
    .input(z.object({ batchId: Id }))
    .mutation(({ ctx, input }) => {
      ctx.office.dispatch.release(ctx.officer.id, input.batchId)
      return null
    }),

  leaveOut: roleProcedure('clerk', 'approver', 'administrator')
    .input(z.object({ paymentId: Id }))
    .mutation(({ ctx, input }) => {
      ctx.office.dispatch.leaveOut(ctx.officer.id, input.paymentId)
      return null
    }),

  holdPayment: roleProcedure('clerk', 'approver', 'administrator')
    .input(z.object({ paymentId: Id, held: z.boolean() }))
    .mutation(({ ctx, input }) => {
      ctx.office.dispatch.holdPayment(ctx.officer.id, input.paymentId, input.held)
      return null
    }),

  /** The one switch; anybody who sends or administers may stop, and let it go on. */
  stopAll: roleProcedure('clerk', 'approver', 'administrator')
    .input(z.object({ stopped: z.boolean() }))
    .mutation(({ ctx, input }) => {
      ctx.office.dispatch.stopAll(ctx.officer.id, input.stopped)
      return null
    }),

  checkBatch: officerProcedure
    .input(z.object({ batchId: Id }))
    .mutation(async ({ ctx, input, signal }) =>
      answerOf(await ctx.office.dispatch.checkBatch(input.batchId, signal ?? new AbortController().signal)),
    ),

  checkPayment: officerProcedure
    .input(z.object({ paymentId: Id }))
    .mutation(async ({ ctx, input, signal }) =>
      answerOf(await ctx.office.dispatch.checkPayment(input.paymentId, signal ?? new AbortController().signal)),
    ),

  /** Where each part of a batch stands, and what an approver may do about it. */
  parts: officerProcedure
    .input(z.object({ batchId: Id }))
    .query(({ ctx, input }) => ctx.office.dispatch.parts(input.batchId)),

  approveResend: deedProcedure({ deed: 'approve', about: ['batchId', 'part'] }, 'approver')
    .input(z.object({ batchId: Id, part: PartKey, pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      ctx.office.dispatch.approveResend(ctx.officer.id, input.batchId, input.part)
      return null
    }),

  evidence: officerProcedure
    .input(z.object({ paymentId: Id }))
    .query(({ ctx, input }) => ctx.office.dispatch.evidenceOf(input.paymentId, ctx.officer)),

  recordEvidence: deedProcedure({ deed: 'settle', about: ['paymentId'] }, 'approver')
    .input(
      z.object({
        paymentId: Id,
        finding: z.enum(evidenceFindings),
        amount: Amount.nullable(),
        reference: Line.min(1),
        document: Line.min(1),
        pin: Pin,
      }),
    )
    .mutation(async ({ ctx, input: { pin, ...finding } }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, pin)
      return { evidenceId: ctx.office.dispatch.recordEvidence(ctx.officer.id, finding) }
    }),

  confirmEvidence: deedProcedure({ deed: 'settle', about: ['evidenceId'] }, 'administrator')
    .input(z.object({ evidenceId: Id, pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      ctx.office.dispatch.confirmEvidence(ctx.officer.id, input.evidenceId)
      return null
    }),

  /** Takes a batch over from another office, after every open payment of it was looked up; may take as long as that. */
  takeOver: deedProcedure({ deed: 'hand-over', about: ['batchId'] }, 'administrator')
    .input(z.object({ batchId: Id, reason: Reason, pin: Pin }))
    .mutation(async ({ ctx, input: { batchId, reason, pin }, signal }) => {
      const signatory = await openSignatory(ctx.office.store, ctx.officer, pin)
      await ctx.office.dispatch.takeOver(signatory, { batchId, reason }, signal ?? new AbortController().signal)
      return null
    }),

  confirmRestored: roleProcedure('administrator')
    .input(z.object({ pin: Pin }))
    .mutation(async ({ ctx, input, signal }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await ctx.office.dispatch.confirmRestored(ctx.officer.id, signal)
      return null
    }),

  /** Says that no other office sends this district's payments; without a central server nothing is sent before. */
  declareSoleOffice: roleProcedure('administrator')
    .input(z.object({ pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      ctx.office.dispatch.declareSoleOffice(ctx.officer.id)
      return null
    }),
})
