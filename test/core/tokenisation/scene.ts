import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Office, openOffice } from '../../../electron/core/office.ts'
import { findRun } from '../../../electron/core/tokenisation/queries.ts'
import { type MtsPeer, startMtsPeer } from '../../../electron/peers/mts/mts-peer.ts'
import type { MtsPeerOptionsInput } from '../../../electron/peers/mts/peer-options.ts'
import type { ItemView, RunView } from '../../../shared/contract/tokenisation.ts'
import { consentId, identityNumberId, registrantId } from '../../../shared/model/ids.ts'
import type { IdentityNumber, Registrant } from '../../../shared/model/registrant.ts'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { type MovableTime, quickTime } from '../dispatch/sending-office.ts'
import { individual, put, putConnector } from '../district.ts'
import { connectorSettings } from './settings.ts'

export const CONNECTOR = 'connector'
export const VID = 'MOSIP VID'
export const TOKEN = 'MOSIP UIN TOKEN'

const KEY = new Uint8Array(32).fill(7)

/** VID of the n-th person. */
export const vidOf = (n: number): string => String(2_014_391_641_000_000 + n)
export const idOf = (n: number): string => registrantId(`P${n}`)

/** An office with people who have VIDs, beside a seeder. */
export class TokenScene {
  readonly peer: MtsPeer
  readonly time: MovableTime
  readonly directory: string
  office: Office

  constructor(peer: MtsPeer, time: MovableTime, directory: string, office: Office) {
    this.peer = peer
    this.time = time
    this.directory = directory
    this.office = office
  }

  static async open(
    people: number,
    settings: Partial<ConnectorSettings> = {},
    peerOptions: MtsPeerOptionsInput = {},
  ): Promise<TokenScene> {
    const peer = await startMtsPeer(peerOptions)
    const time = quickTime(1_000)
    const directory = mkdtempSync(join(tmpdir(), 'tokens-'))
    const office = await openOffice({ directory, key: KEY, training: false, time })
    const scene = new TokenScene(peer, time, directory, office)
    for (let n = 1; n <= people; n += 1) scene.addPerson(n)
    await scene.set(settings)
    return scene
  }

  /** Writes the connector's settings anew, signed. */
  async set(settings: Partial<ConnectorSettings>): Promise<void> {
    const { store } = this.office
    await putConnector(this.office, {
      ...connectorSettings({ mtsUrl: this.peer.origin, ...settings }),
      id: CONNECTOR,
      removed: false,
      state: store.find('connector', CONNECTOR)?.state ?? 'draft',
      runsAt: store.installationId,
      signature: '',
    })
  }

  addPerson(n: number, change: Partial<Registrant> = {}, { vid = vidOf(n), consent = true } = {}): void {
    put(
      this.office,
      'registrant',
      individual(`P${n}`, {
        gender: n % 2 === 0 ? 'male' : 'female',
        birthdate: '1976-01-01',
        address: `${n} Lake Road`,
        ...change,
      }),
    )
    if (vid !== '') this.setVid(n, vid)
    if (consent) this.setConsent(n, true)
  }

  setVid(n: number, value: string, type = VID): void {
    put(this.office, 'identityNumber', {
      id: identityNumberId(idOf(n), type),
      removed: false,
      registrantId: idOf(n),
      type,
      value,
      status: 'valid',
      expiresOn: null,
      importId: '',
    })
  }

  setConsent(n: number, given: boolean): void {
    put(this.office, 'consent', {
      id: consentId(idOf(n), 'mosip-token'),
      removed: false,
      registrantId: idOf(n),
      purpose: 'mosip-token',
      given,
      on: '2026-01-01',
      how: 'paper',
      note: '',
    })
  }

  /** Runs the connector now and waits for the end of the run. */
  async run(registrantIds: readonly string[] | null = null): Promise<RunView> {
    const id = await this.office.tokenisation.runNow('administrator', CONNECTOR, registrantIds)
    return this.ended(id)
  }

  async ended(id: string, within = 20_000): Promise<RunView> {
    await until(() => this.view(id).endedAt !== null, within)
    return this.view(id)
  }

  view(id: string): RunView {
    const view = findRun(this.office.store, id)
    if (view === undefined) throw new Error('no such run')
    return view
  }

  /** People of a run. */
  async items(runId: string): Promise<readonly ItemView[]> {
    const all = { state: null, class: null, after: null, limit: 500 }
    return (await this.office.reader.run('tokenisation.items', { runId, ...all })).rows
  }

  async itemOf(runId: string, n: number): Promise<ItemView> {
    const found = (await this.items(runId)).find((item) => item.registrantId === idOf(n))
    if (found === undefined) throw new Error(`person ${n} is not in the run`)
    return found
  }

  number(n: number, type: string): IdentityNumber | undefined {
    return this.office.store.find('identityNumber', identityNumberId(idOf(n), type))
  }

  tokenOf(n: number): string | undefined {
    const found = this.number(n, TOKEN)
    return found === undefined || found.removed ? undefined : found.value
  }

  /** Everything the store's file holds, table by table, as text. */
  dump(): string {
    const { store } = this.office
    const tables = store
      .sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'registrant_search%'")
      .pluck()
      .all() as string[]
    return tables
      .map((table) =>
        store
          .sql(`SELECT * FROM ${table}`)
          .all()
          .map((row) =>
            Object.values(row as object)
              .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
              .join('|'),
          )
          .join('\n'),
      )
      .join('\n')
  }

  /** Ends the office as a crash would find it, and opens it again. */
  async reopen(): Promise<void> {
    await this.office.close()
    this.office = await openOffice({ directory: this.directory, key: KEY, training: false, time: this.time })
  }

  async close(): Promise<void> {
    await this.office.close()
    await this.peer.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

export async function until(holds: () => boolean, within = 20_000): Promise<void> {
  const end = Date.now() + within
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come to that')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
