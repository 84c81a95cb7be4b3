import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'

export const upkeepRouter = router({
  /** What the office's checks of itself have found since it was opened. */
  status: officerProcedure.query(({ ctx }) => ctx.office.upkeep.status),

  /** Checks the file and the audit trail now. */
  run: roleProcedure('auditor', 'administrator').mutation(({ ctx }) => ctx.office.upkeep.run()),
})
