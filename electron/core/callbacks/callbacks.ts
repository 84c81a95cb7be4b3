import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import type { CallbackSettings } from '../../../shared/model/callback-settings.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Http } from '../http/http.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Store, Transaction } from '../store/store.ts'
import { APPLY_JOB, applyJob, OFFICE_KEY } from './apply-job.ts'
import type { CallApplier, CallerKind } from './caller.ts'
import { COLLECT_JOB, collectJob } from './collect-job.ts'
import { CouchInbox } from './couch-inbox.ts'
import { CallbackInbox } from './inbox.ts'
import { openReceiver, type Receiver, type ReceiverLimits } from './receiver.ts'
import { addressOf, type CallbackRoute, newPathSecret } from './secret-paths.ts'
import {
  allRoutes,
  callbackSettings,
  checkCallbackSettings,
  findBaseAddress,
  findCallbackAddress,
  findInboxPassword,
  findTls,
  putCallbackSettings,
  putInboxPassword,
  putPathSecret,
  putTls,
} from './settings.ts'

/** Minutes between two looks at what waits, when nobody says that something came. */
const APPLY_EVERY = 5
const COLLECT_EVERY = 1
/** Minutes after which a receiver that could not listen tries again. */
const LISTEN_AGAIN = 1

/** Whether the office can be called right now. */
export type Listening =
  | { readonly state: 'off' }
  | { readonly state: 'listening'; readonly port: number }
  | { readonly state: 'failed'; readonly fault: Fault }

export interface CallbackParts {
  readonly store: Store
  readonly scheduler: Scheduler
  readonly http: Http
  readonly time: OfficeTime
  readonly report: (error: unknown) => void
  readonly limits?: Partial<ReceiverLimits>
}

/** How an office is called from outside: the receiver, what it has kept, and who applies it. One for each open office. */
export class Callbacks {
  readonly inbox: CallbackInbox
  readonly #parts: CallbackParts
  readonly #callers = new Map<string, CallerKind>()
  readonly #appliers = new Map<string, CallApplier>()
  #routes: readonly CallbackRoute[] | undefined
  #receiver: Receiver | undefined
  #listening: Listening = { state: 'off' }
  #callOff: (() => void) | undefined
  /** Opening and closing go one after the other. */
  #turn: Promise<void> = Promise.resolve()
  #closed = false

