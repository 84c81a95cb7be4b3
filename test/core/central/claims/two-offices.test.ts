import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { approvedBatch, decide, submittedBatch } from '../../dispatch/approved-batches.ts'
import { paymentsOf, statesOf, until } from '../../dispatch/sending-office.ts'
import { attentionOf, District, nextAttempts, replicate, signal, submittedAgain } from './district.ts'
import { send, settled } from './office-steps.ts'

let district: District
beforeEach(async () => {
  district = await District.open()
})
afterEach(() => district.close())

describe('I6: two offices of a district', () => {
  test('that approved the same payments in two batches pay each once', async () => {
    const { town, hills } = district
    const one = await approvedBatch(town.world, { name: 'town', count: 12 })
    const other = await approvedBatch(hills.world, { name: 'hills', count: 8, from: 6 })
    send(town, one.batchId)
    await settled(town, one.batchId)
    send(hills, other.batchId)
    const fault = await attentionOf(hills, other.batchId)
    expect(fault).toEqual({
      code: 'central.payments-claimed-elsewhere',
      params: { count: 6, office: town.account.user },
    })
    const batch = hills.office.store.get('batch', other.batchId)
    expect(batch).toMatchObject({ state: 'returned', count: 2, attention: 'central.payments-claimed-elsewhere' })
    const moved = other.submission.lines
      .slice(0, 6)
      .map(({ paymentId }) => hills.office.store.get('payment', paymentId))
    for (const payment of moved) {
      expect(payment).toMatchObject({ state: 'blocked', batchId: '', reasonCode: 'central.claimed-elsewhere' })
      expect(payment.reasonParams.office).toBe(town.account.user)
      expect(payment.reasonParams.since).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/)
    }
    expect(statesOf(hills.office, other.batchId)).toEqual({ prepared: 2 })
    expect((await district.paid()).length).toBe(12)

    // What it won stays its own: submitted and approved anew, the rest leaves.
    const again = submittedAgain(hills, other.batchId)
    await decide(hills.world, hills.world.approver, again)
    send(hills, other.batchId)
    await settled(hills, other.batchId)
    expect(await district.paid()).toEqual(Array(14).fill(1))
  })

  test('that both send one and the same batch: the first does, the other sees who and since when', async () => {
    const { town, hills } = district
    const { batchId } = await approvedBatch(town.world, { name: 'same', count: 7 })
    replicate(town.office.store, hills.office.store)
    send(town, batchId)
    send(hills, batchId)
    const first = () => [town, hills].find(({ office }) => office.store.get('batch', batchId).state === 'settled')
    await until('one of them settles it', () => first() !== undefined)
    const loser = first() === town ? hills : town
    const fault = await attentionOf(loser, batchId)
    expect(fault?.code).toBe('central.claimed-elsewhere')
    expect(fault?.params.office).toBe(first()?.account.user)
    expect(await district.paid()).toEqual(Array(7).fill(1))
    expect(statesOf(loser.office, batchId)).toEqual({ prepared: 7 })
    // Who sends it is written down at the next contact, and decides who asks what became of it.
    expect((await loser.office.standing.contact(signal)).ok).toBe(true)
    expect(loser.office.store.get('batch', batchId).state).toBe('claimed')
  })

  test('that pay an earlier and a later attempt of one entitlement pay one of them', async () => {
    const { town, hills } = district
    const one = await approvedBatch(town.world, { name: 'town', count: 3 })
    // The other office knows the first attempt only as cancelled, and made a second one.
    const other = submittedBatch(hills.world, { name: 'hills', count: 3 })
    await hills.office.dispatch.cancel(hills.world.clerk.id, other.batchId, 'made anew')
    await until('cancelled', () => hills.office.store.get('batch', other.batchId).state === 'cancelled')
    const later = nextAttempts(hills, other.submission)
    await decide(hills.world, hills.world.approver, later)
    send(hills, later.batchId)
    await settled(hills, later.batchId)
    send(town, one.batchId)
    expect((await attentionOf(town, one.batchId))?.code).toBe('central.payments-claimed-elsewhere')
    expect(await district.paid()).toEqual(Array(3).fill(1))
  })

  test('an unreachable central server is a deferral: nothing is claimed, nothing leaves, no try is counted', async () => {
    const { town } = district
    await district.couch.stop()
    const { batchId } = await approvedBatch(town.world, { name: 'town', count: 3 })
    send(town, batchId)
    const job = () => town.office.scheduler.queue.findByKey('dispatch.batch', batchId)
    await until('deferred', () => job()?.deferredBy === 'line' && job()?.state === 'waiting')
    expect(job()?.attempts).toBe(0)
    expect(await district.paid()).toEqual([])
    await district.couch.start()
    town.office.http.tryNow()
    await settled(town, batchId)
    expect(await district.paid()).toEqual(Array(3).fill(1))
  })

  for (const fault of ['cut-before', 'cut-after', 'cut-within', 'quorum-missed', 'status'] as const) {
    test(`lost and half answers of the central server (${fault}) pay nothing twice and lose nothing`, async () => {
      const { town, hills } = district
      district.couch.faults.add({ do: fault, probability: 0.3, times: null, path: '-claims' })
      const one = await approvedBatch(town.world, { name: 'town', count: 11 })
      const other = await approvedBatch(hills.world, { name: 'hills', count: 11, from: 20 })
      const wake = setInterval(() => {
        for (const { office } of [town, hills]) office.http.tryNow()
      }, 50)
      try {
        send(town, one.batchId)
        send(hills, other.batchId)
        await settled(town, one.batchId)
        await settled(hills, other.batchId)
      } finally {
        clearInterval(wake)
      }
      expect(await district.paid()).toEqual(Array(22).fill(1))
    })
  }

  test('a claim that somebody forked stops both', async () => {
    const { town } = district
    const { batchId, submission } = await approvedBatch(town.world, { name: 'town', count: 3 })
    await district.fork(
      {
        _id: `batch:${batchId}`,
        type: 'batch',
        batchId,
        submissionId: submission.id,
        digest: submission.digest,
        installationId: town.office.store.installationId,
        officeName: 'Town',
        epoch: 1,
        generation: 1,
        state: 'claimed',
        whole: false,
        claimedAt: 1,
        by: town.account.user,
      },
      { installationId: 'hills', officeName: 'Hills' },
    )
    send(town, batchId)
    expect((await attentionOf(town, batchId))?.code).toBe('central.claim-in-conflict')
    expect(await district.paid()).toEqual([])
    expect(paymentsOf(town.office, batchId).every(({ state }) => state === 'prepared')).toBe(true)
  })
})
