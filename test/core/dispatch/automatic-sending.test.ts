import { afterEach, describe, expect, test } from 'vitest'
import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import { decide, type ManagerSettings, PIN, submittedBatch, type TestOfficer } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { statesOf, until } from './sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

const begin = async (settings: ManagerSettings = {}): Promise<void> => {
  scene = await Scene.open({ sendAutomatically: true, ...settings })
}

/** An officer approves with the PIN, as the screens do. */
async function approve({ id }: TestOfficer, submission: Submission, verdict: 'approve' | 'return' = 'approve') {
  const { store } = scene.office
  const { batchId, digest } = submission
  const input = { batchId, submissionId: submission.id, digest, verdict, reason: 'a doubt', pin: PIN }
  await decideBatch({ store }, store.get('officer', id), input, Date.now(), (tx, batch) =>
    scene.office.dispatch.queueApprovedBatch(tx, batch),
  )
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200))

describe('automatic sending', () => {
  test('sends what an approver has approved, and nothing before', async () => {
    await begin()
    const { batchId, submission } = submittedBatch(scene.world, { name: 'one', count: 3 })
    scene.office.scheduler.look()
    await settle()
    expect(scene.job(batchId)).toBeUndefined()
    await approve(scene.world.approver, submission)
    await until('paid', () => statesOf(scene.office, batchId).paid === 3)
  })

  test('sends nothing that is returned, or whose approval is not an approver’s own', async () => {
    await begin()
    const returned = submittedBatch(scene.world, { name: 'returned', count: 1 })
    await approve(scene.world.approver, returned.submission, 'return')
    expect(scene.job(returned.batchId)).toBeUndefined()
    const own = submittedBatch(scene.world, { name: 'own', count: 1, from: 10 })
    await expect(approve(scene.world.clerk, own.submission)).rejects.toThrow(OfficeError)
    // Even if something put it into the queue with a decision that nobody signed.
    await decide(scene.world, { id: 'approver', key: scene.world.secondApprover.key }, own.submission)
    scene.office.store.transaction('clerk', (tx) =>
      scene.office.dispatch.queueApprovedBatch(tx, tx.get('batch', own.batchId)),
    )
    expect(await scene.attention(own.batchId)).toBe('dispatch.approval-invalid')
    expect((await scene.ledger()).length).toBe(0)
  })

  test('waits for both approvers where two are needed', async () => {
    await begin()
    scene.office.store.transaction('administrator', (tx) => {
      const { changedAt, changedBy, ...programme } = tx.get('programme', 'programme')
      tx.put('programme', { ...programme, twoApproversAbove: 1 })
      tx.audit({ action: 'test.changed', subjectKind: 'programme', subjectId: 'programme' })
    })
    const { batchId, submission } = submittedBatch(scene.world, { name: 'large', count: 2 })
    await approve(scene.world.approver, submission)
    await settle()
    expect(scene.job(batchId)).toBeUndefined()
    await approve(scene.world.secondApprover, submission)
    await until('paid', () => statesOf(scene.office, batchId).paid === 2)
  })

  test('only of batches that the filter lets through; the others wait, and an officer cannot send them either', async () => {
    await begin({ sendFilter: "[('count', '<=', 2)]" })
    const small = submittedBatch(scene.world, { name: 'small', count: 2 })
    const large = submittedBatch(scene.world, { name: 'large', count: 3, from: 10 })
    await approve(scene.world.approver, large.submission)
    await approve(scene.world.approver, small.submission)
    await until('paid', () => statesOf(scene.office, small.batchId).paid === 2)
    expect(scene.job(large.batchId)).toBeUndefined()
    expect(statesOf(scene.office, large.batchId)).toEqual({ prepared: 3 })
    expect(() => scene.office.dispatch.send('clerk', [large.batchId])).toThrow('dispatch.filtered-out')
    expect((await scene.ledger()).length).toBe(2)
  })

  test('stays off where the manager does not ask for it', async () => {
    await begin({ sendAutomatically: false })
    const { batchId, submission } = submittedBatch(scene.world, { name: 'one', count: 1 })
    await approve(scene.world.approver, submission)
    await settle()
    expect(scene.job(batchId)).toBeUndefined()
    expect(scene.office.store.get('batch', batchId).state).toBe('approved')
  })
})
