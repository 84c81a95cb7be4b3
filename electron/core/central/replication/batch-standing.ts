import { standingOf, submissionHeads } from '../../batches/batch-standing.ts'
import type { Transaction } from '../../store/store.ts'
import { findReceipt, findSequence, putReceipt } from './receipts.ts'

const PAYMENTS = `SELECT count(*) AS count, coalesce(sum(amount), 0) AS sum FROM payment
  WHERE batch_id = ? AND state NOT IN ('blocked', 'cancelled')`
/** States in which payments are still taken out of a batch; later its latest submission says what is in it. */
const LOOSE = new Set(['open', 'returned', 'lapsed'])

/**
 * Works out anew what follows from the records of a batch that came from elsewhere. Who changed the batch last and when
 * stays as it was, and so does what the central server has of it, since none of this travels.
 *
 * @param now wall clock, epoch milliseconds, for lapsing
 */
export function restateBatch(transaction: Transaction, batchId: string, now: number): void {
  const batch = transaction.find('batch', batchId)
  if (batch === undefined) return
  const { state, attention } = standingOf(transaction.sql, batch, now)
  const frozen = LOOSE.has(state) ? undefined : submissionHeads(transaction.sql, batchId).at(-1)
  const { count, sum } = frozen ?? (transaction.sql(PAYMENTS).get(batchId) as { count: number; sum: number })
  const restated = {
    ...batch,
    count,
    sum,
    state,
    attention: attention?.code ?? batch.attention,
    stateAt: state === batch.state ? batch.stateAt : transaction.moment,
  }
  if (JSON.stringify(restated) === JSON.stringify(batch)) return
  const receipt = findReceipt(transaction.sql, 'batch', batchId)
  const wasThere = receipt !== undefined && receipt.seq === findSequence(transaction.sql, 'batch', batchId)
  transaction.adopt('batch', restated)
  if (!wasThere) return
  putReceipt(transaction.sql, 'batch', batchId, { ...receipt, seq: transaction.sequence })
  transaction.sql("DELETE FROM central_base WHERE kind = 'batch' AND id = ?").run(batchId)
}
