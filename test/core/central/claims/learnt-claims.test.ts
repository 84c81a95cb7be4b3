import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { prepareCycle } from '../../../../electron/core/batches/prepare.ts'
import type { Office } from '../../../../electron/core/office.ts'
import { districtDatabases, type OfficeDocument } from '../../../../shared/model/central.ts'
import { paymentsOf, until } from '../../dispatch/sending-office.ts'
import { DAY } from '../../district.ts'
import { sync } from '../central-district.ts'
import { openPayingDistrict, type PayingDistrict, prepareAndApprove, submitAndApprove } from '../paying-district.ts'

/* What an office learns of the batches that others claim, whatever keeps it from sending itself. */

const HILLS = { clerk: 'clerk-hills', approver: 'approver-hills' }
const signal = new AbortController().signal

let district: PayingDistrict
let town: Office
let hills: Office
beforeEach(async () => {
  district = await openPayingDistrict(3)
  town = district.first.office
  hills = district.hills.office
})
afterEach(() => district.close())

const standingAt = ({ store }: Office, batchId: string) => {
  const { state, attention } = store.get('batch', batchId)
  return { state, attention }
}

async function settledByHills(batchId: string): Promise<void> {
  await sync(hills)
  hills.dispatch.send(HILLS.clerk, [batchId])
  await until('settled in the hills', async () => {
    await hills.dispatch.checkBatch(batchId, signal)
    return hills.store.get('batch', batchId).state === 'settled'
  })
  await sync(hills)
}

/** The document of the town's office as something else wrote it. */
function rewriteOffice(change: (document: OfficeDocument) => Partial<OfficeDocument>): void {
  const database = district.central.peer.databases.get(districtDatabases('north').claims)
  const id = `office:${town.store.installationId}`
  if (database === undefined) throw new Error('the district has no claims')
  const { _id, ...document } = database.find(id) as unknown as OfficeDocument
  database.put(id, { ...document, ...change({ _id, ...document }) })
}

describe('an office that may not send', () => {
  /** Told by another life of its store. */
  const headsAfter = ({ auditHead }: OfficeDocument) => ({
    previousHead: auditHead,
    auditHead: { position: auditHead.position + 1_000, hash: '0'.repeat(64) },
  })
  const revoked = { by: 'administrator-hills', at: 1_700_000_000_000, reason: 'stolen' }

  test.each<[string, Parameters<typeof rewriteOffice>[0]]>([
    ['central.office-revoked', () => ({ revoked })],
    ['central.office-superseded', (its) => ({ epoch: its.epoch + 1, ...headsAfter(its) })],
    ['dispatch.restored', headsAfter],
  ])('learns all the same who sends a batch and that it is over: %s', async (code, change) => {
    const batchId = await prepareAndApprove(hills, district.first.cycleId, HILLS)
    await sync(hills)
    await sync(town)
    expect(standingAt(town, batchId).state).toBe('approved')
    rewriteOffice(change)
    await settledByHills(batchId)
    await sync(town)
    expect(town.standing.findings().map((finding) => finding.code)).toEqual([code])
    expect(standingAt(town, batchId)).toEqual(standingAt(hills, batchId))
    expect(standingAt(town, batchId).state).toBe('settled')
    expect(town.dispatch.findOtherHolder(batchId)).toContain('hills')
  })

  test('believes no claim of a server that has gone back to what it was before', async () => {
    const batchId = await prepareAndApprove(hills, district.first.cycleId, HILLS)
    await sync(hills)
    const { peer } = district.central
    const before = peer.snapshot()
    for (let times = 0; times < 20; times += 1) await sync(town)
    await peer.rollBack(before)
    // The hills were not there meanwhile, and notice nothing but a line that broke.
    await until('reached again', async () => (await hills.central.syncNow()).ok)
    await settledByHills(batchId)
    expect(await town.central.syncNow()).toMatchObject({ ok: false, error: { code: 'central.server-changed' } })
    expect(standingAt(town, batchId).state).toBe('approved')
  })
})

describe('a claim', () => {
  test('that was made before its batch came is known once that has come', async () => {
    const batchId = await prepareAndApprove(hills, district.first.cycleId, HILLS)
    await settledByHills(batchId)
    await sync(town)
    expect(standingAt(town, batchId)).toEqual({ state: 'settled', attention: '' })
    expect(town.dispatch.findOtherHolder(batchId)).toContain('hills')
  })

  test('that was cancelled before anything left is what its batch ended by, also where nobody had heard of it', async () => {
    const batchId = await prepareAndApprove(hills, district.first.cycleId, HILLS)
    await sync(hills)
    await sync(town)
    hills.dispatch.holdPayment(HILLS.clerk, paymentsOf(hills, batchId)[0]?.id ?? '', true)
    hills.dispatch.send(HILLS.clerk, [batchId])
    await until('claimed in the hills', () => hills.store.get('batch', batchId).state === 'claimed')
    hills.dispatch.cancel(HILLS.approver, batchId, 'prepared by mistake')
    await until('over in the hills', () => hills.store.get('batch', batchId).state === 'settled')
    await sync(hills)
    await sync(town)
    expect(paymentsOf(town, batchId).map(({ state }) => state)).toEqual(Array(3).fill('cancelled'))
    expect(standingAt(town, batchId)).toEqual(standingAt(hills, batchId))
    expect(await district.system.ledger()).toEqual([])
  })

  test('of a batch that was cancelled here meanwhile is shown with what came of it', async () => {
    const { batchIds } = await prepareCycle(town, { cycleId: district.first.cycleId, day: DAY, officerId: 'clerk' })
    const batchId = batchIds[0] ?? ''
    await sync(town)
    await sync(hills)
    await submitAndApprove(hills, batchId, HILLS)
    town.dispatch.cancel('approver', batchId, 'prepared by mistake')
    await until('cancelled in the town', () => town.store.get('batch', batchId).state === 'cancelled')
    await settledByHills(batchId)
    await sync(town)
    await sync(hills)
    await sync(town)
    expect(standingAt(town, batchId)).toEqual({ state: 'settled', attention: 'batch.cancelled-after-claim' })
    expect(standingAt(hills, batchId)).toEqual(standingAt(town, batchId))
  })
})
