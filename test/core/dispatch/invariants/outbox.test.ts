import { afterEach, describe, expect, test } from 'vitest'
import { codeOf } from '../../code-of.ts'
import { approvedBatch } from '../approved-batches.ts'
import { Scene } from '../scene.ts'
import { statesOf, until } from '../sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

describe('I8 and I9: nothing leaves the outbox by itself, and waiting is no attempt', () => {
  test('a cut line defers, counts no attempt and posts nothing; the line back sends', async () => {
    scene = await Scene.open()
    scene.office.http.cutLine(true)
    const batchId = await scene.send(2)
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'line')
    expect(scene.job(batchId)?.attempts).toBe(0)
    expect(scene.deliveries(batchId)).toEqual([])
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    scene.office.http.cutLine(false)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('the stop-all switch holds what is approved until it is let go', async () => {
    scene = await Scene.open()
    scene.office.dispatch.stopAll('approver', true)
    const batchId = await scene.send(2)
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'stopped')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.dispatch.stopAll('approver', false)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('a refused batch stands before an officer, is not tried by itself, and goes when asked', async () => {
    scene = await Scene.open()
    await scene.script({
      on: 'disburse',
      fault: { do: 'reject-message', code: 'rjct.version.invalid', accepted: false },
      times: 1,
    })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.refused')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    scene.office.scheduler.wake('dispatch.batch', batchId)
    await until('shown again', () => scene.job(batchId)?.state === 'attention')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.store.transaction('clerk', (tx) => {
      const job = scene.job(batchId)
      if (job === undefined) return
      scene.office.dispatch.prepareRunNow(tx, job)
      scene.office.scheduler.queue.runNow(tx, job.id)
    })
    scene.office.scheduler.look()
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('one held payment keeps its whole message, and no other', async () => {
    scene = await Scene.open({ partSize: 2 })
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'held', count: 4 })
    const held = submission.lines[3]?.paymentId ?? ''
    scene.office.dispatch.holdPayment('clerk', held, true)
    scene.office.dispatch.send('clerk', [batchId])
    await until('the other part is paid', () => statesOf(scene.office, batchId).paid === 2)
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'held')
    expect((await scene.ledger()).length).toBe(2)
    scene.office.dispatch.holdPayment('clerk', held, false)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 4)
  })

  test('what has not left can be taken back, what has left cannot', async () => {
    scene = await Scene.open()
    const { batchId } = await approvedBatch(scene.world, { name: 'cancelled', count: 2 })
    await scene.office.dispatch.cancel('clerk', batchId, 'wrong month')
    expect(statesOf(scene.office, batchId)).toEqual({ cancelled: 2 })
    expect(codeOf(() => scene.office.dispatch.send('clerk', [batchId]))).toBe('dispatch.not-approved')
    const sent = await scene.send(1, 'sent', 50)
    await until('paid', () => statesOf(scene.office, sent).paid === 1)
    await expect(scene.office.dispatch.cancel('clerk', sent, 'too late')).rejects.toThrow('dispatch.too-late-to-cancel')
  })

  test('a clock hours off sends nothing until it is right again', async () => {
    // The office asks for the time again and again here. On a busy machine an answer can take long, and a message that
    // timed out is not sent again by itself.
    scene = await Scene.open({ apiTimeout: 12 })
    scene.office.time.jump(3 * 3_600_000)
    const { batchId } = await approvedBatch(scene.world, { name: 'skewed', count: 2, now: scene.office.time.now() })
    await scene.ask()
    scene.office.dispatch.send('clerk', [batchId])
    await until('deferred', () => scene.job(batchId)?.deferredBy === 'clock')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.time.jump(-3 * 3_600_000)
    await until('all paid', () => statesOf(scene.office, batchId).paid === 2)
  })
})
