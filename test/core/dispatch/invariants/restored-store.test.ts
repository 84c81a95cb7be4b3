import { afterEach, describe, expect, test } from 'vitest'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import type { Payment } from '../../../../shared/model/payment.ts'
import { approvedBatch } from '../approved-batches.ts'
import { Scene } from '../scene.ts'
import { statesOf, until } from '../sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

const paidOnce = async (count: number): Promise<void> => {
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

/** Puts an older store back after the first of a batch's two messages of three left; the second one was held. */
async function putBackAfterFirstOfTwo() {
  scene = await Scene.open({ partSize: 3 }, { duplicateProtection: false })
  const approved = await approvedBatch(scene.world, { name: 'one', count: 6 })
  const { batchId, submission } = approved
  const copy = await scene.copy()
  scene.office.dispatch.holdPayment('clerk', submission.lines[5]?.paymentId ?? '', true)
  scene.office.dispatch.send('clerk', [batchId])
  await until('the first part is paid', () => statesOf(scene.office, batchId).paid === 3)
  await scene.restore(copy)
  return approved
}

describe('I11: a restored, copied or moved store sends nothing until it is confirmed', () => {
  const confirm = () => scene.office.dispatch.confirmRestored('administrator')

  test('what left after the copy was made is looked up, never sent anew', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 7 })
    const copy = await scene.copy()
    scene.office.dispatch.send('clerk', [batchId])
    await until('all paid', () => statesOf(scene.office, batchId).paid === 7)
    await scene.restore(copy)
    expect(scene.office.dispatch.status().doubt?.code).toBe('dispatch.restored')
    scene.office.dispatch.send('clerk', [batchId])
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'restored')
    await paidOnce(7)
    await confirm()
    await until('all paid here too', () => statesOf(scene.office, batchId).paid === 7)
    await paidOnce(7)
  })

  test('what had not left when the newer store was lost still leaves, once', async () => {
    const { batchId } = await putBackAfterFirstOfTwo()
    await confirm()
    await until('all paid', () => statesOf(scene.office, batchId).paid === 6)
    await paidOnce(6)
  })

  describe('of a batch of two messages the first of which left after the copy was made', () => {
    const OTHER = 'phone:+251911999999'

    /** Puts the older store back, in which another office's records then change the first payment; the batch. */
    async function restoredWith(change: Partial<Payment>): Promise<string> {
      const { batchId, submission } = await putBackAfterFirstOfTwo()
      scene.office.store.transaction(OFFICE, (tx) => {
        const payment = tx.get('payment', submission.lines[0]?.paymentId ?? '')
        tx.change('payment', payment, change)
        tx.audit({ action: 'test.merged', subjectKind: 'payment', subjectId: payment.id })
      })
      await confirm()
      return batchId
    }

    test('the second leaves once, whatever stands in the way of a payment of the first', async () => {
      const batchId = await restoredWith({ state: 'review', reasonCode: 'payment.mismatch', payeeAddress: OTHER })
      expect(await scene.attention(batchId)).toBe('dispatch.in-review')
      await until('all others are paid', () => statesOf(scene.office, batchId).paid === 5)
      expect(statesOf(scene.office, batchId)).toEqual({ paid: 5, review: 1 })
      await paidOnce(6)
    })

    test('a payment of the first counts as it left, not as its payee was changed since', async () => {
      const batchId = await restoredWith({ payeeAddress: OTHER, held: true, reasonCode: 'central.payee-changed' })
      await until('all paid', () => statesOf(scene.office, batchId).paid === 6)
      await paidOnce(6)
    })
  })

  test('payments prepared anew after a restore to before them never leave a second time', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    const copy = await scene.copy()
    const batchId = await scene.send(3)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 3)
    await scene.restore(copy)
    await confirm()
    const again = await scene.send(3)
    expect(await scene.attention(again)).toBe('dispatch.sent-before-restore')
    await paidOnce(3)
  })

  test('a held batch does not leave because an older store forgot that it was held', async () => {
    scene = await Scene.open()
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 2 })
    scene.office.store.transaction(OFFICE, (tx) => {
      scene.office.scheduler.enqueue(tx, {
        kind: 'dispatch.batch',
        key: batchId,
        input: { batchId },
        needs: { line: true, endpoint: '', officer: [] },
        runAt: Date.now() + 400,
      })
      tx.audit({ action: 'test.queued', subjectKind: 'batch', subjectId: batchId })
    })
    const copy = await scene.copy()
    scene.office.dispatch.hold('approver', batchId, 'a doubt')
    await scene.restore(copy)
    expect(scene.office.dispatch.status().doubt?.code).toBe('dispatch.restored')
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'restored')
    expect((await scene.ledger()).length).toBe(0)
  })

  test('an ordinary restart raises no doubt', async () => {
    scene = await Scene.open()
    const batchId = await scene.send(2)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
    await scene.restart()
    expect(scene.office.dispatch.status().doubt).toBeNull()
    await expect(confirm()).rejects.toThrow('dispatch.nothing-to-confirm')
  })
})
