import { cycleId, enrolmentId, entitlementId } from '../../shared/model/ids.ts'
import type { Draft } from '../core/store/store.ts'
import { OFFICE, type Store, type Transaction } from '../core/store/store.ts'
import { type InventedHousehold, inventHouseholds, toRecords } from './people/people.ts'
import { TRAINING_MANAGER } from './training-manager.ts'

const PROGRAMME = 'training-programme'
const CYCLE = cycleId(PROGRAMME, 1)
/** Enough to see a list scroll, few enough to follow each payment with the eyes. */
const HOUSEHOLDS = 60
const AMOUNT = 125_000
/** Households a transaction. */
const SLICE = 20

const day = (now: number, days: number): string => new Date(now + days * 86_400_000).toISOString().slice(0, 10)

/**
 * A programme whose first cycle is approved and waits to be paid, so that a newcomer can pay a household within
 * minutes; people to import, enrol and entitle come after that.
 */
export function foundProgramme(store: Store, now: number): void {
  store.transaction(OFFICE, (transaction) => {
    transaction.put('programme', programme())
    transaction.put('cycle', {
      id: CYCLE,
      removed: false,
      programmeId: PROGRAMME,
      sequence: 1,
      name: new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' }).format(now),
      startDate: day(now, -14),
      endDate: day(now, 16),
      state: 'approved',
      ceiling: null,
      makers: [],
      generationUnfinished: false,
    })
    transaction.audit({ action: 'training.programme-founded', subjectKind: 'programme', subjectId: PROGRAMME })
  })
  for (let from = 1; from <= HOUSEHOLDS; from += SLICE) {
    store.transaction(OFFICE, (transaction) => {
      for (const household of inventHouseholds({ count: SLICE, seed: 1, from })) {
        entitleHousehold(transaction, household, now)
      }
      transaction.audit({
        action: 'training.people-invented',
        subjectKind: 'programme',
        subjectId: PROGRAMME,
        detail: { households: SLICE },
      })
    })
  }
}

/** A household that is enrolled and has its entitlement of the first cycle. `now`: epoch milliseconds. */
export function entitleHousehold(transaction: Transaction, household: InventedHousehold, now: number): void {
  const { registrants, memberships } = toRecords(household, day(now, -200))
  for (const registrant of registrants) transaction.put('registrant', registrant)
  for (const membership of memberships) transaction.put('membership', membership)
  const group = registrants.find(({ kind }) => kind === 'group')
  if (group === undefined) return
  transaction.put('enrolment', {
    id: enrolmentId(PROGRAMME, group.id),
    removed: false,
    programmeId: PROGRAMME,
    registrantId: group.id,
    state: 'enrolled',
    reason: '',
    enrolledOn: day(now, -150),
    endedOn: null,
    importId: '',
  })
  transaction.put('entitlement', {
    id: entitlementId(CYCLE, group.id, 'cash'),
    removed: false,
    cycleId: CYCLE,
    programmeId: PROGRAMME,
    registrantId: group.id,
    code: 'cash',
    amount: AMOUNT,
    currency: 'ETB',
    state: 'approved',
    reason: '',
    importId: '',
  })
}

const programme = (): Draft<'programme'> => ({
  id: PROGRAMME,
  removed: false,
  name: 'Household cash grant',
  state: 'active',
  currency: 'ETB',
  target: 'group',
  entitlementRule: { kind: 'fixed', amount: AMOUNT },
  fund: 2_000_000_000,
  alternateRecipientAllowed: true,
  twoApproversAbove: null,
  paymentManagerId: TRAINING_MANAGER,
})
