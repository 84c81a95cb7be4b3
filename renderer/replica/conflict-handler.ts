import type { RxConflictHandler } from 'rxdb'
import { differingFields } from '../../shared/rules/three-way.ts'

/**
 * Conflicts are judged in one place, the store: it merges edits of different fields and refuses the rest with a code. What
 * it answers is the truth, so a conflict ends with its version; the officer's is kept in the refusal.
 */
export const storeDecides: RxConflictHandler<Record<string, unknown>> = {
  isEqual: (one, other) => one._deleted === other._deleted && differingFields(one, other).length === 0,
  resolve: async ({ realMasterState }) => realMasterState,
}
