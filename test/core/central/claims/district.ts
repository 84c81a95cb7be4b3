import { join } from 'node:path'
import { refreshBatch } from '../../../../electron/core/batches/batch-standing.ts'
import { submissionDigest } from '../../../../electron/core/batches/digest.ts'
import { putCentralPassword, putCentralSettings } from '../../../../electron/core/central/settings.ts'
import { setUpDistrict } from '../../../../electron/core/central/setup/set-up-district.ts'
import { createHttp } from '../../../../electron/core/http/http.ts'
import { findTrustRoot, setTrustRoot } from '../../../../electron/core/identity/trust.ts'
import { OFFICE, type Store } from '../../../../electron/core/store/store.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../../electron/peers/couchdb/couchdb-peer.ts'
import {
  type G2pConnectPeer,
  startG2pConnectPeer,
} from '../../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { newId, paymentId } from '../../../../shared/model/ids.ts'
import type { RecordKind } from '../../../../shared/model/records.ts'
import { furnish, type ManagerSettings, type World } from '../../dispatch/approved-batches.ts'
import {
  newDirectory,
  openSendingOffice,
  quickTime,
  removeDirectory,
  type SendingOffice,
  until,
} from '../../dispatch/sending-office.ts'

const ADMIN = { user: 'admin', password: 'the password of the server' }
const CODE = 'north'

export interface DistrictOffice {
  office: SendingOffice
  world: World
  directory: string
  readonly account: { readonly user: string; readonly password: string }
}

/** Two offices of a district, its central server, and the payment system that both send to. */
export class District {
  readonly couch: CouchdbPeer
  readonly peer: G2pConnectPeer
  readonly town: DistrictOffice
  readonly hills: DistrictOffice
  readonly directory: string

  private constructor(parts: Pick<District, 'couch' | 'peer' | 'town' | 'hills' | 'directory'>) {
    this.couch = parts.couch
    this.peer = parts.peer
    this.town = parts.town
    this.hills = parts.hills
    this.directory = parts.directory
  }

  static async open(settings: ManagerSettings = {}): Promise<District> {
    const directory = newDirectory()
    const couch = await startCouchdbPeer({ ...ADMIN, iterations: 10 })
    const peer = await startG2pConnectPeer({
      ledgerFile: join(directory, 'ledger.jsonl'),
      controlToken: 'x'.repeat(20),
      // Whatever comes twice is paid twice, and seen.
      behaviour: { duplicateProtection: false },
    })
    const http = createHttp()
    const { accounts } = await setUpDistrict(http, {
      url: couch.origin,
      admin: ADMIN,
      district: CODE,
      offices: ['town', 'hills'],
    })
    http.close()
    const account = (name: string) => {
      const found = accounts.find(({ user }) => user.includes(name))
      if (found?.password == null) throw new Error(`no account: ${name}`)
      return { user: found.user, password: found.password }
    }
    const town = await District.#found(couch, peer, account('town'), settings)
    const hills = await District.#found(couch, peer, account('hills'), settings)
    // One district, one trust root: what one office signs the other believes.
    replicate(town.office.store, hills.office.store)
    hills.world = { ...town.world, store: hills.office.store }
    return new District({ couch, peer, town, hills, directory })
  }

  static async #found(
    couch: CouchdbPeer,
    peer: G2pConnectPeer,
    account: DistrictOffice['account'],
    settings: ManagerSettings,
  ): Promise<DistrictOffice> {
    const directory = newDirectory()
    const office = openSendingOffice(directory, { time: quickTime() })
    const world = await furnish(
      office.store,
      { disburse: peer.urls.syncDisburse, status: peer.urls.syncStatus },
      settings,
    )
    office.store.transaction(OFFICE, (tx) => {
      tx.mark('sole-office', '0')
      tx.mark('office-name', account.user)
      putCentralSettings(tx, {
        url: couch.origin,
        district: CODE,
        user: account.user,
        certificateAuthority: '',
        everyMinutes: 5,
      })
      putCentralPassword(tx, account.password)
      tx.audit({ action: 'test.central', subjectKind: 'office', subjectId: 'test' })
    })
    office.scheduler.start()
    return { office, world, directory, account }
  }

  /** How often the payment system paid each reference that it was told to pay. */
  async paid(): Promise<number[]> {
    return (await this.peer.ledger()).map(({ paidCount }) => paidCount)
  }

  claims(): Record<string, unknown>[] {
    const database = this.couch.databases.get(`g2p-${CODE}-claims`)
    if (database === undefined) throw new Error('no claims')
    return database.all() as unknown as Record<string, unknown>[]
  }

  /** Two revisions of one document side by side, as they come into being past conditional writes. */
  async fork(document: Readonly<Record<string, unknown>>, ...others: readonly Readonly<Record<string, unknown>>[]) {
    const docs = [{}, ...others].map((other, index) => ({
      ...document,
      ...other,
      _rev: `1-${String(index).padStart(32, '0')}`,
    }))
    const answer = await fetch(`${this.couch.origin}/g2p-${CODE}-claims/_bulk_docs`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${ADMIN.user}:${ADMIN.password}`).toString('base64')}`,
      },
      body: JSON.stringify({ docs, new_edits: false }),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }

  /** Shuts an office, does something to its folder, and opens it again. */
  async reopen(
    which: DistrictOffice,
    work: (directory: string) => void | Promise<void> = () => undefined,
  ): Promise<void> {
    await which.office.shut()
    const { directory } = which
    await work(directory)
    which.office = openSendingOffice(directory, { key: which.office.key, time: which.office.time })
    which.world = { ...which.world, store: which.office.store }
    which.office.scheduler.start()
  }

  async close(): Promise<void> {
    for (const { office, directory } of [this.town, this.hills]) {
      await office.shut()
      removeDirectory(directory)
    }
    await this.peer.stop()
    await this.couch.close()
    removeDirectory(this.directory)
  }
}

