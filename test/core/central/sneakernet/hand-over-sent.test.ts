import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exportChanges } from '../../../../electron/core/central/sneakernet/export.ts'
import { checkForOffice, importChanges } from '../../../../electron/core/central/sneakernet/import.ts'
import { addRecipient, ownCard } from '../../../../electron/core/central/sneakernet/recipients.ts'
import type { Office } from '../../../../electron/core/office.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { until } from '../../dispatch/sending-office.ts'
import { PIN } from '../../district.ts'
import { sync } from '../central-district.ts'
import { openPayingDistrict, type PayingDistrict, prepareAndApprove } from '../paying-district.ts'

/* A batch goes to another office in a file, since its own has no line: the other one pays it, and its own never can. */

const HOUSEHOLDS = 3

let district: PayingDistrict
let giver: Office
let receiver: Office

beforeEach(async () => {
  district = await openPayingDistrict(HOUSEHOLDS)
  giver = district.first.office
  receiver = district.hills.office
  await addRecipient(giver.store, OFFICE, JSON.stringify(ownCard(receiver.store)))
})

afterEach(() => district.close())

/** The file on its way from hand to hand. */
async function carry(): Promise<void> {
  const path = join(district.directory, 'changes.g2p-changes')
  const { store, reader } = giver
  const now = (): number => Date.now()
  await exportChanges({ store, reader, now, epoch: () => 1 }, store.get('officer', 'approver'), {
    to: receiver.store.installationId,
    pin: PIN,
    path,
  })
  const context = { store: receiver.store, now, epoch: () => 1, isRevoked: () => false }
  await importChanges(context, 'clerk-hills', await checkForOffice(context, path))
}

const paid = async (): Promise<number[]> => (await district.system.ledger()).map(({ paidCount }) => paidCount)

it('is paid by whom it was given to, once, and can never leave its own office again', async () => {
  const batchId = await prepareAndApprove(giver, district.first.cycleId, { clerk: 'clerk', approver: 'approver' })
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
  receiver.dispatch.send('clerk-hills', [batchId])
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
