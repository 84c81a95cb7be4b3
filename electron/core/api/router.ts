import { auditRouter } from '../audit/router.ts'
import { batchesRouter } from '../batches/router.ts'
import { homeRouter } from '../home/router.ts'
import { officersRouter } from '../identity/officers-router.ts'
import { sessionRouter } from '../identity/session-router.ts'
import { managersRouter } from '../managers/router.ts'
import { programmesRouter } from '../programmes/router.ts'
import { replicaRouter } from '../replica/router.ts'
import { setupRouter } from '../setup/router.ts'
import { upkeepRouter } from '../upkeep/router.ts'
import { changesRouter } from './changes-router.ts'
import { router } from './procedure.ts'

/** Every procedure of the core, one router per feature. */
export const appRouter = router({
  setup: setupRouter,
  session: sessionRouter,
  changes: changesRouter,
  audit: auditRouter,
  upkeep: upkeepRouter,
  officers: officersRouter,
  managers: managersRouter,
  home: homeRouter,
  programmes: programmesRouter,
  batches: batchesRouter,
  replica: replicaRouter,
})

export type AppRouter = typeof appRouter
