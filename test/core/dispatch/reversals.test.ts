import { afterEach, expect, test } from 'vitest'
import { ALL_PAID } from '../../../electron/peers/payment-system/outcome.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import { Scene } from './scene.ts'
import { paymentsOf, statesOf, until } from './sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

/** A batch that was paid in full by a payment system of this kind. */
async function settled(count: number, profile: PeerOptionsInput['profile']): Promise<string> {
  scene = await Scene.open({ mode: 'async' }, {}, { profile })
  const batchId = await scene.send(count)
  await until('settled as paid', () => statesOf(scene.office, batchId).paid === count)
  return batchId
}

test('learns that paid money was taken back after the batch was settled, and asks an officer', async () => {
  const batchId = await settled(4, { ...ALL_PAID, reversed: { share: 1, after: 1_500 } })
  await until('taken back', () => statesOf(scene.office, batchId).review === 4)
  expect(paymentsOf(scene.office, batchId).map(({ reasonCode }) => reasonCode)).toEqual(
    Array(4).fill('payment.contradiction'),
  )
  expect(scene.office.store.get('batch', batchId).attention).not.toBe('')
})

test('goes on watching what was paid while another payment of the batch waits in review', async () => {
  const batchId = await settled(3, ALL_PAID)
  const [first, second] = paymentsOf(scene.office, batchId).map(({ id }) => id) as [string, string]
  await scene.peer.order({ reverse: [first] })
  await until('the first was taken back', () => statesOf(scene.office, batchId).review === 1)
  await scene.peer.order({ reverse: [second] })
  await until('the second was taken back', () => statesOf(scene.office, batchId).review === 2)
  expect(statesOf(scene.office, batchId).paid).toBe(1)
})
