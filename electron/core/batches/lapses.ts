import type { Batch } from '../../../shared/model/batch.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import { OFFICE, type Store } from '../store/store.ts'
import { refreshBatch, standingOf } from './batch-standing.ts'

/**
 * Writes down which approvals have lapsed, so that lists show those batches where they now belong. Sending does not rely on
 * it: there the approval is checked anew. A clock that was set ahead and back again makes a batch approved once more.
 */
export function noteLapses(store: Store, now: number): void {
  const bodies = store.sql("SELECT body FROM batch WHERE state IN ('approved', 'lapsed')").pluck().all() as string[]
  for (const body of bodies) {
    const batch = JSON.parse(body) as Batch
    const { state } = standingOf((text) => store.sql(text), batch, now)
    if (state === batch.state) continue
    store.transaction(OFFICE, (transaction) => {
      refreshBatch(transaction, batch.id, now)
      transaction.audit({
        action: state === 'lapsed' ? 'batch.lapsed' : 'batch.lapse-withdrawn',
        subjectKind: 'batch',
        subjectId: batch.id,
      })
    })
  }
}

/** Looks now and every minute. @returns how to stop */
export function watchLapses(store: Store, time: OfficeTime): () => void {
  let stop: () => void = () => undefined
  const look = (): void => {
    noteLapses(store, time.now())
    stop = time.after(time.minute, look)
  }
  stop = time.after(0, look)
  return () => stop()
}
