import { type Fault, fail } from '../../../shared/contract/result.ts'
import { maskFinancialAddress } from '../../../shared/rules/financial-address.ts'
import type { Mapped } from '../../../shared/rules/mapper/judge.ts'
import { mapperQuestion } from '../../../shared/rules/payee-address.ts'
import type { AskingFigures, AskingScope } from '../batches/people-to-ask.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import { today } from '../clock/today.ts'
import type { Http } from '../http/http.ts'
import type { Deferral } from '../scheduler/job.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Reader } from '../store/reader.ts'
import type { Store } from '../store/store.ts'
import { ASKING_JOB, type AskingInput, type AskingProgress, askingJob, askingKey, findMapperOf } from './asking-job.ts'
import type { MapperClient } from './client.ts'

export interface MapperParts {
  readonly store: Store
  readonly reader: Reader
  readonly http: Http
  readonly scheduler: Scheduler
  readonly client: MapperClient
  readonly time: OfficeTime
}

/** How asking a mapper stands for a cycle or a batch. */
export interface AskingStanding {
  /** Null when nobody is being asked about. */
  readonly run: {
    readonly state: 'waiting' | 'running' | 'paused' | 'attention'
    /** In people; null until that is known. */
    readonly progress: AskingProgress | null
    readonly deferredBy: Deferral | ''
    readonly fault: Fault | null
    /** Epoch milliseconds. */
    readonly nextAt: number
  } | null
  readonly figures: AskingFigures
}

/** What one person's trial showed; the account masked. */
export type Trial =
  | { readonly kind: 'linked'; readonly addressHint: string; readonly provider: string }
  | Extract<Mapped, { kind: 'none' | 'unresolved' }>

/** The account mapper of an office: asks where people are paid, for payments that are being prepared. */
export class Mapper {
  readonly #parts: MapperParts
  readonly #progress = new Map<string, AskingProgress>()
  readonly #calledOff = new Set<string>()

  constructor(parts: MapperParts) {
    this.#parts = parts
    const { store, reader, client, time, scheduler } = parts
    scheduler.register(
      askingJob({
        store,
        reader,
        client,
        now: time.now,
        minute: time.minute,
        progress: this.#progress,
        isCalledOff: (key) => this.#calledOff.has(key),
      }),
    )
  }

  /**
   * Asks about everybody whom a cycle or a batch would pay; while the line is down that is done later.
   *
   * @param renew also about those who were asked before
   * @throws OfficeError `mapper.not-used`
   */
  ask(officerId: string, scope: AskingScope, renew: boolean): void {
    const { store, scheduler, http, time } = this.#parts
    const of = findMapperOf(this.#parts, scope.cycleId) ?? fail('mapper.not-used')
    if (scope.batchId !== null && store.get('batch', scope.batchId).cycleId !== scope.cycleId) fail('mapper.not-used')
    const key = askingKey(scope)
    this.#calledOff.delete(key)
    http.tryNow()
    const input: AskingInput = { ...scope, since: renew ? time.now() : 0 }
    store.transaction(officerId, (transaction) => {
      const endpoint = new URL(of.mapper.resolveUrl).origin
      scheduler.enqueue(transaction, { kind: ASKING_JOB, key, input, needs: { line: true, endpoint, officer: [] } })
      transaction.audit({
        action: 'mapper.asking-ordered',
        subjectKind: scope.batchId === null ? 'cycle' : 'batch',
        subjectId: scope.batchId ?? scope.cycleId,
        detail: { renew },
      })
    })
  }

  /** Ends a run after the question that is on its way; what was answered is kept. */
  callOff(officerId: string, scope: AskingScope): void {
    const { store, scheduler } = this.#parts
    const key = askingKey(scope)
    if (scheduler.queue.findByKey(ASKING_JOB, key) === undefined) return
    this.#calledOff.add(key)
    store.transaction(officerId, (transaction) => {
      transaction.audit({
        action: 'mapper.asking-called-off',
        subjectKind: scope.batchId === null ? 'cycle' : 'batch',
        subjectId: scope.batchId ?? scope.cycleId,
      })
    })
    scheduler.wake(ASKING_JOB, key)
  }

  /** How it stands; null where no mapper is asked. */
  async standing(scope: AskingScope, signal?: AbortSignal): Promise<AskingStanding | null> {
    const { reader, scheduler, time } = this.#parts
    if (findMapperOf(this.#parts, scope.cycleId) === undefined) return null
    const key = askingKey(scope)
    const job = scheduler.queue.findByKey(ASKING_JOB, key)
    const isOn = job !== undefined && job.state !== 'done'
    const run = isOn
      ? {
          state: job.state as 'waiting' | 'running' | 'paused' | 'attention',
          progress: this.#progress.get(key) ?? null,
          deferredBy: job.deferredBy,
          fault: job.fault,
          nextAt: job.runAt,
        }
      : null
    const input = { ...scope, day: today(new Date(time.now())) }
    return { run, figures: await reader.run('batches.askingFigures', input, signal === undefined ? {} : { signal }) }
  }

  /**
   * Asks a manager's mapper about one person and keeps nothing.
   *
   * @throws OfficeError `mapper.not-used`, `mapper.nobody-to-ask`, and whatever the mapper's answer came to
   */
  async tryOne(managerId: string, registrantId: string, signal: AbortSignal): Promise<Trial> {
    const { store, client, http, time } = this.#parts
    const manager = store.get('paymentManager', managerId)
    const { mapper } = manager
    if (manager.payeeIdType !== 'mapper' || mapper === undefined) return fail('mapper.not-used')
    const identityNumbers = (
      store
        .sql('SELECT body FROM identity_number WHERE registrant_id = ? AND removed = 0')
        .pluck()
        .all(registrantId) as string[]
    ).map((body) => JSON.parse(body))
    const question = mapperQuestion(manager, { identityNumbers }, today(new Date(time.now())))
    if (!question.ok) return fail(question.error.code, question.error.params)
    http.tryNow()
    const asked = { reference: crypto.randomUUID(), id: question.value.id }
    const outcome = await client.ask({ managerId, mapper }, [asked], signal)
    if (outcome.kind !== 'answered') return fail(outcome.fault.code, outcome.fault.params)
    const mapped = outcome.mapped.get(asked.reference) ?? fail('mapper.nobody-to-ask')
    if (mapped.kind !== 'linked') return mapped
    return { kind: 'linked', addressHint: maskFinancialAddress(mapped.address), provider: mapped.provider }
  }
}
