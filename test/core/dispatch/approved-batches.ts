import type { KeyObject } from 'node:crypto'
import { refreshBatch } from '../../../electron/core/batches/batch-standing.ts'
import { signDecision } from '../../../electron/core/batches/decision-jws.ts'
import { managerDigest, submissionDigest } from '../../../electron/core/batches/digest.ts'
import { makeOfficerKey, storeOfficerKey } from '../../../electron/core/identity/officer-keys.ts'
import { officerClaims, paymentManagerClaims, signClaims } from '../../../electron/core/identity/signatures.ts'
import { setTrustRoot } from '../../../electron/core/identity/trust.ts'
import { type Draft, OFFICE, type Store } from '../../../electron/core/store/store.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import { entitlementId, newId, paymentId } from '../../../shared/model/ids.ts'
import type { Role } from '../../../shared/model/officer.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { channelRules } from '../../../shared/rules/payment-channels.ts'
import { usualManager } from '../../../shared/rules/usual-manager.ts'

export const PIN = '271828'

export interface TestOfficer {
  readonly id: string
  readonly key: KeyObject
}

/** An office with officers, a programme, a cycle and a payment manager, all properly signed. */
export interface World {
  readonly store: Store
  readonly root: KeyObject
  readonly clerk: TestOfficer
  readonly approver: TestOfficer
  readonly secondApprover: TestOfficer
  readonly administrator: TestOfficer
  readonly managerId: string
}

export type ManagerSettings = Partial<Draft<'paymentManager'>>

export async function addOfficer(
  store: Store,
  root: KeyObject,
  id: string,
  roles: Role[],
  sponsors: string[] = [],
): Promise<TestOfficer> {
  const { signingKey, sealed, privateKey } = await makeOfficerKey(id, PIN)
  const officer = {
    id,
    removed: false,
    name: id,
    login: id,
    roles,
    state: 'active' as const,
    signingKey,
    sponsors,
    signature: '',
  }
  const signature = await signClaims('officer', officerClaims(officer), 'trust-root', root)
  store.transaction(OFFICE, (tx) => {
    storeOfficerKey(tx, id, sealed)
    tx.put('officer', { ...officer, signature })
    tx.audit({ action: 'test.officer', subjectKind: 'officer', subjectId: id })
  })
  return { id, key: privateKey }
}

export const managerSettings = (
  urls: { readonly disburse: string; readonly status: string },
  settings: ManagerSettings = {},
): Omit<Draft<'paymentManager'>, 'signature'> => ({
  ...usualManager,
  id: 'manager',
  removed: false,
  name: 'Payment system',
  state: 'active',
  createBatch: true,
  batchTags: [{ id: 'all', name: 'All', filter: '[]', maximumBatchSize: 500 }],
  payeeIdType: 'phone',
  payeePrefix: 'phone:',
  paymentEndpointUrl: urls.disburse,
  statusEndpointUrl: urls.status,
  apiTimeout: 2,
  payerAddress: 'account:001@national-bank',
  payerName: 'District office',
  senderId: 'office.example.org',
  receiverId: 'payments.example.org',
  mode: 'sync',
  partSize: 5,
  statusCheckInterval: 1,
  statusPageSize: 100,
  noMoneyMovedCodes: [],
  ...settings,
})

export async function putManager(
  store: Store,
  root: KeyObject,
  settings: Omit<Draft<'paymentManager'>, 'signature'>,
): Promise<PaymentManager> {
  const claims = paymentManagerClaims({ ...settings, signature: '' })
  const signature = await signClaims('payment-manager', claims, 'trust-root', root)
  return store.transaction(OFFICE, (tx) => {
    tx.audit({ action: 'test.manager', subjectKind: 'paymentManager', subjectId: settings.id })
    return tx.put('paymentManager', { ...settings, signature })
  })
}

export async function furnish(
  store: Store,
  urls: { readonly disburse: string; readonly status: string },
  settings: ManagerSettings = {},
): Promise<World> {
  const { signingKey, privateKey: root } = await makeOfficerKey('root', PIN)
  store.transaction(OFFICE, (tx) => {
    setTrustRoot(tx, signingKey)
    tx.mark('sole-office', '1')
    tx.put('programme', {
      id: 'programme',
      removed: false,
      name: 'Safety net',
      state: 'active',
      currency: 'ETB',
      target: 'individual',
      entitlementRule: { kind: 'none' },
      fund: null,
      alternateRecipientAllowed: false,
      twoApproversAbove: null,
      paymentManagerId: 'manager',
    })
    tx.put('cycle', {
      id: 'cycle',
      removed: false,
      programmeId: 'programme',
      sequence: 1,
      name: 'First cycle',
      startDate: '2026-01-01',
      endDate: '2026-01-31',
      state: 'approved',
      ceiling: null,
      makers: [],
      generationUnfinished: false,
    })
    tx.audit({ action: 'test.furnished', subjectKind: 'office', subjectId: 'test' })
  })
  const manager = await putManager(store, root, managerSettings(urls, settings))
  const [clerk, approver, secondApprover, administrator] = await Promise.all([
    addOfficer(store, root, 'clerk', ['clerk']),
    addOfficer(store, root, 'approver', ['approver']),
    addOfficer(store, root, 'second-approver', ['approver']),
    addOfficer(store, root, 'administrator', ['administrator']),
  ])
  return { store, root, clerk, approver, secondApprover, administrator, managerId: manager.id }
}

