import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../../electron/core/store/database.ts'
import { addOfficer, approvedBatch, decide, managerSettings, putManager, submittedBatch } from '../approved-batches.ts'
import { Scene } from '../scene.ts'
import { statesOf } from '../sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

describe('I7: what was approved, by whom it may be, is what is sent', () => {
  beforeEach(async () => {
    scene = await Scene.open()
  })

  const refusalOf = async (batchId: string): Promise<string> => {
    scene.office.store.transaction('clerk', (tx) => {
      scene.office.dispatch.queueApprovedBatch(tx, tx.get('batch', batchId))
      scene.office.scheduler.enqueue(tx, {
        kind: 'dispatch.batch',
        key: batchId,
        input: { batchId },
        needs: { line: true, endpoint: '', officer: [] },
      })
      tx.audit({ action: 'test.forced', subjectKind: 'batch', subjectId: batchId })
    })
    const code = await scene.attention(batchId)
    expect((await scene.ledger()).length).toBe(0)
    expect(statesOf(scene.office, batchId).queued ?? 0).toBe(0)
    return code
  }

  test('a maker who approves through a second hat is refused at the door of sending', async () => {
    const double = await addOfficer(scene.office.store, scene.world.root, 'clerk', ['clerk', 'approver'])
    const { batchId, submission } = submittedBatch(scene.world, { name: 'own', count: 2 })
    await decide(scene.world, double, submission)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-invalid')
  })

  test('an officer made by the maker is the maker', async () => {
    const puppet = await addOfficer(scene.office.store, scene.world.root, 'puppet', ['approver'], ['clerk'])
    const { batchId, submission } = submittedBatch(scene.world, { name: 'puppet', count: 2 })
    await decide(scene.world, puppet, submission)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-invalid')
  })

  test('a decision that the officer never signed is none', async () => {
    const { batchId, submission } = submittedBatch(scene.world, { name: 'forged', count: 2 })
    await decide(scene.world, { id: 'approver', key: scene.world.secondApprover.key }, submission)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-invalid')
  })

  test.each([
    ['its verdict', 'replace(body, \'"return"\', \'"approve"\')', 'return'],
    ['its officer', "json_set(body, '$.officerId', 'second-approver')", 'approve'],
    ['its moment', "json_set(body, '$.decidedAt', json_extract(body, '$.decidedAt') + 1)", 'approve'],
  ] as const)('a decision that was edited in the file of the store is none: %s', async (_, body, verdict) => {
    const { batchId, submission } = submittedBatch(scene.world, { name: 'edited', count: 2 })
    await decide(scene.world, scene.world.approver, submission, verdict)
    const { key } = scene.office
    await scene.reopenAfter((directory) => {
      const database = openDatabase(join(directory, 'office.db'), { bytes: key }, 'write')
      database.exec('DROP TRIGGER decision_no_update')
      database.exec(
        `UPDATE decision SET body = ${body}, verdict = 'approve', officer_id = json_extract(${body}, '$.officerId')`,
      )
      database.close()
      return undefined
    })
    expect(await refusalOf(batchId)).toBe('dispatch.approval-invalid')
  })

  test('an amount that changed after the approval stops the batch', async () => {
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'changed', count: 2 })
    scene.office.store.transaction('clerk', (tx) => {
      const { changedAt, changedBy, ...payment } = tx.get('payment', submission.lines[0]?.paymentId ?? '')
      tx.put('payment', { ...payment, amount: payment.amount + 1 })
      tx.audit({ action: 'test.changed', subjectKind: 'payment', subjectId: payment.id })
    })
    expect(await refusalOf(batchId)).toBe('dispatch.payments-moved')
  })

  test('an approval of another destination does not count', async () => {
    const { batchId } = await approvedBatch(scene.world, { name: 'redirected', count: 2 })
    const { store } = scene.office
    const known = store.get('paymentManager', 'manager')
    await putManager(
      store,
      scene.world.root,
      managerSettings({ disburse: 'http://127.0.0.1:9/elsewhere', status: known.statusEndpointUrl }),
    )
    expect(await refusalOf(batchId)).toBe('dispatch.manager-changed')
  })

  test('settings that no administrator signed are not used', async () => {
    const { batchId } = await approvedBatch(scene.world, { name: 'unsigned', count: 2 })
    scene.office.store.transaction('clerk', (tx) => {
      const { changedAt, changedBy, ...manager } = tx.get('paymentManager', 'manager')
      tx.put('paymentManager', { ...manager, apiTimeout: 3 })
      tx.audit({ action: 'test.changed', subjectKind: 'paymentManager', subjectId: 'manager' })
    })
    expect(await refusalOf(batchId)).toBe('dispatch.manager-untrusted')
  })

  test('an approval older than seven days has lapsed', async () => {
    const { batchId, submission } = submittedBatch(scene.world, { name: 'old', count: 2 })
    await decide(scene.world, scene.world.approver, submission, 'approve', Date.now() - 8 * 24 * 3_600_000)
    expect(await refusalOf(batchId)).toBe('dispatch.approval-lapsed')
  })

  test('a return seen before the claim wins over the approval', async () => {
    const { batchId, submission } = await approvedBatch(scene.world, { name: 'returned', count: 2 })
    await decide(scene.world, scene.world.secondApprover, submission, 'return')
    expect(await refusalOf(batchId)).toBe('dispatch.not-approved')
  })
})
