import { z } from 'zod'
import { Id } from '../../../../shared/model/record.ts'
import { deedProcedure, officerProcedure, roleProcedure, router } from '../../api/procedure.ts'
import { openOfficerKey } from '../../identity/officer-keys.ts'

const Pin = z.string().max(64)
const Card = z.string().max(5_000)
const worker = roleProcedure('clerk', 'approver', 'administrator')

export const centralFilesRouter = router({
  /** What others need to write to this office. */
  card: officerProcedure.query(({ ctx }) => ctx.office.centralFiles.card()),

  recipients: officerProcedure.query(({ ctx }) => ctx.office.centralFiles.recipients()),

  /** Whose card it is, and what to compare by voice before it is taken. */
  readCard: roleProcedure('administrator')
    .input(z.object({ text: Card }))
    .query(({ ctx, input }) => ctx.office.centralFiles.readCard(input.text)),

  /** From now on changes can be written to that office: an administrator answers for the key. */
  addRecipient: roleProcedure('administrator')
    .input(z.object({ text: Card, pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await ctx.office.centralFiles.addRecipient(ctx.officer.id, input.text)
      return null
    }),

  /** The file that is being written or read, or was last. */
  work: officerProcedure.query(({ ctx }) => ctx.office.centralFiles.work()),

  cancel: worker.mutation(({ ctx }) => {
    ctx.office.centralFiles.cancel()
    return null
  }),

  exportBegin: worker
    .input(z.object({ to: Id, whole: z.boolean(), pin: Pin }))
    .mutation(({ ctx, input }) => ctx.office.centralFiles.beginExport(ctx.officer, input)),

  exportPiece: worker
    .input(z.object({ id: Id, done: z.int().min(0) }))
    .query(({ ctx, input }) => ctx.office.centralFiles.piece(input.id, input.done)),

  uploadBegin: worker
    .input(z.object({ size: z.int().min(1) }))
    .mutation(({ ctx, input }) => ctx.office.centralFiles.beginUpload(input.size)),

  uploadPiece: worker
    .input(z.object({ id: Id, piece: z.int().min(0), content: z.base64().max(2_000_000) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.office.centralFiles.append(input.id, input.piece, Buffer.from(input.content, 'base64'))
      return null
    }),

  check: worker.input(z.object({ id: Id })).mutation(({ ctx, input }) => ctx.office.centralFiles.check(input.id)),

  importBegin: worker.input(z.object({ id: Id })).mutation(({ ctx, input }) => {
    ctx.office.centralFiles.beginImport(ctx.officer.id, input.id)
    return null
  }),

  discard: worker.input(z.object({ id: Id })).mutation(async ({ ctx, input }) => {
    await ctx.office.centralFiles.discard(input.id)
    return null
  }),

  /** Releases an approved batch to another office for good. */
  handOver: deedProcedure({ deed: 'hand-over', about: ['batchId'] }, 'approver', 'administrator')
    .input(z.object({ batchId: Id, to: Id, pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await ctx.office.centralFiles.handOver(ctx.officer, input)
      return null
    }),
})
