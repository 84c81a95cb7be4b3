import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AuditExports } from './audit/exports.ts'
import { Backups } from './backup/backups.ts'
import { watchLapses } from './batches/lapses.ts'
import { Callbacks } from './callbacks/callbacks.ts'
import { Central } from './central/central.ts'
import type { ClaimsContext } from './central/claims/claims-server.ts'
import { type OfficeStanding, openClaims, openStanding } from './central/claims/open-claims.ts'
import { isSubmissionThere } from './central/replication/receipts.ts'
import { CentralFiles } from './central/sneakernet/files.ts'
import { channelCallers } from './channels/channels.ts'
import type { PaymentFiles } from './channels/file/payment-files.ts'
import type { ResultsImports } from './channels/file/results/results-imports.ts'
import type { ClockGuard } from './clock/clock-guard.ts'
import { type OfficeTime, systemTime } from './clock/office-time.ts'
import { SelfTests } from './conformance/self-tests.ts'
import type { Dispatch } from './dispatch/dispatch.ts'
import { BATCH_JOB } from './dispatch/dispatch-context.ts'
import { openDispatch } from './dispatch/open-dispatch.ts'
import { createHttp, type Http, type HttpOptions } from './http/http.ts'
import { ProviderSignIn } from './identity/openid/provider-sign-in.ts'
import { Sessions } from './identity/sessions.ts'
import { Keeping } from './keeping/keeping.ts'
import { MapperClient } from './mapper/client.ts'
import { Mapper } from './mapper/mapper.ts'
import { mappedPayeeAddresses } from './mapper/payee-addresses.ts'
import { PersonChecks } from './person-check/person-checks.ts'
import { ListImports, undoList } from './programmes/list-import.ts'
import { takeBackCutOffLists } from './programmes/open-lists.ts'
import { Runs } from './programmes/runs.ts'
import { openRegistry, type Registry } from './registry/registry.ts'
import { Replicas } from './replica/replicas.ts'
import type { Scheduler } from './scheduler/scheduler.ts'
import { Journal } from './store/journal.ts'
import { openReader, type Reader } from './store/reader.ts'
import { isRetired } from './store/retirement.ts'
import { Store } from './store/store.ts'
import { Tokenisation } from './tokenisation/tokenisation.ts'
import { Updates } from './updates/updates.ts'
import { Upkeep } from './upkeep/upkeep.ts'
import { Recovery } from './vault/recovery.ts'
import { findSecret } from './vault/secrets.ts'

/** What an open office consists of; features take what they need from it. */
export interface Office {
  readonly directory: string
  /** The store's own key; no answer of the API holds it. */
  readonly key: Uint8Array
  /** Invented people and built-in peers; nothing real can be reached. */
  readonly training: boolean
  /** It moved to another laptop: only looked at and exported here, nothing runs. */
  readonly retired: boolean
  readonly store: Store
  readonly reader: Reader
  /** Folds the store's journal back beside the core thread. */
  readonly journal: Journal
  readonly sessions: Sessions
  /** Signing in at e-Signet or another provider. */
  readonly signIn: ProviderSignIn
  /** Registrants who show who they are at an officer's table. */
  readonly personChecks: PersonChecks
  /** Imports and exports of the registry. */
  readonly registry: Registry
  /** The screens' live copies of what is being worked on. */
  readonly replicas: Replicas
  /** The only way out to the network. */
  readonly http: Http
  /** Durable jobs. */
  readonly scheduler: Scheduler
  /** Approved batches on their way. */
  readonly dispatch: Dispatch
  /** Asks account mappers where people are paid. */
  readonly mapper: Mapper
  /** Copies of payment files as officers take them, and the results that they bring back. */
  readonly files: PaymentFiles
  readonly results: ResultsImports
  /** How this office is called from outside. */
  readonly callbacks: Callbacks
  /** The district's central server, where the office works with one. */
  readonly central: Central
  /** The district's changes while there is no line: in files. */
  readonly centralFiles: CentralFiles
  /** Long work on programmes and cycles. */
  readonly runs: Runs
  /** Lists that enrol or entitle. */
  readonly lists: ListImports
  /** What payment systems do before any money goes through them. */
  readonly selfTests: SelfTests
  /** Checks of the store and the audit trail in the background. */
  readonly upkeep: Upkeep
  /** The audit trail on its way out of the house. */
  readonly auditExports: AuditExports
  /** Copies of the office in a folder that an administrator chose. */
  readonly backups: Backups
  /** What is removed by rules, and people who are erased. */
  readonly keeping: Keeping
  /** New versions of the program. */
  readonly updates: Updates
  /** Whether the machine's clock can be trusted. */
  readonly clockGuard: ClockGuard
  /** The second key to the office, on paper. */
  readonly recovery: Recovery
  /** Tokens for the identity numbers of the people here. */
  readonly tokenisation: Tokenisation
  /** How this office stands among the others of its district. */
  readonly standing: OfficeStanding
  close(): Promise<void>
}

