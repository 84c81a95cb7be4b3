import { officerProcedure, router } from '../api/procedure.ts'
import { diagnose } from './diagnose.ts'

export const diagnosticsRouter = router({
  /** For whoever supports the office; see {@link diagnose}. */
  report: officerProcedure.query(({ ctx }) => diagnose(ctx.office, ctx.core.door, Date.now())),
})
