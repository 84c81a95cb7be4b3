import { sideKinds } from '../../../shared/contract/central.ts'
import { type Fault, fail, OfficeError, type Result } from '../../../shared/contract/result.ts'
import { type CentralSettings, districtDatabases } from '../../../shared/model/central.ts'
import type { RecordKind } from '../../../shared/model/records.ts'
import { ClockGuard } from '../clock/clock-guard.ts'
import { momentMilliseconds } from '../clock/hybrid-clock.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import type { Http } from '../http/http.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Reader } from '../store/reader.ts'
import type { Store, Transaction } from '../store/store.ts'
import { claimsByItself } from './claims/own-claims.ts'
import { CouchConnection } from './connection.ts'
import { enterDistrict, leaveOtherDistrict, noteDistrict, noteUntried, tryOut } from './district-entry.ts'
import { isTravelling } from './documents.ts'
import { FirstFill } from './first-fill.ts'
import { OutgoingCount } from './outgoing-count.ts'
import { Listener } from './replication/listener.ts'
import type { OutgoingCounts } from './replication/outgoing-query.ts'
import { Pace } from './replication/pace.ts'
import { PageChecker } from './replication/page-checker.ts'
import { findReceipt, findSequence, forgetServer, pushedUntil, setPushedUntil } from './replication/receipts.ts'
import { round, type SyncReport } from './replication/round.ts'
import { SYNC_JOB, SYNC_KEY, syncJob } from './replication/sync-job.ts'
import {
  findCentralSettings,
  findCouchAccess,
  forgetCentral,
  putCentralPassword,
  putCentralSettings,
} from './settings.ts'

export type { SyncReport } from './replication/round.ts'

/** How the office and its central server stand. */
export interface CentralStatus {
  readonly configured: boolean
  readonly phase: 'idle' | 'pulling' | 'pushing' | 'stopped'
  /** When the server last answered all of a contact, epoch milliseconds by the office's clock; null before the first. */
  readonly lastContact: number | null
  /** What the latest contact stumbled over; null when it went well. */
  readonly fault: Fault | null
  /** What the server does not have yet; null until it was counted. */
  readonly outgoing: OutgoingCounts | null
  /** When the oldest unsent change was made, epoch milliseconds. */
  readonly oldestUnsentAt: number | null
  /** While the district's records come here for the first time: records so far, and how many there will be. */
  readonly firstFill: { readonly done: number; readonly of: number } | null
  readonly lastReport: SyncReport | null
}

export interface CentralParts {
  readonly store: Store
  readonly reader: Reader
  readonly http: Http
  readonly scheduler: Scheduler
  readonly time: OfficeTime
}

/** Asked at each contact, before records are exchanged; a fault ends the contact. */
export type ContactCheck = (connection: CouchConnection, signal: AbortSignal) => Promise<Fault | null>

/** Asked in a contact that brought records of batches, after they were written; a fault is the contact's. */
export type ArrivalCheck = (batchIds: readonly string[], signal: AbortSignal) => Promise<Fault | null>

const LAST_CONTACT = 'central-contact'
/** Records sent since the last pull: mostly what comes then are they. */
const SENT = 'central-sent'
/** Milliseconds that changes are gathered before they are sent. */
const GATHER = 3_000
/** Bytes of a page of documents: what comes together goes into few transactions. */
const LARGEST_OF_PULL = 2_000_000
/** Bytes of a page of names: some thousands of them. */
const LARGEST_OF_NAMES = 1_000_000
/**
 * The office's side of the central server: keeps the records of both alike. Claims share its connection. One for each open
 * office; does nothing until a server is set.
 */
