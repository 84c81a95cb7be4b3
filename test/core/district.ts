import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OfficeTime } from '../../electron/core/clock/office-time.ts'
import { makeOfficerKey, storeOfficerKey } from '../../electron/core/identity/officer-keys.ts'
import {
  connectorClaims,
  officerClaims,
  paymentManagerClaims,
  signClaims,
} from '../../electron/core/identity/signatures.ts'
import { setTrustRoot } from '../../electron/core/identity/trust.ts'
import { type Office, openOffice } from '../../electron/core/office.ts'
import { type Draft, OFFICE } from '../../electron/core/store/store.ts'
import { cycleId, enrolmentId, entitlementId, membershipId, registrantId } from '../../shared/model/ids.ts'
import type { PublicKey, Role } from '../../shared/model/officer.ts'
import { usualManager } from '../../shared/rules/usual-manager.ts'

/*
 * A small district for tests: an open office with officers, a programme with an approved cycle, and households that
 * are entitled. Everything is written through the store, as the features would.
 */

export const PIN = '482915'
export const DAY = '2026-03-15'

export interface District {
  readonly office: Office
  readonly programmeId: string
  readonly cycleId: string
  readonly managerId: string
  close(): Promise<void>
}

const trustRoot = generateKeyPairSync('ed25519')
const rootKey: PublicKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: trustRoot.publicKey.export({ format: 'jwk' }).x as string,
}
/** Wrapping a key is slow on purpose; every test officer of one name shares the one made first. */
const keys = new Map<string, ReturnType<typeof makeOfficerKey>>()

/** Adds an officer, signed by the trust root; the PIN is {@link PIN}. */
export async function addOfficer(
  { store }: Pick<Office, 'store'>,
  id: string,
  roles: readonly Role[],
  sponsors: readonly string[] = [],
): Promise<void> {
  const made = keys.get(id) ?? makeOfficerKey(id, PIN)
  keys.set(id, made)
  const { signingKey, sealed } = await made
  const record: Draft<'officer'> = {
    id,
    removed: false,
    name: id,
    login: id,
    roles: [...roles],
    state: 'active',
    signingKey,
    sponsors: [...sponsors],
    signature: '',
  }
  const signature = await signClaims('officer', officerClaims(record), 'trust-root', trustRoot.privateKey)
  store.transaction(OFFICE, (tx) => {
    setTrustRoot(tx, rootKey)
    storeOfficerKey(tx, id, sealed)
    tx.put('officer', { ...record, signature })
    tx.audit({ action: 'test.officer', subjectKind: 'officer', subjectId: id })
  })
}

export const managerDraft = (id: string, change: Partial<Draft<'paymentManager'>> = {}): Draft<'paymentManager'> => ({
  ...usualManager,
  id,
  removed: false,
  name: 'Payment system',
  state: 'active',
  createBatch: true,
  batchTags: [{ id: 'all', name: 'Everybody', filter: '[]', maximumBatchSize: 500 }],
  payeeIdType: 'phone',
  payeePrefix: 'phone:',
  payeeSuffix: '@wallet',
  paymentEndpointUrl: 'http://127.0.0.1:9/disburse',
  statusEndpointUrl: 'http://127.0.0.1:9/disburse/txn/status',
  payerAddress: 'account:0001@treasury',
  payerName: 'District treasury',
  senderId: 'office.example.org',
  receiverId: 'payments.example.org',
  statusCheckInterval: 1,
  noMoneyMovedCodes: ['rjct.payee_fa.invalid'],
  signature: '',
  ...change,
})

/** Writes a manager signed by the trust root. */
export async function putManager({ store }: Pick<Office, 'store'>, draft: Draft<'paymentManager'>): Promise<void> {
  const signature = await signClaims('payment-manager', paymentManagerClaims(draft), 'trust-root', trustRoot.privateKey)
  store.transaction(OFFICE, (tx) => {
    setTrustRoot(tx, rootKey)
    tx.put('paymentManager', { ...draft, signature })
    tx.audit({ action: 'test.manager', subjectKind: 'paymentManager', subjectId: draft.id })
  })
}

/** Writes a connector signed by the trust root. */
export async function putConnector({ store }: Pick<Office, 'store'>, draft: Draft<'connector'>): Promise<void> {
  const signature = await signClaims('connector', connectorClaims(draft), 'trust-root', trustRoot.privateKey)
  store.transaction(OFFICE, (tx) => {
    setTrustRoot(tx, rootKey)
    tx.put('connector', { ...draft, signature })
    tx.audit({ action: 'test.connector', subjectKind: 'connector', subjectId: draft.id })
  })
}

/** Writes a record as if a feature had. */
export function put<K extends Parameters<Office['store']['get']>[0]>(
  { store }: Pick<Office, 'store'>,
  kind: K,
  draft: Draft<K>,
  officerId: string = OFFICE,
): void {
  store.transaction(officerId, (tx) => {
    tx.put(kind, draft)
    tx.audit({ action: 'test.put', subjectKind: kind, subjectId: draft.id })
  })
}

