import { fail } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import type { Store } from '../store/store.ts'

/** Submissions never change; those on their way are wanted again and again, and their lines are many. */
const KEPT = 8
const cached = new WeakMap<Store, Map<string, Submission>>()

/** @throws OfficeError `store.not-found` */
export function getSubmission(store: Store, id: string): Submission {
  const known = cached.get(store) ?? new Map<string, Submission>()
  cached.set(store, known)
  const found = known.get(id)
  if (found !== undefined) return found
  const submission = store.get('submission', id)
  const oldest = known.keys().next().value
  if (known.size >= KEPT && oldest !== undefined) known.delete(oldest)
  known.set(id, submission)
  return submission
}

/** @throws OfficeError `dispatch.not-approved` when the batch was never submitted */
export function latestSubmission(store: Store, batchId: string): Submission {
  const id = store
    .sql('SELECT id FROM submission WHERE batch_id = ? ORDER BY number DESC, changed_at DESC, id DESC LIMIT 1')
    .pluck()
    .get(batchId) as string | undefined
  return getSubmission(store, id ?? fail('dispatch.not-approved'))
}