  constructor(parts: CallbackParts) {
    const { store, scheduler, time, report } = parts
    this.#parts = parts
    this.inbox = new CallbackInbox(store, time)
    scheduler.register(applyJob({ inbox: this.inbox, findApplier: (caller) => this.#appliers.get(caller), report }))
    scheduler.register(
      collectJob({
        store,
        time,
        inbox: this.inbox,
        findCentral: () => this.#findCentral(),
        onCollected: () => scheduler.wake(APPLY_JOB, OFFICE_KEY),
      }),
    )
  }

  /** A feature that is called from outside; before {@link start}, once per kind. */
  register(kind: CallerKind, apply: CallApplier): void {
    if (this.#callers.has(kind.kind)) throw new Error(`two kinds of caller are called ${kind.kind}`)
    this.#callers.set(kind.kind, kind)
    this.#appliers.set(kind.kind, apply)
  }

  /** Listens, if the office is set to. That it cannot is shown, and tried again; it never keeps an office from opening. */
  start(): Promise<void> {
    return this.#listenAnew()
  }

  get listening(): Listening {
    return this.#listening
  }

  get settings(): CallbackSettings {
    return callbackSettings(this.#parts.store)
  }

  /** @throws OfficeError those of {@link checkCallbackSettings} */
  async save(officerId: string, settings: CallbackSettings): Promise<void> {
    const { store } = this.#parts
    checkCallbackSettings(store, settings)
    store.transaction(officerId, (transaction) => {
      putCallbackSettings(transaction, settings)
      if (settings.on || settings.inbox !== null) this.#enqueueJobs(transaction, settings)
      const { on, bindAddress, port, tls, inbox } = settings
      audit(transaction, 'callbacks.changed', { on, bindAddress, port, tls, inbox: inbox !== null })
    })
    await this.#listenAnew()
  }

  /** @throws OfficeError `callback.certificate-unusable` */
  async setTls(officerId: string, certificate: string, key: string): Promise<void> {
    this.#parts.store.transaction(officerId, (transaction) => {
      putTls(transaction, certificate, key)
      audit(transaction, 'callbacks.certificate-set', {})
    })
    await this.#listenAnew()
  }

  setInboxPassword(officerId: string, password: string): void {
    this.#parts.store.transaction(officerId, (transaction) => {
      putInboxPassword(transaction, password)
      audit(transaction, 'callbacks.inbox-password-set', {})
    })
    this.#parts.scheduler.wake(COLLECT_JOB, OFFICE_KEY)
  }

  /**
   * Makes an owner's path, or another in its place: the one before stops to work at once.
   *
   * @returns the address to give away; it is not shown again
   * @throws OfficeError `callback.no-address` while nobody can call
   */
  renewPath(officerId: string, caller: string, owner: string): string {
    const base = findBaseAddress(this.settings)
    if (base === undefined) throw new OfficeError({ code: 'callback.no-address', params: {} })
    const secret = newPathSecret()
    this.#parts.store.transaction(officerId, (transaction) => {
      putPathSecret(transaction, caller, owner, secret)
      transaction.audit({ action: 'callbacks.path-made', subjectKind: 'callback-path', subjectId: owner })
    })
    this.#routes = undefined
    this.#parts.scheduler.wake(COLLECT_JOB, OFFICE_KEY)
    return addressOf(base, secret)
  }

  /**
   * The address that an owner's caller is told; its path is made where there is none yet.
   *
   * @throws OfficeError `callback.no-address` while nobody can call
   */
  ensureAddress(officerId: string, caller: string, owner: string): string {
    return findCallbackAddress(this.#parts.store, caller, owner) ?? this.renewPath(officerId, caller, owner)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#callOff?.()
    await this.#turn
    await this.#receiver?.close()
  }

  #enqueueJobs(transaction: Transaction, { inbox }: CallbackSettings): void {
    const { scheduler, time } = this.#parts
    const job = { key: OFFICE_KEY, input: {} }
    scheduler.enqueue(transaction, {
      ...job,
      kind: APPLY_JOB,
      needs: { line: false, endpoint: '', officer: [] },
      every: APPLY_EVERY * time.minute,
    })
    if (inbox === null) return
    scheduler.enqueue(transaction, {
      ...job,
      kind: COLLECT_JOB,
      needs: { line: true, endpoint: 'callback-inbox', officer: [] },
      every: COLLECT_EVERY * time.minute,
    })
  }

  #findCentral(): CouchInbox | undefined {
    const { store, http } = this.#parts
    const { inbox } = this.settings
    return inbox === null ? undefined : new CouchInbox(http, { ...inbox, password: findInboxPassword(store) ?? '' })
  }

  #listenAnew(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#listen())
    return this.#turn
  }

  async #listen(): Promise<void> {
    const { store, scheduler, time, report, limits } = this.#parts
    this.#callOff?.()
    await this.#receiver?.close()
    this.#receiver = undefined
    const { on, bindAddress, port, tls } = this.settings
    if (!on || this.#closed) {
      this.#listening = { state: 'off' }
      return
    }
    try {
      this.#receiver = await openReceiver({
        bindAddress,
        port,
        tls: tls ? (findTls(store) ?? null) : null,
        callers: this.#callers,
        routes: () => {
          this.#routes ??= allRoutes(store)
          return this.#routes
        },
        keep: (call) => {
          const kept = this.inbox.keep(call)
          if (kept === 'kept') scheduler.wake(APPLY_JOB, OFFICE_KEY)
          return kept
        },
        now: time.now,
        report,
        ...(limits === undefined ? {} : { limits }),
      })
      this.#listening = { state: 'listening', port: this.#receiver.port }
    } catch (error) {
      if (!(error instanceof OfficeError)) report(error)
      const fault: Fault = error instanceof OfficeError ? error.fault : { code: 'api.unexpected', params: {} }
      this.#listening = { state: 'failed', fault }
      this.#callOff = time.after(LISTEN_AGAIN * time.minute, () => void this.#listenAnew())
    }
  }
}

const audit = (transaction: Transaction, action: string, detail: Readonly<Record<string, unknown>>): void =>
  transaction.audit({ action, subjectKind: 'office', subjectId: 'callbacks', detail })
