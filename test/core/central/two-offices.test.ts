import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Office } from '../../../electron/core/office.ts'
import type { G2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { until } from '../dispatch/sending-office.ts'
import { type District, household, put } from '../district.ts'
import { sync } from './central-district.ts'
import {
  openPayingDistrict,
  type Pair,
  type PayingDistrict,
  prepareAndApprove,
  submitAndApprove,
} from './paying-district.ts'

/*
 * Two laptops prepare and approve the same cycle while neither hears of the other; then they meet.
 */

const HOUSEHOLDS = 4

let district: PayingDistrict
let system: G2pConnectPeer
let first: District
let town: Office
let hills: Office

beforeEach(async () => {
  district = await openPayingDistrict(HOUSEHOLDS)
  ;({ system, first } = district)
  town = first.office
  hills = district.hills.office
  nameOffice(town, 'Town office')
  nameOffice(hills, 'Hill office')
  for (const { http } of [town, hills]) http.cutLine(true)
})

afterEach(() => district.close())

const nameOffice = ({ store }: Office, name: string): void => store.housekeeping((_, mark) => mark('office-name', name))

const IN_HILLS = { clerk: 'clerk-hills', approver: 'approver-hills' }

/** From the cycle to a batch that is ordered to leave. */
async function prepareApproveSend(office: Office, pair: Pair): Promise<string> {
  const batchId = await prepareAndApprove(office, first.cycleId, pair)
  office.dispatch.send(pair.clerk, [batchId])
  return batchId
}

const paymentsOf = ({ store }: Office): Payment[] =>
  (store.sql('SELECT body FROM payment ORDER BY id').pluck().all() as string[]).map((body) => JSON.parse(body))

const batchOf = ({ store }: Office, id: string): Batch => store.get('batch', id)

const areAll = (office: Office, state: Payment['state'], count = HOUSEHOLDS): boolean =>
  paymentsOf(office).length === count && paymentsOf(office).every((payment) => payment.state === state)

const jobOf = (batchId: string) => hills.scheduler.queue.findByKey('dispatch.batch', batchId)

/** Its payments are taken by the payment system, which is then asked what became of them. */
async function settle(office: Office, batchId: string): Promise<void> {
  const mine = () => paymentsOf(office).filter((payment) => payment.batchId === batchId)
  // What leaves is at the central server first.
  await sync(office)
  await until('the payments have left', () => mine().every(({ state }) => state === 'acknowledged' || state === 'paid'))
  await until('they are paid', async () => {
    await office.dispatch.checkBatch(batchId, new AbortController().signal)
    return mine().every(({ state }) => state === 'paid')
  })
}

async function expectPaidOnce(count = HOUSEHOLDS): Promise<void> {
  const ledger = await system.ledger()
  expect(ledger).toHaveLength(count)
  for (const { paidCount, deliveries } of ledger)
    expect({ paidCount, deliveries }).toEqual({ paidCount: 1, deliveries: 1 })
}

async function bothPrepare(countInHills = HOUSEHOLDS): Promise<{ inTown: string; inHills: string }> {
  const inTown = await prepareApproveSend(town, { clerk: 'clerk', approver: 'approver' })
  const inHills = await prepareApproveSend(hills, IN_HILLS)
  expect(inHills).not.toBe(inTown)
  const known = new Set(paymentsOf(hills).map(({ id }) => id))
  expect(known.size).toBe(countInHills)
  expect(paymentsOf(town).every(({ id }) => known.has(id))).toBe(true)
  expect(await system.ledger()).toEqual([])
  return { inTown, inHills }
}

describe('two offices that approved the same cycle offline', () => {
  it('pay each household once, and the second sees who pays it and since when', async () => {
    const { inTown, inHills } = await bothPrepare()
    town.http.cutLine(false)
    await settle(town, inTown)
    hills.http.cutLine(false)
    await sync(hills)
    await until('the batch needs attention', () => batchOf(hills, inHills).attention !== '')

    expect(batchOf(hills, inHills)).toMatchObject({
      state: 'returned',
      count: 0,
      attention: 'central.payments-claimed-elsewhere',
      attentionParams: { count: HOUSEHOLDS, office: 'Town office' },
    })
    const since = new Date().toISOString().slice(0, 10)
    for (const payment of paymentsOf(hills)) {
      expect(payment).toMatchObject({ state: 'blocked', batchId: '', reasonCode: 'central.claimed-elsewhere' })
      expect(payment.reasonParams.office).toBe('Town office')
      expect(String(payment.reasonParams.since)).toContain(since)
    }
    await expectPaidOnce()

    for (const office of [town, hills, town, hills]) await sync(office)
    for (const office of [town, hills]) {
      expect(areAll(office, 'paid')).toBe(true)
      expect(paymentsOf(office).every(({ batchId }) => batchId === inTown)).toBe(true)
    }
    expect(paymentsOf(hills)).toEqual(paymentsOf(town))
    await expectPaidOnce()
  })

  it('pay each household once when the records come before the batch has its turn', async () => {
    const { inTown, inHills } = await bothPrepare()
    town.http.cutLine(false)
    await settle(town, inTown)
    await sync(town)
    const job = jobOf(inHills)
    if (job === undefined) throw new Error('the batch waits for nothing')
    hills.store.transaction('clerk-hills', (tx) => hills.scheduler.queue.pause(tx, job.id))
    hills.http.cutLine(false)
    await sync(hills)
    hills.store.transaction('clerk-hills', (tx) => hills.scheduler.queue.resume(tx, job.id))
    hills.scheduler.look()
    await until('the batch needs attention', () => batchOf(hills, inHills).attention !== '')
    expect(areAll(hills, 'paid')).toBe(true)
    expect(batchOf(hills, inHills)).toMatchObject({
      state: 'returned',
      count: 0,
      attention: 'central.payments-claimed-elsewhere',
      attentionParams: { count: HOUSEHOLDS, office: 'Town office' },
    })
    await expectPaidOnce()
  })

  it('pay what only one of them knew, once that was approved anew without the others', async () => {
    const own = household(first, HOUSEHOLDS + 1)
    for (const kind of ['registrant', 'membership', 'enrolment', 'entitlement'] as const) {
      const drafts = kind === 'registrant' ? [own.group, own.head] : [own[kind]]
      for (const draft of drafts) put(hills, kind, draft)
    }
    const { inTown, inHills } = await bothPrepare(HOUSEHOLDS + 1)
    town.http.cutLine(false)
    await settle(town, inTown)
    hills.http.cutLine(false)
    await sync(hills)
    await until('the batch comes back', () => batchOf(hills, inHills).state === 'returned')
    expect(batchOf(hills, inHills)).toMatchObject({ count: 1, attentionParams: { office: 'Town office' } })
    await until('its job has ended', () => jobOf(inHills)?.state === 'attention')

    await submitAndApprove(hills, inHills, IN_HILLS)
    hills.dispatch.send(IN_HILLS.clerk, [inHills])
    await settle(hills, inHills)
    await until('the batch is over', () => batchOf(hills, inHills).state === 'settled')
    expect(batchOf(hills, inHills).attention).toBe('')
    for (const office of [town, hills, town]) await sync(office)
    expect(areAll(town, 'paid', HOUSEHOLDS + 1)).toBe(true)
    expect(areAll(hills, 'paid', HOUSEHOLDS + 1)).toBe(true)
    expect(paymentsOf(town).filter(({ batchId }) => batchId === inTown)).toHaveLength(HOUSEHOLDS)
    await expectPaidOnce(HOUSEHOLDS + 1)
  })
})
