import { z } from 'zod'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { moveToKeyStore, moveToPassphrase, protectionOf } from './key-file.ts'
import { putKeyFile } from './put-key-file.ts'

const Pin = z.string().max(64)

export const keysRouter = router({
  /** By what the office is opened, and which key store this door could use; never a key. */
  status: officerProcedure.query(async ({ ctx }) => {
    const { by, backEnd } = protectionOf(ctx.office.directory)
    return { by, backEnd, available: (await ctx.core.keyStore.findBackEnd()) ?? null }
  }),

  /** The key of the store goes into the key store of the system; the passphrase opens nothing any more. */
  useKeyStore: roleProcedure('administrator')
    .input(z.object({ pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      const { store, directory, key } = ctx.office
      await openOfficerKey(store, ctx.officer.id, input.pin)
      const keyFile = await moveToKeyStore(directory, key, ctx.core.keyStore)
      const { backEnd } = JSON.parse(keyFile) as { backEnd: string }
      const deed = { store, directory, officerId: ctx.officer.id, keyFile }
      putKeyFile({ ...deed, action: 'office.key-store-set', detail: { backEnd } })
      return null
    }),

  /** The office opens with this passphrase from now on, whatever opened it before. */
  setPassphrase: roleProcedure('administrator')
    .input(z.object({ pin: Pin, passphrase: z.string().min(12).max(200) }))
    .mutation(async ({ ctx, input }) => {
      const { store, directory, key } = ctx.office
      await openOfficerKey(store, ctx.officer.id, input.pin)
      const keyFile = await moveToPassphrase(directory, key, input.passphrase)
      const deed = { store, directory, officerId: ctx.officer.id, keyFile }
      putKeyFile({ ...deed, action: 'office.passphrase-set', detail: {} })
      return null
    }),

  /** Makes the recovery key that comes with a new key of the store, and tells it this one time. */
  prepareReplacement: roleProcedure('administrator')
    .input(z.object({ pin: Pin }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      return ctx.office.recovery.prepare()
    }),

  /**
   * Replaces the key of the store once the new recovery key was typed back. The office closes for it and opens again;
   * everybody signs in anew.
   */
  replace: roleProcedure('administrator')
    .input(z.object({ pin: Pin, recoveryKey: z.string().max(200), passphrase: z.string().max(200) }))
    .mutation(async ({ ctx, input }) => {
      await openOfficerKey(ctx.office.store, ctx.officer.id, input.pin)
      const recoveryKey = ctx.office.recovery.requirePrepared(input.recoveryKey)
      await ctx.core.replaceKey({ officerId: ctx.officer.id, recoveryKey, passphrase: input.passphrase })
      return ctx.core.status()
    }),
})
