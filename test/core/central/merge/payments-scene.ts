import { refreshBatch } from '../../../../electron/core/batches/batch-standing.ts'
import { signDecision } from '../../../../electron/core/batches/decision-jws.ts'
import { submissionDigest } from '../../../../electron/core/batches/digest.ts'
import { openOfficerKey } from '../../../../electron/core/identity/officer-keys.ts'
import type { Draft } from '../../../../electron/core/store/store.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { cycleId, newId, paymentId } from '../../../../shared/model/ids.ts'
import { addOfficer, household, managerDraft, PIN, phone, put, putManager } from '../../district.ts'
import { paymentDraft } from '../../payment-draft.ts'
import { START, TestDistrict, type TestOffice } from './offices.ts'

/** Two offices that know the same officers, programme, cycle and household, and a batch with the household's payment. */
export interface PaymentsScene {
  readonly district: TestDistrict
  readonly one: TestOffice
  readonly other: TestOffice
  readonly headId: string
  readonly paymentId: string
}

export const CYCLE = cycleId('programme', 1)
export const BATCH = 'batch-1'
export const ADDRESS = `phone:${phone(1)[0]?.number}@wallet`

export async function openPayments(): Promise<PaymentsScene> {
  const district = new TestDistrict()
  const [one, other] = district.offices as [TestOffice, TestOffice]
  for (const office of [one, other]) {
    await addOfficer(office, 'clerk', ['clerk'])
    await addOfficer(office, 'approver', ['approver'])
    await addOfficer(office, 'administrator', ['administrator'])
  }
  await putManager(one, managerDraft('manager'))
  put(one, 'programme', {
    id: 'programme',
    removed: false,
    name: 'Household cash',
    state: 'active',
    currency: 'ETB',
    target: 'group',
    entitlementRule: { kind: 'none' },
    fund: null,
    alternateRecipientAllowed: false,
    twoApproversAbove: null,
    paymentManagerId: 'manager',
  })
  put(one, 'cycle', {
    id: CYCLE,
    removed: false,
    programmeId: 'programme',
    sequence: 1,
    name: 'March',
    startDate: '2026-03-01',
    endDate: '2026-03-31',
    state: 'approved',
    ceiling: null,
    makers: [],
    generationUnfinished: false,
  })
  const made = household({ programmeId: 'programme', cycleId: CYCLE }, 1)
  put(one, 'registrant', made.group)
  put(one, 'registrant', made.head)
  put(one, 'membership', made.membership)
  put(one, 'enrolment', made.enrolment)
  put(one, 'entitlement', made.entitlement)
  const id = paymentId(made.entitlement.id, 1)
  put(one, 'payment', paymentOf(id, made))
  put(one, 'batch', batchDraft())
  await district.meet()
  district.later()
  return { district, one, other, headId: made.head.id, paymentId: id }
}

const paymentOf = (id: string, { entitlement, group, head }: ReturnType<typeof household>): Draft<'payment'> =>
  paymentDraft({
    id,
    entitlementId: entitlement.id,
    cycleId: CYCLE,
    registrantId: group.id,
    registrantName: group.name,
    payeeId: head.id,
    payeeName: head.name,
    payeeAddress: ADDRESS,
    batchId: BATCH,
    amount: entitlement.amount,
  })

const batchDraft = (): Draft<'batch'> => ({
  id: BATCH,
  name: 'March · Everybody 1',
  cycleId: CYCLE,
  programmeId: 'programme',
  managerId: 'manager',
  tagName: 'Everybody',
  currency: 'ETB',
  count: 1,
  sum: 125_000,
  makers: ['clerk'],
  state: 'open',
  held: false,
  heldReason: '',
  cancelledReason: '',
  submissionNumber: 0,
  stateAt: '000000001-0000-a',
  attention: '',
})

/** Freezes the batch as the office knows it. */
export function submit({ store }: TestOffice, partSize = 500): Submission {
  const payment = store.get('payment', store.sql('SELECT id FROM payment').pluck().get() as string)
  return store.transaction('clerk', (tx) => {
    const batch = tx.get('batch', BATCH)
    const frozen = {
      batchId: BATCH,
      number: batch.submissionNumber + 1,
      programmeId: 'programme',
      programmeName: 'Household cash',
      cycleId: CYCLE,
      cycleName: 'March',
      managerId: 'manager',
      managerDigest: '0'.repeat(64),
      channel: 'g2p-connect',
      payerAddress: 'account:0001@treasury',
      payerName: 'District treasury',
      currency: 'ETB',
      count: 1,
      sum: payment.amount,
      partSize,
      lines: [
        {
          paymentId: payment.id,
          entitlementId: payment.entitlementId,
          attempt: 1,
          registrantId: payment.registrantId,
          payeeId: payment.payeeId,
          payeeName: payment.payeeName,
          payeeAddress: payment.payeeAddress,
          amount: payment.amount,
        },
      ],
    }
    const submission = tx.put('submission', {
      ...frozen,
      id: newId(),
      submittedBy: 'clerk',
      makers: ['clerk'],
      digest: submissionDigest(frozen),
    })
    refreshBatch(tx, BATCH, START, { submissionNumber: frozen.number })
    tx.audit({ action: 'test.submitted', subjectKind: 'batch', subjectId: BATCH })
    return submission
  })
}

/** An officer's signed word on a submission. */
export async function decide(
  office: TestOffice,
  submission: Submission,
  verdict: 'approve' | 'return',
  officerId = 'approver',
): Promise<string> {
  const key = await openOfficerKey(office.store, officerId, PIN)
  const claims = {
    batchId: BATCH,
    submissionId: submission.id,
    submissionNumber: submission.number,
    digest: submission.digest,
    officerId,
    verdict,
    reason: verdict === 'return' ? 'Look again' : '',
    decidedAt: office.now,
  }
  const jws = await signDecision(claims, key)
  const id = newId()
  office.store.transaction(officerId, (tx) => {
    tx.put('decision', { ...claims, id, jws })
    refreshBatch(tx, BATCH, office.now)
    tx.audit({ action: 'test.decided', subjectKind: 'batch', subjectId: BATCH })
  })
  return id
}
