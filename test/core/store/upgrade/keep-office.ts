import { join } from 'node:path'
import { startG2pConnectPeer } from '../../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import packageFile from '../../../../package.json' with { type: 'json' }
import { approvedBatch, furnish } from '../../dispatch/approved-batches.ts'
import {
  newDirectory,
  openSendingOffice,
  paymentsOf,
  removeDirectory,
  statesOf,
  until,
} from '../../dispatch/sending-office.ts'
import { household, put } from '../../district.ts'
import { fileOf, key, PEER_PORT, packOffice } from './packed-office.ts'

/*
 * Run once for each release, before its version leaves the house:
 *
 *   npx node test/core/store/upgrade/keep-office.ts
 *
 * It keeps an office of the present version for the versions to come. Of its batches one is paid, one approved and not sent, one
 * acknowledged without a final answer, and of one nobody knows whether it arrived.
 */

const directory = newDirectory()
const peer = await startG2pConnectPeer({
  port: PEER_PORT,
  ledgerFile: join(directory, 'ledger.jsonl'),
  controlToken: 'x'.repeat(20),
  behaviour: { duplicateProtection: false },
})
const office = openSendingOffice(directory, { key: key.bytes })
const world = await furnish(
  office.store,
  { disburse: peer.urls.syncDisburse, status: peer.urls.syncStatus },
  { partSize: 3 },
)
for (const n of [1, 2, 3]) {
  const { group, head, membership, enrolment, entitlement } = household(
    { programmeId: 'programme', cycleId: 'cycle' },
    n,
  )
  put(office, 'registrant', group)
  put(office, 'registrant', head)
  put(office, 'membership', membership)
  put(office, 'enrolment', enrolment)
  put(office, 'entitlement', entitlement)
}
office.scheduler.start()

const send = async (name: string, count: number, from: number): Promise<string> => {
  const { batchId } = await approvedBatch(world, { name, count, from })
  office.dispatch.send(world.clerk.id, [batchId])
  return batchId
}
const paid = await send('paid', 2, 0)
await until('paid', () => statesOf(office, paid).paid === 2)
await peer.order({ hold: true })
const acknowledged = await send('acknowledged', 4, 10)
await until('acknowledged', () => statesOf(office, acknowledged).acknowledged === 4)
await peer.order({ script: [{ on: 'disburse', fault: { do: 'drop', when: 'after-accepting' } }] })
const unknown = await send('unknown', 2, 20)
await until('unknown', () => statesOf(office, unknown).unknown === 2)
await approvedBatch(world, { name: 'approved', count: 5, from: 30 })
const states = [paid, acknowledged, unknown].map((batchId) => paymentsOf(office, batchId).map(({ state }) => state))
await office.shut()
await peer.stop()
packOffice(directory, packageFile.version)
removeDirectory(directory)
process.stdout.write(`${fileOf(packageFile.version)}: ${JSON.stringify(states)}\n`)
