import { z } from 'zod'
import { KeepingRules } from '../../../shared/model/keeping.ts'
import { Id } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'

const administrator = roleProcedure('administrator')
const Pin = z.string().max(64)

/** Rules by which what is kept is removed, and erasing one person. */
export const keepingRouter = router({
  status: officerProcedure.query(({ ctx }) => ctx.office.keeping.status),

  /** What these rules would remove now. */
  preview: administrator
    .input(z.object({ rules: KeepingRules, offset: z.int().min(0), limit: z.int().min(1).max(200) }))
    .query(({ ctx, input: { rules, ...page }, signal }) => ctx.office.keeping.preview(rules, page, signal)),

  change: administrator
    .input(z.object({ before: KeepingRules, rules: KeepingRules, pin: Pin }))
    .mutation(async ({ ctx, input: { before, rules, pin } }) => {
      await ctx.office.keeping.change(ctx.officer, pin, before, rules)
      return null
    }),

  /** What goes and what stays when somebody is erased, and what stands in the way. */
  person: administrator
    .input(z.object({ id: Id }))
    .query(({ ctx, input, signal }) => ctx.office.keeping.person(input.id, signal)),

  erase: administrator.input(z.object({ id: Id, pin: Pin })).mutation(async ({ ctx, input }) => {
    await ctx.office.keeping.erase(ctx.officer, input.pin, input.id)
    return null
  }),
})
