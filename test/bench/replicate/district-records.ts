import { addContactKeys, contactKeysOf } from '../../../electron/core/registry/contact-keys.ts'
import { prepareRecord } from '../../../electron/core/store/prepared-record.ts'
import { type Draft, OFFICE, type Store, type Transaction } from '../../../electron/core/store/store.ts'
import { cycleId, enrolmentId, entitlementId, identityNumberId, paymentId } from '../../../shared/model/ids.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import { inventHouseholds, toRecords } from '../population.ts'

const PROGRAMME = 'programme'
const CYCLE = cycleId(PROGRAMME, 1)
const MOMENT = '0mhx2k3f9-0001-office0001'
const DAY = '2025-06-01'
/** Households a transaction, and payments a batch. */
const SLICE = 500

/**
 * Fills a store with a district as it is after a cycle: households with members and contacts, identity numbers of adults,
 * an enrolment, an entitlement and a payment for each household, batches of 500. The same number gives the same district.
 *
 * @param records how many at least; a household is not cut
 * @returns how many were written
 */
export function fillDistrict(store: Store, records: number): number {
  let written = 2
  store.transaction(OFFICE, (tx) => {
    tx.put('programme', programme)
    tx.put('cycle', cycle)
    tx.audit({ action: 'bench.programme', subjectKind: 'programme', subjectId: PROGRAMME })
  })
  for (let from = 1; written < records; from += SLICE) {
    store.transaction(OFFICE, (tx) => {
      const batchId = `batch-${from}`
      tx.put('batch', batch(batchId))
      written += 1
      for (const household of inventHouseholds({ count: SLICE, seed: 11, from })) {
        if (written < records) written += putHousehold(tx, household, batchId)
      }
      tx.audit({ action: 'bench.households', subjectKind: 'registry', subjectId: String(from) })
    })
  }
  return written
}

type Household = ReturnType<typeof inventHouseholds> extends Generator<infer H> ? H : never

function putHousehold(tx: Transaction, household: Household, batchId: string): number {
  let written = 0
  const insert = <K extends Parameters<typeof prepareRecord>[0]>(kind: K, draft: Draft<K>): void => {
    tx.insert(kind, prepareRecord(kind, draft))
    written += 1
  }
  const { registrants, memberships } = toRecords(household, DAY)
  for (const registrant of registrants) {
    insert('registrant', registrant)
    addContactKeys(tx, registrant.id, contactKeysOf(registrant))
  }
  for (const membership of memberships) insert('membership', membership)
  for (const [at, { nationalId }] of household.members.entries()) {
    const person = registrants[at + 1]
    if (nationalId === '' || person === undefined) continue
    insert('identityNumber', {
      id: identityNumberId(person.id, 'national'),
      removed: false,
      registrantId: person.id,
      type: 'national',
      value: nationalId,
      status: 'valid',
      expiresOn: null,
      importId: '',
    })
  }
  const [group, head] = registrants
  if (group === undefined || head === undefined) throw new Error('a household without its head')
  const common = { removed: false, programmeId: PROGRAMME, registrantId: group.id, reason: '', importId: '' }
  insert('enrolment', {
    ...common,
    id: enrolmentId(PROGRAMME, group.id),
    state: 'enrolled',
    enrolledOn: DAY,
    endedOn: null,
  })
  const entitlement = entitlementId(CYCLE, group.id, 'cash')
  const money = { amount: 125_000, currency: 'ETB' }
  insert('entitlement', { ...common, ...money, id: entitlement, cycleId: CYCLE, code: 'cash', state: 'rdpd2ben' })
  insert('payment', { ...money, ...payment(entitlement, group, head), batchId })
  return written
}

type Person = Pick<Registrant, 'id' | 'name' | 'phoneNumbers'>

const payment = (entitlement: string, group: Person, head: Person) => ({
  id: paymentId(entitlement, 1),
  entitlementId: entitlement,
  attempt: 1,
  cycleId: CYCLE,
  programmeId: PROGRAMME,
  registrantId: group.id,
  registrantName: group.name,
  payeeId: head.id,
  payeeName: head.name,
  payeeAddress: `phone:${head.phoneNumbers[0]?.number ?? ''}@wallet`,
  managerId: 'manager',
  state: 'paid' as const,
  reasonCode: '',
  reasonText: '',
  reasonParams: {},
  amountPaid: 125_000,
  theirReference: `T${entitlement.slice(0, 13)}`,
  held: false,
  stateAt: MOMENT,
})

const programme: Draft<'programme'> = {
  id: PROGRAMME,
  removed: false,
  name: 'Household cash',
  state: 'active',
  currency: 'ETB',
  target: 'group',
  entitlementRule: { kind: 'fixed', amount: 125_000 },
  fund: null,
  alternateRecipientAllowed: true,
  twoApproversAbove: null,
  paymentManagerId: 'manager',
}

const cycle: Draft<'cycle'> = {
  id: CYCLE,
  removed: false,
  programmeId: PROGRAMME,
  sequence: 1,
  name: 'June',
  startDate: '2025-06-01',
  endDate: '2025-06-30',
  state: 'distributed',
  ceiling: null,
  makers: [],
  generationUnfinished: false,
}

const batch = (id: string): Draft<'batch'> => ({
  id,
  name: id,
  cycleId: CYCLE,
  programmeId: PROGRAMME,
  managerId: 'manager',
  tagName: 'Everybody',
  currency: 'ETB',
  count: 0,
  sum: 0,
  makers: [OFFICE],
  state: 'open',
  held: false,
  heldReason: '',
  cancelledReason: '',
  submissionNumber: 0,
  stateAt: MOMENT,
  attention: '',
})
