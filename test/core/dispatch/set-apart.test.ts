import { afterEach, describe, expect, test } from 'vitest'
import type { PayeeAddresses } from '../../../electron/core/dispatch/payee-addresses.ts'
import { Scene } from './scene.ts'
import { paymentsOf, statesOf, until } from './sending-office.ts'

/* Payees who are paid elsewhere by the time their message would leave. Without duplicate protection at the payment system. */

let scene: Scene
afterEach(() => scene.close())

/** Says of these people that they are paid elsewhere, as long as they are in the set. */
const movedPeople = (moved: ReadonlySet<string>): PayeeAddresses => ({
  isAsked: () => true,
  check: async (_, lines) => ({
    kind: 'checked',
    changed: lines
      .filter(({ payeeId }) => moved.has(payeeId))
      .map(({ paymentId }) => ({ paymentId, code: 'mapper.payee-changed' as const })),
    unanswered: [],
  }),
})

const paidPeople = async (): Promise<string[]> =>
  (await scene.ledger())
    .filter(({ paidCount }) => paidCount > 0)
    .map(({ disbursement }) => disbursement.payee_name ?? '')

describe('payments that are set apart', () => {
  test('stand alone in the end, and all others are paid once', async () => {
    scene = await Scene.open({ partSize: 8 }, {}, { addresses: movedPeople(new Set(['person-2', 'person-5'])) })
    const batchId = await scene.send(8)
    expect(await scene.attention(batchId)).toBe('mapper.payees-changed')
    await until('the others are paid', () => statesOf(scene.office, batchId).paid === 6)
    expect(statesOf(scene.office, batchId)).toEqual({ paid: 6, cancelled: 2 })
    const ledger = await scene.ledger()
    expect(ledger.map(({ paidCount }) => paidCount)).toEqual(Array.from({ length: 6 }, () => 1))
    const apart = paymentsOf(scene.office, batchId).filter(({ state }) => state === 'cancelled')
    expect(apart.map(({ payeeId, reasonCode }) => [payeeId, reasonCode]).sort()).toEqual([
      ['person-2', 'mapper.payee-changed'],
      ['person-5', 'mapper.payee-changed'],
    ])
  })

  test('a store that was put back to before does not send them, whatever the mapper says by then', async () => {
    const moved = new Set(['person-1'])
    scene = await Scene.open({ partSize: 4 }, {}, { addresses: movedPeople(moved) })
    const batchId = await scene.send(8)
    const copy = await scene.copy()
    await until('the others are paid', () => statesOf(scene.office, batchId).paid === 7)
    await scene.restore(copy)
    moved.clear()
    await scene.office.dispatch.confirmRestored(scene.world.administrator.id)
    await until('it stands as before', () => statesOf(scene.office, batchId).paid === 7)
    expect(statesOf(scene.office, batchId)).toEqual({ paid: 7, cancelled: 1 })
    expect(await paidPeople()).not.toContain('Person 1')
    expect((await scene.ledger()).every(({ paidCount }) => paidCount === 1)).toBe(true)
  })

  test('a message that may have been received is not sent again to another address than it names', async () => {
    const moved = new Set<string>()
    scene = await Scene.open({ partSize: 4 }, {}, { addresses: movedPeople(moved) })
    await scene.script({ on: 'disburse', times: 1, fault: { do: 'drop', when: 'before-reading' } })
    const batchId = await scene.send(4)
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    moved.add('person-3')
    scene.office.dispatch.approveResend(scene.world.approver.id, batchId, '1')
    await until('it is asked about', () => scene.job(batchId)?.fault?.code === 'mapper.changed-since-sent')
    expect(await scene.attention(batchId)).toBe('mapper.changed-since-sent')
    expect(await scene.ledger()).toEqual([])
    expect(statesOf(scene.office, batchId)).toEqual({ unknown: 4 })
  })
})
