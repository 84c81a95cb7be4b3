import { z } from 'zod'
import { UpdateSettings } from '../../../shared/model/update.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'

const administrator = roleProcedure('administrator')
const Pin = z.string().min(1).max(20)

/** New versions of the program. */
export const updatesRouter = router({
  status: officerProcedure.query(({ ctx }) => ctx.office.updates.status),

  /** Whose announcements count and where they are looked for: asks for the PIN, since what is installed can do anything. */
  change: administrator.input(z.object({ settings: UpdateSettings, pin: Pin })).mutation(async ({ ctx, input }) => {
    await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
    ctx.office.updates.change(ctx.officer.id, input.settings)
    return null
  }),

  /** Looks into the channel now; the status tells how it goes. */
  check: administrator.mutation(({ ctx }) => {
    ctx.office.updates.check(true)
    return null
  }),

  takeFrom: administrator
    .input(z.object({ folder: z.string().trim().min(1).max(1_000) }))
    .mutation(({ ctx, input }) => {
      ctx.office.updates.takeFrom(input.folder)
      return null
    }),

  /** Closes the office and installs what lies ready. */
  install: administrator.input(z.object({ pin: Pin })).mutation(async ({ ctx, input }) => {
    await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
    ctx.core.requireInstaller()
    ctx.office.updates.install(ctx.officer.id, (order) => ctx.core.install(order))
    return null
  }),
})
