import { z } from 'zod'
import { fail } from '../../../../shared/contract/result.ts'
import { deeds } from '../../../../shared/contract/sign-in.ts'
import { Role } from '../../../../shared/model/officer.ts'
import { Id, Line, Moment } from '../../../../shared/model/record.ts'
import { type SignInProvider, SignInProviderSettings } from '../../../../shared/model/sign-in-provider.ts'
import { officerProcedure, openProcedure, roleProcedure, router } from '../../api/procedure.ts'
import type { Office } from '../../office.ts'
import { sessionView } from '../session-router.ts'
import { allProviders } from '../signed-change.ts'
import { isTrustedProvider } from '../trust.ts'
import { approveApplicant, linkApplicant, listApplicants, refuseApplicant, unlinkOfficer } from './applicants.ts'
import { pageLanguages } from './arrival-page.ts'
import { findProviderOf } from './online-limit.ts'
import {
  findOwnClientId,
  findProviderKey,
  findProviderSecret,
  makeProviderKeys,
  setOwnClientId,
  usesOf,
} from './provider-keys.ts'
import { previewProvider, saveProvider, setProviderSecret, setProviderState } from './providers.ts'
import { testProvider } from './test-provider.ts'

const Pin = z.string().max(64)
const Language = z.enum(pageLanguages)
const Attempt = z.object({ attemptId: Id })
const Edit = z.object({ id: Id, basedOn: Moment, pin: Pin })
const administratorProcedure = roleProcedure('administrator')

/** A provider as the screens see it: public halves of keys, and of secrets only whether they are there. */
async function viewOf({ store }: Pick<Office, 'store'>, provider: SignInProvider) {
  const { signature, ...settings } = provider
  const uses = usesOf(provider)
  const keys = await Promise.all(uses.map((use) => findProviderKey(store, provider, use)))
  return {
    ...settings,
    trusted: await isTrustedProvider(store, provider),
    keys: keys.flatMap((found) => (found === undefined ? [] : [{ keyId: found.keyId, publicKey: found.publicKey }])),
    keysMissing: keys.some((found) => found === undefined),
    ownClientId: findOwnClientId(store, provider.id),
    hasSecret: findProviderSecret(store, provider.id) !== undefined,
  }
}

