import { z } from 'zod'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'

const Window = z.object({
  limit: z.int().min(1).max(500),
  before: z.int().optional(),
  offset: z.int().min(0).optional(),
  officerId: z.string().optional(),
  action: z.string().optional(),
  subjectKind: z.string().optional(),
  subjectId: z.string().optional(),
  from: z.int().min(0).optional(),
  until: z.int().min(0).optional(),
})

const readerProcedure = roleProcedure('auditor', 'administrator', 'approver')

export const auditRouter = router({
  page: readerProcedure
    .input(Window)
    .query(({ ctx, input, signal }) => ctx.office.reader.run('audit.page', input, { signal })),

  choices: readerProcedure.query(({ ctx, signal }) => ctx.office.reader.run('audit.choices', undefined, { signal })),

  /** What happened to one record; shown on its page. */
  ofSubject: officerProcedure
    .input(z.object({ subjectKind: z.string(), subjectId: z.string(), limit: z.int().min(1).max(200) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('audit.page', input, { signal })),

  verify: roleProcedure('auditor', 'administrator').query(({ ctx, signal }) =>
    ctx.office.reader.run('audit.verify', undefined, { signal }),
  ),
})
