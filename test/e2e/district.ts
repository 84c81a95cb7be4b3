import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUpDistrict } from '../../electron/core/central/setup/set-up-district.ts'
import { createHttp } from '../../electron/core/http/http.ts'
import { type CouchdbProcess, startCouchdbProcess } from '../../electron/peers/couchdb/start-couchdb-process.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { type DistrictOffice, startDistrictOffice } from './district-office.ts'
import type { Officers } from './office.ts'

const DISTRICT = 'north'
const ADMIN = { user: 'admin', password: 'admin-password' }

const places = [
  {
    officeName: 'Town office',
    officers: {
      clerk: { name: 'Samir Haddad', pin: '271828' },
      approver: { name: 'Leila Okafor', pin: '161803' },
      administrator: { name: 'Hana Worku', pin: '314159' },
    },
  },
  {
    officeName: 'Hill office',
    officers: {
      clerk: { name: 'Tesfaye Alemu', pin: '141421' },
      approver: { name: 'Ruth Mengistu', pin: '173205' },
      administrator: { name: 'Omar Nasser', pin: '223606' },
    },
  },
] as const satisfies readonly { officeName: string; officers: Officers }[]

/** Two laptops, their central server, and the payment system that both send to. */
export interface TestDistrict {
  readonly town: DistrictOffice
  readonly hills: DistrictOffice
  readonly server: CouchdbProcess
  readonly payments: G2pConnectPeer
  /** @returns how the offices' processes ended */
  close(): Promise<readonly (number | null)[]>
}

/** The town has founded the programme with its 60 households; the hills get it from the central server. */
export async function openTestDistrict(): Promise<TestDistrict> {
  const directory = await mkdtemp(join(tmpdir(), 'district-'))
  const payments = await startG2pConnectPeer({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: 'x'.repeat(20),
    profile: { paidAfter: [0, 0], rejected: {}, late: { share: 0, after: 0 }, reversed: { share: 0, after: 0 } },
  })
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  const server = await startCouchdbProcess({ ...ADMIN, iterations: 1 })
  const http = createHttp()
  const { accounts } = await setUpDistrict(http, {
    url: server.origin,
    admin: ADMIN,
    district: DISTRICT,
    offices: ['town', 'hills'],
    trustRoot: { kty: 'OKP', crv: 'Ed25519', x: String(x) },
  })
  http.close()
  const [town, hills] = await Promise.all(
    places.map((place, at) =>
      startDistrictOffice({
        ...place,
        trustRoot: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
        central: {
          url: server.origin,
          district: DISTRICT,
          user: accounts[at]?.user ?? '',
          password: accounts[at]?.password ?? '',
        },
        payment: {
          origin: payments.origin,
          disburse: payments.urls.syncDisburse,
          status: payments.urls.syncStatus,
        },
        founds: at === 0,
      }),
    ),
  )
  if (town === undefined || hills === undefined) throw new Error('the district has no offices')
  return {
    town,
    hills,
    server,
    payments,
    async close() {
      const ended = await Promise.all([town.close(), hills.close()])
      await server.stop()
      await payments.stop()
      await rm(directory, { recursive: true, force: true })
      return ended
    },
  }
}
