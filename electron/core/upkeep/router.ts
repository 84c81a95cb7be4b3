import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import type { UpkeepStatus } from './upkeep.ts'

const answerable = roleProcedure('auditor', 'administrator')

/** For those who may not read the trail: where it is broken, but no entry of it. */
function withoutEntries(status: UpkeepStatus): UpkeepStatus {
  const { verdict } = status.audit
  if (verdict === null || verdict.break === null) return status
  return { ...status, audit: { ...status.audit, verdict: { ...verdict, break: { ...verdict.break, row: null } } } }
}

export const upkeepRouter = router({
  /** What the office's checks of itself have found since it was opened. */
  status: officerProcedure.query(({ ctx: { office, officer } }) => {
    const { status } = office.upkeep
    return officer.roles.every((role) => role === 'clerk') ? withoutEntries(status) : status
  }),

  /** Checks the file and the audit trail now. */
  run: answerable.mutation(({ ctx }) => ctx.office.upkeep.run()),

  /** Takes note of a break of the audit trail, which then stands in the audit screen only. */
  note: answerable.mutation(({ ctx }) => ctx.office.upkeep.note(ctx.officer.id)),
})