const TABLES: Readonly<Partial<Record<RecordKind, string>>> = {
  officer: 'officer',
  paymentManager: 'payment_manager',
  programme: 'programme',
  cycle: 'cycle',
  batch: 'batch',
  payment: 'payment',
  submission: 'submission',
  decision: 'decision',
  transmission: 'transmission',
  delivery: 'delivery',
}
const APPEND_ONLY: ReadonlySet<string> = new Set(['submission', 'decision', 'transmission', 'delivery'])

/** Brings the records of one office into another one, as replication does in the end. */
export function replicate(from: Store, to: Store): void {
  to.transaction(OFFICE, (tx) => {
    const root = findTrustRoot(from)
    if (root !== undefined) setTrustRoot(tx, root)
    for (const [kind, table] of Object.entries(TABLES) as [RecordKind, string][]) {
      for (const body of from.sql(`SELECT body FROM ${table}`).pluck().all() as string[]) {
        const record = JSON.parse(body)
        if (APPEND_ONLY.has(kind) && tx.find(kind, record.id) !== undefined) continue
        tx.adopt(kind, record)
      }
    }
    tx.audit({ action: 'test.replicated', subjectKind: 'office', subjectId: 'test' })
  })
}

export const signal = new AbortController().signal

/** Waits until the batch's job stands before an officer; answers with the fault it shows. */
export async function attentionOf({ office }: DistrictOffice, batchId: string) {
  const job = () => office.scheduler.queue.findByKey('dispatch.batch', batchId)
  await until(`attention of ${batchId}`, () => job()?.state === 'attention')
  return job()?.fault ?? null
}

/** What is left of a batch that went back, submitted anew. */
export function submittedAgain({ office: { store }, world }: DistrictOffice, batchId: string): Submission {
  const before = JSON.parse(
    store
      .sql('SELECT body FROM submission WHERE batch_id = ? ORDER BY number DESC LIMIT 1')
      .pluck()
      .get(batchId) as string,
  ) as Submission
  const left = new Set(
    store.sql("SELECT id FROM payment WHERE batch_id = ? AND state = 'prepared'").pluck().all(batchId) as string[],
  )
  return submit(store, world, {
    ...before,
    number: before.number + 1,
    lines: before.lines.filter(({ paymentId }) => left.has(paymentId)),
  })
}

/** A batch of the next attempts for the entitlements of another one. */
export function nextAttempts({ office: { store }, world }: DistrictOffice, before: Submission): Submission {
  const batchId = `${before.batchId}-again`
  const lines = before.lines.map((line) => ({
    ...line,
    attempt: line.attempt + 1,
    paymentId: paymentId(line.entitlementId, line.attempt + 1),
  }))
  store.transaction(world.clerk.id, (tx) => {
    const { changedAt, changedBy, ...batch } = tx.get('batch', before.batchId)
    tx.put('batch', {
      ...batch,
      id: batchId,
      state: 'open',
      held: false,
      heldReason: '',
      cancelledReason: '',
      attention: '',
      submissionNumber: 0,
    })
    for (const [index, line] of lines.entries()) {
      const { changedAt, changedBy, ...payment } = tx.get('payment', before.lines[index]?.paymentId ?? '')
      tx.put('payment', { ...payment, id: line.paymentId, attempt: line.attempt, batchId, state: 'prepared' })
    }
    tx.audit({ action: 'test.prepared', subjectKind: 'batch', subjectId: batchId })
  })
  return submit(store, world, { ...before, batchId, number: 1, lines })
}

function submit(store: Store, world: World, wanted: Submission): Submission {
  const { changedAt, changedBy, ...rest } = wanted
  const sum = rest.lines.reduce((total, { amount }) => total + amount, 0)
  const frozen = { ...rest, id: newId(), count: rest.lines.length, sum }
  return store.transaction(world.clerk.id, (tx) => {
    const submission = tx.put('submission', { ...frozen, digest: submissionDigest(frozen) })
    const { batchId, number, count } = submission
    refreshBatch(tx, batchId, Date.now(), { submissionNumber: number, count, sum })
    tx.audit({ action: 'test.submitted', subjectKind: 'batch', subjectId: batchId })
    return submission
  })
}
