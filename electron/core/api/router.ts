import { auditRouter } from '../audit/router.ts'
import { backupsRouter, restoreRouter } from '../backup/router.ts'
import { batchesRouter } from '../batches/router.ts'
import { callbacksRouter } from '../callbacks/router.ts'
import { officesRouter } from '../central/claims/router.ts'
import { centralRouter } from '../central/router.ts'
import { centralFilesRouter } from '../central/sneakernet/router.ts'
import { filesRouter } from '../channels/file/router.ts'
import { conformanceRouter } from '../conformance/router.ts'
import { diagnosticsRouter } from '../diagnostics/router.ts'
import { dispatchRouter } from '../dispatch/router.ts'
import { homeRouter } from '../home/router.ts'
import { officersRouter } from '../identity/officers-router.ts'
import { signInRouter } from '../identity/openid/router.ts'
import { sessionRouter } from '../identity/session-router.ts'
import { keepingRouter } from '../keeping/router.ts'
import { managersRouter } from '../managers/router.ts'
import { mapperRouter } from '../mapper/router.ts'
import { lostRouter } from '../moving/lost-router.ts'
import { movingRouter } from '../moving/router.ts'
import { payTableRouter } from '../pay-table/router.ts'
import { personCheckRouter } from '../person-check/router.ts'
import { programmesRouter } from '../programmes/router.ts'
import { registryRouter } from '../registry/router.ts'
import { replicaRouter } from '../replica/router.ts'
import { outboxRouter } from '../scheduler/router.ts'
import { setupRouter } from '../setup/router.ts'
import { trainingRouter } from '../setup/training-router.ts'
import { odkRouter } from '../tokenisation/odk-connector/router.ts'
import { tokenisationRouter } from '../tokenisation/router.ts'
import { updatesRouter } from '../updates/router.ts'
import { upkeepRouter } from '../upkeep/router.ts'
import { keysRouter } from '../vault/keys-router.ts'
import { recoveryRouter } from '../vault/recovery-router.ts'
import { changesRouter } from './changes-router.ts'
import { router } from './procedure.ts'

/** Every procedure of the core, one router per feature. */
export const appRouter = router({
  setup: setupRouter,
  training: trainingRouter,
  session: sessionRouter,
  signIn: signInRouter,
  changes: changesRouter,
  audit: auditRouter,
  upkeep: upkeepRouter,
  updates: updatesRouter,
  diagnostics: diagnosticsRouter,
  backups: backupsRouter,
  restore: restoreRouter,
  moving: movingRouter,
  lost: lostRouter,
  keeping: keepingRouter,
  keys: keysRouter,
  recovery: recoveryRouter,
  officers: officersRouter,
  managers: managersRouter,
  home: homeRouter,
  registry: registryRouter,
  personCheck: personCheckRouter,
  programmes: programmesRouter,
  batches: batchesRouter,
  dispatch: dispatchRouter,
  mapper: mapperRouter,
  files: filesRouter,
  payTable: payTableRouter,
  callbacks: callbacksRouter,
  offices: officesRouter,
  central: centralRouter,
  centralFiles: centralFilesRouter,
  conformance: conformanceRouter,
  outbox: outboxRouter,
  tokenisation: tokenisationRouter,
  odk: odkRouter,
  replica: replicaRouter,
})

export type AppRouter = typeof appRouter
