import { z } from 'zod'
import { OfficeError, type Result } from '../../../../shared/contract/result.ts'
import { Id, Line } from '../../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../../api/procedure.ts'
import { openOfficerKey } from '../../identity/officer-keys.ts'

const Pin = z.string().max(64)
const Reason = Line.min(1)

function orThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new OfficeError(result.error)
}

const given = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal

export const officesRouter = router({
  /** Every office of the district as the central server knows it, and how far it has this one's audit chain. */
  list: officerProcedure.query(async ({ ctx, signal }) =>
    orThrow(await ctx.office.standing.listOffices(given(signal))),
  ),

  /** What an office holds, by the records here. */
  openClaims: officerProcedure
    .input(z.object({ installationId: Id }))
    .query(({ ctx, input }) => ctx.office.standing.openClaimsOf(input.installationId)),

  /** A lost laptop can neither claim nor send any more; not to be taken back. */
  revoke: roleProcedure('administrator')
    .input(z.object({ installationId: Id, reason: Reason, pin: Pin }))
    .mutation(async ({ ctx, input: { installationId, reason, pin }, signal }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, pin)
      return orThrow(
        await ctx.office.standing.revokeOffice({ installationId, officerId: ctx.officer.id, reason }, given(signal)),
      )
    }),

  /** Why the central server is in doubt; null when it is not. */
  serverDoubt: officerProcedure.query(({ ctx }) => ctx.office.standing.findServerDoubt() ?? null),

  /** The server that stands there now is the district's: everything is told to it again. */
  confirmServer: roleProcedure('administrator')
    .input(z.object({ pin: Pin }))
    .mutation(async ({ ctx, input, signal }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await ctx.office.standing.confirmServer(ctx.officer.id, given(signal))
      return null
    }),
})
