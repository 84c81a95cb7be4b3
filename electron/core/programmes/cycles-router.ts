import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { Cycle } from '../../../shared/model/programme.ts'
import { Id, Moment } from '../../../shared/model/record.ts'
import { cycleMoveNames, cycleMoves } from '../../../shared/rules/cycle-life.ts'
import { deedProcedure, officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { createCycle, moveCycle, updateCycle } from './cycles.ts'
import { generateEntitlements } from './generation.ts'

const Settings = Cycle.pick({ name: true, startDate: true, endDate: true, ceiling: true })

export const cyclesRouter = router({
  view: officerProcedure
    .input(z.object({ cycleId: Id }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('cycles.view', input, { signal })),

  create: roleProcedure('clerk', 'administrator')
    .input(z.object({ programmeId: Id, settings: Settings }))
    .mutation(({ ctx, input }) => createCycle(ctx.office, ctx.officer.id, input.programmeId, input.settings)),

  update: roleProcedure('clerk', 'administrator')
    .input(z.object({ id: Id, basedOn: Moment, settings: Settings }))
    .mutation(({ ctx, input }) => updateCycle(ctx.office, ctx.officer, input.id, input.basedOn, input.settings)),

  /** Drafts entitlements for everybody enrolled who is paid. */
  generate: roleProcedure('clerk')
    .input(z.object({ cycleId: Id, source: z.enum(['rule', 'previous']) }))
    .mutation(({ ctx, input }) => generateEntitlements(ctx.office, ctx.officer.id, input.cycleId, input.source)),

  /** One step of the cycle's life; which role and whether a PIN is needed, its table says. */
  move: deedProcedure({ deed: 'approve', about: ['cycleId'], only: { move: 'approve' } })
    .input(
      z.object({
        cycleId: Id,
        move: z.enum(cycleMoveNames),
        reason: z.string().trim().max(200),
        pin: z.string().max(64),
        acknowledgedOpen: z.int().min(0).nullable(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { roles, needsPin, needsReason } = cycleMoves[input.move]
      if (!ctx.officer.roles.some((role) => (roles as readonly string[]).includes(role))) fail('api.not-your-role')
      if (needsReason && input.reason === '') fail('api.input-invalid', { field: 'reason' })
      if (needsPin) await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      return moveCycle(ctx.office, ctx.officer, input)
    }),

  statement: officerProcedure
    .input(
      z.object({ cycleId: Id, code: z.string().nullable(), offset: z.int().min(0), limit: z.int().min(0).max(500) }),
    )
    .query(({ ctx, input, signal }) => ctx.office.reader.run('cycles.statement', input, { signal })),

  /** The cycle's list as CSV, part by part. */
  export: officerProcedure
    .input(z.object({ cycleId: Id, after: z.string().max(64) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('cycles.export', input, { signal })),
})
