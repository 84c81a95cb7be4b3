import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import { type ApiContext, openProcedure, router } from '../api/procedure.ts'
import { changeOwnPin } from './officers.ts'
import type { Sessions } from './sessions.ts'

const Pin = z.string().max(64)

const viewOf = (sessions: Sessions, officer: Officer) => ({
  id: officer.id,
  name: officer.name,
  login: officer.login,
  roles: officer.roles,
  /** The PIN was chosen by an administrator; nothing else is answered until it is changed. */
  mustChangePin: sessions.mustChangePin(officer),
})

function currentOf({ core, client }: ApiContext) {
  const sessions = core.findOffice()?.sessions
  const officer = sessions?.find(client)
  return sessions === undefined || officer === undefined ? null : viewOf(sessions, officer)
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
    const { sessions } = ctx.core.getOffice()
    return viewOf(sessions, await sessions.signIn(ctx.client, input.officerId, input.pin))
  }),

  /** A person at this window typed or pointed at something; keeps it from being locked. */
  active: openProcedure.mutation(({ ctx }) => {
    ctx.core.findOffice()?.sessions.touch(ctx.client)
    return null
  }),

  changePin: openProcedure.input(z.object({ pin: Pin, newPin: Pin })).mutation(async ({ ctx, input }) => {
    const { sessions, store } = ctx.core.getOffice()
    const officer = sessions.find(ctx.client) ?? fail('api.signed-out')
    await changeOwnPin(store, officer, input.pin, input.newPin)
    return viewOf(sessions, officer)
  }),

  signOut: openProcedure.mutation(({ ctx }) => {
    ctx.core.findOffice()?.sessions.signOut(ctx.client)
    return null
  }),
})