export interface BatchWish {
  readonly name: string
  readonly count: number
  readonly from?: number
  readonly now?: number
  /** Of the first ones; the others get invented names. */
  readonly payeeNames?: readonly string[]
  /** Minor units and addresses of the first ones; the others get some of their own. */
  readonly amounts?: readonly number[]
  readonly addresses?: readonly string[]
}

/** A prepared and submitted batch of so many payments to invented people, as `batches` makes it. */
export function submittedBatch(
  { store, clerk, managerId }: World,
  { name, count, from = 0, now = Date.now(), payeeNames = [], amounts = [], addresses = [] }: BatchWish,
): { batchId: string; submission: Submission } {
  const manager = store.get('paymentManager', managerId)
  const batchId = `batch-${name}`
  const wanted = Array.from({ length: count }, (_, index) => {
    const person = `person-${from + index}`
    const entitlement = entitlementId('cycle', person, 'cash')
    return {
      paymentId: paymentId(entitlement, 1),
      entitlementId: entitlement,
      attempt: 1,
      registrantId: person,
      payeeId: person,
      payeeName: payeeNames[index] ?? `Person ${from + index}`,
      payeeAddress: addresses[index] ?? `phone:+2519${String(from + index).padStart(8, '0')}`,
      amount: amounts[index] ?? 10_000 + from + index,
    }
  })
  const { payerAddress, payerName, partSize } = manager
  const common = { programmeName: 'Safety net', cycleName: 'First cycle', payerAddress, currency: 'ETB' }
  const arranged = channelRules[manager.kind].arrange(wanted, common, manager)
  if (!arranged.ok) throw new Error(`these payments cannot be written: ${arranged.error.code}`)
  const { partStarts } = arranged.value
  const lines = [...arranged.value.lines]
  return store.transaction(clerk.id, (tx) => {
    const sum = lines.reduce((total, { amount }) => total + amount, 0)
    const frozen = {
      ...common,
      batchId,
      number: 1,
      programmeId: 'programme',
      cycleId: 'cycle',
      managerId,
      managerDigest: managerDigest(manager),
      channel: manager.kind,
      payerName,
      count,
      sum,
      partSize,
      ...(partStarts === undefined ? {} : { partStarts: [...partStarts] }),
      lines,
    }
    for (const line of lines) {
      tx.put('payment', {
        id: line.paymentId,
        entitlementId: line.entitlementId,
        attempt: 1,
        cycleId: 'cycle',
        programmeId: 'programme',
        registrantId: line.registrantId,
        registrantName: line.payeeName,
        payeeId: line.payeeId,
        payeeName: line.payeeName,
        payeeAddress: line.payeeAddress,
        batchId,
        managerId,
        amount: line.amount,
        currency: 'ETB',
        state: 'prepared',
        reasonCode: '',
        reasonText: '',
        reasonParams: {},
        theirReference: '',
        amountPaid: null,
        held: false,
        stateAt: tx.moment,
      })
    }
    tx.put('batch', {
      id: batchId,
      name,
      cycleId: 'cycle',
      programmeId: 'programme',
      managerId,
      tagName: 'All',
      currency: 'ETB',
      count,
      sum,
      makers: [clerk.id],
      state: 'open',
      held: false,
      heldReason: '',
      cancelledReason: '',
      submissionNumber: 1,
      stateAt: tx.moment,
      attention: '',
    })
    const submission = tx.put('submission', {
      ...frozen,
      id: newId(),
      submittedBy: clerk.id,
      makers: [clerk.id],
      digest: submissionDigest(frozen),
    })
    refreshBatch(tx, batchId, now)
    tx.audit({ action: 'test.submitted', subjectKind: 'batch', subjectId: batchId })
    return { batchId, submission }
  })
}

/** An officer's signed word on a submission, written without asking whether the officer may. */
export async function decide(
  { store }: World,
  officer: TestOfficer,
  submission: Submission,
  verdict: 'approve' | 'return' = 'approve',
  decidedAt = Date.now(),
): Promise<void> {
  const claims = {
    batchId: submission.batchId,
    submissionId: submission.id,
    submissionNumber: submission.number,
    digest: submission.digest,
    officerId: officer.id,
    verdict,
    reason: '',
    decidedAt,
  }
  const jws = await signDecision(claims, officer.key)
  store.transaction(officer.id, (tx) => {
    tx.put('decision', { ...claims, id: newId(), jws })
    refreshBatch(tx, submission.batchId, decidedAt)
    tx.audit({ action: 'test.decided', subjectKind: 'batch', subjectId: submission.batchId })
  })
}

export async function approvedBatch(
  world: World,
  batch: BatchWish,
): Promise<{ batchId: string; submission: Submission }> {
  const made = submittedBatch(world, batch)
  await decide(world, world.approver, made.submission, 'approve', batch.now ?? Date.now())
  return made
}
