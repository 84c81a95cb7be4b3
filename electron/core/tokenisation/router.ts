import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { ItemFilter, MOST_LISTED } from '../../../shared/contract/tokenisation.ts'
import { Day, Id, Moment } from '../../../shared/model/record.ts'
import { ConnectorSettings, ConsentWay } from '../../../shared/model/tokenisation.ts'
import { connectorPresets, usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'
import { sendableFields } from '../../../shared/rules/tokenisation/demographics.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { today } from '../clock/today.ts'
import { previewConnector, removeConnector, saveConnector, setConnectorPassword } from './connectors.ts'
import { findConsent, setConsents } from './consents.ts'
import { adviseDelivery } from './delivery-advice.ts'
import { decideDuplicate } from './duplicates.ts'
import { checkProgram } from './jq/check-program.ts'
import { tryConnector } from './trial.ts'

const Pin = z.string().max(64)
const administrator = roleProcedure('administrator')
const clerk = roleProcedure('clerk')
const After = z.string().max(200).nullable()
const Limit = z.int().min(1).max(500)

/** The newest days and largest areas that a chart shows. */
const CHART = { days: 30, areas: 12 }

const connectorsRouter = router({
  /** All connectors, without anything secret. */
  list: officerProcedure.query(({ ctx }) => ctx.office.tokenisation.views()),

  get: officerProcedure.input(z.object({ id: Id })).query(({ ctx, input }) => {
    const connector = ctx.office.store.get('connector', input.id)
    if (connector.removed) fail('store.not-found', { kind: 'connector' })
    return ctx.office.tokenisation.viewOf(connector)
  }),

  /** Settings to begin with, and the facts that can be sent. */
  presets: officerProcedure.query(() => ({ presets: connectorPresets, fields: sendableFields })),

  /** What is wrong or doubtful about settings; nothing is kept. */
  preview: administrator
    .input(z.object({ id: Id.nullable(), settings: z.record(z.string(), z.unknown()) }))
    .query(({ ctx, input }) => previewConnector(ctx.office.tokenisation.connectorParts, input.id, input.settings)),

  save: administrator
    .input(
      z.object({
        id: Id.nullable(),
        basedOn: Moment.nullable(),
        pin: Pin,
        settings: ConnectorSettings,
        /** This office runs it from now on. */
        runsHere: z.boolean(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { tokenisation } = ctx.office
      return tokenisation.viewOf(await saveConnector(tokenisation.connectorParts, ctx.officer, input))
    }),

  /** Takes the password for ODK Central; it is never shown again. */
  setPassword: administrator
    .input(z.object({ id: Id, password: z.string().min(1).max(1_000) }))
    .mutation(({ ctx, input }) => {
      const { store, tokenisation } = ctx.office
      setConnectorPassword(store, ctx.officer, input.id, input.password)
      return tokenisation.viewOf(store.get('connector', input.id))
    }),

  start: administrator.input(z.object({ id: Id })).mutation(async ({ ctx, input }) => {
    const { store, tokenisation } = ctx.office
    await tokenisation.start(ctx.officer.id, input.id)
    return tokenisation.viewOf(store.get('connector', input.id))
  }),

  stop: administrator.input(z.object({ id: Id })).mutation(async ({ ctx, input }) => {
    const { store, tokenisation } = ctx.office
    await tokenisation.stop(ctx.officer.id, input.id)
    return tokenisation.viewOf(store.get('connector', input.id))
  }),

  remove: administrator
    .input(z.object({ id: Id, basedOn: Moment, pin: Pin }))
    .mutation(({ ctx, input }) => removeConnector(ctx.office, ctx.officer, input)),

  /** What is wrong with an output format. */
  checkProgram: administrator
    .input(z.object({ program: z.string().max(8_000) }))
    .query(({ ctx, input }) => checkProgram(ctx.office.tokenisation.jq, input.program)),

  /** Three people as they would be sent, and what the output format makes of the answers; nothing leaves. */
  tryWithThree: administrator.input(z.object({ settings: ConnectorSettings })).query(({ ctx, input }) => {
    const { store, reader, tokenisation } = ctx.office
    return tryConnector({ store, reader, jq: tokenisation.jq }, input.settings)
  }),

  /** Which way answers can come here; `asks` puts a harmless question to the seeder. */
  delivery: officerProcedure
    .input(z.object({ mtsUrl: z.url(), asks: z.boolean() }))
    .query(({ ctx, input }) => adviseDelivery(ctx.office, input, input.asks)),
})

/** The types of identity numbers that connectors here work with; those of the first one, or the usual ones. */
function typesOf(connectors: readonly { vidType: string; tokenType: string }[]) {
  const { vidType, tokenType } = connectors[0] ?? usualConnector('registry')
  return { vidType, tokenType }
}

const consentsRouter = router({
  /** People with a VID or a token, by what they said. */
  list: officerProcedure
    .input(z.object({ state: z.enum(['given', 'withdrawn', 'none', 'any']), after: After, limit: Limit }))
    .query(async ({ ctx, input, signal }) => {
      const types = typesOf(await ctx.office.tokenisation.views())
      return ctx.office.reader.run('tokenisation.consents', { ...types, ...input }, { signal })
    }),

  of: officerProcedure
    .input(z.object({ registrantId: Id }))
    .query(({ ctx, input }) => findConsent(ctx.office.store, input.registrantId) ?? null),

  /** Writes consent down for one or many. @returns how many were written */
  set: clerk
    .input(
      z.object({
        registrantIds: z.array(Id).min(1).max(50_000),
        given: z.boolean(),
        on: Day,
        how: ConsentWay,
        note: z.string().max(500),
      }),
    )
    .mutation(async ({ ctx, input: { registrantIds, ...entry } }) => ({
      written: await setConsents(ctx.office.store, ctx.officer.id, registrantIds, entry, today()),
    })),
})

export const tokenisationRouter = router({
  connectors: connectorsRouter,
  consents: consentsRouter,

  /** Newest first. */
  runs: officerProcedure
    .input(z.object({ connectorId: Id.nullable(), limit: Limit }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('tokenisation.runs', input, { signal })),

  run: officerProcedure
    .input(z.object({ id: Id }))
    .query(
      async ({ ctx, input, signal }) =>
        (await ctx.office.reader.run('tokenisation.run', input.id, { signal })) ?? fail('tokenisation.no-such-run'),
    ),

  /** People of a run by state and class; what came of each person last where no run is named. */
  items: officerProcedure
    .input(ItemFilter)
    .query(({ ctx, input, signal }) => ctx.office.reader.run('tokenisation.items', input, { signal })),

  /** People whom somebody has to correct; the next run takes whoever was. */
  toCorrect: officerProcedure
    .input(z.object({ class: z.string().max(20).nullable(), after: After, limit: Limit }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('tokenisation.to-correct', input, { signal })),

  /** How far the registry has come. */
  coverage: officerProcedure.query(async ({ ctx, signal }) => {
    const types = typesOf(await ctx.office.tokenisation.views())
    const now = Date.now()
    const ahead = -new Date(now).getTimezoneOffset()
    return ctx.office.reader.run('tokenisation.coverage', { ...types, ...CHART, now, ahead }, { signal })
  }),

  /** Runs a connector now: for everybody who is due, or for chosen people. @returns the run */
  runNow: clerk
    .input(z.object({ connectorId: Id, registrantIds: z.array(Id).min(1).max(50_000).nullable() }))
    .mutation(async ({ ctx, input }) => ({
      runId: await ctx.office.tokenisation.runNow(ctx.officer.id, input.connectorId, input.registrantIds),
    })),

  /** Who of an imported file can be sent, and what stands in the way of the others. */
  imported: officerProcedure.input(z.object({ importId: Id })).query(async ({ ctx, input, signal }) => {
    const types = typesOf(await ctx.office.tokenisation.views())
    return ctx.office.reader.run('tokenisation.imported', { ...types, ...input }, { signal })
  }),

  /** Who is meant by the registry numbers, VIDs or ids of a list. */
  listed: clerk
    .input(z.object({ entries: z.array(z.string().min(1).max(128)).min(1).max(MOST_LISTED) }))
    .mutation(async ({ ctx, input, signal }) => {
      const { vidType } = typesOf(await ctx.office.tokenisation.views())
      return ctx.office.reader.run('tokenisation.listed', { vidType, ...input }, { signal })
    }),

  stopRun: clerk
    .input(z.object({ runId: Id }))
    .mutation(({ ctx, input }) => ctx.office.tokenisation.stopRun(ctx.officer.id, input.runId)),

  duplicates: officerProcedure
    .input(z.object({ open: z.boolean() }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('tokenisation.duplicates', input, { signal })),

  decideDuplicate: clerk
    .input(z.object({ id: Id, verdict: z.enum(['same-person', 'different-people']), note: z.string().max(500) }))
    .mutation(({ ctx, input }) => decideDuplicate(ctx.office.store, ctx.officer.id, input, Date.now())),
})
