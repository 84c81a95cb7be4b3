import type { Fault } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import type { JobKind, JobOutcome } from '../scheduler/job.ts'
import { OFFICE } from '../store/store.ts'
import { cancelHere, releaseHere } from './commands.ts'
import { BATCH_JOB, type DispatchContext } from './dispatch-context.ts'
import { deferralOf } from './send-permit.ts'
import type { ClaimAnswer } from './sender-claims.ts'
import { STOP_JOB, StopInput } from './stop-batch.ts'

/**
 * Tells the central server that a batch is cancelled, held or goes on. What is cancelled here is what was won there: if
 * another office was first, the officer sees who, and the batch stays held as it was left.
 */
export const stopBatchJob = (context: DispatchContext): JobKind<StopInput> => ({
  kind: STOP_JOB,
  input: StopInput,
  sends: false,
  async run(input, { signal }) {
    const { store, claims, guard } = context
    const batch = store.find('batch', input.batchId)
    if (batch === undefined || !claims.isShared()) return { kind: 'finished' }
    const doubt = guard.doubt ?? claims.obstacle()?.code
    if (doubt !== undefined) return { kind: 'deferred', by: 'restored', fault: { code: doubt, params: {} } }
    switch (input.wish) {
      case 'hold':
        return endOf(context, batch, await claims.stop(batch, 'held', signal))
      case 'release': {
        const answer = await claims.release(batch, signal)
        // The hold never came that far.
        const isUnknown = answer.kind === 'lost' && answer.fault.code === 'central.nothing-to-take-over'
        const end: JobOutcome = isUnknown ? { kind: 'finished' } : endOf(context, batch, answer)
        if (end.kind === 'finished') context.scheduler.wake(BATCH_JOB, batch.id)
        return end
      }
      case 'cancel':
        return cancel(context, batch, input, signal)
    }
  },
})

async function cancel(
  context: DispatchContext,
  batch: Batch,
  { officerId, reason }: StopInput,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { store, claims } = context
  const posted = store.sql('SELECT 1 FROM delivery WHERE batch_id = ? LIMIT 1').get(batch.id) !== undefined
  // Where some of it has left, what became of that is still followed under the claim: only the rest is let go.
  const won = await claims.stop(batch, posted ? 'held' : 'cancelled', signal)
  // Never submitted, and nobody holds it: only this office's word counts.
  const isNobodys = won.kind === 'lost' && won.fault.code === 'dispatch.not-approved'
  if (won.kind !== 'ours' && !isNobodys) return endOf(context, batch, won)
  const waiting = store
    .sql("SELECT 1 FROM payment WHERE batch_id = ? AND state IN ('prepared', 'queued', 'blocked') LIMIT 1")
    .get(batch.id)
  if (waiting !== undefined) await cancelHere(context, officerId, batch.id, reason)
  const released = await claims.releasePayments(batch.id, cancelledOf(context, batch.id), signal)
  if (!released.ok) return { kind: 'deferred', by: deferralOf(released.error), fault: released.error }
  if (posted) {
    const goesOn = await claims.release(batch, signal)
    if (goesOn.kind !== 'ours') return endOf(context, batch, goesOn)
  }
  releaseHere(context, officerId, batch.id)
  return isNobodys ? { kind: 'finished' } : endOf(context, batch, won)
}

/** Payments that were cancelled never left. */
const cancelledOf = ({ store }: DispatchContext, batchId: string): string[] =>
  store.sql("SELECT id FROM payment WHERE batch_id = ? AND state = 'cancelled'").pluck().all(batchId) as string[]

function endOf(context: DispatchContext, batch: Batch, answer: ClaimAnswer): JobOutcome {
  switch (answer.kind) {
    case 'ours':
      if (context.store.get('batch', batch.id).attention.startsWith('central.')) show(context, batch.id, undefined)
      return { kind: 'finished' }
    case 'put-off':
      return {
        kind: 'deferred',
        by: deferralOf(answer.fault),
        fault: answer.fault,
        ...(answer.retryAt === null ? {} : { until: answer.retryAt }),
      }
    default:
      show(context, batch.id, answer.fault)
      return { kind: 'attention', fault: answer.fault }
  }
}

/** The batch shows who was first, and since when. */
function show({ store, time }: DispatchContext, batchId: string, fault: Fault | undefined): void {
  const attention = fault?.code ?? ''
  if (store.get('batch', batchId).attention === attention) return
  store.transaction(OFFICE, (transaction) => {
    refreshBatch(transaction, batchId, time.now(), { attention, attentionParams: { ...fault?.params } })
    transaction.audit({
      action: attention === '' ? 'batch.needs-nobody' : 'batch.needs-attention',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { code: attention },
    })
  })
}
