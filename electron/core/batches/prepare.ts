import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Finding } from '../../../shared/rules/preflight.ts'
import type { Office } from '../office.ts'
import type { Draft, Transaction } from '../store/store.ts'
import type { PlannedPayment } from './plan.ts'
import { latestAttemptsFor, nextAttempt } from './standing.ts'

/** What preparing made. Blocked payments are kept with their reason until their cause is mended. */
export interface PreparedCycle {
  readonly batchIds: readonly string[]
  readonly prepared: number
  readonly blocked: number
  /** Why nothing could be prepared at all. */
  readonly obstacles: readonly Finding[]
}

/** Payments written in one transaction: some 100 ms, so that the core answers others in between. */
const SLICE = 1_000

const preparing = new Map<string, { done: number; total: number }>()

/** How far preparing a cycle is, in payments; undefined when nobody prepares it. */
export const preparingProgress = (cycleId: string): { done: number; total: number } | undefined =>
  preparing.get(cycleId)

/**
 * Makes one payment for each approved entitlement of a cycle that has none standing, in batches by the manager's tags.
 * Running it again, or on another laptop, makes the same payments; interrupted, it goes on where it was.
 *
 * @param day day of payment, `YYYY-MM-DD`
 * @throws OfficeError `batches.already-preparing`, `batches.cycle-not-approved`, `batches.no-manager`, `store.not-found`
 */
export async function prepareCycle(
  { store, reader }: Pick<Office, 'store' | 'reader'>,
  { cycleId, day, officerId }: { cycleId: string; day: string; officerId: string },
): Promise<PreparedCycle> {
  if (preparing.has(cycleId)) fail('batches.already-preparing')
  preparing.set(cycleId, { done: 0, total: 0 })
  try {
    const cycle = store.get('cycle', cycleId)
    const programme = store.get('programme', cycle.programmeId)
    const plan = await reader.run('batches.plan', { cycleId, day })
    if (plan.obstacles.length > 0) return { batchIds: [], prepared: 0, blocked: 0, obstacles: plan.obstacles }

    const total = plan.batches.reduce((sum, { payments }) => sum + payments.length, plan.blocked.length)
    let done = 0
    const progress = (count: number): void => {
      done += count
      preparing.set(cycleId, { done, total })
    }
    const common = {
      cycleId,
      programmeId: programme.id,
      managerId: programme.paymentManagerId,
      currency: programme.currency,
      held: false,
    }

    let blocked = 0
    for (const planned of slices(plan.blocked)) {
      store.transaction(officerId, (tx) => {
        const slice = stillToMake(tx, planned, common.managerId)
        if (slice.length === 0) return
        blocked += slice.length
        for (const one of slice) putPayment(tx, one, { ...common, batchId: '' })
        tx.audit({
          action: 'batch.payments-blocked',
          subjectKind: 'cycle',
          subjectId: cycleId,
          detail: { count: slice.length, payments: paymentsDigest(slice) },
        })
      })
      progress(planned.length)
      await nextTurn()
    }

    const batchIds = new Set<string>()
    let prepared = 0
    for (const { tagName, payments } of plan.batches) {
      const batchId = newId()
      for (const planned of slices(payments)) {
        store.transaction(officerId, (tx) => {
          const slice = stillToMake(tx, planned, common.managerId)
          if (slice.length === 0) return
          batchIds.add(batchId)
          prepared += slice.length
          const batch = tx.find('batch', batchId)
          for (const one of slice) putPayment(tx, one, { ...common, batchId })
          const { changedAt, changedBy, ...known } = batch ?? newBatch(tx, batchId, common, cycle.name, tagName)
          tx.put('batch', {
            ...known,
            count: known.count + slice.length,
            sum: known.sum + slice.reduce((sum, { amount }) => sum + amount, 0),
            makers: [officerId],
          })
          tx.audit({
            action: 'batch.prepared',
            subjectKind: 'batch',
            subjectId: batchId,
            detail: { count: slice.length, payments: paymentsDigest(slice) },
          })
        })
        progress(planned.length)
        await nextTurn()
      }
    }
    return { batchIds: [...batchIds], prepared, blocked, obstacles: [] }
  } finally {
    preparing.delete(cycleId)
  }
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += SLICE) yield items.slice(from, from + SLICE)
}

/**
 * Those that are still to be made as planned. The plan was worked out in another thread; what other offices made, sent or
 * settled meanwhile has arrived since, and is never written over.
 */
function stillToMake(
  tx: Transaction,
  planned: readonly PlannedPayment[],
  managerId: string,
): readonly PlannedPayment[] {
  const manager = tx.get('paymentManager', managerId)
  const latest = latestAttemptsFor(
    tx,
    planned.map(({ entitlementId }) => entitlementId),
  )
  return planned.filter(({ entitlementId, attempt }) => {
    const next = nextAttempt(latest.get(entitlementId), manager)
    return next.kind !== 'stands' && next.attempt === attempt
  })
}

/** Tells afterwards whether these were the payments, without repeating them in the audit trail (I10). */
const paymentsDigest = (payments: readonly PlannedPayment[]): string =>
  createHash('sha256')
    .update(
      payments.map(({ paymentId, amount, payeeAddress }) => `${paymentId}\n${amount}\n${payeeAddress}\n`).join(''),
    )
    .digest('hex')

type Common = Pick<Draft<'payment'>, 'cycleId' | 'programmeId' | 'managerId' | 'currency' | 'held'>

/** Writes a payment as planned: prepared, or blocked with its reason. */
export function putPayment(tx: Transaction, planned: PlannedPayment, common: Common & { batchId: string }): void {
  const { paymentId, blocked, mapped, ...facts } = planned
  tx.put('payment', {
    ...facts,
    ...(mapped === null ? {} : { mapped }),
    ...common,
    id: paymentId,
    state: blocked === null ? 'prepared' : 'blocked',
    reasonCode: blocked?.code ?? '',
    reasonText: '',
    reasonParams: { ...blocked?.params },
    amountPaid: null,
    theirReference: '',
    stateAt: tx.moment,
  })
}

function newBatch(tx: Transaction, id: string, common: Common, cycleName: string, tagName: string) {
  const number = (tx.sql('SELECT count(*) FROM batch WHERE cycle_id = ?').pluck().get(common.cycleId) as number) + 1
  const { cycleId, programmeId, managerId, currency } = common
  return {
    id,
    name: `${cycleName} · ${tagName} ${number}`.slice(0, 200),
    cycleId,
    programmeId,
    managerId,
    currency,
    tagName,
    count: 0,
    sum: 0,
    makers: [],
    state: 'open' as const,
    held: false,
    heldReason: '',
    cancelledReason: '',
    submissionNumber: 0,
    stateAt: tx.moment,
    attention: '',
    changedAt: tx.moment,
    changedBy: tx.officerId,
  }
}
