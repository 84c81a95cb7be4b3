import { addContactKeys, contactKeysOf } from '../../electron/core/registry/contact-keys.ts'
import { prepareRecord } from '../../electron/core/store/prepared-record.ts'
import { OFFICE, type Store } from '../../electron/core/store/store.ts'
import { inventHouseholds, toRecords } from '../../electron/training/people/people.ts'

export { inventHouseholds, toRecords } from '../../electron/training/people/people.ts'
export { householdsCsv, personsCsv } from '../../electron/training/people/people-csv.ts'

/** Households a transaction. */
const SLICE = 400

/**
 * Fills a store with invented people until it has at least `registrants` more of them (persons and households), with
 * memberships and contact keys; nothing else is touched. The same numbers give the same people.
 *
 * @returns how many registrants were written
 */
export function populate(store: Store, registrants: number, options: { seed?: number; from?: number } = {}): number {
  const day = '2026-01-05'
  const { seed = 1, from = 1 } = options
  let written = 0
  for (let first = from; written < registrants; first += SLICE) {
    store.transaction(OFFICE, (transaction) => {
      for (const household of inventHouseholds({ count: SLICE, seed, from: first })) {
        const records = toRecords(household, day)
        for (const registrant of records.registrants) {
          if (written >= registrants) break
          transaction.insert('registrant', prepareRecord('registrant', registrant))
          addContactKeys(transaction, registrant.id, contactKeysOf(registrant))
          written += 1
        }
        for (const membership of records.memberships) {
          transaction.insert('membership', prepareRecord('membership', membership))
        }
      }
      transaction.audit({ action: 'training.people-invented', subjectKind: 'registry', subjectId: String(first) })
    })
  }
  return written
}