export interface OpenOfficeOptions {
  readonly directory: string
  readonly key: Uint8Array
  readonly training: boolean
  /** The only origins the office may reach; every one when left out. */
  readonly allowedOrigins?: () => readonly string[]
  /** Held or hastened by tests; the machine's own otherwise. */
  readonly time?: OfficeTime
  /** The way through the network; directly when left out. */
  readonly proxyFor?: HttpOptions['proxyFor']
}

/**
 * Opens the store and the services over it, in order; closing goes the other way. The reading thread may still be opening
 * when this returns (`reader.opened`).
 */
export async function openOffice(options: OpenOfficeOptions): Promise<Office> {
  const { directory, key, training, allowedOrigins, time, proxyFor } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'office.db')
  const store = new Store({ file, key: { bytes: key }, ...(time === undefined ? {} : { now: time.now }) })
  try {
    const reader = openReader(file, key)
    const journal = new Journal(file, key)
    store.foldBeside(() => journal.ease())
    const runs = new Runs()
    const lists = new ListImports(directory)
    const upkeep = new Upkeep(store, reader)
    const auditExports = new AuditExports(store, reader, (time ?? systemTime).now)
    // A training office shows its PINs to everybody; locking it would only be in the way.
    const sessions = new Sessions(store, { usualAutoLock: training ? 0 : 30 })
    const http = createHttp({
      ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
      ...(time === undefined ? {} : { clock: time }),
      ...(proxyFor === undefined ? {} : { proxyFor }),
    })
    const signIn = new ProviderSignIn({ store, http, sessions, time: time ?? systemTime })
    const personChecks = new PersonChecks({ store, http, sessions, signIn, time: time ?? systemTime })
    const isAtServer: ClaimsContext['isAtServer'] = (submission) => isSubmissionThere(store, submission)
    const now = (time ?? systemTime).now
    const mapperClient = new MapperClient({
      http,
      now,
      findSecret: (managerId) => findSecret(store, 'mapper-secret', managerId),
      findSigningKey: (keyId) => findSecret(store, 'signing-key', keyId),
    })
    const sending = openDispatch({
      store,
      directory,
      http,
      sessions,
      training,
      ...(time === undefined ? {} : { time }),
      addresses: mappedPayeeAddresses({ store, client: mapperClient, now }),
      claimsOver: (guards) => openClaims({ store, http, time: time ?? systemTime, isAtServer, ...guards }),
    })
    const mapper = new Mapper({
      store,
      reader,
      http,
      scheduler: sending.scheduler,
      client: mapperClient,
      time: time ?? systemTime,
    })
    const registry = openRegistry({ store, key, reader, directory })
    const callbacks = new Callbacks({
      store,
      scheduler: sending.scheduler,
      http,
      time: time ?? systemTime,
      report: (error) => console.error(error),
    })
    for (const caller of channelCallers) callbacks.register(caller, (call) => sending.dispatch.applyCallback(call))
    const central = new Central({ store, reader, http, scheduler: sending.scheduler, time: time ?? systemTime })
    const standing = openStanding({
      store,
      http,
      time: time ?? systemTime,
      guard: sending.guard,
      clockGuard: sending.clockGuard,
      scheduler: sending.scheduler,
      care: sending.dispatch.care,
      isAtServer,
      startAnew: () => central.startAnew(),
    })
    central.atContact(async (_, signal) => {
      const contact = await standing.contact(signal)
      if (!contact.ok) return contact.error
      // An office that may not send still tells what it knows; only with a server in doubt nothing is exchanged.
      return contact.value.findings.find(({ code }) => code === 'central.server-changed') ?? null
    })
    central.onArrival(async (batchIds, signal) => {
      const learnt = await standing.learnClaims(batchIds, signal)
      return learnt.ok ? null : learnt.error
    })
    const goOn = (batchIds: readonly string[]): void => {
      for (const id of batchIds) sending.scheduler.wake(BATCH_JOB, id)
    }
    // What stands before an officer stays there: two offices would go on waking each other by what their tries write.
    central.onBatches((batchIds) => goOn(batchIds.filter((id) => sending.dispatch.care.findWork(id) === 'waiting')))
    const centralFiles = new CentralFiles({
      store,
      reader,
      guard: sending.guard,
      directory,
      now: () => central.serverNow(),
      onBatches: goOn,
    })
    const tokenisation = new Tokenisation({
      store,
      reader,
      journal,
      http,
      scheduler: sending.scheduler,
      callbacks,
      training,
      time: time ?? systemTime,
    })
    const backups = new Backups({ store, key, directory, time: time ?? systemTime, training })
    const updates = new Updates({
      store,
      http,
      scheduler: sending.scheduler,
      directory,
      time: time ?? systemTime,
      training,
    })
    const keeping = new Keeping({ store, reader, scheduler: sending.scheduler, time: time ?? systemTime })
    const retired = isRetired(store, directory)
    upkeep.start()
    let stopWatchingLapses = (): void => undefined
    // What an office that moved away did here would be missing where it went on.
    if (!retired) {
      keeping.start()
      updates.start()
      backups.start()
      stopWatchingLapses = watchLapses(store, time ?? systemTime)
      sending.scheduler.start()
      tokenisation.resume()
      // Not waited for; what cannot be taken back now (a full disk) is taken back at the next start.
      takeBackCutOffLists(store, runs, (officerId, importId) => undoList(store, officerId, importId)).catch(
        (error: unknown) => console.warn('a list that was cut off stays', error instanceof Error ? error.name : ''),
      )
      await callbacks.start()
    }
    return {
      directory,
      key,
      training,
      retired,
      store,
      reader,
      journal,
      sessions,
      signIn,
      personChecks,
      registry,
      replicas: new Replicas(store, sessions),
      http,
      scheduler: sending.scheduler,
      dispatch: sending.dispatch,
      mapper,
      files: sending.files,
      results: sending.results,
      callbacks,
      central,
      centralFiles,
      runs,
      lists,
      selfTests: new SelfTests({
        store,
        http,
        time: time ?? systemTime,
        clockGuard: sending.clockGuard,
        guard: sending.guard,
        selfTestOf: sending.selfTestOf,
      }),
      upkeep,
      auditExports,
      backups,
      keeping,
      updates,
      clockGuard: sending.clockGuard,
      recovery: new Recovery({ store, key, directory, now }),
      tokenisation,
      standing,
      async close() {
        await keeping.close()
        await centralFiles.close()
        await central.close()
        await callbacks.close()
        upkeep.close()
        auditExports.close()
        await backups.close()
        await updates.close()
        stopWatchingLapses()
        await runs.close()
        lists.close()
        await registry.close()
        await sending.close()
        await tokenisation.close()
        http.close()
        await reader.close()
        await journal.close()
        personChecks.close()
        signIn.close()
        sessions.close()
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}
