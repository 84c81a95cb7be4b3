import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { documentId, documentText, travellingKinds, travellingText } from '../../../electron/core/central/documents.ts'
import { setUpDistrict } from '../../../electron/core/central/setup/set-up-district.ts'
import { createHttp } from '../../../electron/core/http/http.ts'
import { collections } from '../../../electron/core/store/collections.ts'
import { Store } from '../../../electron/core/store/store.ts'
import { type CouchdbProcess, startCouchdbProcess } from '../../../electron/peers/couchdb/start-couchdb-process.ts'
import { addOfficer } from '../../core/district.ts'
import type { ClientFigures, ClientTask } from './client-task.ts'
import { fillDistrict } from './district-records.ts'
import { KEY } from './office-client.ts'
import { runClient } from './run-client.ts'

const ADMIN = { user: 'admin', password: 'admin-password' }

/** A full district: the folder of its office, and the same records as documents, one a line. */
export interface FullDistrict {
  readonly folder: string
  readonly documents: string
  readonly count: number
}

/** What a client's run cost it and the server. */
export interface Exchange extends ClientFigures {
  /** Bytes on the wire, both ways, headers and all. */
  readonly bytes: number
  readonly requests: number
  /** Processor time of the server, milliseconds. */
  readonly serverWork: number
}

type Order = Pick<ClientTask, 'who' | 'what' | 'district'> & Partial<ClientTask>

/** A server in a process of its own, districts on it as `central:setup` makes them, and room for clients. */
export class Scene {
  readonly server: CouchdbProcess
  readonly serverFile: string
  readonly #root: string
  readonly #accounts = new Map<string, { readonly user: string; readonly password: string }>()
  #folders = 0

  private constructor(root: string, serverFile: string, server: CouchdbProcess) {
    this.#root = root
    this.serverFile = serverFile
    this.server = server
  }

  static async open(): Promise<Scene> {
    const root = mkdtempSync(join(tmpdir(), 'bench-replicate-'))
    const file = join(root, 'server.db')
    // Deriving a password's key is no part of what is compared: PouchDB has it done with each request.
    return new Scene(root, file, await startCouchdbProcess({ ...ADMIN, file, iterations: 1 }))
  }

  /** Databases with their rules, and an office that is let in. */
  async addDistrict(district: string): Promise<void> {
    const http = createHttp()
    const setUp = { url: this.server.origin, admin: ADMIN, district, offices: ['office'] }
    const { accounts } = await setUpDistrict(http, setUp)
    http.close()
    const [account] = accounts
    if (account?.password === undefined || account.password === null) throw new Error('no account was made')
    this.#accounts.set(district, { user: account.user, password: account.password })
  }

  /** An office with so many records, closed. */
  async fill(records: number): Promise<FullDistrict> {
    const folder = await this.#office()
    const store = openStore(folder)
    fillDistrict(store, records)
    const documents = join(folder, 'documents.jsonl')
    const count = await writeDocuments(store, documents)
    store.close()
    return { folder, documents, count }
  }

  /** @returns what one client did, alone on the server */
  async exchange(order: Order, full?: FullDistrict): Promise<Exchange> {
    const account = this.#accounts.get(order.district)
    if (account === undefined) throw new Error(`no such district: ${order.district}`)
    const given = order.who === 'office' && order.what === 'push' ? full?.folder : undefined
    const folder = given ?? (order.who === 'office' ? await this.#office() : this.#folder())
    const before = await this.server.summary()
    const run = await runClient({
      folder,
      url: this.server.origin,
      batchSize: 100,
      documents: full?.documents ?? '',
      count: full?.count ?? 0,
      ...account,
      ...order,
    })
    const after = await this.server.summary()
    if (given === undefined) rmSync(folder, { recursive: true, force: true })
    return {
      ...run,
      bytes: after.received + after.sent - before.received - before.sent,
      requests: after.requests - before.requests,
      serverWork: after.processorTime - before.processorTime,
    }
  }

  async close(): Promise<void> {
    await this.server.stop()
    rmSync(this.#root, { recursive: true, force: true })
  }

  /** The folder of an office that knows nobody but an administrator. */
  async #office(): Promise<string> {
    const folder = this.#folder()
    const store = openStore(folder)
    await addOfficer({ store }, 'administrator', ['administrator'])
    store.close()
    return folder
  }

  #folder(): string {
    this.#folders += 1
    const folder = join(this.#root, String(this.#folders))
    mkdirSync(folder)
    return folder
  }
}

const openStore = (folder: string): Store => new Store({ file: join(folder, 'office.db'), key: { bytes: KEY } })

async function writeDocuments(store: Store, file: string): Promise<number> {
  const out = createWriteStream(file)
  let count = 0
  for (const kind of travellingKinds) {
    for (const row of store.sql(`SELECT id, body FROM ${collections[kind].table}`).all()) {
      const { id, body } = row as { id: string; body: string }
      out.write(`${documentText(documentId(kind, id), null, travellingText(kind, body))}\n`)
      count += 1
    }
  }
  out.end()
  await finished(out)
  return count
}
