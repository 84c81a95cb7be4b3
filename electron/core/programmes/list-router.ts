import { z } from 'zod'
import { Id } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { checkList, inspectList, refuseEmpty, runList, undoList } from './list-import.ts'
import { forgetCutOff, wasCutOff } from './open-lists.ts'

const clerk = roleProcedure('clerk')
const CHUNK_LIMIT = 1_400_000
const Column = z.int().min(0).max(499)
const Options = z.object({
  id: Id,
  purpose: z.discriminatedUnion('subject', [
    z.object({ subject: z.literal('enrolments'), programmeId: Id }),
    z.object({ subject: z.literal('entitlements'), cycleId: Id, locale: z.string().max(40) }),
  ]),
  columns: z.object({ number: Column, amount: Column.nullable(), code: Column.nullable() }),
})

/** Lists of registry numbers (CSV or XLSX) that enrol or entitle. A file comes in base64 pieces. */
export const listRouter = router({
  begin: clerk
    .input(z.object({ fileName: z.string().min(1).max(200), size: z.int().min(0) }))
    .mutation(({ ctx, input }) => ({ id: ctx.office.lists.uploads.begin(input.fileName, input.size) })),

  append: clerk
    .input(z.object({ id: Id, piece: z.int().min(0), content: z.base64().max(CHUNK_LIMIT) }))
    .mutation(({ ctx, input }) =>
      ctx.office.lists.uploads.append(input.id, input.piece, Buffer.from(input.content, 'base64')),
    ),

  inspect: clerk
    .input(z.object({ id: Id }))
    .mutation(({ ctx, input }) => inspectList(ctx.office.lists.uploads.file(input.id))),

  check: clerk.input(Options).mutation(async ({ ctx, input }) => {
    const { lists } = ctx.office
    const report = await checkList(ctx.office, lists.uploads.file(input.id), input.purpose, input.columns)
    refuseEmpty(report)
    return report
  }),

  run: clerk.input(Options.extend({ expected: z.int().min(0) })).mutation(async ({ ctx, input }) => {
    const { lists, runs } = ctx.office
    const file = lists.uploads.file(input.id)
    const subject = input.purpose.subject === 'enrolments' ? input.purpose.programmeId : input.purpose.cycleId
    const report = await runs.run(subject, 'importing', input.expected, (control) =>
      runList(ctx.office, ctx.officer.id, file, input.purpose, input.columns, control),
    )
    lists.uploads.discard(input.id)
    return report
  }),

  /** Whether the latest list for a programme or cycle was cut off and taken back. */
  cutOff: officerProcedure
    .input(z.object({ subjectId: Id }))
    .query(({ ctx, input }) => wasCutOff(ctx.office.store, input.subjectId)),

  noteCutOff: clerk.input(z.object({ subjectId: Id })).mutation(({ ctx, input }) => {
    forgetCutOff(ctx.office.store, input.subjectId)
    return null
  }),

  undo: clerk
    .input(z.object({ importId: Id }))
    .mutation(async ({ ctx, input }) => ({ undone: await undoList(ctx.office.store, ctx.officer.id, input.importId) })),

  discard: clerk.input(z.object({ id: Id })).mutation(({ ctx, input }) => {
    ctx.office.lists.uploads.discard(input.id)
    return null
  }),
})
