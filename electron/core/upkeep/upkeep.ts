import type { Fault } from '../../../shared/contract/result.ts'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import { type AuditBreak, breakText, readBreak } from '../audit/audit-log.ts'
import type { TrailVerdict } from '../audit/verify-trail.ts'
import type { Reader } from '../store/reader.ts'
import { OFFICE, type Store } from '../store/store.ts'

/** One check of the office by itself. */
export interface UpkeepCheck {
  readonly state: 'waiting' | 'running' | 'fine' | 'found' | 'failed'
  /** Tables or rows looked at so far, or in all. */
  readonly checked: number
  /** When it ended, epoch milliseconds. */
  readonly endedAt: number | null
  /** What was found, or why it could not be done. */
  readonly fault: Fault | null
}

/** The check of the audit trail. */
export interface TrailCheck extends UpkeepCheck {
  /** What the last whole walk since the start of the program found; null before. */
  readonly verdict: TrailVerdict | null
  /** Somebody who answers for the trail has taken note of the break. */
  readonly noted: boolean
}

export interface UpkeepStatus {
  /** SQLite's own check of the file. */
  readonly store: UpkeepCheck
  /** The audit chain, row by row. */
  readonly audit: TrailCheck
}

/** Lets the office open, officers sign in and the first lists be read, on a slow machine too, before it reads the whole file. */
const SETTLE = 15_000
const waiting: UpkeepCheck = { state: 'waiting', checked: 0, endedAt: null, fault: null }

/** The break that was found last, and the one that was taken note of. */
const FOUND = 'audit-break'
const NOTED = 'audit-break-noted'

const faultOf = ({ position, kind }: AuditBreak): Fault => ({
  code: 'upkeep.audit-broken',
  params: { position, context: kind },
})

/** Looks after the store while it is open: checks the file and the audit trail once after the start, and when asked. */
export class Upkeep {
  readonly #store: Store
  readonly #reader: Reader
  readonly #stop = new AbortController()
  #status: UpkeepStatus
  #running: Promise<UpkeepStatus> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(store: Store, reader: Reader) {
    this.#store = store
    this.#reader = reader
    const known = this.#foundBefore()
    const audit = known === undefined ? waiting : { ...waiting, state: 'found' as const, fault: this.#foundFault() }
    this.#status = { store: waiting, audit: { ...audit, verdict: null, noted: this.#isNoted(known) } }
  }

  start(): void {
    this.#timer = setTimeout(() => void this.run(), SETTLE)
    this.#timer.unref()
  }

  get status(): UpkeepStatus {
    return this.#status
  }

  /** Checks everything now; joins a check that is going on. */
  run(): Promise<UpkeepStatus> {
    clearTimeout(this.#timer)
    this.#running ??= this.#check().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Walks the audit trail now, and remembers what was found. @throws OfficeError `api.cancelled`, `store.*` */
  async verifyTrail(signal: AbortSignal | undefined, onProgress?: (done: number) => void): Promise<TrailVerdict> {
    const verdict = await this.#reader.run('audit.verify', undefined, {
      signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    })
    const found = verdict.break ?? undefined
    this.#setTrail({
      state: found === undefined ? 'fine' : 'found',
      checked: verdict.checked,
      endedAt: Date.now(),
      fault: found === undefined ? null : faultOf(found),
      verdict,
      noted: this.#isNoted(found),
    })
    this.#remember(found)
    return verdict
  }

  /**
   * Somebody who answers for the trail has seen the break and what is done about it. It stands in the audit screen from then
   * on, no more above every other one.
   *
   * @throws OfficeError `upkeep.nothing-to-note`
   */
  note(officerId: string): UpkeepStatus {
    const found = this.#foundBefore() ?? fail('upkeep.nothing-to-note')
    this.#store.transaction(officerId, (transaction) => {
      transaction.mark(NOTED, breakText(found))
      transaction.audit({
        action: 'audit.break-noted',
        subjectKind: 'office',
        subjectId: this.#store.installationId,
        detail: { position: found.position, kind: found.kind },
      })
    })
    this.#setTrail({ ...this.#status.audit, noted: true })
    return this.#status
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop.abort()
  }

  async #check(): Promise<UpkeepStatus> {
    const { signal } = this.#stop
    const before = this.#status.audit
    try {
      // What is known to be broken is said while it is looked at again.
      const running = { ...before, ...waiting, state: 'running' as const, fault: this.#foundFault() }
      this.#setTrail(running)
      await this.verifyTrail(signal, (checked) => this.#setTrail({ ...running, checked }))
    } catch (error) {
      const { checked, state } = this.#status.audit
      // A break that could not be written down (a full disk) is shown all the same.
      if (state !== 'found')
        this.#setTrail({ ...before, state: 'failed', checked, endedAt: Date.now(), fault: faultIn(error) })
    }
    const set = (check: UpkeepCheck): void => {
      this.#status = { ...this.#status, store: check }
    }
    set({ ...waiting, state: 'running' })
    try {
      const onProgress = (checked: number): void => set({ ...waiting, state: 'running', checked })
      const { tables, findings } = await this.#reader.run('store.check', undefined, { signal, onProgress })
      const count = findings.length
      const fault: Fault | null = count === 0 ? null : { code: 'upkeep.store-damaged', params: { count } }
      set({ state: fault === null ? 'fine' : 'found', checked: tables, endedAt: Date.now(), fault })
    } catch (error) {
      set({ state: 'failed', checked: this.#status.store.checked, endedAt: Date.now(), fault: faultIn(error) })
    }
    return this.#status
  }

  #setTrail(audit: TrailCheck): void {
    this.#status = { ...this.#status, audit }
  }

  #foundBefore(): AuditBreak | undefined {
    return readBreak(this.#store.findMark(FOUND))
  }

  #foundFault(): Fault | null {
    const found = this.#foundBefore()
    return found === undefined ? null : faultOf(found)
  }

  #isNoted(found: AuditBreak | undefined): boolean {
    return found !== undefined && this.#store.findMark(NOTED) === breakText(found)
  }

  /** That the trail broke, and that it is whole again, stands in the trail: the next head that is told elsewhere covers it. */
  #remember(found: AuditBreak | undefined): void {
    const before = this.#foundBefore()
    const [was, is] = [before, found].map((one) => (one === undefined ? '' : breakText(one)))
    if (was === is || is === undefined) return
    const about = found ?? before
    this.#store.transaction(OFFICE, (transaction) => {
      transaction.mark(FOUND, is)
      transaction.audit({
        action: found === undefined ? 'audit.found-whole' : 'audit.break-found',
        subjectKind: 'office',
        subjectId: this.#store.installationId,
        detail: { position: about?.position, kind: about?.kind },
      })
    })
  }
}

/** Shown, not thrown: nobody waits for a check in the background. */
const faultIn = (error: unknown): Fault =>
  error instanceof OfficeError ? error.fault : { code: 'api.unexpected', params: {} }
