import { z } from 'zod'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { Id, Moment } from '../../../shared/model/record.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { managerProfiles } from '../channels/manager-profiles.ts'
import { allManagers } from '../identity/signed-change.ts'
import { isTrustedManager } from '../identity/trust.ts'
import type { Office } from '../office.ts'
import { importClientCertificate, listClientCertificates } from '../vault/client-certificates.ts'
import { generateMessageKey, importMessageKey, keyPurposes, keyTypes, listMessageKeys } from '../vault/message-keys.ts'
import { ManagerSettings } from './finding.ts'
import {
  hasManagerSecret,
  hasMapperSecret,
  previewManager,
  saveManager,
  setManagerSecret,
  setManagerState,
  setMapperSecret,
} from './managers.ts'

const Pin = z.string().max(64)
const KeyPurpose = z.enum(keyPurposes)
const administratorProcedure = roleProcedure('administrator')

/** A manager as the screens see it; `usable` says whether batches can be sent through it as it is. */
async function viewOf(office: Office, manager: PaymentManager) {
  const { store } = office
  const trusted = await isTrustedManager(store, manager)
  const { signature, ...settings } = manager
  const { findings } = previewManager(office, manager.id, manager)
  const hasSecret = hasManagerSecret(store, manager.id)
  const needsSecret = manager.authentication.kind !== 'none'
  return {
    ...settings,
    trusted,
    hasSecret,
    needsSecret,
    hasMapperSecret: hasMapperSecret(store, manager.id),
    findings,
    usable:
      trusted &&
      manager.state === 'active' &&
      (hasSecret || !needsSecret) &&
      findings.every(({ weight }) => weight !== 'error'),
  }
}

export const managersRouter = router({
  /** All payment managers, without anything secret. */
  list: officerProcedure.query(async ({ ctx }) => {
    const managers = await Promise.all(allManagers(ctx.office.store).map((manager) => viewOf(ctx.office, manager)))
    return managers.sort((one, other) => (one.name < other.name ? -1 : 1))
  }),

  open: officerProcedure
    .input(z.object({ id: Id }))
    .query(({ ctx, input }) => viewOf(ctx.office, ctx.office.store.get('paymentManager', input.id))),

  /** What is wrong with settings, and which approvals they would cost; nothing is kept. */
  preview: administratorProcedure
    .input(z.object({ id: Id.nullable(), settings: z.record(z.string(), z.unknown()) }))
    .query(({ ctx, input }) => previewManager(ctx.office, input.id, input.settings)),

  save: administratorProcedure
    .input(
      z.object({
        id: Id.nullable(),
        basedOn: Moment.nullable(),
        pin: Pin,
        settings: ManagerSettings,
        approvalsLost: z.int().min(0),
      }),
    )
    .mutation(async ({ ctx, input }) => viewOf(ctx.office, await saveManager(ctx.office, ctx.officer, input))),

  setState: administratorProcedure
    .input(z.object({ id: Id, basedOn: Moment, pin: Pin, state: z.enum(['active', 'suspended']) }))
    .mutation(async ({ ctx, input }) => viewOf(ctx.office, await setManagerState(ctx.office, ctx.officer, input))),

  /** Takes the bearer token, client secret, key or password (with the client's own secret); it is never shown again. */
  setSecret: administratorProcedure
    .input(z.object({ id: Id, secret: z.string().min(1).max(10_000), clientSecret: z.string().max(10_000).optional() }))
    .mutation(async ({ ctx, input }) => {
      setManagerSecret(ctx.office.store, ctx.officer, input.id, input)
      return viewOf(ctx.office, ctx.office.store.get('paymentManager', input.id))
    }),

  /** Takes what the account mapper wants to be shown; it is never shown again. */
  setMapperSecret: administratorProcedure
    .input(z.object({ id: Id, secret: z.string().min(1).max(10_000) }))
    .mutation(async ({ ctx, input }) => {
      setMapperSecret(ctx.office.store, ctx.officer, input.id, input.secret)
      return viewOf(ctx.office, ctx.office.store.get('paymentManager', input.id))
    }),

  /** The kinds of receiver that a manager can be for: what they are known for, and the settings that suit them. */
  profiles: officerProcedure.query(() => managerProfiles),

  /** Public halves of the keys that sign this office's messages, and of those that messages to it are encrypted for. */
  messageKeys: officerProcedure.query(({ ctx }) => listMessageKeys(ctx.office.store)),

  makeMessageKey: administratorProcedure
    .input(z.object({ purpose: KeyPurpose, type: z.enum(keyTypes) }))
    .mutation(({ ctx, input }) => generateMessageKey(ctx.office.store, ctx.officer.id, input.purpose, input.type)),

  /** Takes a private key (PKCS#8 in PEM, or a JWK); it is never shown again. */
  importMessageKey: administratorProcedure
    .input(z.object({ purpose: KeyPurpose, key: z.string().min(1).max(20_000) }))
    .mutation(({ ctx, input }) => importMessageKey(ctx.office.store, ctx.officer.id, input.purpose, input.key)),

  /** Certificates with which this office can show who it is; without their keys. */
  clientCertificates: officerProcedure.query(({ ctx }) => listClientCertificates(ctx.office.store)),

  /** Takes a certificate with its private key (PEM); the key is never shown again. */
  importClientCertificate: administratorProcedure
    .input(z.object({ pem: z.string().min(1).max(100_000) }))
    .mutation(({ ctx, input }) => importClientCertificate(ctx.office.store, ctx.officer.id, input.pem)),
})