export class Central {
  readonly #parts: CentralParts
  readonly #clock: ClockGuard
  readonly #checker = new PageChecker()
  readonly #listener: Listener
  readonly #fill: FirstFill
  readonly #outgoing: OutgoingCount
  readonly #checks: ContactCheck[] = []
  readonly #arrivalChecks: ArrivalCheck[] = []
  readonly #listeners = new Set<(status: CentralStatus) => void>()
  readonly #batchListeners = new Set<(batchIds: readonly string[]) => void>()
  readonly #stops: (() => void)[] = []
  readonly #closing = new AbortController()
  #connection: CouchConnection | undefined
  #pullPace = new Pace(LARGEST_OF_PULL)
  #namesPace = new Pace(LARGEST_OF_NAMES)
  #pushPace = new Pace()
  #phase: CentralStatus['phase'] = 'idle'
  #fault: Fault | null = null
  #report: SyncReport | null = null
  #changed = false
  #callOffWake: (() => void) | undefined
  /** Contacts go one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #running = false

  constructor(parts: CentralParts) {
    this.#parts = parts
    const { store, http, scheduler, time } = parts
    this.#clock = new ClockGuard(time, () => undefined)
    this.#fill = new FirstFill(store)
    this.#outgoing = new OutgoingCount({
      store,
      reader: parts.reader,
      time,
      isWanted: () => this.settings() !== undefined,
      isRunning: () => this.#running,
      onCounted: () => this.#tell(),
    })
    this.#listener = new Listener({ store, time, onNews: () => this.#wake() })
    scheduler.register(syncJob(async (signal) => (this.settings() === undefined ? undefined : this.#inTurn(signal))))
    this.#stops.push(
      http.onServerDate((date) => {
        if (this.#isOwn(date.origin)) this.#clock.learn(date)
      }),
      http.line.onChange((up) => up && this.#wake()),
      store.onChange(({ kinds }) => {
        const travels = kinds.some((kind) => kind === 'said' || isTravelling(kind))
        if (travels && this.settings() !== undefined) this.#noteChange()
      }),
    )
    if (this.settings() !== undefined) this.#outgoing.soon()
  }

  settings(): CentralSettings | undefined {
    return findCentralSettings(this.#parts.store)
  }

  /** To the server that is set, shared by all that speak with it; undefined while none is. */
  connection(): CouchConnection | undefined {
    if (this.#connection !== undefined) return this.#connection
    const access = findCouchAccess(this.#parts.store)
    if (access === undefined) return undefined
    this.#connection = new CouchConnection(this.#parts.http, access)
    return this.#connection
  }

  /** Epoch milliseconds by the server's clock, or the office's own while the server has not told. */
  serverNow(): number {
    return this.#parts.time.now() + (this.#clock.findSkew() ?? 0)
  }

  /** Asks something at each contact before records are exchanged. In the order in which they were added. */
  atContact(check: ContactCheck): void {
    this.#checks.push(check)
  }

  /** Asks something once records of batches have come, in the same contact. */
  onArrival(check: ArrivalCheck): void {
    this.#arrivalChecks.push(check)
  }

  /**
   * Tries a server out and, when it is the office's own district, works with it from now on. A district without a trust
   * root takes the office's.
   *
   * @throws OfficeError `central.url-not-encrypted`, `central.other-trust-root`, `central.no-district` and what the server
   *   or the line stands in the way with
   */
  async configure(officerId: string, settings: CentralSettings, password: string, signal?: AbortSignal): Promise<void> {
    const { store, http } = this.#parts
    const { url, user, certificateAuthority, district } = settings
    const connection = new CouchConnection(http, { url, user, password, certificateAuthority })
    const { districtId } = await enterDistrict(store, connection, district, signal)
    await this.#turn
    await this.#listener.stop()
    await leaveOtherDistrict(store, districtId)
    store.transaction(officerId, (transaction) => {
      putCentralSettings(transaction, settings)
      putCentralPassword(transaction, password)
      noteDistrict(transaction, districtId)
      this.#enqueue(transaction, settings)
      const detail = { host: connection.host, district }
      transaction.audit({ action: 'central.configured', subjectKind: 'office', subjectId: 'central', detail })
    })
    this.#connection = connection
    this.#pullPace = new Pace(LARGEST_OF_PULL)
    this.#namesPace = new Pace(LARGEST_OF_NAMES)
    this.#pushPace = new Pace()
    this.#fault = null
    this.#wake()
    this.#outgoing.soon()
    this.#tell()
  }

  /**
   * Works from now on with the server that a provisioning put down in this very transaction; the first contact tries it out.
   */
  begin(transaction: Transaction): void {
    const settings = findCentralSettings(transaction)
    if (settings === undefined) return
    noteUntried(transaction)
    this.#enqueue(transaction, settings)
    transaction.afterCommit(() => {
      this.#connection = undefined
      this.#wake()
      this.#outgoing.soon()
    })
  }

  #enqueue(transaction: Transaction, settings: CentralSettings): void {
    const { scheduler, time } = this.#parts
    scheduler.enqueue(transaction, {
      kind: SYNC_JOB,
      key: SYNC_KEY,
      input: {},
      needs: { line: true, endpoint: 'central', officer: [] },
      every: settings.everyMinutes * time.minute,
    })
  }

  /** Works alone from now on. What is here stays. @throws OfficeError `central.not-configured` */
  async leave(officerId: string): Promise<void> {
    const { store, scheduler } = this.#parts
    if (this.settings() === undefined) fail('central.not-configured')
    await this.#listener.stop()
    store.transaction(officerId, (transaction) => {
      forgetCentral(transaction)
      claimsByItself(transaction)
      transaction.sql('DELETE FROM job WHERE kind = ? AND key = ?').run(SYNC_JOB, SYNC_KEY)
      transaction.audit({ action: 'central.left', subjectKind: 'office', subjectId: 'central' })
    })
    scheduler.tell()
    this.#connection = undefined
    this.#fault = null
    this.#outgoing.forget()
    this.#tell()
  }

  status(): CentralStatus {
    const { store } = this.#parts
    const configured = this.settings() !== undefined
    const contact = store.findMark(LAST_CONTACT)
    const outgoing = configured ? this.#outgoing.counts : null
    return {
      configured,
      phase: this.#phase,
      lastContact: contact === undefined ? null : Number(contact),
      fault: this.#fault,
      outgoing,
      oldestUnsentAt: outgoing === null || outgoing.oldest === null ? null : momentMilliseconds(outgoing.oldest),
      firstFill: configured ? this.#fill.progress() : null,
      lastReport: this.#report,
    }
  }

  onStatus(listener: (status: CentralStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Records of these batches came from elsewhere and are written: what waits for them may go on. */
  onBatches(listener: (batchIds: readonly string[]) => void): () => void {
    this.#batchListeners.add(listener)
    return () => void this.#batchListeners.delete(listener)
  }

  /** A contact now, after one that is under way. Errors: `central.*`, `http.*`. */
  syncNow(signal?: AbortSignal): Promise<Result<SyncReport>> {
    this.#parts.http.tryNow()
    return this.#inTurn(signal)
  }

  /** Since when the server has a record as it is here; undefined while it does not. */
  receiptOf(kind: RecordKind, id: string): { readonly at: number } | undefined {
    const sql = (text: string) => this.#parts.store.sql(text)
    const receipt = findReceipt(sql, kind, id)
    return receipt !== undefined && receipt.seq === findSequence(sql, kind, id) ? { at: receipt.at } : undefined
  }

  /** Sends what the server refused once more: its rules or its rights were changed. */
  retryRefused(officerId: string): void {
    const { store } = this.#parts
    // What is said beside the records is offered again at each contact.
    const records = 'kind NOT IN (SELECT value FROM json_each(?))'
    const aside = JSON.stringify(sideKinds)
    const first = store.sql(`SELECT min(seq) FROM central_refusal WHERE ${records}`).pluck().get(aside) as number | null
    if (first === null) return
    store.transaction(officerId, (transaction) => {
      transaction.sql(`DELETE FROM central_refusal WHERE ${records}`).run(aside)
      transaction.touch('central')
      transaction.audit({ action: 'central.refusals-retried', subjectKind: 'office', subjectId: 'central' })
    })
    setPushedUntil(store, Math.min(pushedUntil(store), first - 1))
    this.#wake()
  }

  /**
   * Compares and sends everything anew: the server is another one, or an older state of it, and an administrator said that
   * it counts.
   */
  async startAnew(): Promise<void> {
    await this.#turn
    await forgetServer(this.#parts.store)
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#callOffWake?.()
    this.#outgoing.close()
    for (const stop of this.#stops) stop()
    await this.#listener.close()
    await this.#turn
    await this.#checker.rest()
  }

  #isOwn(origin: string): boolean {
    const settings = this.settings()
    return settings !== undefined && URL.parse(settings.url)?.origin === origin
  }

  /** Contacts go one after the other; the caller's own is told. */
  #inTurn(signal?: AbortSignal): Promise<Result<SyncReport>> {
    const both = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal])
    const contact = this.#turn.then(() => this.#contact(both))
    this.#turn = contact.catch(() => undefined)
    return contact
  }

  async #contact(signal: AbortSignal): Promise<Result<SyncReport>> {
    const settings = this.settings()
    const connection = this.connection()
    if (settings === undefined || connection === undefined) {
      return { ok: false, error: { code: 'central.not-configured', params: {} } }
    }
    if (signal.aborted) return { ok: false, error: { code: 'http.cancelled', params: {} } }
    const { records: database } = districtDatabases(settings.district)
    this.#running = true
    this.#callOffWake?.()
    try {
      await tryOut(this.#parts.store, connection, settings.district, signal)
      const answer = await this.#exchange(connection, database, signal)
      this.#note(answer)
      if (answer.ok && !signal.aborted) this.#listener.listen(connection, database)
      return answer
    } catch (error) {
      if (signal.aborted) return { ok: false, error: { code: 'http.cancelled', params: {} } }
      this.#fault = error instanceof OfficeError ? error.fault : { code: 'api.unexpected', params: {} }
      throw error
    } finally {
      this.#running = false
      this.#phase = this.#phase === 'stopped' ? 'stopped' : 'idle'
      await this.#checker.rest()
      if (this.#changed && !signal.aborted) this.#wakeSoon()
      this.#outgoing.soon()
      this.#tell()
    }
  }

  async #exchange(connection: CouchConnection, database: string, signal: AbortSignal): Promise<Result<SyncReport>> {
    const { store } = this.#parts
    this.#enter('pulling')
    for (const check of this.#checks) {
      const fault = await check(connection, signal)
      if (fault !== null) return { ok: false, error: fault }
    }
    const arrived = new Set<string>()
    const answer = await round(
      {
        store,
        connection,
        database,
        pullPace: this.#pullPace,
        namesPace: this.#namesPace,
        pushPace: this.#pushPace,
        checker: this.#checker,
        serverNow: () => this.serverNow(),
        onBatches: (batchIds) => {
          for (const id of batchIds) arrived.add(id)
          for (const listener of this.#batchListeners) listener(batchIds)
        },
        mostlyOwn: () => Number(store.findMark(SENT) ?? 0) > 0 && this.#fill.isOver,
        onPhase: (phase) => {
          // What was sent before has come back by now.
          if (phase === 'pushing') store.housekeeping((_, mark) => mark(SENT, '0'))
          this.#enter(phase)
        },
        onPage: (page) => {
          this.#fill.note(page)
          this.#tell()
        },
        onSent: (count) => {
          const sent = Number(store.findMark(SENT) ?? 0) + count
          store.housekeeping((_, mark) => mark(SENT, String(sent)))
          this.#outgoing.soon()
        },
        wasChanged: () => {
          const was = this.#changed
          this.#changed = false
          return was
        },
      },
      signal,
    )
    if (!answer.ok || arrived.size === 0) return answer
    for (const check of this.#arrivalChecks) {
      const fault = await check([...arrived], signal)
      if (fault !== null) return { ok: false, error: fault }
    }
    return answer
  }

  #note(answer: Result<SyncReport>): void {
    const { store, time } = this.#parts
    this.#fault = answer.ok ? null : answer.error
    this.#phase = !answer.ok && answer.error.code === 'central.removal-guard' ? 'stopped' : 'idle'
    if (!answer.ok) return
    this.#report = answer.value
    // A batch may wait for its own records to be there.
    if (answer.value.pushed > 0) this.#parts.scheduler.wakeDeferred('line')
    store.housekeeping((_, mark) => mark(LAST_CONTACT, String(time.now())))
  }

  #noteChange(): void {
    this.#changed = true
    if (!this.#running) this.#wakeSoon()
    this.#outgoing.soon()
  }

  /** Changes that come together go together. */
  #wakeSoon(): void {
    this.#callOffWake?.()
    this.#callOffWake = this.#parts.time.after(GATHER, () => this.#wake())
  }

  #wake(): void {
    if (this.settings() === undefined || this.#closing.signal.aborted) return
    this.#parts.scheduler.wake(SYNC_JOB, SYNC_KEY)
  }

  #enter(phase: CentralStatus['phase']): void {
    this.#phase = phase
    this.#tell()
  }

  #tell(): void {
    if (this.#listeners.size === 0) return
    const status = this.status()
    for (const listener of this.#listeners) listener(status)
  }
}
