import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { decideBatch } from '../../../../electron/core/batches/decide.ts'
import { prepareCycle } from '../../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../../electron/core/batches/submit.ts'
import { exportChanges } from '../../../../electron/core/central/sneakernet/export.ts'
import { checkForOffice, importChanges } from '../../../../electron/core/central/sneakernet/import.ts'
import { addRecipient, ownCard } from '../../../../electron/core/central/sneakernet/recipients.ts'
import type { Office } from '../../../../electron/core/office.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import {
  type G2pConnectPeer,
  startG2pConnectPeer,
} from '../../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { newDirectory, removeDirectory, until } from '../../dispatch/sending-office.ts'
import { addOfficer, DAY, type District, openDistrict, PIN } from '../../district.ts'
import { CentralDistrict, sync } from '../central-district.ts'

/* A batch goes to another office in a file, since its own has no line: the other one pays it, and its own never can. */

const HOUSEHOLDS = 3

let directory: string
let system: G2pConnectPeer
let central: CentralDistrict
let first: District
let giver: Office
let receiver: Office

beforeEach(async () => {
  directory = newDirectory()
  system = await startG2pConnectPeer({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: 'x'.repeat(20),
    profile: { paidAfter: [0, 0], rejected: {}, late: { share: 0, after: 0 }, reversed: { share: 0, after: 0 } },
    // Whatever comes twice is paid twice, and seen.
    behaviour: { duplicateProtection: false },
  })
  central = await CentralDistrict.open('town', 'hills')
  const { syncDisburse, syncStatus } = system.urls
  first = await openDistrict({
    households: HOUSEHOLDS,
    manager: { mode: 'sync', paymentEndpointUrl: syncDisburse, statusEndpointUrl: syncStatus },
  })
  giver = first.office
  receiver = (await central.member('hills')).office
  await addOfficer(receiver, 'clerk-there', ['clerk'])
  await central.join(giver, 'town')
  for (const office of [giver, receiver, giver]) await sync(office)
  await addRecipient(giver.store, OFFICE, JSON.stringify(ownCard(receiver.store)))
})

afterEach(async () => {
  await first.close()
  await central.close()
  await system.stop()
  removeDirectory(directory)
})

async function approvedBatch(): Promise<string> {
  const made = await prepareCycle(giver, { cycleId: first.cycleId, day: DAY, officerId: 'clerk' })
  const [batchId = ''] = made.batchIds
  const now = Date.now()
  const { submission } = await submitBatch(giver, { batchId, day: DAY, officerId: 'clerk', now })
  const word = { batchId, submissionId: submission.id, digest: submission.digest, reason: '', pin: PIN }
  const officer = giver.store.get('officer', 'approver')
  await decideBatch(giver, officer, { ...word, verdict: 'approve' }, now, (tx, batch) =>
    giver.dispatch.queueApprovedBatch(tx, batch),
  )
  return batchId
}

/** The file on its way from hand to hand. */
async function carry(): Promise<void> {
  const path = join(directory, 'changes.g2p-changes')
  const { store, reader } = giver
  const now = (): number => Date.now()
  await exportChanges({ store, reader, now, epoch: () => 1 }, store.get('officer', 'approver'), {
    to: receiver.store.installationId,
    pin: PIN,
    path,
  })
  const context = { store: receiver.store, now, epoch: () => 1, isRevoked: () => false }
  await importChanges(context, 'clerk-there', await checkForOffice(context, path))
}

const paid = async (): Promise<number[]> => (await system.ledger()).map(({ paidCount }) => paidCount)

it('is paid by whom it was given to, once, and can never leave its own office again', async () => {
  const batchId = await approvedBatch()
  giver.http.cutLine(true)
  const { store } = giver
  const wish = { batchId, to: receiver.store.installationId, pin: PIN }
  await giver.centralFiles.handOver(store.get('officer', 'approver'), wish)
  await carry()
  expect(receiver.store.get('batch', batchId).state).toBe('approved')

  // Its own office comes back to the line first, and does not send.
  giver.http.cutLine(false)
  giver.dispatch.send('clerk', [batchId])
  await until('its own office is told', () => store.get('batch', batchId).attention === 'central-files.handed-over')
  expect(await paid()).toEqual([])

  // What leaves is at the central server first.
  await sync(receiver)
  receiver.dispatch.send('clerk-there', [batchId])
  await until('it has left', () => receiver.store.get('batch', batchId).state !== 'approved')
  await until('it is settled', async () => {
    await receiver.dispatch.checkBatch(batchId, new AbortController().signal)
    return receiver.store.get('batch', batchId).state === 'settled'
  })
  giver.dispatch.send('clerk', [batchId])
  for (const office of [receiver, giver, receiver]) await sync(office)
  expect(await paid()).toEqual(Array.from({ length: HOUSEHOLDS }, () => 1))
  expect(store.get('batch', batchId).state).toBe('settled')
  const states = store.sql('SELECT DISTINCT state FROM payment').pluck().all()
  expect(states).toEqual(['paid'])
})
