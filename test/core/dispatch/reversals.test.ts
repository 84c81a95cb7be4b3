import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { ALL_PAID } from '../../../electron/peers/payment-system/outcome.ts'
import { approvedBatch, furnish } from './approved-batches.ts'
import {
  newDirectory,
  openSendingOffice,
  paymentsOf,
  removeDirectory,
  type SendingOffice,
  statesOf,
  until,
} from './sending-office.ts'

let peer: G2pConnectPeer
let office: SendingOffice

afterEach(async () => {
  await office.shut()
  await peer.stop()
  removeDirectory(office.directory)
})

test('learns that paid money was taken back after the batch was settled, and asks an officer', async () => {
  const directory = newDirectory()
  peer = await startG2pConnectPeer({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: 'x'.repeat(20),
    profile: { ...ALL_PAID, reversed: { share: 1, after: 1_500 } },
  })
  office = openSendingOffice(directory)
  const world = await furnish(
    office.store,
    { disburse: peer.urls.disburse, status: peer.urls.syncStatus },
    { mode: 'async' },
  )
  office.scheduler.start()
  const { batchId } = await approvedBatch(world, { name: 'one', count: 4 })
  office.dispatch.send(world.clerk.id, [batchId])
  await until('settled as paid', () => statesOf(office, batchId).paid === 4)
  await until('taken back', () => statesOf(office, batchId).review === 4)
  expect(paymentsOf(office, batchId).map(({ reasonCode }) => reasonCode)).toEqual(
    Array(4).fill('payment.contradiction'),
  )
  expect(office.store.get('batch', batchId).attention).not.toBe('')
})

test('goes on watching what was paid while another payment of the batch waits in review', async () => {
  const directory = newDirectory()
  peer = await startG2pConnectPeer({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: 'x'.repeat(20),
    profile: ALL_PAID,
  })
  office = openSendingOffice(directory)
  const world = await furnish(
    office.store,
    { disburse: peer.urls.disburse, status: peer.urls.syncStatus },
    { mode: 'async' },
  )
  office.scheduler.start()
  const { batchId } = await approvedBatch(world, { name: 'one', count: 3 })
  office.dispatch.send(world.clerk.id, [batchId])
  await until('settled as paid', () => statesOf(office, batchId).paid === 3)
  const [first, second] = paymentsOf(office, batchId).map(({ id }) => id) as [string, string]
  await peer.order({ reverse: [first] })
  await until('the first was taken back', () => statesOf(office, batchId).review === 1)
  await peer.order({ reverse: [second] })
  await until('the second was taken back', () => statesOf(office, batchId).review === 2)
  expect(statesOf(office, batchId).paid).toBe(1)
})
