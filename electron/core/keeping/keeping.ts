import { fail, OfficeError } from '../../../shared/contract/result.ts'
import { KeepingRules, usualKeepingRules } from '../../../shared/model/keeping.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import { openSignatory } from '../identity/signed-change.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Reader } from '../store/reader.ts'
import type { ChangedKind, Store } from '../store/store.ts'
import { eraseRegistrant } from './erase-registrant.ts'
import type { KeepingPreview, PersonPreview } from './queries.ts'
import { type Removed, runRules } from './run-rules.ts'
import { settleErasures } from './settle-erasures.ts'

const RULES = 'keeping-rules'
const RAN = 'keeping-ran'
const DAY = 86_400_000
/** Looked at so often, since a timer does not count the time that a laptop sleeps. */
const LOOK_MINUTES = 10
/** Lets officers sign in first. */
const SETTLE_MINUTES = 2
/** Milliseconds of quiet after which what came about people who were erased is looked through. */
const QUIET = 500

/** Kinds in which something can come about somebody who was erased. */
const ABOUT: ReadonlySet<ChangedKind> = new Set<ChangedKind>([
  'registrant',
  'identityNumber',
  'membership',
  'enrolment',
  'entitlement',
  'consent',
  'payment',
  'submission',
  'observation',
  'collection',
])

export interface KeepingParts {
  readonly store: Store
  readonly reader: Reader
  readonly scheduler: Pick<Scheduler, 'work'>
  readonly time: OfficeTime
}

export interface KeepingStatus {
  readonly rules: KeepingRules
  readonly running: boolean
  /** When the rules ran last, epoch milliseconds, and what went then; null before the first time. */
  readonly last: { readonly at: number; readonly removed: Removed } | null
  /** People who were erased and of whom something stays until what it is in has come to its end. */
  readonly owed: number
}

/** Removes what need not be kept: by rules, and people on request. */
export class Keeping {
  readonly #parts: KeepingParts
  readonly #stop = new AbortController()
  #work: Promise<unknown> = Promise.resolve()
  #running = 0
  #callOff: (() => void) | undefined
  #stopListening: (() => void) | undefined
  #quiet: NodeJS.Timeout | undefined

  constructor(parts: KeepingParts) {
    this.#parts = parts
  }

