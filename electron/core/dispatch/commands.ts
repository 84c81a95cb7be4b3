import { fail } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { PartKey } from '../../../shared/model/payment.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import { setSendingStopped } from '../scheduler/sending-switch.ts'
import type { Transaction } from '../store/store.ts'
import { findClaim, isHandedHere } from './claim.ts'
import { BATCH_JOB, breathe, type DispatchContext, SLICE } from './dispatch-context.ts'
import { enqueueBatch } from './look-up.ts'
import { partsOnTheirWay } from './part-facts.ts'
import { ABSENT_FOR_LONG } from './part-life.ts'
import { applyEventToAll, paymentsById } from './payment-moves.ts'
import { letsThrough } from './send-filter.ts'
import { enqueueStatusJob } from './status-job.ts'
import { enqueueStop } from './stop-batch.ts'
import { getSubmission } from './submissions.ts'

/**
 * Called in the transaction that completes an approval: sends by itself where the manager says so, within its filter; a
 * batch waits for an officer otherwise.
 */
export function queueApprovedBatch(context: DispatchContext, transaction: Transaction, batch: Batch): void {
  const manager = transaction.get('paymentManager', batch.managerId)
  const find: Transaction['find'] = (kind, id) => transaction.find(kind, id)
  const automatic = manager.sendAutomatically && letsThrough(manager, batch, find)
  if (automatic) {
    enqueueBatch(context, transaction, batch.id, manager)
    enqueueStatusJob(context, transaction, manager)
    transaction.audit({ action: 'batch.sent-automatically', subjectKind: 'batch', subjectId: batch.id })
  }
  transaction.afterCommit(() => context.guard.notePosition())
}

/**
 * An officer sends approved batches.
 *
 * @throws OfficeError `dispatch.not-approved`, `dispatch.filtered-out`, `dispatch.held`
 */
export function sendBatches(context: DispatchContext, officerId: string, batchIds: readonly string[]): void {
  context.store.transaction(officerId, (transaction) => {
    for (const id of new Set(batchIds)) {
      const batch = refreshBatch(transaction, id, context.time.now())
      const isReady = batch.state === 'approved' || batch.state === 'queued'
      if (!isReady && !isHandedHere((text) => transaction.sql(text), id)) fail('dispatch.not-approved')
      if (batch.held) fail('dispatch.held')
      const manager = transaction.get('paymentManager', batch.managerId)
      if (!letsThrough(manager, batch, (kind, of) => transaction.find(kind, of))) fail('dispatch.filtered-out')
      enqueueBatch(context, transaction, id, manager)
      enqueueStatusJob(context, transaction, manager)
      transaction.audit({ action: 'batch.send-ordered', subjectKind: 'batch', subjectId: id })
    }
  })
}

/**
 * Takes back what has not left: the whole batch before its claim; afterwards the payments of parts that were never taken.
 *
 * @throws OfficeError `dispatch.too-late-to-cancel` when nothing of it is left to take back
 */
export async function cancelBatch(
  context: DispatchContext,
  officerId: string,
  batchId: string,
  reason: string,
): Promise<void> {
  if (!isKnownOutside(context, batchId)) {
    await cancelHere(context, officerId, batchId, reason)
    releaseHere(context, officerId, batchId)
    return
  }
  const { store, time, guard } = context
  store.transaction(officerId, (transaction) => {
    if (countTakeable((text) => transaction.sql(text), batchId) === 0) fail('dispatch.too-late-to-cancel')
    // Nothing of it leaves from here from now on; it is cancelled once the central server knows.
    refreshBatch(transaction, batchId, time.now(), { held: true, heldReason: reason })
    enqueueStop(context, transaction, { batchId, wish: 'cancel', officerId, reason })
    transaction.audit({ action: 'batch.cancel-ordered', subjectKind: 'batch', subjectId: batchId })
  })
  guard.notePosition()
}

/** Whether others may know of a batch, so that stopping it is a word at the central server too. */
const isKnownOutside = ({ store, claims, guard }: DispatchContext, batchId: string): boolean =>
  // A store that was restored may have submitted and sent it in an earlier life.
  claims.isShared() && (store.get('batch', batchId).submissionNumber > 0 || guard.epoch > 1)

const TAKEABLE = "state IN ('prepared', 'queued', 'blocked')"

const countTakeable = (sql: Transaction['sql'], batchId: string): number =>
  sql(`SELECT count(*) FROM payment WHERE batch_id = ? AND ${TAKEABLE}`).pluck().get(batchId) as number

/** Cancels what has not left, in this store; the batch stays held. */
export async function cancelHere(
  context: DispatchContext,
  officerId: string,
  batchId: string,
  reason: string,
): Promise<void> {
  const { store, time, guard } = context
  store.transaction(officerId, (transaction) => {
    const claim = findClaim((text) => transaction.sql(text), batchId)
    const waiting = countTakeable((text) => transaction.sql(text), batchId)
    if (waiting === 0) fail('dispatch.too-late-to-cancel')
    // Held until the last slice is cancelled, so that nothing of it leaves meanwhile.
    refreshBatch(transaction, batchId, time.now(), {
      held: true,
      heldReason: reason,
      ...(claim === undefined ? { cancelledReason: reason } : {}),
    })
    transaction.audit({
      action: claim === undefined ? 'batch.cancelled' : 'batch.rest-cancelled',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { payments: waiting },
    })
  })
  guard.notePosition()
  for (;;) {
    const ids = store
      .sql(`SELECT id FROM payment WHERE batch_id = ? AND ${TAKEABLE} LIMIT ?`)
      .pluck()
      .all(batchId, SLICE) as string[]
    if (ids.length === 0) break
    store.transaction(officerId, (transaction) => {
      applyEventToAll(transaction, paymentsById(transaction.sql, ids), 'cancel')
      refreshBatch(transaction, batchId, time.now())
      transaction.audit({
        action: 'payments.cancelled',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { payments: ids.length },
      })
    })
    await breathe()
  }
}

