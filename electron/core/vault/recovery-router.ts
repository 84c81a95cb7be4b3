import { z } from 'zod'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'

export const recoveryRouter = router({
  /** When the recovery key was made and proven; never the key. */
  status: officerProcedure.query(({ ctx }) => ctx.office.recovery.status),

  /** Makes a recovery key and tells it this one time. */
  make: roleProcedure('administrator')
    .input(z.object({ pin: z.string().max(64) }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      return ctx.office.recovery.make(ctx.officer.id)
    }),

  /** The administrator types the newest key back from paper. */
  prove: roleProcedure('administrator')
    .input(z.object({ recoveryKey: z.string().max(200) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.office.recovery.prove(ctx.officer.id, input.recoveryKey)
      return ctx.office.recovery.status
    }),
})
