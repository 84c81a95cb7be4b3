import { setImmediate as nextTurn } from 'node:timers/promises'
import { withStanding } from '../../batches/batch-standing.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { writeDerived } from './row-standing.ts'

/**
 * Works out anew what follows from the records of a batch. It does not travel, so who changed the batch last and what the
 * central server has of it stay as they are.
 *
 * @param now wall clock, epoch milliseconds, for lapsing
 * @param attention code of a sentence that the batch is to carry from now on
 * @returns whether anything of it was new
 */
export function restateBatch(tx: Transaction, batchId: string, now: number, attention?: string): boolean {
  const batch = tx.find('batch', batchId)
  if (batch === undefined) return false
  const restated = withStanding(tx, attention === undefined ? batch : { ...batch, attention }, now)
  if (JSON.stringify(restated) === JSON.stringify(batch)) return false
  writeDerived(tx, restated)
  return true
}

const AT_ONCE = 20

/** Restates batches whose records came from elsewhere, some at a time. */
export async function restateBatches(store: Store, batchIds: Iterable<string>, now: number): Promise<void> {
  const ids = [...batchIds]
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    if (from > 0) await nextTurn()
    store.transaction(OFFICE, (tx) => {
      const restated = ids.slice(from, from + AT_ONCE).filter((id) => restateBatch(tx, id, now))
      if (restated.length === 0) return
      tx.audit({
        action: 'central.batches-restated',
        subjectKind: 'office',
        subjectId: 'central',
        detail: { batches: restated },
      })
    })
  }
}
