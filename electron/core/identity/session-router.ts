import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import { type ApiContext, openProcedure, router } from '../api/procedure.ts'
import type { Office } from '../office.ts'
import { actingIn } from './delegations.ts'
import { changeOwnPin } from './officers.ts'
import { findPinUntil, findProviderOf } from './openid/online-limit.ts'

const Pin = z.string().max(64)

/** @param officer as the session gives them */
export function sessionView({ store, sessions }: Pick<Office, 'store' | 'sessions'>, client: string, officer: Officer) {
  const { id, name, login, roles } = officer
  const by = sessions.signedInBy(client)
  const all = actingIn(store, store.get('officer', id), Date.now()).roles
  return {
    id,
    name,
    login,
    roles,
    /** The PIN was chosen by an administrator; nothing else is answered until it is changed. */
    mustChangePin: sessions.mustChangePin(officer),
    by,
    /** Roles that a sign-in at the provider would bring. */
    withheld: all.filter((role) => !roles.includes(role)),
    provider: findProviderOf(store, officer)?.name ?? null,
    /** Until when a PIN is enough, epoch milliseconds; null where nothing limits it. */
    pinUntil: findPinUntil(store, officer) ?? null,
  }
}

function currentOf({ core, client }: ApiContext) {
  const office = core.findOffice()
  const officer = office?.sessions.find(client)
  return office === undefined || officer === undefined ? null : sessionView(office, client, officer)
}

export const sessionRouter = router({
  /** Who is signed in at this window; null when nobody is. */
  current: openProcedure.query(({ ctx }) => currentOf(ctx)),

  /** Says who is signed in, now and at each change: a sign-out may come from elsewhere. */
  follow: openProcedure.subscription(async function* ({ ctx, signal }) {
    let changed = Promise.withResolvers<void>()
    const stop = ctx.core.onSessionChange((client) => {
      if (client === ctx.client) changed.resolve()
    })
    const ended = (): void => changed.resolve()
    signal?.addEventListener('abort', ended, { once: true })
    try {
      while (signal?.aborted !== true) {
        yield currentOf(ctx)
        await changed.promise
        changed = Promise.withResolvers<void>()
      }
    } finally {
      signal?.removeEventListener('abort', ended)
      stop()
    }
  }),

  signIn: openProcedure.input(z.object({ officerId: z.string(), pin: Pin })).mutation(async ({ ctx, input }) => {
    const office = ctx.core.getOffice()
    return sessionView(office, ctx.client, await office.sessions.signIn(ctx.client, input.officerId, input.pin))
  }),

  /** A person at this window typed or pointed at something; keeps it from being locked. */
  active: openProcedure.mutation(({ ctx }) => {
    ctx.core.findOffice()?.sessions.touch(ctx.client)
    return null
  }),

  changePin: openProcedure.input(z.object({ pin: Pin, newPin: Pin })).mutation(async ({ ctx, input }) => {
    const office = ctx.core.getOffice()
    const officer = office.sessions.find(ctx.client) ?? fail('api.signed-out')
    await changeOwnPin(office.store, officer, input.pin, input.newPin)
    return sessionView(office, ctx.client, officer)
  }),

  signOut: openProcedure.mutation(({ ctx }) => {
    ctx.core.findOffice()?.sessions.signOut(ctx.client)
    return null
  }),
})
