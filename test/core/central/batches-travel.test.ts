import { afterEach, beforeEach, expect, it } from 'vitest'
import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { submissionDigest } from '../../../electron/core/batches/digest.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import type { Draft } from '../../../electron/core/store/store.ts'
import { newId } from '../../../shared/model/ids.ts'
import { DAY, type District, openDistrict, PIN, put } from '../district.ts'
import { CentralDistrict, contentOf, sync } from './central-district.ts'

let central: CentralDistrict
let first: District

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills')
  first = await openDistrict({ households: 3 })
  await central.join(first.office, 'town')
})

afterEach(async () => {
  await first.close()
  await central.close()
})

async function approvedBatch({ office, cycleId }: District): Promise<string> {
  const { batchIds } = await prepareCycle(office, { cycleId, day: DAY, officerId: 'clerk' })
  const batchId = batchIds[0] as string
  const { submission } = await submitBatch(office, { batchId, day: DAY, officerId: 'clerk', now: Date.now() })
  const decision = { batchId, submissionId: submission.id, digest: submission.digest, verdict: 'approve' as const }
  const input = { ...decision, reason: '', pin: PIN }
  await decideBatch(office, office.store.get('officer', 'approver'), input, Date.now(), () => undefined)
  return batchId
}

it('an approved batch stands at the other office as it stands here', async () => {
  const batchId = await approvedBatch(first)
  await sync(first.office)
  const { office: second } = await central.member('hills')
  await sync(second)
  await sync(first.office)
  expect(contentOf(second)).toEqual(contentOf(first.office))
  const { state, count, sum } = first.office.store.get('batch', batchId)
  expect(state).toBe('approved')
  expect(second.store.get('batch', batchId)).toMatchObject({ state, count, sum })
  expect(second.central.receiptOf('batch', batchId)).toBeDefined()
  // What each office works out for itself makes no traffic.
  expect(await sync(second)).toMatchObject({ pulled: 0, pushed: 0 })
  expect(await sync(first.office)).toMatchObject({ pulled: 0, pushed: 0 })
})

function submissionOf(batchId: string, count: number): Draft<'submission'> {
  const digested = {
    batchId,
    number: 1,
    programmeId: 'programme',
    programmeName: 'Household cash',
    cycleId: first.cycleId,
    cycleName: 'March',
    managerId: 'manager',
    managerDigest: 'a'.repeat(64),
    channel: 'g2p-connect',
    payerAddress: 'account:0001@treasury',
    payerName: 'District treasury',
    currency: 'ETB',
    count,
    sum: count,
    partSize: 500,
    lines: Array.from({ length: count }, (_, n) => ({
      paymentId: `payment-${n}`,
      entitlementId: `entitlement-${n}`,
      attempt: 1,
      registrantId: `registrant-${n}`,
      payeeId: `payee-${n}`,
      payeeName: `Person ${n}`,
      payeeAddress: `phone:+2519${n}@wallet`,
      amount: 1,
    })),
  }
  const digest = submissionDigest(digested)
  return { id: newId(), ...digested, submittedBy: 'clerk', makers: ['clerk'], digest }
}

it('a submission of thousands of lines travels in pieces and is whole or not there', async () => {
  const submission = submissionOf('batch-1', 2_500)
  put(first.office, 'submission', submission, 'clerk')
  // The server goes away in the middle of the lines.
  central.peer.faults.add({ path: '_bulk_docs', do: 'status', status: 503, skip: 3, times: null })
  expect((await first.office.central.syncNow()).ok).toBe(false)
  const { office: second } = await central.member('hills')
  central.peer.faults.clear()
  await sync(second)
  expect(second.store.sql('SELECT count(*) FROM central_piece').pluck().get()).toBeGreaterThan(0)
  expect(second.store.find('submission', submission.id)).toBeUndefined()

  await sync(first.office)
  const names = central.records.all().filter(({ _id }) => String(_id).startsWith(`submission:${submission.id}`))
  expect(names).toHaveLength(4)
  await sync(second)
  expect(second.store.get('submission', submission.id)).toEqual(first.office.store.get('submission', submission.id))
  expect(second.store.sql('SELECT count(*) FROM central_piece').pluck().get()).toBe(0)
  expect(second.central.receiptOf('submission', submission.id)).toBeDefined()
})

it('lines whose answer got lost are not sent as others', async () => {
  const submission = submissionOf('batch-1', 1_500)
  put(first.office, 'submission', submission, 'clerk')
  central.peer.faults.add({ path: '_bulk_docs', do: 'cut-after', skip: 1, times: 3 })
  expect(await sync(first.office)).toMatchObject({ refused: 0, complete: true })
  expect(first.office.central.receiptOf('submission', submission.id)).toBeDefined()
})

it('no decision stands at the server without its submission, whatever was not counted there', async () => {
  await approvedBatch(first)
  central.peer.faults.add({ path: '_bulk_docs', do: 'quorum-missed', times: null })
  await first.office.central.syncNow()
  const there = (kind: string) =>
    central.records.all().filter(({ _id }) => String(_id).startsWith(`${kind}:`) && !String(_id).includes(':lines:'))
  expect(there('payment')).not.toEqual([])
  expect([there('submission').length, there('decision').length]).toEqual([0, 0])
  central.peer.faults.clear()
  expect(await sync(first.office)).toMatchObject({ complete: true })
  expect([there('submission').length, there('decision').length]).toEqual([1, 1])
})