  start(): void {
    this.#stopListening = this.#parts.store.onChange(({ kinds }) => {
      if (this.#running === 0 && kinds.some((kind) => ABOUT.has(kind))) this.#lookSoon()
    })
    this.#lookIn(SETTLE_MINUTES)
  }

  get rules(): KeepingRules {
    const mark = this.#parts.store.findMark(RULES)
    return mark === undefined ? usualKeepingRules : KeepingRules.parse(JSON.parse(mark))
  }

  get status(): KeepingStatus {
    const { store } = this.#parts
    const ran = store.findMark(RAN)
    return {
      rules: this.rules,
      running: this.#running > 0,
      last: ran === undefined ? null : (JSON.parse(ran) as { at: number; removed: Removed }),
      owed: store.sql('SELECT count(*) FROM erasure_owed').pluck().get() as number,
    }
  }

  /** What rules would remove if they were these, and on; nothing is changed. */
  preview(rules: KeepingRules, page: { offset: number; limit: number }, signal?: AbortSignal): Promise<KeepingPreview> {
    const input = { rules, now: this.#parts.time.now(), ...page }
    return this.#parts.reader.run('keeping.preview', input, { signal })
  }

  /**
   * Sets the rules; they run from then on, once a day, and at once for the first time.
   *
   * @param before the rules on the screen
   * @throws OfficeError `keeping.rules-changed`, `identity.wrong-pin`
   */
  async change(administrator: Officer, pin: string, before: KeepingRules, rules: KeepingRules): Promise<void> {
    const { store } = this.#parts
    await openSignatory(store, administrator, pin)
    store.transaction(administrator.id, (tx) => {
      if (JSON.stringify(before) !== JSON.stringify(this.rules)) fail('keeping.rules-changed')
      tx.mark(RULES, JSON.stringify(rules))
      tx.mark(RAN, JSON.stringify({ at: 0, removed: {} }))
      const on = Object.entries(rules).flatMap(([rule, { on: isOn, after }]) => (isOn ? [[rule, after]] : []))
      tx.audit({
        action: 'keeping.rules-set',
        subjectKind: 'office',
        subjectId: store.installationId,
        detail: Object.fromEntries(on),
      })
    })
    void this.run().catch(report)
  }

  /** @throws OfficeError `store.not-found` */
  async person(id: string, signal?: AbortSignal): Promise<PersonPreview> {
    return (
      (await this.#parts.reader.run('keeping.person', { id }, { signal })) ??
      fail('store.not-found', { kind: 'registrant' })
    )
  }

  /**
   * Erases one person on request. What lies beside the record is gone when this returns, or as soon as an office that is in the
   * middle of something has come to its end.
   *
   * @throws OfficeError `keeping.*`, `identity.wrong-pin`, `store.not-found`
   */
  async erase(administrator: Officer, pin: string, id: string): Promise<void> {
    const { store } = this.#parts
    await openSignatory(store, administrator, pin)
    store.transaction(administrator.id, (tx) => eraseRegistrant(tx, id, 'request'))
    await this.settle()
  }

  /** Takes people who were erased out of what is kept beside their records. */
  settle(): Promise<void> {
    return this.#settle('all')
  }

  /** Runs the rules that are on; not while anything is sent. */
  run(): Promise<Removed> {
    return this.#inTurn(async () => {
      const { store, scheduler, time } = this.#parts
      await settleErasures(this.#parts, this.#stop.signal)
      const isHeld = (): boolean => scheduler.work().sending > 0
      const now = time.now()
      const removed = await runRules(this.#parts, { rules: this.rules, now, isHeld, signal: this.#stop.signal })
      if (!isHeld() && !this.#stop.signal.aborted) {
        store.housekeeping((_, mark) => mark(RAN, JSON.stringify({ at: now, removed })))
      }
      return removed
    })
  }

  async close(): Promise<void> {
    this.#callOff?.()
    this.#stopListening?.()
    clearTimeout(this.#quiet)
    this.#stop.abort()
    await this.#work.catch(() => undefined)
  }

  #settle(which: 'fresh' | 'all'): Promise<void> {
    return this.#inTurn(async () => {
      await settleErasures(this.#parts, this.#stop.signal, which)
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work
      .catch(() => undefined)
      .then(async () => {
        if (this.#stop.signal.aborted) fail('api.cancelled')
        this.#running += 1
        try {
          return await work()
        } finally {
          this.#running -= 1
        }
      })
    this.#work = done.catch(() => undefined)
    return done
  }

  #lookSoon(): void {
    const { store } = this.#parts
    const isAnybody = store.sql('SELECT 1 FROM registrant WHERE erased_at IS NOT NULL LIMIT 1').get() !== undefined
    if (!isAnybody) return
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      if (this.#parts.scheduler.work().sending > 0) this.#lookSoon()
      else void this.#settle('fresh').catch(report)
    }, QUIET)
  }

  #lookIn(minutes: number): void {
    const { time } = this.#parts
    this.#callOff = time.after(minutes * time.minute, () => {
      const at = this.status.last?.at ?? 0
      const now = time.now()
      // A last one in the future was made by a clock that ran ahead.
      const isDue = at > now || now - at >= DAY
      const isOn = Object.values(this.rules).some(({ on }) => on)
      const isSending = this.#parts.scheduler.work().sending > 0
      if (isDue && isOn && !isSending) void this.run().catch(report)
      else if (this.status.owed > 0 && !isSending) void this.settle().catch(report)
      this.#lookIn(LOOK_MINUTES)
    })
  }
}

/** Nobody waits for it; it is tried again, and nothing personal is told. */
function report(error: unknown): void {
  if (error instanceof OfficeError && error.fault.code === 'api.cancelled') return
  console.warn('what is kept was not looked through:', error instanceof Error ? error.name : 'unexpected')
}
