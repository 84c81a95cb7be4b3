import { router } from '../api/procedure.ts'
import { cyclesRouter } from './cycles-router.ts'
import { enrolmentsRouter } from './enrolments-router.ts'
import { entitlementsRouter } from './entitlements-router.ts'
import { listRouter } from './list-router.ts'
import { programmeRouter } from './programme-router.ts'

/** Programmes and what stands under them. */
export const programmesRouter = router({
  programme: programmeRouter,
  enrolments: enrolmentsRouter,
  cycles: cyclesRouter,
  entitlements: entitlementsRouter,
  lists: listRouter,
})
