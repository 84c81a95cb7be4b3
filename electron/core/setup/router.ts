import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { type ApiContext, officerProcedure, openProcedure, roleProcedure, router } from '../api/procedure.ts'
import { findCentralSettings } from '../central/settings.ts'

const FirstAdministrator = z.object({
  name: z.string().trim().min(1).max(200),
  login: z.string().trim().min(1).max(60),
  pin: z.string().max(64),
})
const Passphrase = z.string().min(12).max(200)
/** Minutes; 0 never locks. */
const AutoLock = z.int().min(0).max(480)

/**
 * Who has not signed in must not be able to shut an office in which others work and payments are on their way.
 *
 * @throws OfficeError `setup.office-open`
 */
function mayClose({ core, client }: ApiContext): void {
  const office = core.findOffice()
  if (office === undefined || office.training) return
  const officer = office.sessions.find(client)
  if (officer?.roles.includes('administrator') !== true || office.sessions.mustChangePin(officer)) {
    fail('setup.office-open')
  }
}

export const setupRouter = router({
  /** What the sign-in screen needs before anybody is signed in. */
  status: openProcedure.query(({ ctx }) => ctx.core.status()),

  /** Opens the training office, making it on the first call. */
  startTraining: openProcedure.mutation(async ({ ctx }) => {
    mayClose(ctx)
    await ctx.core.openTraining()
    return ctx.core.status()
  }),

  /** Leaves the training office for the real one (or for the choice, when there is none yet). */
  leaveTraining: openProcedure.mutation(async ({ ctx }) => {
    await ctx.core.leaveTraining()
    return ctx.core.status()
  }),

  /** Makes a real office with its first administrator, who becomes its trust root. */
  create: openProcedure
    .input(
      z.object({
        officeName: z.string().trim().min(1).max(200),
        passphrase: Passphrase,
        soleOffice: z.boolean().default(true),
        officer: FirstAdministrator,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      mayClose(ctx)
      await ctx.core.createOffice(input)
      return ctx.core.status()
    }),

  /** Makes the real office that the provisioning file describes. */
  createProvisioned: openProcedure.input(z.object({ passphrase: Passphrase })).mutation(async ({ ctx, input }) => {
    mayClose(ctx)
    await ctx.core.createProvisioned(input.passphrase)
    return ctx.core.status()
  }),

  unlock: openProcedure.input(z.object({ passphrase: z.string().max(200) })).mutation(async ({ ctx, input }) => {
    await ctx.core.unlock(input.passphrase)
    return ctx.core.status()
  }),

  /** Asks the key store of the system once more, for an office that it opens. */
  openByKeyStore: openProcedure.mutation(async ({ ctx }) => {
    await ctx.core.openByKeyStore()
    return ctx.core.status()
  }),

  /** Opens the office with its recovery key, for whoever has no passphrase any more, and gives it a new one. */
  recover: openProcedure
    .input(z.object({ recoveryKey: z.string().max(200), newPassphrase: Passphrase }))
    .mutation(async ({ ctx, input }) => {
      await ctx.core.recover(input.recoveryKey, input.newPassphrase)
      return ctx.core.status()
    }),

  /** Closes the office for everybody until the passphrase is given again; nothing is sent meanwhile. */
  lock: officerProcedure.mutation(async ({ ctx }) => {
    const { store, training } = ctx.office
    if (training) fail('setup.nothing-to-lock')
    store.transaction(ctx.officer.id, (transaction) =>
      transaction.audit({ action: 'office.locked', subjectKind: 'office', subjectId: store.installationId }),
    )
    await ctx.core.lock()
    return ctx.core.status()
  }),

  /** Facts about this office and where it lies. */
  office: officerProcedure.query(({ ctx }) => {
    const { store, training, directory, sessions } = ctx.office
    return {
      officeName: store.findMark('office-name') ?? '',
      training,
      directory,
      installationId: store.installationId,
      soleOffice: store.findMark('sole-office') === '1',
      /** A central server tells who pays. */
      central: findCentralSettings(store) !== undefined,
      provisioned: store.findMark('provision-digest') !== undefined,
      autoLockMinutes: sessions.autoLock,
    }
  }),

  change: roleProcedure('administrator')
    .input(z.object({ officeName: z.string().trim().min(1).max(200), autoLockMinutes: AutoLock }))
    .mutation(({ ctx, input }) => {
      const { store, sessions } = ctx.office
      store.transaction(ctx.officer.id, (transaction) => {
        transaction.mark('office-name', input.officeName)
        sessions.setAutoLock(transaction, input.autoLockMinutes)
        transaction.audit({
          action: 'office.changed',
          subjectKind: 'office',
          subjectId: store.installationId,
          detail: { autoLockMinutes: input.autoLockMinutes },
        })
      })
      return null
    }),
})
