import { setImmediate as nextTurn } from 'node:timers/promises'
import { Moment } from '../../../../shared/model/record.ts'
import type { RecordKind } from '../../../../shared/model/records.ts'
import { momentMilliseconds } from '../../clock/hybrid-clock.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { rankOf } from '../documents.ts'
import { applyRecord, type RecordContext, type RecordOutcome } from './apply-record.ts'
import { holdChangedPayees } from './changed-payees.ts'
import type { Applied, Incoming, MergeContext, Touched } from './incoming.ts'
import { keepAside, stillArriving, unverified } from './quarantine.ts'
import { judgeRemovals } from './removal-guard.ts'
import { restateBatches } from './restate-batches.ts'
import { checkTrust, isSignedKind, type Trust } from './trust-check.ts'
import { noteUnfinished } from './unfinished.ts'

export type { Applied, Incoming, MergeContext } from './incoming.ts'

/** A transaction ends after so many milliseconds, or so many records. */
const SLICE_TIME = 40
const SLICE = 200
/** Of a clock that runs further ahead than this no moment is taken over: milliseconds. */
const LARGEST_LEAD = 5 * 60_000

/**
 * Applies records of the central server to the store: what is new is adopted, what was changed here too is merged, what cannot
 * be trusted is kept aside, and what follows from it is worked out. A page may be applied again, whole or in part. Hand in a
 * page as a whole: the removal guard applies nothing of what it stops.
 */
export async function applyIncoming(context: MergeContext, incoming: readonly Incoming[]): Promise<Applied> {
  const { store, now } = context
  const removals = judgeRemovals(store, incoming, now())
  const none = { adopted: 0, merged: 0, conflicts: 0, quarantined: 0 }
  if (removals.kind === 'ask') return { ...none, stopped: removals.fault }

  receiveMoments(store, incoming, now())
  const finished = noteUnfinished(store)
  const touched: Touched = { batches: new Set(), people: new Set() }
  const run = new Run(store, { at: now(), removals, touched })
  const waiting = [...stillArriving(store), ...(incoming.some(mayVouch) ? unverified(store) : [])]
  const all = newestOfEach([...waiting, ...incoming]).sort((one, other) => rankOf(one.kind) - rankOf(other.kind))
  await run.applySigned(all.filter(({ kind }) => kind === 'officer'))
  await run.applySigned(
    all.filter(({ kind }) => kind === 'paymentManager' || kind === 'connector' || kind === 'signInProvider'),
  )
  await run.apply(all.filter(({ kind }) => !isSignedKind(kind)))
  await run.applySigned(all.filter(({ kind }) => kind === 'decision'))

  await restateBatches(store, touched.batches, now())
  await holdChangedPayees(context, touched.people)
  finished()
  if (touched.batches.size > 0) context.onBatches?.([...touched.batches])
  return { ...run.sum, stopped: null }
}

/** Another officer may be the one whose signature was missing. */
const mayVouch = ({ kind }: Incoming): boolean => kind === 'officer'

/** Of several versions of a record the last one handed in. */
function newestOfEach(all: readonly Incoming[]): Incoming[] {
  const found = new Map<string, Incoming>()
  for (const one of all) found.set(`${one.kind}:${one.id}`, one)
  return [...found.values()]
}

/** A laptop whose clock is years ahead must not take the others' clocks with it. */
function receiveMoments(store: Store, incoming: readonly Incoming[], now: number): void {
  let newest = ''
  for (const { record } of incoming) {
    const moment = Moment.safeParse((record as { changedAt?: unknown } | null)?.changedAt)
    if (!moment.success || momentMilliseconds(moment.data) > now + LARGEST_LEAD) continue
    if (moment.data > newest) newest = moment.data
  }
  if (newest !== '') store.receiveMoment(newest)
}

class Run {
  readonly sum = { adopted: 0, merged: 0, conflicts: 0, quarantined: 0 }
  readonly #store: Store
  readonly #context: RecordContext

  constructor(store: Store, context: RecordContext) {
    this.#store = store
    this.#context = context
  }

  /** In transactions of some milliseconds; others get their turn in between. */
  async apply(all: readonly Incoming[]): Promise<void> {
    for (let from = 0; from < all.length; ) {
      if (from > 0) await nextTurn()
      from += this.#slice(all, from)
    }
  }

  #slice(all: readonly Incoming[], from: number): number {
    const began = performance.now()
    return this.#store.transaction(OFFICE, (tx) => {
      const tally = new Tally(tx)
      let at = from
      while (at < all.length && at - from < SLICE && performance.now() - began < SLICE_TIME) {
        const one = all[at] as Incoming
        tally.add(one.kind, applyRecord(tx, one, this.#context))
        at += 1
      }
      tally.write()
      this.#count(tally)
      return at - from
    })
  }

  /**
   * Records that carry a signature. Officers can vouch for each other in any order, so that they are tried until nothing more
   * verifies.
   */
  async applySigned(all: readonly Incoming[]): Promise<void> {
    let open = all
    for (let progress = true; progress && open.length > 0; ) {
      const judged: { one: Incoming; trust: Trust }[] = []
      for (const one of open) judged.push({ one, trust: await checkTrust(this.#store, one) })
      const good = judged.filter(({ trust }) => trust.kind === 'good').map(({ one }) => one)
      await this.apply(good)
      progress = good.length > 0
      open = judged.filter(({ trust }) => trust.kind !== 'good').map(({ one }) => one)
      if (!progress) this.#setAside(judged)
    }
  }

  #setAside(judged: readonly { one: Incoming; trust: Trust }[]): void {
    const { at } = this.#context
    this.#store.transaction(OFFICE, (tx) => {
      for (const { one, trust } of judged) {
        if (trust.kind === 'arriving') keepAside(tx, one, { code: 'central.still-arriving', params: {} }, true, at)
        if (trust.kind === 'refused' && keepAside(tx, one, trust.fault, false, at)) this.sum.quarantined += 1
      }
    })
  }

  #count({ outcomes }: Tally): void {
    this.sum.adopted += outcomes.adopted
    this.sum.merged += outcomes.merged + outcomes.conflict
    this.sum.conflicts += outcomes.conflict
    this.sum.quarantined += outcomes.quarantined
  }
}

const changesOf = (tx: Transaction): number => tx.sql('SELECT total_changes()').pluck().get() as number

/** What a slice did, for its audit entry. */
class Tally {
  readonly outcomes: Record<RecordOutcome, number> = { known: 0, adopted: 0, merged: 0, conflict: 0, quarantined: 0 }
  readonly #kinds: Record<string, number> = {}
  readonly #tx: Transaction
  readonly #before: number

  constructor(tx: Transaction) {
    this.#tx = tx
    this.#before = changesOf(tx)
  }

  add(kind: RecordKind, outcome: RecordOutcome): void {
    this.outcomes[outcome] += 1
    this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1
  }

  write(): void {
    if (changesOf(this.#tx) === this.#before) return
    const { known, ...outcomes } = this.outcomes
    this.#tx.audit({
      action: 'central.received',
      subjectKind: 'office',
      subjectId: 'central',
      detail: { kinds: this.#kinds, ...outcomes, known },
    })
  }
}