export const individual = (registryNumber: string, change: Partial<Draft<'registrant'>> = {}): Draft<'registrant'> => ({
  id: registrantId(registryNumber),
  removed: false,
  kind: 'individual',
  registryNumber,
  name: `Person ${registryNumber}`,
  givenName: 'Person',
  familyName: registryNumber,
  additionalName: '',
  groupKind: '',
  gender: '',
  birthdate: null,
  deceasedOn: null,
  address: '',
  area: 'North',
  modeOfPayment: 'digital',
  tags: [],
  phoneNumbers: [],
  emails: [],
  bankAccounts: [],
  registrationDate: '2025-01-01',
  importId: '',
  ...change,
})

/** An Ethiopian mobile number for the n-th person. */
export const phone = (n: number): Draft<'registrant'>['phoneNumbers'] => [
  { id: `phone-${n}`, number: `+2519${String(11_000_000 + n)}`, preferred: true, disabled: false },
]

/** Household n: a group, its head with a phone, the membership, the enrolment, and an approved entitlement. */
export function household(
  district: Pick<District, 'programmeId' | 'cycleId'>,
  n: number,
  amount = 125_000,
): {
  readonly group: Draft<'registrant'>
  readonly head: Draft<'registrant'>
  readonly membership: Draft<'membership'>
  readonly enrolment: Draft<'enrolment'>
  readonly entitlement: Draft<'entitlement'>
} {
  const group = individual(`H${n}`, { kind: 'group', name: `Household ${n}`, groupKind: 'household' })
  const head = individual(`P${n}`, { phoneNumbers: phone(n) })
  return {
    group,
    head,
    membership: {
      id: membershipId(group.id, head.id, '2025-01-01'),
      removed: false,
      groupId: group.id,
      individualId: head.id,
      kinds: ['head'],
      startDate: '2025-01-01',
      endedDate: null,
      importId: '',
    },
    enrolment: {
      id: enrolmentId(district.programmeId, group.id),
      removed: false,
      programmeId: district.programmeId,
      registrantId: group.id,
      state: 'enrolled',
      reason: '',
      enrolledOn: '2025-02-01',
      endedOn: null,
      importId: '',
    },
    entitlement: {
      id: entitlementId(district.cycleId, group.id, 'cash'),
      removed: false,
      cycleId: district.cycleId,
      programmeId: district.programmeId,
      registrantId: group.id,
      code: 'cash',
      amount,
      currency: 'ETB',
      state: 'approved',
      reason: '',
      importId: '',
    },
  }
}

export function putHousehold(district: District, made: ReturnType<typeof household>): void {
  district.office.store.transaction(OFFICE, (tx) => {
    tx.put('registrant', made.group)
    tx.put('registrant', made.head)
    tx.put('membership', made.membership)
    tx.put('enrolment', made.enrolment)
    tx.put('entitlement', made.entitlement)
    tx.audit({ action: 'test.household', subjectKind: 'registrant', subjectId: made.group.id })
  })
}

export interface DistrictOptions {
  readonly households?: number
  readonly manager?: Partial<Draft<'paymentManager'>>
  readonly programme?: Partial<Draft<'programme'>>
  readonly cycle?: Partial<Draft<'cycle'>>
  /** Hastened or held; the machine's own otherwise. */
  readonly time?: OfficeTime
}

/** An office with clerk `clerk`, approvers `approver` and `approver-2`, administrator `administrator`, and households. */
export async function openDistrict(options: DistrictOptions = {}): Promise<District> {
  const directory = mkdtempSync(join(tmpdir(), 'field-office-district-'))
  const office = await openOffice({
    directory,
    key: new Uint8Array(32).fill(5),
    training: true,
    ...(options.time === undefined ? {} : { time: options.time }),
  })
  const programmeId = 'programme'
  const district: District = {
    office,
    programmeId,
    cycleId: cycleId(programmeId, 1),
    managerId: 'manager',
    async close() {
      await office.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  await addOfficer(office, 'clerk', ['clerk'])
  await addOfficer(office, 'approver', ['approver'])
  await addOfficer(office, 'approver-2', ['approver'])
  await addOfficer(office, 'administrator', ['administrator', 'auditor'])
  await putManager(office, managerDraft('manager', options.manager))
  put(office, 'programme', {
    id: programmeId,
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
    ...options.programme,
  })
  put(office, 'cycle', {
    id: district.cycleId,
    removed: false,
    programmeId,
    sequence: 1,
    name: 'March',
    startDate: '2026-03-01',
    endDate: '2026-03-31',
    state: 'approved',
    ceiling: null,
    makers: [],
    generationUnfinished: false,
    ...options.cycle,
  })
  for (let n = 1; n <= (options.households ?? 0); n += 1) putHousehold(district, household(district, n))
  return district
}
