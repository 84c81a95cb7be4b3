import { z } from 'zod'
import { Id } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'

const Scope = z.object({ cycleId: Id, batchId: Id.nullable() })

export const mapperRouter = router({
  /** How the accounts of a cycle or a batch are known; null where they come from the registry. */
  standing: officerProcedure.input(Scope).query(({ ctx, input, signal }) => ctx.office.mapper.standing(input, signal)),

  /** Asks about everybody who would be paid; goes on by itself, also later when there is no line now. */
  ask: roleProcedure('clerk', 'approver')
    .input(Scope.extend({ renew: z.boolean() }))
    .mutation(({ ctx, input: { renew, ...scope } }) => {
      ctx.office.mapper.ask(ctx.officer.id, scope, renew)
      return null
    }),

  callOff: roleProcedure('clerk', 'approver')
    .input(Scope)
    .mutation(({ ctx, input }) => {
      ctx.office.mapper.callOff(ctx.officer.id, input)
      return null
    }),

  /** Asks about one person; changes nothing and shows the account masked. */
  tryOne: roleProcedure('administrator')
    .input(z.object({ managerId: Id, registrantId: Id }))
    .mutation(({ ctx, input, signal }) =>
      ctx.office.mapper.tryOne(input.managerId, input.registrantId, signal ?? new AbortController().signal),
    ),
})
