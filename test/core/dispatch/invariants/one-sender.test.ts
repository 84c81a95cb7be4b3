import { afterEach, describe, expect, test } from 'vitest'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { Scene } from '../scene.ts'

let scene: Scene
afterEach(() => scene.close())

describe('I6: one sender', () => {
  test('without a declared sole office nothing is claimed', async () => {
    scene = await Scene.open()
    await scene.office.shut()
    const { openSendingOffice } = await import('../sending-office.ts')
    const { directory, key, time } = scene.office
    scene.office = openSendingOffice(directory, { key, time, training: false })
    scene.world = { ...scene.world, store: scene.office.store }
    scene.office.store.transaction(OFFICE, (tx) => {
      tx.mark('sole-office', '0')
      tx.audit({ action: 'test.two-offices', subjectKind: 'office', subjectId: 'test' })
    })
    scene.office.scheduler.start()
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.no-claim')
    expect((await scene.ledger()).length).toBe(0)
    scene.office.dispatch.declareSoleOffice('administrator')
  })
})
