import { consentId, identityNumberId, registrantId } from '../../shared/model/ids.ts'
import { addContactKeys, contactKeysOf } from '../core/registry/contact-keys.ts'
import { OFFICE, type Store } from '../core/store/store.ts'
import { NATIONAL_ID } from './people/linked-accounts.ts'
import { type InventedPerson, inventHouseholds } from './people/people.ts'
import { gaveConsent, hasVid, inventVid } from './people/vids.ts'

/** Households whose adults have a VID: those that are there from the start. */
const HOUSEHOLDS = 60
/** People a transaction. */
const SLICE = 25

/** The invented people on the registry who have a VID. */
export const peopleWithVid = (): InventedPerson[] =>
  [...inventHouseholds({ count: HOUSEHOLDS, seed: 1 })].flatMap(({ members }) => members.filter(hasVid))

/**
 * Gives the invented adults VIDs and national numbers, and most of them a consent, so that a newcomer can have tokens made.
 *
 * @param day `YYYY-MM-DD`
 */
export function giveVids(store: Store, vidType: string, day: string): void {
  const people = peopleWithVid()
  for (let from = 0; from < people.length; from += SLICE) {
    const slice = people.slice(from, from + SLICE)
    store.transaction(OFFICE, (transaction) => {
      for (const person of slice) {
        const id = registrantId(person.number)
        // Whoever is written past the commands has no keys to be found by.
        addContactKeys(transaction, id, contactKeysOf(transaction.get('registrant', id)))
        transaction.put('identityNumber', {
          id: identityNumberId(id, vidType),
          removed: false,
          registrantId: id,
          type: vidType,
          value: inventVid(person),
          status: 'valid',
          expiresOn: null,
          importId: '',
        })
        transaction.put('identityNumber', {
          id: identityNumberId(id, NATIONAL_ID),
          removed: false,
          registrantId: id,
          type: NATIONAL_ID,
          value: person.nationalId,
          status: 'valid',
          expiresOn: null,
          importId: '',
        })
        if (!gaveConsent(person)) continue
        transaction.put('consent', {
          id: consentId(id, 'mosip-token'),
          removed: false,
          registrantId: id,
          purpose: 'mosip-token',
          given: true,
          on: day,
          how: 'paper',
          note: '',
        })
      }
      transaction.audit({
        action: 'training.vids-invented',
        subjectKind: 'office',
        subjectId: store.installationId,
        detail: { count: slice.length },
      })
    })
  }
}
