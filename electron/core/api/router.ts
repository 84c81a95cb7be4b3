import { auditRouter } from '../audit/router.ts'
import { sessionRouter } from '../identity/session-router.ts'
import { setupRouter } from '../setup/router.ts'
import { changesRouter } from './changes-router.ts'
import { router } from './procedure.ts'

/** Every procedure of the core, one router per feature. */
export const appRouter = router({
  setup: setupRouter,
  session: sessionRouter,
  changes: changesRouter,
  audit: auditRouter,
})

export type AppRouter = typeof appRouter
