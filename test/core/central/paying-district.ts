import { join } from 'node:path'
import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import type { Office } from '../../../electron/core/office.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { newDirectory, removeDirectory } from '../dispatch/sending-office.ts'
import { addOfficer, DAY, type District, openDistrict, PIN } from '../district.ts'
import { CentralDistrict, type MemberOffice, sync } from './central-district.ts'

/** Two offices of one district, which know each other by its central server, and the payment system that both pay over. */
export interface PayingDistrict {
  /** Of this test alone. */
  readonly directory: string
  /** Whatever comes twice is paid twice, and seen. */
  readonly system: G2pConnectPeer
  readonly central: CentralDistrict
  /** The office in which everything was made. */
  readonly first: District
  /** The other one, with `clerk-hills` and `approver-hills`. */
  readonly hills: MemberOffice
  close(): Promise<void>
}

export async function openPayingDistrict(households: number): Promise<PayingDistrict> {
  const directory = newDirectory()
  const system = await startG2pConnectPeer({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: 'x'.repeat(20),
    profile: { paidAfter: [0, 0], rejected: {}, late: { share: 0, after: 0 }, reversed: { share: 0, after: 0 } },
    behaviour: { duplicateProtection: false },
  })
  const central = await CentralDistrict.open('town', 'hills')
  const { syncDisburse, syncStatus } = system.urls
  const first = await openDistrict({
    households,
    manager: { mode: 'sync', paymentEndpointUrl: syncDisburse, statusEndpointUrl: syncStatus },
  })
  const hills = await central.member('hills')
  await addOfficer(hills.office, 'clerk-hills', ['clerk'])
  await addOfficer(hills.office, 'approver-hills', ['approver'])
  await central.join(first.office, 'town')
  for (const office of [first.office, hills.office, first.office]) await sync(office)
  const close = async (): Promise<void> => {
    await first.close()
    await central.close()
    await system.stop()
    removeDirectory(directory)
  }
  return { directory, system, central, first, hills, close }
}

/** Two officers of an office. */
export interface Pair {
  readonly clerk: string
  readonly approver: string
}

/** From the cycle to an approved batch; its id. */
export async function prepareAndApprove(office: Office, cycleId: string, pair: Pair): Promise<string> {
  const { batchIds } = await prepareCycle(office, { cycleId, day: DAY, officerId: pair.clerk })
  const [batchId] = batchIds
  if (batchId === undefined) throw new Error('nothing was prepared')
  await submitAndApprove(office, batchId, pair)
  return batchId
}

export async function submitAndApprove(office: Office, batchId: string, { clerk, approver }: Pair): Promise<void> {
  const now = Date.now()
  const { submission } = await submitBatch(office, { batchId, day: DAY, officerId: clerk, now })
  const word = { batchId, submissionId: submission.id, digest: submission.digest, reason: '', pin: PIN }
  const officer = office.store.get('officer', approver)
  await decideBatch(office, officer, { ...word, verdict: 'approve' }, now, (tx, batch) =>
    office.dispatch.queueApprovedBatch(tx, batch),
  )
}
