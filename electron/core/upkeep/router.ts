import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'

const answerable = roleProcedure('auditor', 'administrator')

export const upkeepRouter = router({
  /** What the office's checks of itself have found since it was opened. */
  status: officerProcedure.query(({ ctx }) => ctx.office.upkeep.status),

  /** Checks the file and the audit trail now. */
  run: answerable.mutation(({ ctx }) => ctx.office.upkeep.run()),

  /** Takes note of a break of the audit trail, which then stands in the audit screen only. */
  note: answerable.mutation(({ ctx }) => ctx.office.upkeep.note(ctx.officer.id)),
})
