import { z } from 'zod'
import { Delegation, Officer, Role } from '../../../shared/model/officer.ts'
import { Id, Moment } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import type { Store } from '../store/store.ts'
import { findSealedSecret } from '../vault/secrets.ts'
import { answerAbsence, arrangeAbsence, findAbsences, withdrawAbsence } from './absences.ts'
import { delegate, endDelegation } from './delegations.ts'
import { changeOfficer, confirmReset, createOfficer, resetPin, setOfficerState } from './officers.ts'
import { findProviderOf } from './openid/online-limit.ts'
import { findUnconfirmedResetter, isFirstPin } from './pin-marks.ts'
import { allOfficers } from './signed-change.ts'
import { isTrustedOfficer } from './trust.ts'

const Pin = z.string().max(64)
const Edit = z.object({ id: Id, basedOn: Moment, pin: Pin })
const Settings = z.object({
  name: Officer.shape.name.trim(),
  login: Officer.shape.login.trim(),
  roles: z.array(Role).min(1),
})

const administratorProcedure = roleProcedure('administrator')

/** An officer as the screens see it: nothing that could sign. */
async function viewOf(store: Store, officer: Officer) {
  const { id, changedAt, changedBy, name, login, roles, state, sponsors, signingKey } = officer
  return {
    id,
    changedAt,
    changedBy,
    name,
    login,
    roles,
    state,
    sponsors,
    delegations: officer.delegations ?? [],
    publicKey: signingKey,
    trusted: await isTrustedOfficer(store, officer),
    /** Without one the officer is known here but cannot sign in. */
    hasKey: findSealedSecret(store, 'officer-key', id) !== undefined,
    /** By which provider the officer signs in; null for none. */
    provider: findProviderOf(store, officer)?.name ?? null,
    isLinked: officer.signIn !== undefined,
    firstPin: isFirstPin(store, id),
    resetBy: state === 'active' ? null : (findUnconfirmedResetter(store, id) ?? null),
  }
}

export const officersRouter = router({
  list: officerProcedure.query(async ({ ctx }) => {
    const { store } = ctx.office
    const views = await Promise.all(allOfficers(store).map((officer) => viewOf(store, officer)))
    return views.sort((one, other) => (one.login < other.login ? -1 : 1))
  }),

  create: administratorProcedure
    .input(Settings.extend({ firstPin: Pin, pin: Pin }))
    .mutation(async ({ ctx, input }) =>
      viewOf(ctx.office.store, await createOfficer(ctx.office.store, ctx.officer, input)),
    ),

  change: administratorProcedure
    .input(Edit.extend(Settings.shape))
    .mutation(async ({ ctx, input }) =>
      viewOf(ctx.office.store, await changeOfficer(ctx.office.store, ctx.officer, input)),
    ),

  setState: administratorProcedure
    .input(Edit.extend({ state: z.enum(['active', 'suspended']) }))
    .mutation(async ({ ctx, input }) =>
      viewOf(ctx.office.store, await setOfficerState(ctx.office.store, ctx.officer, input)),
    ),

  resetPin: administratorProcedure
    .input(Edit.extend({ firstPin: Pin }))
    .mutation(async ({ ctx, input }) => viewOf(ctx.office.store, await resetPin(ctx.office.store, ctx.officer, input))),

  /** Lets an officer have a role for another one for a stated time. */
  delegate: administratorProcedure
    .input(Edit.extend({ from: Id, role: Delegation.shape.role, begins: z.int(), ends: z.int() }))
    .mutation(async ({ ctx, input }) => {
      const { store } = ctx.office
      return viewOf(store, await delegate(store, ctx.officer, input, Date.now()))
    }),

  /** Absences that officers arranged for themselves and nobody has answered: all for an administrator, one's own for others. */
  absences: officerProcedure.query(({ ctx: { office, officer } }) =>
    findAbsences(office.store, Date.now())
      .filter(({ from }) => from === officer.id || officer.roles.includes('administrator'))
      .map(({ signature, ...absence }) => absence),
  ),

  /** Arranges the officer's own absence; it counts once an administrator accepts it. */
  arrangeAbsence: officerProcedure
    .input(z.object({ to: Id, role: Delegation.shape.role, begins: z.int(), ends: z.int(), pin: Pin }))
    .mutation(async ({ ctx: { office, officer }, input }) => {
      await arrangeAbsence(office.store, officer.id, input, Date.now())
      return null
    }),

  withdrawAbsence: officerProcedure.input(z.object({ id: Id })).mutation(({ ctx: { office, officer }, input }) => {
    withdrawAbsence(office.store, officer.id, input.id)
    return null
  }),

  /** `basedOn` is the record of the officer who is to stand in. */
  answerAbsence: administratorProcedure
    .input(Edit.extend({ accepted: z.boolean() }))
    .mutation(async ({ ctx: { office, officer }, input }) => {
      await answerAbsence(office.store, officer, input, Date.now())
      return null
    }),

  endDelegation: administratorProcedure.input(Edit.extend({ delegationId: Id })).mutation(async ({ ctx, input }) => {
    const { store } = ctx.office
    return viewOf(store, await endDelegation(store, ctx.officer, input, Date.now()))
  }),

  confirmReset: administratorProcedure
    .input(Edit)
    .mutation(async ({ ctx, input }) =>
      viewOf(ctx.office.store, await confirmReset(ctx.office.store, ctx.officer, input)),
    ),
})