export const signInRouter = router({
  /** By which providers somebody can sign in; nothing of them but their names. */
  providers: openProcedure.query(({ ctx }) => ctx.core.findOffice()?.signIn.usable() ?? []),

  begin: openProcedure
    .input(z.object({ providerId: Id, language: Language }))
    .mutation(({ ctx, input }) =>
      ctx.core.getOffice().signIn.begin(ctx.client, input.providerId, { kind: 'sign-in' }, input.language),
    ),

  /** Answers once the attempt of this window is over. */
  finish: openProcedure.input(Attempt).mutation(async ({ ctx, input }) => {
    const office = ctx.core.getOffice()
    const outcome = await office.signIn.finish(ctx.client, input.attemptId)
    return outcome.kind === 'signed-in'
      ? { kind: outcome.kind, officer: sessionView(office, ctx.client, outcome.officer) }
      : outcome
  }),

  cancel: openProcedure.mutation(({ ctx }) => {
    ctx.core.findOffice()?.signIn.cancel(ctx.client)
    return null
  }),

  /** Somebody whom the provider has named and nobody here knows asks to become an officer, and chooses a PIN. */
  askIn: openProcedure.input(Attempt.extend({ name: Line.min(1), pin: Pin })).mutation(async ({ ctx, input }) => {
    await ctx.core.getOffice().signIn.apply(ctx.client, input.attemptId, input)
    return null
  }),

  beginLink: officerProcedure
    .input(z.object({ providerId: Id, language: Language }))
    .mutation(({ ctx, input }) =>
      ctx.office.signIn.begin(ctx.client, input.providerId, { kind: 'link', officer: ctx.officer }, input.language),
    ),

  /** Shows the officer up at the provider once more, for one deed. */
  beginStepUp: officerProcedure
    .input(z.object({ deed: z.enum(deeds), ids: z.array(Id).min(1).max(1_000), language: Language }))
    .mutation(({ ctx, input: { deed, ids, language } }) => {
      const provider = findProviderOf(ctx.office.store, ctx.officer) ?? fail('sign-in.provider-gone')
      const purpose = { kind: 'step-up', officer: ctx.officer, subject: { deed, ids } } as const
      return ctx.office.signIn.begin(ctx.client, provider.id, purpose, language)
    }),

  list: officerProcedure.query(async ({ ctx }) => {
    const views = await Promise.all(allProviders(ctx.office.store).map((provider) => viewOf(ctx.office, provider)))
    return views.sort((one, other) => (one.name < other.name ? -1 : 1))
  }),

  /** What is wrong with settings; nothing is kept. */
  preview: administratorProcedure
    .input(z.object({ id: Id.nullable(), settings: z.record(z.string(), z.unknown()) }))
    .query(({ ctx, input }) => previewProvider(ctx.office.store, input.id, input.settings)),

  save: administratorProcedure
    .input(z.object({ id: Id.nullable(), basedOn: Moment.nullable(), pin: Pin, settings: SignInProviderSettings }))
    .mutation(async ({ ctx, input }) => viewOf(ctx.office, await saveProvider(ctx.office.store, ctx.officer, input))),

  setState: administratorProcedure
    .input(Edit.extend({ state: z.enum(['active', 'suspended']) }))
    .mutation(async ({ ctx, input }) =>
      viewOf(ctx.office, await setProviderState(ctx.office.store, ctx.officer, input)),
    ),

  /** Makes the keys by which this machine is known there; those that were there before are gone. */
  makeKeys: administratorProcedure.input(z.object({ id: Id })).mutation(async ({ ctx, input }) => {
    const { store } = ctx.office
    await makeProviderKeys(store, ctx.officer.id, store.get('signInProvider', input.id))
    return viewOf(ctx.office, store.get('signInProvider', input.id))
  }),

  setSecret: administratorProcedure
    .input(z.object({ id: Id, secret: z.string().min(1).max(1_000) }))
    .mutation(({ ctx, input }) => {
      setProviderSecret(ctx.office.store, ctx.officer, input.id, input.secret)
      return viewOf(ctx.office, ctx.office.store.get('signInProvider', input.id))
    }),

  /** The client as which this machine alone is registered; empty where all offices share one. */
  setClientId: administratorProcedure
    .input(z.object({ id: Id, clientId: z.string().trim().max(256) }))
    .mutation(({ ctx, input }) => {
      const { store } = ctx.office
      const provider = store.get('signInProvider', input.id)
      setOwnClientId(store, ctx.officer.id, provider.id, input.clientId)
      return viewOf(ctx.office, provider)
    }),

  /** Asks the provider everything that needs nobody to sign in. */
  test: administratorProcedure.input(z.object({ id: Id })).mutation(({ ctx, input, signal }) => {
    const { store, http } = ctx.office
    const provider = store.get('signInProvider', input.id)
    return testProvider({ store, http, now: Date.now }, provider, signal ?? new AbortController().signal)
  }),

  /** Who waits for an administrator's word. */
  applicants: administratorProcedure.query(({ ctx }) => {
    const { store } = ctx.office
    return listApplicants(store).map(({ id, name, officerId, providerId, askedAt }) => ({
      id,
      name,
      officerId,
      provider: store.find('signInProvider', providerId)?.name ?? '',
      askedAt,
    }))
  }),

  approve: administratorProcedure
    .input(
      z.object({
        applicantId: Id,
        pin: Pin,
        name: Line.trim().min(1),
        login: z.string().trim().min(1).max(60),
        roles: z.array(Role).min(1),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      await approveApplicant(ctx.office.store, ctx.officer, input)
      return null
    }),

  link: administratorProcedure.input(Edit.extend({ applicantId: Id })).mutation(async ({ ctx, input }) => {
    await linkApplicant(ctx.office.store, ctx.officer, input)
    return null
  }),

  unlink: administratorProcedure.input(Edit).mutation(async ({ ctx, input }) => {
    await unlinkOfficer(ctx.office.store, ctx.officer, input)
    return null
  }),

  refuse: administratorProcedure.input(z.object({ applicantId: Id })).mutation(({ ctx, input }) => {
    refuseApplicant(ctx.office.store, ctx.officer, input.applicantId)
    return null
  }),
})
