import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Behaviour, ScriptedFault } from '../../../electron/peers/g2p-connect/behaviour.ts'
import type { LedgerEntry } from '../../../electron/peers/g2p-connect/ledger-entry.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { approvedBatch, furnish, type ManagerSettings, type World } from './approved-batches.ts'
import { newDirectory, openSendingOffice, removeDirectory, type SendingOffice, until } from './sending-office.ts'

/** An office beside a payment system; the office can be shut, restored and opened again. */
export class Scene {
  readonly peer: G2pConnectPeer
  readonly directory: string
  office: SendingOffice
  world: World

  private constructor(peer: G2pConnectPeer, directory: string, office: SendingOffice, world: World) {
    this.peer = peer
    this.directory = directory
    this.office = office
    this.world = world
  }

  static async open(settings: ManagerSettings = {}, behaviour: Partial<Behaviour> = {}): Promise<Scene> {
    const directory = newDirectory()
    const peer = await startG2pConnectPeer({
      ledgerFile: join(directory, 'ledger.jsonl'),
      controlToken: 'x'.repeat(20),
      behaviour,
    })
    const office = openSendingOffice(directory)
    const disburse = settings.mode === 'async' ? peer.urls.disburse : peer.urls.syncDisburse
    const world = await furnish(office.store, { disburse, status: peer.urls.syncStatus }, settings)
    office.scheduler.start()
    return new Scene(peer, directory, office, world)
  }

  /** An approved batch, sent. */
  async send(count: number, name = 'one', from = 0): Promise<string> {
    const { batchId } = await approvedBatch(this.world, { name, count, from })
    this.office.dispatch.send(this.world.clerk.id, [batchId])
    return batchId
  }

  async script(...entries: readonly ScriptedFault[]): Promise<void> {
    await this.peer.order({ script: [...entries] })
  }

  /** Waits until the batch's job stands before an officer; answers with the code it shows. */
  async attention(batchId: string): Promise<string> {
    const { queue } = this.office.scheduler
    await until('needs attention', () => queue.findByKey('dispatch.batch', batchId)?.state === 'attention')
    return queue.findByKey('dispatch.batch', batchId)?.fault?.code ?? ''
  }

  job(batchId: string) {
    return this.office.scheduler.queue.findByKey('dispatch.batch', batchId)
  }

  async ledger(): Promise<LedgerEntry[]> {
    return this.peer.ledger()
  }

  deliveries(batchId: string): { outcome: string; post: number; part: number }[] {
    return this.office.store
      .sql('SELECT outcome, post, part FROM delivery WHERE batch_id = ? ORDER BY part, post, seq')
      .all(batchId) as { outcome: string; post: number; part: number }[]
  }

  /** The store as it is on the disk now, for a restore later. */
  async copy(): Promise<string> {
    const copy = join(this.directory, `copy-${Date.now()}.db`)
    this.office.store.copyTo(copy)
    return copy
  }

  /** Shuts the office, puts an old store back, and opens it again. */
  async restore(copy: string): Promise<void> {
    await this.office.shut()
    const file = join(this.directory, 'office.db')
    for (const name of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(name)) rmSync(name)
    copyFileSync(copy, file)
    this.#reopen()
  }

  async restart(): Promise<void> {
    await this.office.shut()
    this.#reopen()
  }

  async close(): Promise<void> {
    await this.office.shut()
    await this.peer.stop()
    removeDirectory(this.directory)
  }

  #reopen(): void {
    const { key, time } = this.office
    this.office = openSendingOffice(this.directory, { key, time })
    this.world = { ...this.world, store: this.office.store }
    this.office.scheduler.start()
  }
}