/** Holds a batch: at once here, and at the central server as soon as it can be told. */
export function holdBatch(context: DispatchContext, officerId: string, id: string, reason: string): void {
  const { store, time, guard } = context
  const outside = isKnownOutside(context, id)
  store.transaction(officerId, (transaction) => {
    refreshBatch(transaction, id, time.now(), { held: true, heldReason: reason })
    if (outside) enqueueStop(context, transaction, { batchId: id, wish: 'hold', officerId, reason })
    transaction.audit({ action: 'batch.held', subjectKind: 'batch', subjectId: id })
  })
  guard.notePosition()
}

/** Lets a batch go on. What the central server holds leaves only once it was told. */
export function releaseBatch(context: DispatchContext, officerId: string, id: string): void {
  if (isKnownOutside(context, id)) {
    context.store.transaction(officerId, (transaction) => {
      enqueueStop(context, transaction, { batchId: id, wish: 'release', officerId, reason: '' })
      transaction.audit({ action: 'batch.release-ordered', subjectKind: 'batch', subjectId: id })
    })
  }
  releaseHere(context, officerId, id)
}

export function releaseHere({ store, time, scheduler, guard }: DispatchContext, officerId: string, id: string): void {
  store.transaction(officerId, (transaction) => {
    refreshBatch(transaction, id, time.now(), { held: false, heldReason: '' })
    transaction.audit({ action: 'batch.released', subjectKind: 'batch', subjectId: id })
  })
  guard.notePosition()
  scheduler.wake(BATCH_JOB, id)
}

const PAYEE_CHANGED = 'central.payee-changed'

/** The batch needs nobody for it any more once no other of its payments waits for a second look. */
function endPayeeAttention(transaction: Transaction, batchId: string, now: number): void {
  const batch = transaction.find('batch', batchId)
  if (batch?.attention !== PAYEE_CHANGED) return
  const other = transaction
    .sql('SELECT 1 FROM payment WHERE batch_id = ? AND held = 1 AND reason_code = ? LIMIT 1')
    .get(batchId, PAYEE_CHANGED)
  if (other === undefined) refreshBatch(transaction, batchId, now, { attention: '' })
}

/** Holds or releases one payment. Its message names others too, so all of them stay until it is released. */
export function holdPayment(context: DispatchContext, officerId: string, paymentId: string, held: boolean): void {
  const { store, scheduler, guard, time } = context
  const batchId = store.transaction(officerId, (transaction) => {
    const { changedAt, changedBy, ...payment } = transaction.get('payment', paymentId)
    if (!['prepared', 'blocked', 'queued', 'unknown'].includes(payment.state)) fail('dispatch.too-late-to-cancel')
    // The second look at a payee that another office changed was this one.
    const isLooked = !held && payment.reasonCode === PAYEE_CHANGED
    transaction.put('payment', { ...payment, held, ...(isLooked ? { reasonCode: '' } : {}) })
    if (isLooked) endPayeeAttention(transaction, payment.batchId, time.now())
    transaction.audit({
      action: held ? 'payment.held' : 'payment.released',
      subjectKind: 'payment',
      subjectId: paymentId,
    })
    return payment.batchId
  })
  guard.notePosition()
  if (!held && batchId !== '') scheduler.wake(BATCH_JOB, batchId)
}

/** The switch that stops all sending, or lets it go on. */
export function stopAll({ store, scheduler, guard }: DispatchContext, officerId: string, stopped: boolean): void {
  store.transaction(officerId, (transaction) => setSendingStopped(transaction, stopped))
  guard.notePosition()
  if (!stopped) scheduler.wakeDeferred('stopped')
}

/**
 * An approver's leave to send a part once more: for exactly the posts made so far, and only when two look-ups far enough
 * apart have found none of its payments (I3).
 *
 * @throws OfficeError `dispatch.resend-not-ready`, `dispatch.resend-by-maker`, `dispatch.not-on-its-way`
 */
export function approveResend(context: DispatchContext, officerId: string, batchId: string, part: PartKey): void {
  const { store, time } = context
  store.transaction(officerId, (transaction) => {
    const claim = findClaim((text) => transaction.sql(text), batchId) ?? fail('dispatch.not-on-its-way')
    const submission = getSubmission(store, claim.submissionId)
    if (submission.makers.includes(officerId) || submission.submittedBy === officerId) {
      fail('dispatch.resend-by-maker')
    }
    const found = partsOnTheirWay(store, time, submission).find((one) => one.part === part)
    if (found === undefined) fail('dispatch.not-on-its-way')
    const { payments, absent, absentFor } = found.facts
    const all = found.payments.length
    if (payments.unknown === 0 || absent !== all || absentFor < ABSENT_FOR_LONG * time.minute) {
      fail('dispatch.resend-not-ready')
    }
    transaction
      .sql('INSERT OR IGNORE INTO resend_approval VALUES (?, ?, ?, ?, ?)')
      .run(batchId, part, found.posts, officerId, transaction.moment)
    transaction.touch('said')
    enqueueBatch(context, transaction, batchId, { id: submission.managerId })
    transaction.audit({
      action: 'part.resend-approved',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { part, posts: found.posts, count: all },
    })
  })
}
