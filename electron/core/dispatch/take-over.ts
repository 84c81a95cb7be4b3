import { fail } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import { newId } from '../../../shared/model/ids.ts'
import { isFinal } from '../../../shared/rules/payment-life.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import { signClaims } from '../identity/signatures.ts'
import type { Signatory } from '../identity/signed-change.ts'
import { OFFICE, type Store } from '../store/store.ts'
import { findClaim } from './claim.ts'
import type { DispatchContext } from './dispatch-context.ts'
import { enqueueBatch, lookUp } from './look-up.ts'
import { paymentsById } from './payment-moves.ts'
import type { Posts } from './posts.ts'
import type { ClaimHolder } from './sender-claims.ts'
import { enqueueStatusJob } from './status-job.ts'
import { getSubmission } from './submissions.ts'

/**
 * An administrator takes a batch over from an office that will not go on with it (a lost or broken laptop). Every payment of
 * it that is not over is looked up first, by this office and in this very step; then the claim changes hands, the other
 * office is revoked, and this one sends or follows the rest. What may have left stays open until look-ups tell (I3).
 *
 * @param signatory the administrator with the key open
 * @throws OfficeError `central.nothing-to-take-over`, `central.take-over-not-ready`, `central.still-arriving`, `central.*`,
 *   and whatever keeps the payment system from being asked
 */
export async function takeOver(
  context: DispatchContext,
  posts: Posts,
  signatory: Signatory,
  { batchId, reason }: { readonly batchId: string; readonly reason: string },
  signal: AbortSignal,
): Promise<void> {
  const { store, claims, guard, time } = context
  if (!claims.isShared()) fail('central.not-configured')
  const doubt = guard.doubt ?? claims.obstacle()?.code
  if (doubt !== undefined) fail(doubt)
  const holder = await holderOf(context, batchId, signal)
  const submission = arrivedSubmission(store, holder)
  // A claim that was only begun let nothing out, and may have to go back without what others pay.
  if (holder.whole) noteHolder(context, holder)
  await lookUpOpen(context, posts, submission, signal)

  const officerId = signatory.officer.id
  const order = {
    batchId,
    fromInstallation: holder.installationId,
    toInstallation: store.installationId,
    generation: holder.generation + 1,
    reason,
  }
  const jws = await signClaims('take-over', order, signatory.name, signatory.key)
  const answer = await claims.takeOver({ holder, officerId, reason, jws }, submission, signal)
  if (answer.kind !== 'ours') fail(answer.fault.code, answer.fault.params)
  store.transaction(officerId, (transaction) => {
    transaction.put('claim', {
      id: newId(),
      batchId,
      submissionId: submission.id,
      installationId: store.installationId,
      epoch: guard.epoch,
      generation: answer.generation,
      officeName: answer.officeName,
      claimedAt: answer.claimedAt,
      takenFrom: holder.installationId,
    })
    refreshBatch(transaction, batchId, time.now(), { attention: '', attentionParams: {} })
    const manager = transaction.get('paymentManager', submission.managerId)
    enqueueBatch(context, transaction, batchId, manager)
    enqueueStatusJob(context, transaction, manager)
    transaction.audit({
      action: 'batch.taken-over',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { from: holder.installationId, generation: answer.generation, reason, order: jws },
    })
  })
  guard.note({ kind: 'claim', batchId, submissionId: submission.id })
}

/** Who holds the batch; a take-over of this office that was cut off goes on where it was. */
async function holderOf(
  { store, claims }: DispatchContext,
  batchId: string,
  signal: AbortSignal,
): Promise<ClaimHolder> {
  const found = await claims.findHolder(batchId, signal)
  if (!found.ok) fail(found.error.code, found.error.params)
  const holder = found.value
  if (holder === undefined || holder.cancelled) return fail('central.nothing-to-take-over')
  if (holder.installationId !== store.installationId) return holder
  const known = findClaim((text) => store.sql(text), batchId)
  if (holder.takenFrom === null || (known !== undefined && known.generation >= holder.generation)) {
    return fail('central.nothing-to-take-over')
  }
  return { ...holder, installationId: holder.takenFrom, generation: holder.generation - 1 }
}

/** The submission that is claimed, when it and its payments are all here. */
function arrivedSubmission(store: Store, { submissionId, batchId }: ClaimHolder): Submission {
  if (store.find('submission', submissionId) === undefined || store.find('batch', batchId) === undefined) {
    fail('central.still-arriving')
  }
  const submission = getSubmission(store, submissionId)
  const ids = submission.lines.map(({ paymentId }) => paymentId)
  const payments = paymentsById((text) => store.sql(text), ids)
  if (payments.length !== ids.length) fail('central.still-arriving')
  return submission
}

/** Who held it stands in this store before anything is asked: what is found then left there. */
function noteHolder({ store, time }: DispatchContext, holder: ClaimHolder): void {
  const { batchId, submissionId, installationId, officeName, epoch, generation, claimedAt } = holder
  const known = findClaim((text) => store.sql(text), batchId)
  if (known !== undefined && known.generation >= generation && known.submissionId === submissionId) return
  store.transaction(OFFICE, (transaction) => {
    transaction.put('claim', {
      id: newId(),
      batchId,
      submissionId,
      installationId,
      epoch,
      generation,
      officeName,
      claimedAt,
    })
    refreshBatch(transaction, batchId, time.now())
    transaction.audit({
      action: 'batch.claim-learnt',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { installation: installationId, generation },
    })
  })
}

/** Asks about every payment that is not over, and takes nothing but a whole answer. */
async function lookUpOpen(
  context: DispatchContext,
  posts: Posts,
  submission: Submission,
  signal: AbortSignal,
): Promise<void> {
  const { store, http } = context
  const { batchId, currency } = submission
  const payments = paymentsById(
    (text) => store.sql(text),
    submission.lines.map(({ paymentId }) => paymentId),
  ).filter(({ state }) => !isFinal(state))
  if (payments.length === 0) return
  http.tryNow()
  const result = await lookUp(
    context,
    posts,
    store.get('paymentManager', submission.managerId),
    payments.map(({ id, theirReference }) => ({ id, currency, batchId, theirReference })),
    signal,
  )
  if (result.kind !== 'done') fail(result.fault.code, result.fault.params)
  const answered = new Set(result.ids)
  if (payments.some(({ id }) => !answered.has(id))) fail('central.take-over-not-ready')
}
