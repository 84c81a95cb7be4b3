import { z } from 'zod'
import { OfficeError } from '../../../shared/contract/result.ts'
import { Id, Line } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { findCentralSettings } from '../central/settings.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { findLostLaptops, lostSteps, noteLost, OWN_FORMER, tickStep } from './lost-laptops.ts'

/** An installation, or the former laptop of this one. */
const LaptopId = Id

/** Laptops that were lost or stolen, and what is done about each. */
export const lostRouter = router({
  /** Every one that was reported here, newest first, with what there is to do. */
  list: officerProcedure.query(({ ctx }) => {
    const { store, dispatch } = ctx.office
    const doubt = dispatch.status().doubt?.code
    return {
      central: findCentralSettings(store) !== undefined,
      laptops: findLostLaptops(store)
        .toReversed()
        .map(({ id, name, at, by, reason }) => ({ id, name, at, by, reason, steps: lostSteps(store, id, doubt) })),
    }
  }),

  /**
   * Reports a laptop as lost, and takes its right to claim and to send away at the central server. Where that cannot be reached
   * now the report stands, and the same call again does the rest.
   */
  report: roleProcedure('administrator')
    .input(z.object({ id: LaptopId, name: z.string().trim().max(200), reason: Line.min(1), pin: z.string().max(64) }))
    .mutation(async ({ ctx, input: { id, name, reason, pin }, signal = new AbortController().signal }) => {
      const { store, standing } = ctx.office
      await openOfficerKey(store, ctx.officer.id, pin)
      noteLost(store, ctx.officer.id, { id, name, reason, at: Date.now() })
      if (id === OWN_FORMER) return null
      const revoked = await standing.revokeOffice({ installationId: id, officerId: ctx.officer.id, reason }, signal)
      if (!revoked.ok) throw new OfficeError(revoked.error)
      tickStep(store, ctx.officer.id, { id, step: 'revoke', done: true })
      return null
    }),

  /** Says that a step is done which nothing here shows, or takes that back. */
  tick: roleProcedure('administrator')
    .input(z.object({ id: LaptopId, step: z.string().max(100), done: z.boolean() }))
    .mutation(({ ctx, input }) => {
      const { store, dispatch } = ctx.office
      const known = lostSteps(store, input.id, dispatch.status().doubt?.code)
      // What the records show is not a matter of ticks.
      if (known.some(({ step, byHand }) => step === input.step && byHand)) tickStep(store, ctx.officer.id, input)
      return null
    }),
})
