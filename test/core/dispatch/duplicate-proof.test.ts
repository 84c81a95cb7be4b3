import { afterEach, expect, test } from 'vitest'
import { SelfTests } from '../../../electron/core/conformance/self-tests.ts'
import { Scene } from './scene.ts'
import { statesOf, until } from './sending-office.ts'

/* A manager whose settings say that duplicate protection is proven, and what self-tests found since (I3). */

let scene: Scene
afterEach(() => scene.close())

const sandbox = {
  programmeId: 'programme',
  payeeAddress: 'account:777@sandbox',
  payeeName: 'Sandbox holder',
  amount: 100,
  currency: 'ETB',
}

const begin = async (): Promise<void> => {
  scene = await Scene.open({ duplicateProtectionProven: true })
}

/** A self-test with test money, of a payment system that behaves so meanwhile. */
async function tested(duplicateProtection: boolean): Promise<void> {
  await scene.peer.order({ behaviour: { duplicateProtection } })
  const order = { managerId: 'manager', officerId: 'administrator', sandbox }
  for await (const found of new SelfTests(scene.office).run(order, new AbortController().signal)) void found
}

/** A batch whose message is lost on its way. */
async function lost(): Promise<string> {
  await scene.script({ on: 'disburse', fault: { do: 'drop', when: 'before-accepting' }, times: 1 })
  const batchId = await scene.send(2)
  await until('unknown', () => scene.deliveries(batchId).some(({ outcome }) => outcome === 'unknown'))
  return batchId
}

test('a self-test that saw a message paid twice ends sending again by itself: an approver decides', async () => {
  await begin()
  await tested(true)
  await tested(false)
  const batchId = await lost()
  expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
  expect(scene.deliveries(batchId).map(({ outcome }) => outcome)).toEqual(['posting', 'unknown'])
  scene.office.dispatch.approveResend('approver', batchId, '1')
  await until('paid', () => statesOf(scene.office, batchId).paid === 2)
})

test.each([
  ['that shows the protection after one that did not', [false, true]],
  ['never made: what an administrator vouched for holds', []],
])('a self-test %s: it is sent again by itself', async (_, before) => {
  await begin()
  for (const duplicateProtection of before) await tested(duplicateProtection)
  const batchId = await lost()
  await until('paid', () => statesOf(scene.office, batchId).paid === 2)
})
