import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { BackupSettings } from '../../../shared/model/backup.ts'
import { officerProcedure, openProcedure, roleProcedure, router } from '../api/procedure.ts'
import { runBackupTask } from './backup-worker.ts'

const Place = z.string().trim().min(1).max(1_000)

const OpenerInput = z.union([
  z.object({ passphrase: z.string().min(1).max(200) }),
  z.object({ recoveryKey: z.string().max(200), newPassphrase: z.string().min(12).max(200) }),
])

/** Copies of the open office. */
export const backupsRouter = router({
  status: officerProcedure.query(({ ctx }) => {
    const { backups, training } = ctx.office
    return { ...backups.status, training }
  }),

  /** The backups in the chosen folder, newest first. */
  list: officerProcedure.query(({ ctx }) => ctx.office.backups.list()),

  change: roleProcedure('administrator')
    .input(BackupSettings)
    .mutation(async ({ ctx, input }) => {
      await ctx.office.backups.change(ctx.officer.id, input)
      return null
    }),

  /** Makes one now; answers when it was written and read back. */
  make: roleProcedure('clerk', 'approver', 'administrator').mutation(({ ctx }) =>
    ctx.office.backups.make(ctx.officer.id),
  ),
})

/** Putting a backup back, where there is no office yet. Nobody is signed in then, and a backup opens only with its secret. */
export const restoreRouter = router({
  /** The backups at a place on this machine. */
  find: openProcedure.input(z.object({ place: Place })).query(({ ctx, input, signal }) => {
    if (ctx.core.status().state !== 'none') fail('backup.office-there')
    return runBackupTask({ task: 'find', place: input.place }, signal)
  }),

  /** Verifies a backup, puts it in place and opens it; it sends nothing before an administrator has confirmed it. */
  run: openProcedure.input(z.object({ path: Place, opener: OpenerInput })).mutation(async ({ ctx, input }) => {
    await ctx.core.restoreOffice(input)
    return ctx.core.status()
  }),
})
