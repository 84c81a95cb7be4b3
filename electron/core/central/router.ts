import { z } from 'zod'
import { decidingRole, sideKinds } from '../../../shared/contract/central.ts'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import { CentralSettings } from '../../../shared/model/central.ts'
import { Id } from '../../../shared/model/record.ts'
import { type RecordKind, records } from '../../../shared/model/records.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import type { Office } from '../office.ts'
import { configureCentral } from './configuration.ts'
import { answerRemovals } from './merge/removal-guard.ts'
import { acknowledgeConflict, settleConflict } from './merge/settle-conflict.ts'
import { ConflictSide } from './merge/settlements.ts'
import { overviewOf, resultOf } from './overview.ts'
import { markRefusalSeen } from './refusals.ts'
import { findCentralPassword, findCentralSettings } from './settings.ts'

const Pin = z.string().max(64)
const Kind = z.enum(Object.keys(records) as [RecordKind, ...RecordKind[]])
const Refused = z.enum([...(Object.keys(records) as [RecordKind, ...RecordKind[]]), ...sideKinds])
const Window = { offset: z.int().min(0), limit: z.int().min(1).max(200) }
const administratorProcedure = roleProcedure('administrator')

const settingsOf = ({ store, training }: Office) => ({
  settings: findCentralSettings(store) ?? null,
  hasPassword: findCentralPassword(store) !== undefined,
  training,
})

export const centralRouter = router({
  /** Which central server this office works with, without the password. */
  settings: officerProcedure.query(({ ctx }) => settingsOf(ctx.office)),

  /** Tries the server out and keeps it when all is well; an empty password leaves the one that is kept. */
  configure: administratorProcedure
    .input(z.object({ settings: CentralSettings, password: z.string().max(1_000), pin: Pin }))
    .mutation(async ({ ctx, input, signal }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await configureCentral(ctx.office, ctx.officer.id, input.settings, input.password, signal)
      return settingsOf(ctx.office)
    }),

  leave: administratorProcedure.input(z.object({ pin: Pin })).mutation(async ({ ctx, input }) => {
    await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
    await ctx.office.central.leave(ctx.officer.id)
    return settingsOf(ctx.office)
  }),

  /** How the office and its central server stand, for the chip that every screen shows. */
  overview: officerProcedure.query(async ({ ctx, signal }) =>
    overviewOf(ctx.office, await ctx.office.reader.run('central.waiting', undefined, { signal })),
  ),

  /** Speaks with the server now, and tells what came of it. */
  syncNow: officerProcedure.mutation(async ({ ctx, signal }) => {
    const answer = await ctx.office.central.syncNow(signal)
    if (!answer.ok) throw new OfficeError(answer.error)
    return resultOf(answer.value)
  }),

  /** Whether the central server has exactly this version of a record. */
  receipt: officerProcedure
    .input(z.object({ kind: Kind, id: Id }))
    .query(async ({ ctx, input, signal }) =>
      findCentralSettings(ctx.office.store) === undefined
        ? { configured: false, at: null }
        : { configured: true, at: await ctx.office.reader.run('central.receipt', input, { signal }) },
    ),

  conflicts: officerProcedure
    .input(z.object({ ...Window, settled: z.boolean(), recordId: Id.optional() }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('central.conflicts', input, { signal })),

  conflict: officerProcedure
    .input(z.object({ id: Id }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('central.conflict', input, { signal })),

  refusals: officerProcedure
    .input(z.object(Window))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('central.refusals', input, { signal })),

  /** The officer has read why the server did not take a record. */
  refusalSeen: roleProcedure('clerk', 'approver', 'administrator')
    .input(z.object({ kind: Refused, id: Id }))
    .mutation(({ ctx, input }) => {
      markRefusalSeen(ctx.office, ctx.officer.id, input)
      return null
    }),

  /** Lets one version of each field stand. */
  settleConflict: roleProcedure('clerk', 'administrator')
    .input(z.object({ id: Id, choices: z.record(z.string().max(60), ConflictSide) }))
    .mutation(({ ctx, input }) => {
      const kind = ctx.office.store.sql('SELECT kind FROM central_conflict WHERE id = ?').pluck().get(input.id)
      if (kind !== undefined && !ctx.officer.roles.includes(decidingRole(kind as RecordKind))) fail('api.not-your-role')
      settleConflict(ctx.office.store, ctx.officer.id, input.id, { fields: input.choices })
      return null
    }),

  /** An officer has seen what a rule decided. */
  conflictSeen: roleProcedure('clerk', 'approver', 'administrator')
    .input(z.object({ id: Id }))
    .mutation(({ ctx, input }) => {
      acknowledgeConflict(ctx.office.store, ctx.officer.id, input.id)
      return null
    }),

  /** Whether the records that the server would remove are removed here too. */
  answerRemovals: administratorProcedure
    .input(z.object({ take: z.boolean(), pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      const { store, central } = ctx.office
      answerRemovals(store, ctx.officer.id, input.take, central.serverNow())
      // The page that was stopped is read anew; what comes of it stands in the overview.
      void central.syncNow()
      return null
    }),

  quarantine: officerProcedure
    .input(z.object(Window))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('central.quarantine', input, { signal })),
})
