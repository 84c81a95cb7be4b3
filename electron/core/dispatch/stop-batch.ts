import { z } from 'zod'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Transaction } from '../store/store.ts'

export const STOP_JOB = 'central.stop-batch'

export const StopInput = z.object({
  batchId: z.string(),
  wish: z.enum(['cancel', 'hold', 'release']),
  officerId: z.string(),
  reason: z.string(),
})
export type StopInput = z.infer<typeof StopInput>

/**
 * What an officer wants of a batch that others may know: told to the central server as soon as it can be reached. The last
 * wish counts, but a hold does not take back a cancellation.
 */
export function enqueueStop(
  { scheduler }: { readonly scheduler: Scheduler },
  transaction: Transaction,
  wanted: StopInput,
): void {
  const waiting = scheduler.queue.findByKey(STOP_JOB, wanted.batchId)
  const before = waiting === undefined ? undefined : StopInput.parse(waiting.input)
  scheduler.enqueue(transaction, {
    kind: STOP_JOB,
    key: wanted.batchId,
    input: wanted.wish === 'hold' && before?.wish === 'cancel' ? before : wanted,
    // Of its own: records that travel for an hour must not hold up a stop.
    needs: { line: true, endpoint: 'central-claims', officer: [] },
  })
}
