import { OFFICE, type Store } from '../../store/store.ts'
import { holdChangedPayees } from './changed-payees.ts'
import type { MergeContext } from './incoming.ts'
import { restateBatches } from './restate-batches.ts'

/*
 * What follows from records that came (states of batches, payments held since their payee is another one) is worked out after
 * they are written. Where the office ended in between, nobody would ever come back to it: the records are known by then. So
 * it is noted before and crossed out afterwards, and whoever finds the note does all of it.
 */

const UNFINISHED = 'central-unfinished'

/** @returns how to say that everything was worked out */
export function noteUnfinished(store: Store): () => void {
  if (store.findMark(UNFINISHED) === '1') return () => undefined
  // The note lasts from the commit of the records on, and a note that stands too long only costs work.
  store.housekeeping((_, mark) => mark(UNFINISHED, '1'), 'later')
  return () => store.housekeeping((_, mark) => mark(UNFINISHED, ''), 'later')
}

const UNDER_WAY = `SELECT registrant_id FROM payment WHERE state IN ('prepared', 'queued', 'sent', 'acknowledged', 'unknown')
  UNION SELECT payee_id FROM payment WHERE state IN ('prepared', 'queued', 'sent', 'acknowledged', 'unknown')`

/** Works out what an earlier run did not come to. */
export async function finishUnfinished(context: MergeContext): Promise<void> {
  const { store, now, onBatches } = context
  if (store.findMark(UNFINISHED) !== '1') return
  const batches = store.sql('SELECT id FROM batch').pluck().all() as string[]
  await restateBatches(store, batches, now())
  await holdChangedPayees(context, store.sql(UNDER_WAY).pluck().all() as string[])
  store.transaction(OFFICE, (tx) => {
    tx.mark(UNFINISHED, '')
    tx.audit({ action: 'central.batches-restated', subjectKind: 'office', subjectId: 'central', detail: { all: true } })
  })
  if (batches.length > 0) onBatches?.(batches)
}
