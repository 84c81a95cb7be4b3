import { z } from 'zod'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'

const Filter = z.object({
  before: z.int().optional(),
  limit: z.int().min(1).max(500),
  officerId: z.string().optional(),
  action: z.string().optional(),
  subjectKind: z.string().optional(),
  subjectId: z.string().optional(),
})

export const auditRouter = router({
  page: roleProcedure('auditor', 'administrator', 'approver')
    .input(Filter)
    .query(({ ctx, input, signal }) => ctx.office.reader.run('audit.page', input, { signal })),

  /** What happened to one record; shown on its page. */
  ofSubject: officerProcedure
    .input(z.object({ subjectKind: z.string(), subjectId: z.string(), limit: z.int().min(1).max(200) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('audit.page', input, { signal })),

  verify: roleProcedure('auditor', 'administrator').query(({ ctx, signal }) =>
    ctx.office.reader.run('audit.verify', undefined, { signal }),
  ),
})
