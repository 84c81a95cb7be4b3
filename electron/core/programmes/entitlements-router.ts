import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { PaymentState } from '../../../shared/model/payment.ts'
import { EntitlementState } from '../../../shared/model/programme.ts'
import { Amount, Id, Moment } from '../../../shared/model/record.ts'
import { type EntitlementMove, entitlementMoves } from '../../../shared/rules/entitlement-life.ts'
import { deedProcedure, type OfficerContext, officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { inSlices, SLICE } from './enrolments.ts'
import { editAmount, moveEntitlements } from './entitlements.ts'

const Listing = z.object({
  cycleId: Id,
  states: z.array(EntitlementState).max(10),
  paymentStates: z.array(z.union([PaymentState, z.literal('none')])).max(12),
  search: z.string().max(200),
  filter: z.string().max(4000),
})

/** Either the entitlements that were picked, or all that a list shows. */
const Choice = z.union([
  z.object({ ids: z.array(Id).min(1).max(10_000) }),
  Listing.omit({ cycleId: true }).extend({ except: z.array(Id).max(10_000) }),
])

const KIND = {
  submit: 'submitting',
  return: 'returning',
  approve: 'approving',
  reject1: 'cancelling',
  reject2: 'cancelling',
  reject3: 'cancelling',
  cancel: 'cancelling',
  expire: 'cancelling',
  restore: 'returning',
} as const satisfies Record<EntitlementMove, string>

export const entitlementsRouter = router({
  page: officerProcedure
    .input(Listing.extend({ offset: z.int().min(0), limit: z.int().min(1).max(500) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('entitlements.page', input, { signal })),

  editAmount: roleProcedure('clerk')
    .input(z.object({ id: Id, basedOn: Moment, amount: Amount, reason: z.string().trim().min(1).max(200) }))
    .mutation(({ ctx, input }) => editAmount(ctx.office, ctx.officer.id, input)),

  /** One step of the life of many entitlements; which role and whether a PIN is needed, their table says. */
  move: deedProcedure({ deed: 'approve', about: ['cycleId', 'choice'], only: { move: 'approve' } })
    .input(
      z.object({
        cycleId: Id,
        move: z.enum(Object.keys(entitlementMoves) as [EntitlementMove]),
        reason: z.string().trim().max(200),
        pin: z.string().max(64),
        choice: Choice,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { roles, needsReason, isDecision } = entitlementMoves[input.move]
      if (!ctx.officer.roles.some((role) => (roles as readonly string[]).includes(role))) fail('api.not-your-role')
      if (needsReason && input.reason === '') fail('api.input-invalid', { field: 'reason' })
      if (isDecision) await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      const { cycleId, choice } = input
      const total = 'ids' in choice ? choice.ids.length : undefined
      return ctx.office.runs.run(cycleId, KIND[input.move], total, (control) => {
        const slices = 'ids' in choice ? inSlices(choice.ids) : matching(ctx, { cycleId, ...choice })
        return moveEntitlements(ctx.office, ctx.officer, input, slices, control)
      })
    }),
})

/** All that a list shows, in order of id: what is moved out of the list is not met again. */
async function* matching(
  { office }: OfficerContext,
  { except, ...listing }: z.infer<typeof Listing> & { readonly except: readonly string[] },
): AsyncGenerator<readonly string[]> {
  const left = new Set(except)
  let after = ''
  for (;;) {
    const ids = await office.reader.run('entitlements.matching', { ...listing, after, limit: SLICE })
    const last = ids.at(-1)
    if (last === undefined) return
    yield ids.filter((id) => !left.has(id))
    after = last
  }
}
