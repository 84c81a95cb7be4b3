import { z } from 'zod'
import { PartKey } from '../../../../shared/model/payment.ts'
import { Id } from '../../../../shared/model/record.ts'
import { deedProcedure, officerProcedure, roleProcedure, router } from '../../api/procedure.ts'
import { openOfficerKey } from '../../identity/officer-keys.ts'

const Pin = z.string().max(64)
const Reason = z.string().trim().max(200)
const CHUNK_LIMIT = 1_400_000
const sender = roleProcedure('clerk', 'approver')
const Upload = z.object({ batchId: Id, uploadId: Id })

/** Payments by file: copies that officers take, and results that they bring back. */
export const filesRouter = router({
  view: officerProcedure.input(z.object({ batchId: Id })).query(({ ctx, input }) => ({
    files: ctx.office.files.view(input.batchId),
    results: ctx.office.results.applied(input.batchId),
  })),

  /** Hands a numbered copy out: the step that cannot be taken back, so the PIN is asked again. */
  takeCopy: deedProcedure({ deed: 'send', about: ['batchId', 'part'] }, 'clerk', 'approver')
    .input(z.object({ batchId: Id, part: PartKey, reason: Reason, pin: Pin }))
    .mutation(async ({ ctx, input: { pin, ...wish }, signal }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, pin)
      return ctx.office.files.takeCopy(ctx.officer.id, wish, signal ?? new AbortController().signal)
    }),

  /** Takes back files of which no copy was ever taken. */
  withdraw: deedProcedure({ deed: 'settle', about: ['batchId'] }, 'clerk', 'approver')
    .input(z.object({ batchId: Id, reason: Reason.min(1), pin: Pin }))
    .mutation(async ({ ctx, input: { pin, ...wish } }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, pin)
      return { payments: ctx.office.files.withdraw(ctx.officer.id, wish) }
    }),

  /** Whether a voucher was made here, and for which payment. */
  checkVoucher: officerProcedure
    .input(z.object({ text: z.string().max(200) }))
    .mutation(({ ctx, input }) => ctx.office.files.checkVoucher(input.text)),

  beginResults: sender
    .input(z.object({ fileName: z.string().min(1).max(200), size: z.int().min(0) }))
    .mutation(({ ctx, input }) => ({ uploadId: ctx.office.results.begin(input.fileName, input.size) })),

  appendResults: sender
    .input(z.object({ uploadId: Id, piece: z.int().min(0), content: z.base64().max(CHUNK_LIMIT) }))
    .mutation(({ ctx, input }) =>
      ctx.office.results.uploads.append(input.uploadId, input.piece, Buffer.from(input.content, 'base64')),
    ),

  previewResults: sender
    .input(Upload)
    .mutation(({ ctx, input }) => ctx.office.results.preview(input.batchId, input.uploadId)),

  /** Takes results in as they were shown; the PIN is asked again. */
  applyResults: deedProcedure({ deed: 'settle', about: ['batchId', 'digest'] }, 'clerk', 'approver')
    .input(Upload.extend({ digest: z.string().length(64), pin: Pin }))
    .mutation(async ({ ctx, input: { pin, ...wish } }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, pin)
      return ctx.office.results.apply(ctx.officer.id, wish)
    }),

  discardResults: sender.input(z.object({ uploadId: Id })).mutation(({ ctx, input }) => {
    ctx.office.results.uploads.discard(input.uploadId)
    return null
  }),
})
