import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type AuditBreak, verifyAudit } from '../../../../electron/core/audit/audit-log.ts'
import { openDatabase } from '../../../../electron/core/store/database.ts'
import { Scene } from '../scene.ts'
import { paymentsOf, statesOf, until } from '../sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

/** Walks the whole chain as it lies on the disk, against the head that the store remembers. */
function brokenAt(): AuditBreak | undefined {
  const { directory, key } = scene.office
  const database = openDatabase(join(directory, 'office.db'), { bytes: key }, 'read')
  try {
    const head = String(database.prepare("SELECT value FROM meta WHERE key = 'audit-head'").pluck().get())
    const [position, hash = ''] = head.split(':')
    const walk = verifyAudit(database, [{ position: Number(position), hash }], 7)
    for (;;) {
      const { done, value } = walk.next()
      if (done === true) return value
    }
  } finally {
    database.close()
  }
}

describe('I10: every step leaves a line in the audit chain', () => {
  test('claim, post, outcome and settlement are all there, and the chain holds', async () => {
    scene = await Scene.open()
    const batchId = await scene.send(2)
    await until('settled', () => scene.office.store.get('batch', batchId).state === 'settled')
    const actions = scene.office.store.sql('SELECT action FROM audit ORDER BY position').pluck().all() as string[]
    for (const action of ['batch.send-ordered', 'batch.queued', 'batch.claimed', 'part.posting', 'part.posted']) {
      expect(actions).toContain(action)
    }
    expect(actions).toContain('payments.looked-up')
    expect(brokenAt()).toBeUndefined()
  })

  test('the chain holds through lost answers, restarts, switches, a restore and evidence', async () => {
    scene = await Scene.open({ partSize: 2, apiTimeout: 1 }, { duplicateProtection: false })
    await scene.script(
      { on: 'disburse', fault: { do: 'drop', when: 'after-accepting' }, times: 1 },
      { on: 'disburse', fault: { do: 'acknowledge-and-lose' }, times: 1 },
      { on: 'status', fault: { do: 'malformed', form: 'html', accepted: true }, times: 2 },
    )
    const one = await scene.send(4)
    await until('both parts were posted', () =>
      scene.deliveries(one).some(({ part, outcome }) => part === '2' && outcome !== 'posting'),
    )
    await scene.restart()
    const copy = await scene.copy()
    scene.office.dispatch.stopAll('approver', true)
    const two = await scene.send(2, 'two', 50)
    scene.office.dispatch.stopAll('approver', false)
    await until('the second is paid', () => statesOf(scene.office, two).paid === 2)
    await scene.restore(copy)
    await scene.office.dispatch.confirmRestored('administrator')
    scene.office.http.cutLine(true)
    scene.office.http.cutLine(false)
    await until('half is paid, half is lost', () => {
      const { paid, unknown } = statesOf(scene.office, one)
      return paid === 2 && unknown === 2
    })
    for (const { id, state } of paymentsOf(scene.office, one)) {
      if (state !== 'unknown') continue
      const found = { finding: 'not-paid', amount: null, reference: 'ticket', document: 'letter' } as const
      const evidence = scene.office.dispatch.recordEvidence('approver', { paymentId: id, ...found })
      scene.office.dispatch.confirmEvidence('administrator', evidence)
    }
    await until('the job ends', () => scene.job(one) === undefined)
    expect(brokenAt()).toBeUndefined()
    expect((await scene.ledger()).every(({ paidCount }) => paidCount === 1)).toBe(true)
  })
})
