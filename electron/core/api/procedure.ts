import { initTRPC } from '@trpc/server'
import { fail } from '../../../shared/contract/result.ts'
import type { Officer, Role } from '../../../shared/model/officer.ts'
import type { Core } from '../core.ts'
import { type DeedOf, findSubject } from '../identity/openid/step-up.ts'
import type { Office } from '../office.ts'

/** What every procedure gets: the core, and who is asking. */
export interface ApiContext {
  readonly core: Core
  /** The window or browser session that asks. */
  readonly client: string
}

/** Who may call a procedure. A procedure without it cannot be called at all. */
export interface ApiMeta {
  readonly access: 'anybody' | 'signed-in' | readonly Role[]
  /** Set where it hands money over, or says that it was: the officer's provider may want to see them once more before. */
  readonly deed?: DeedOf
}

const t = initTRPC.context<ApiContext>().meta<ApiMeta>().create({
  // Every fault leaves as a value of the catalogue (`answer.ts`); tRPC's own shape never reaches a screen.
  isDev: false,
})

export const router = t.router

/** Before an office is open or an officer signed in: first-run choice, unlocking, the sign-in list. */
export const openProcedure = t.procedure.meta({ access: 'anybody' })

/** What an office that moved away is still good for: what is exported, checked and learnt from it; and how the move ends. */
const doneInRetirement: ReadonlySet<string> = new Set([
  'setup.lock',
  'audit.exportBegin',
  'audit.exportEnd',
  'upkeep.run',
  'upkeep.note',
  'registry.exportBegin',
  'registry.reveal',
  'moving.retire',
  'moving.stayHere',
])

const inOffice = t.middleware(async ({ ctx, next, meta, type, path, getRawInput }) => {
  const office = ctx.core.getOffice()
  const officer = office.sessions.find(ctx.client) ?? fail('api.signed-out')
  if (office.sessions.mustChangePin(officer)) fail('identity.change-pin-first')
  const access = meta?.access ?? fail('api.not-your-role')
  if (access !== 'anybody' && access !== 'signed-in' && !officer.roles.some((role) => access.includes(role))) {
    fail('api.not-your-role')
  }
  if (office.retired && type === 'mutation' && !doneInRetirement.has(path)) fail('moving.retired')
  // Screens ask by themselves; only a command is a sign of a person.
  if (type === 'mutation') office.sessions.touch(ctx.client)
  const subject = meta?.deed && findSubject(meta.deed, await getRawInput())
  const giveBack = subject && office.signIn.stepUps.take(ctx.client, officer, subject)
  const result = await next({ ctx: { ...ctx, office, officer } })
  if (!result.ok) giveBack?.()
  return result
})

/** For every officer who is signed in. */
export const officerProcedure = t.procedure.meta({ access: 'signed-in' }).use(inOffice)

/** For officers with one of these roles. */
export const roleProcedure = (...roles: readonly [Role, ...Role[]]) => t.procedure.meta({ access: roles }).use(inOffice)

/** For a deed that hands money over or says that it was, by officers with one of these roles; for all where none is named. */
export const deedProcedure = (deed: DeedOf, ...roles: readonly Role[]) =>
  t.procedure.meta({ access: roles.length === 0 ? 'signed-in' : roles, deed }).use(inOffice)

export interface OfficerContext extends ApiContext {
  readonly office: Office
  readonly officer: Officer
}
