import { z } from 'zod'
import { Id, Moment } from '../../../shared/model/record.ts'
import { claimFields } from '../../../shared/rules/person-check/consented-facts.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { pageLanguages } from '../identity/openid/arrival-page.ts'

const clerk = roleProcedure('clerk')
const Person = z.object({ registrantId: Id })
const Field = z.enum([...new Set(Object.values(claimFields))])

/** Registrants show who they are at the officer's table. That somebody is back from the provider, `signIn.finish` tells. */
export const personCheckRouter = router({
  /** By which providers registrants can show who they are; nothing of them but their names. */
  providers: officerProcedure.query(({ ctx }) => ctx.office.signIn.usable('registrants')),

  /** When the registrant last was checked, and what they let be said. */
  standing: officerProcedure
    .input(Person)
    .query(({ ctx, input }) => ctx.office.personChecks.findStanding(input.registrantId) ?? null),

  begin: clerk
    .input(Person.extend({ providerId: Id, language: z.enum(pageLanguages) }))
    .mutation(({ ctx, input }) => ctx.office.personChecks.begin(ctx.client, ctx.officer, input)),

  /** What the registrant at this window let be said, beside the record. */
  view: clerk.input(Person).query(({ ctx, input }) => ctx.office.personChecks.view(ctx.client, input.registrantId)),

  decide: clerk
    .input(
      z.object({
        checkId: Id,
        basedOn: Moment,
        verdict: z.enum(['same', 'another']),
        take: z.array(z.object({ field: Field, value: z.string().max(500) })).max(10),
        sure: z.boolean(),
      }),
    )
    .mutation(({ ctx, input }) => {
      ctx.office.personChecks.decide(ctx.client, ctx.officer, input)
      return null
    }),

  /** Forgets what was shown at this window. */
  drop: clerk.mutation(({ ctx }) => {
    ctx.office.personChecks.drop(ctx.client)
    return null
  }),
})
