import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { approvedBatch, furnish, type ManagerSettings, type World } from './approved-batches.ts'
import {
  newDirectory,
  openSendingOffice,
  removeDirectory,
  type SendingOffice,
  statesOf,
  until,
} from './sending-office.ts'

let peer: G2pConnectPeer
let office: SendingOffice
let world: World

async function open(settings: ManagerSettings = {}, peerOptions: object = {}): Promise<void> {
  const directory = newDirectory()
  peer = await startG2pConnectPeer({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: 'x'.repeat(20),
    ...peerOptions,
  })
  office = openSendingOffice(directory)
  const async = settings.mode === 'async'
  world = await furnish(
    office.store,
    { disburse: async ? peer.urls.disburse : peer.urls.syncDisburse, status: peer.urls.syncStatus },
    settings,
  )
  office.scheduler.start()
}

afterEach(async () => {
  await office.shut()
  await peer.stop()
  removeDirectory(office.directory)
})

test.each(['sync', 'async'] as const)('pays every payment of a batch of several parts (%s)', async (mode) => {
  await open({ mode })
  const { batchId, submission } = await approvedBatch(world, { name: 'one', count: 12 })
  office.dispatch.send(world.clerk.id, [batchId])
  await until('all paid', () => statesOf(office, batchId).paid === 12)
  const ledger = await peer.ledger()
  expect(ledger.map(({ referenceId }) => referenceId).sort()).toEqual(
    submission.lines.map(({ paymentId }) => paymentId).sort(),
  )
  expect(ledger.every(({ paidCount, deliveries }) => paidCount === 1 && deliveries === 1)).toBe(true)
  await until('settled', () => office.store.get('batch', batchId).state === 'settled')
})
