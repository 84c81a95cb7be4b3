import { z } from 'zod'
import { openProcedure, router } from '../api/procedure.ts'

const FirstAdministrator = z.object({
  name: z.string().trim().min(1).max(200),
  login: z.string().trim().min(1).max(60),
  pin: z.string().max(64),
})

export const setupRouter = router({
  /** What the sign-in screen needs before anybody is signed in. */
  status: openProcedure.query(({ ctx }) => ctx.core.status()),

  /** Opens the training office, making it on the first call. */
  startTraining: openProcedure.mutation(async ({ ctx }) => {
    await ctx.core.openTraining()
    return ctx.core.status()
  }),

  /** Leaves the training office for the real one (or for the choice, when there is none yet). */
  leaveTraining: openProcedure.mutation(async ({ ctx }) => {
    await ctx.core.leaveTraining()
    return ctx.core.status()
  }),

  /** Makes a real office with its first administrator, who becomes its trust root. */
  create: openProcedure
    .input(
      z.object({
        officeName: z.string().trim().min(1).max(200),
        passphrase: z.string().min(12).max(200),
        officer: FirstAdministrator,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      await ctx.core.createOffice(input)
      return ctx.core.status()
    }),

  unlock: openProcedure.input(z.object({ passphrase: z.string().max(200) })).mutation(async ({ ctx, input }) => {
    await ctx.core.unlock(input.passphrase)
    return ctx.core.status()
  }),
})
