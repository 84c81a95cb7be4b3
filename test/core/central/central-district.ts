import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SyncReport } from '../../../electron/core/central/central.ts'
import { travelling, travellingKinds } from '../../../electron/core/central/documents.ts'
import { type Design, readDesign } from '../../../electron/core/central/setup/design.ts'
import { setUpDistrict } from '../../../electron/core/central/setup/set-up-district.ts'
import { systemTime } from '../../../electron/core/clock/office-time.ts'
import { createHttp } from '../../../electron/core/http/http.ts'
import { type Office, openOffice } from '../../../electron/core/office.ts'
import { collections } from '../../../electron/core/store/collections.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import { type CentralSettings, districtDatabases } from '../../../shared/model/central.ts'
import { addOfficer } from '../district.ts'

/*
 * A district with a central server: the server in this process, set up as `central:setup` does, and offices that share a
 * trust root.
 */

const DISTRICT = 'north'
const ADMIN = { user: 'admin', password: 'admin-password' }
export const KEY = new Uint8Array(32).fill(5)

const SYNC = { kind: 'central.sync', key: 'central' }

export interface MemberOffice {
  readonly office: Office
  readonly directory: string
  /** Closes it; its folder stays until the district closes. */
  close(): Promise<void>
}

export class CentralDistrict {
  readonly peer: CouchdbPeer
  readonly #accounts: ReadonlyMap<string, { readonly user: string; readonly password: string }>
  readonly #closing: (() => Promise<void>)[] = []

  private constructor(peer: CouchdbPeer, accounts: ReadonlyMap<string, { user: string; password: string }>) {
    this.peer = peer
    this.#accounts = accounts
  }

  /** @param names of the offices that are let in */
  static async open(...names: readonly string[]): Promise<CentralDistrict> {
    const peer = await startCouchdbPeer({ ...ADMIN, iterations: 1 })
    const http = createHttp()
    const made = await setUpDistrict(http, { url: peer.origin, admin: ADMIN, district: DISTRICT, offices: names })
    http.close()
    const accounts = new Map<string, { user: string; password: string }>()
    for (const [at, { user, password }] of made.accounts.entries()) {
      accounts.set(names[at] as string, { user, password: password ?? '' })
    }
    return new CentralDistrict(peer, accounts)
  }

  /** Sets the server up again, with other rules than those that are shipped where a test says so. */
  async setUp(design: Design = readDesign()): Promise<void> {
    const http = createHttp()
    const offices = [...this.#accounts.keys()]
    await setUpDistrict(http, { url: this.peer.origin, admin: ADMIN, district: DISTRICT, offices }, design)
    http.close()
  }

  get records() {
    const database = this.peer.databases.get(districtDatabases(DISTRICT).records)
    if (database === undefined) throw new Error('the district has no records')
    return database
  }

  settings(name: string, url: string = this.peer.origin): { settings: CentralSettings; password: string } {
    const { user, password } = this.#accounts.get(name) as { user: string; password: string }
    const settings = { url, district: DISTRICT, user, certificateAuthority: '', everyMinutes: 1_440 }
    return { settings, password }
  }

  /** An office without people, with the district's trust root. `skew` is how far its clock runs ahead, milliseconds. */
  async office(
    name: string,
    { skew = 0, directory }: { skew?: number; directory?: string } = {},
  ): Promise<MemberOffice> {
    const folder = directory ?? mkdtempSync(join(tmpdir(), `field-office-${name}-`))
    const time = { ...systemTime, now: () => Date.now() + skew }
    const office = await openOffice({ directory: folder, key: KEY, training: true, time })
    if (directory === undefined) await addOfficer(office, `administrator-${name}`, ['administrator'])
    let open = true
    const close = async (): Promise<void> => {
      if (open) await office.close()
      open = false
    }
    this.#closing.push(async () => {
      await close()
      rmSync(folder, { recursive: true, force: true })
    })
    return { office, directory: folder, close }
  }

  /** An office that works with the server already. */
  async member(name: string, options: { skew?: number } = {}): Promise<MemberOffice> {
    const made = await this.office(name, options)
    await this.join(made.office, name)
    return made
  }

  /** Contacts happen when a test says so, unless the office is `live`. */
  async join(
    office: Office,
    name: string,
    { url, live = false }: { url?: string; live?: boolean } = {},
  ): Promise<void> {
    const { settings, password } = this.settings(name, url)
    if (!live) this.#hold(office)
    await office.central.configure('administrator', settings, password)
  }

  #hold(office: Office): void {
    office.store.transaction('administrator', (tx) => {
      const needs = { line: true, endpoint: 'central', officer: [] }
      office.scheduler.queue.pause(tx, office.scheduler.enqueue(tx, { ...SYNC, input: {}, needs }))
    })
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close()
    await this.peer.close()
  }
}

/** A contact that has to go well. */
export async function sync({ central }: Office): Promise<SyncReport> {
  const answer = await central.syncNow()
  if (!answer.ok) throw new Error(`${answer.error.code} ${JSON.stringify(answer.error.params)}`)
  return answer.value
}

/** Everything of an office that travels, by document; what each office works out for itself is left out. */
export function contentOf({ store }: Pick<Office, 'store'>): Record<string, unknown> {
  const content: Record<string, unknown> = {}
  for (const kind of travellingKinds) {
    const bodies = store.sql(`SELECT body FROM ${collections[kind].table} ORDER BY id`).pluck().all() as string[]
    for (const body of bodies) {
      const record = JSON.parse(body) as { id: string }
      content[`${kind}:${record.id}`] = kind === 'submission' ? record : travelling(kind, record)
    }
  }
  return content
}
