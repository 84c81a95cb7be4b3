import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ASKS_NOBODY, type PayeeAddresses } from '../../../electron/core/dispatch/payee-addresses.ts'
import { OFFICE } from '../../../electron/core/store/store.ts'
import { putSecret, type SecretKind } from '../../../electron/core/vault/secrets.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { Behaviour, ScriptedFault } from '../../../electron/peers/payment-system/behaviour.ts'
import type { LedgerEntry } from '../../../electron/peers/payment-system/ledger-entry.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import type { PaymentPeer } from '../../../electron/peers/payment-system/start-peer.ts'
import { approvedBatch, type BatchWish, furnish, type ManagerSettings, type World } from './approved-batches.ts'
import {
  type MovableTime,
  newDirectory,
  openSendingOffice,
  quickTime,
  removeDirectory,
  type SendingOffice,
  until,
} from './sending-office.ts'

interface Surroundings {
  readonly time?: MovableTime
  /** Who is asked for payees' addresses before they are paid; nobody otherwise. */
  readonly addresses?: PayeeAddresses
}

/** An office beside a payment system; the office can be shut, restored and opened again. */
export class Scene<Place extends string = keyof G2pConnectPeer['urls']> {
  readonly peer: PaymentPeer<Place>
  directory: string
  office: SendingOffice
  world: World
  readonly #addresses: PayeeAddresses

  private constructor(
    peer: PaymentPeer<Place>,
    directory: string,
    office: SendingOffice,
    world: World,
    addresses: PayeeAddresses,
  ) {
    this.#addresses = addresses
    this.peer = peer
    this.directory = directory
    this.office = office
    this.world = world
  }

  /** Beside a payment system of any kind, with settings for it. */
  static async beside<Place extends string>(
    start: (options: PeerOptionsInput) => Promise<PaymentPeer<Place>>,
    wanted: (peer: PaymentPeer<Place>) => ManagerSettings & { readonly statusEndpointUrl: string },
    { time = quickTime(), addresses = ASKS_NOBODY, ...options }: Partial<PeerOptionsInput> & Surroundings = {},
  ): Promise<Scene<Place>> {
    const directory = newDirectory()
    const peer = await start({
      ledgerFile: join(directory, 'ledger.jsonl'),
      controlToken: 'x'.repeat(20),
      ...options,
    })
    const settings = wanted(peer)
    const office = openSendingOffice(directory, { time, addresses })
    const { paymentEndpointUrl = '', statusEndpointUrl } = settings
    const world = await furnish(office.store, { disburse: paymentEndpointUrl, status: statusEndpointUrl }, settings)
    office.scheduler.start()
    return new Scene(peer, directory, office, world, addresses)
  }

  static open(
    wanted: ManagerSettings | ((peer: G2pConnectPeer) => ManagerSettings) = {},
    behaviour: Partial<Behaviour> = {},
    options: Partial<PeerOptionsInput> & Surroundings = {},
  ): Promise<Scene> {
    const settingsFor = (peer: G2pConnectPeer) => {
      const settings = typeof wanted === 'function' ? wanted(peer) : wanted
      return {
        paymentEndpointUrl: settings.mode === 'async' ? peer.urls.disburse : peer.urls.syncDisburse,
        statusEndpointUrl: peer.urls.syncStatus,
        ...settings,
      }
    }
    return Scene.beside(startG2pConnectPeer, settingsFor, { ...options, behaviour })
  }

  /** Puts something into the vault, as settings and provisioning do. */
  keepSecret(kind: SecretKind, owner: string, value: string): void {
    this.office.store.transaction(OFFICE, (tx) => {
      putSecret(tx, kind, owner, value)
      tx.audit({ action: 'test.secret', subjectKind: 'secret', subjectId: owner })
    })
  }

  /** An approved batch, sent. */
  async send(
    count: number,
    name = 'one',
    from = 0,
    payeeNames: readonly string[] = [],
    more: Pick<BatchWish, 'amounts' | 'addresses'> = {},
  ): Promise<string> {
    const now = this.office.time.now()
    const { batchId } = await approvedBatch(this.world, { name, count, from, now, payeeNames, ...more })
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

  /** Asks about a payment that never was, once, as a self-test begins; answers with the code of what stood in the way, else null. */
  async ask(): Promise<string | null> {
    const manager = this.office.store.get('paymentManager', this.world.managerId)
    const wishes = { manager, sandbox: null, clockOffset: () => undefined, signal: new AbortController().signal }
    for await (const { check, outcome, finding } of this.office.selfTestOf(manager)(wishes)) {
      if (outcome === 'bad') return finding?.code ?? check
      if (check === 'sign-in') break
    }
    return null
  }

  async ledger(): Promise<LedgerEntry[]> {
    return this.peer.ledger()
  }

  deliveries(batchId: string): { outcome: string; post: number; part: string }[] {
    return this.office.store
      .sql('SELECT outcome, post, part FROM delivery WHERE batch_id = ? ORDER BY part, post, seq')
      .all(batchId) as { outcome: string; post: number; part: string }[]
  }

  /** The store as it is on the disk now, for a restore later. */
  async copy(): Promise<string> {
    const copy = join(this.directory, `copy-${randomUUID()}.db`)
    this.office.store.copyTo(copy)
    return copy
  }

  /** Shuts the office, puts an old store back, and opens it again. */
  async restore(copy: string, more: (directory: string) => void = () => undefined): Promise<void> {
    await this.office.shut()
    const file = join(this.directory, 'office.db')
    for (const name of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(name)) rmSync(name)
    copyFileSync(copy, file)
    more(this.directory)
    this.#reopen()
  }

  /** Shuts the office, does something to its folder, and opens it again, perhaps in another one. */
  async reopenAfter(work: (directory: string) => string | undefined | Promise<string | undefined>): Promise<void> {
    await this.office.shut()
    this.directory = (await work(this.directory)) ?? this.directory
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
    this.office = openSendingOffice(this.directory, { key, time, addresses: this.#addresses })
    this.world = { ...this.world, store: this.office.store }
    this.office.scheduler.start()
  }
}
