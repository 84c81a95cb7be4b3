import { z } from 'zod'
import { openProcedure, router } from '../api/procedure.ts'

export const sessionRouter = router({
  /** Who is signed in at this window; null when nobody is. */
  current: openProcedure.query(({ ctx }) => {
    const officer = ctx.core.findOffice()?.sessions.find(ctx.client)
    return officer === undefined
      ? null
      : { id: officer.id, name: officer.name, login: officer.login, roles: officer.roles }
  }),

  signIn: openProcedure
    .input(z.object({ officerId: z.string(), pin: z.string().max(64) }))
    .mutation(async ({ ctx, input }) => {
      const officer = await ctx.core.getOffice().sessions.signIn(ctx.client, input.officerId, input.pin)
      return { id: officer.id, name: officer.name, login: officer.login, roles: officer.roles }
    }),

  signOut: openProcedure.mutation(({ ctx }) => {
    ctx.core.findOffice()?.sessions.signOut(ctx.client)
    return null
  }),
})
