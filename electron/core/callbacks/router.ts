import { z } from 'zod'
import { CallbackSettings } from '../../../shared/model/callback-settings.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { Id } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { allManagers } from '../identity/signed-change.ts'
import type { Office } from '../office.ts'
import { findBaseAddress, findInboxPassword, findTls, ownAddresses, pathsSince } from './settings.ts'

const Pin = z.string().max(64)
const Pem = z.string().min(1).max(50_000)
const administratorProcedure = roleProcedure('administrator')
/** Calls that the screen lists. */
const LAST = 20

/** Everything about callbacks but what is secret. */
function view({ store, callbacks }: Office) {
  const { settings, listening, inbox } = callbacks
  const since = (kind: PaymentManager['kind'], id: string) => pathsSince(store, kind).get(id) ?? null
  const { last, counts } = inbox.summary(LAST)
  return {
    settings,
    listening,
    addresses: ownAddresses(),
    base: findBaseAddress(settings) ?? '',
    hasCertificate: findTls(store) !== undefined,
    hasInboxPassword: findInboxPassword(store) !== undefined,
    managers: allManagers(store).map(({ id, name, kind, replySigning }) => ({
      id,
      name,
      signed: replySigning !== 'none',
      pathSince: since(kind, id),
    })),
    counts,
    last,
  }
}

export const callbacksRouter = router({
  /** Whether and where this office can be called, and what came lately. */
  status: officerProcedure.query(({ ctx }) => view(ctx.office)),

  save: administratorProcedure
    .input(z.object({ settings: CallbackSettings, pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await ctx.office.callbacks.save(ctx.officer.id, input.settings)
      return view(ctx.office)
    }),

  /** Takes certificate and key; they are never shown again. */
  setCertificate: administratorProcedure
    .input(z.object({ certificate: Pem, key: Pem, pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      await ctx.office.callbacks.setTls(ctx.officer.id, input.certificate, input.key)
      return view(ctx.office)
    }),

  setInboxPassword: administratorProcedure
    .input(z.object({ password: z.string().min(1).max(1_000), pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      ctx.office.callbacks.setInboxPassword(ctx.officer.id, input.password)
      return view(ctx.office)
    }),

  /** A new secret address for a payment manager; shown this once. The one before stops to work. */
  renewPath: administratorProcedure.input(z.object({ managerId: Id, pin: Pin })).mutation(async ({ ctx, input }) => {
    const { store, callbacks } = ctx.office
    const { id, kind } = store.get('paymentManager', input.managerId)
    await openOfficerKey(store, ctx.officer.id, input.pin)
    return { address: callbacks.renewPath(ctx.officer.id, kind, id) }
  }),
})
