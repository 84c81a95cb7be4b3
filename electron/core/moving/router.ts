import { z } from 'zod'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { findRetirement } from '../store/retirement.ts'
import type { Store } from '../store/store.ts'

const Pin = z.string().max(64)

/** Taking the office to another laptop. */
export const movingRouter = router({
  /** Whether the office lives here, and what would be on its way when it leaves. */
  standing: officerProcedure.query(({ ctx }) => {
    const { store, training, retired, backups } = ctx.office
    const found = retired ? findRetirement(store) : undefined
    return {
      training,
      retired,
      retirement: found === undefined ? null : { at: found.at, by: found.officerId, backup: found.backup },
      folder: found?.folders.at(-1) ?? backups.settings.folder,
      ...onTheWay(store),
    }
  }),

  /** The last backup, and this laptop sends nothing any more; the office closes for it and everybody signs in anew. */
  retire: roleProcedure('administrator')
    .input(z.object({ folder: z.string().trim().min(1).max(1_000), pin: Pin }))
    .mutation(async ({ ctx, input: { folder, pin } }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, pin)
      await ctx.core.retire({ officerId: ctx.officer.id, folder })
      return ctx.core.status()
    }),

  /** Gives a move up whose backup never came about. */
  stayHere: roleProcedure('administrator')
    .input(z.object({ pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await ctx.core.stayHere(ctx.officer.id)
      return ctx.core.status()
    }),
})

/** Batches that wait here to be sent, and payments of which the last word is not there yet. */
function onTheWay(store: Pick<Store, 'sql'>): {
  batches: number
  payments: number
} {
  const count = (text: string): number => store.sql(text).pluck().get() as number
  return {
    batches: count("SELECT count(*) FROM batch WHERE state IN ('queued', 'claimed', 'sending')"),
    payments: count("SELECT count(*) FROM payment WHERE state IN ('sent', 'acknowledged', 'unknown')"),
  }
}
