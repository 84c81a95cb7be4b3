import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Office, openOffice } from '../../../../electron/core/office.ts'
import { collections } from '../../../../electron/core/store/collections.ts'
import { Store } from '../../../../electron/core/store/store.ts'
import {
  type G2pConnectPeer,
  startG2pConnectPeer,
} from '../../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import packageFile from '../../../../package.json' with { type: 'json' }
import { type RecordKind, records } from '../../../../shared/model/records.ts'
import { newDirectory, quickTime, removeDirectory, statesOf, until } from '../../dispatch/sending-office.ts'
import { key, offices, PEER_PORT, unpackOffice } from './packed-office.ts'

const versions = readdirSync(offices)
  .map((name) => name.replace(/\.json\.gz$/, ''))
  .sort()
const howTo =
  'keep one: node test/core/store/upgrade/keep-office.ts (until the first release, after each change of a table)'

test('an office of this version is kept', () => {
  expect(versions, howTo).toContain(packageFile.version)
})

/** What is in the file: tables, indexes, triggers. */
const schemaOf = (store: Store): unknown[] =>
  store.sql("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name").all()

describe.each(versions)('an office of version %s', (version) => {
  let directory: string
  beforeEach(() => {
    directory = newDirectory()
    unpackOffice(version, directory)
  })
  afterEach(() => removeDirectory(directory))

  test('has, once it was opened, the tables of a new one, and records that can be read', () => {
    const store = new Store({ file: join(directory, 'office.db'), key })
    const fresh = new Store({ file: join(directory, 'new.db'), key })
    try {
      expect(schemaOf(store), howTo).toEqual(schemaOf(fresh))
      let read = 0
      for (const kind of Object.keys(records) as RecordKind[]) {
        const ids = store.sql(`SELECT id FROM ${collections[kind].table}`).pluck().all() as string[]
        for (const id of ids) {
          records[kind].schema.parse(store.get(kind, id))
          read += 1
        }
      }
      expect(read).toBeGreaterThan(50)
    } finally {
      store.close()
      fresh.close()
    }
  })

  describe('beside its payment system, which pays twice whatever comes twice', () => {
    let peer: G2pConnectPeer
    let office: Office
    beforeEach(async () => {
      peer = await startG2pConnectPeer({
        port: PEER_PORT,
        ledgerFile: join(directory, 'ledger.jsonl'),
        controlToken: 'x'.repeat(20),
        behaviour: { duplicateProtection: false },
      })
      office = await openOffice({ directory, key: key.bytes, training: true, time: quickTime() })
    })
    afterEach(async () => {
      await office.close()
      await peer.stop()
    })

    test('sends nothing before it was confirmed, then ends with everybody paid once', async () => {
      // The kept office lay on another machine: a move that an administrator confirms (I11).
      expect(office.dispatch.status().doubt?.code).toBe('dispatch.moved')
      const before = (await peer.ledger()).length
      await office.dispatch.confirmRestored('administrator')
      office.dispatch.send('clerk', ['batch-approved'])
      const batches = { paid: 2, acknowledged: 4, unknown: 2, approved: 5 }
      for (const [name, count] of Object.entries(batches)) {
        await until(`${name} is paid`, () => statesOf(office, `batch-${name}`).paid === count, 25_000)
        await until(`${name} is settled`, () => office.store.get('batch', `batch-${name}`).state === 'settled')
      }
      const ledger = await peer.ledger()
      expect({ before, after: ledger.length }).toEqual({ before: 8, after: 13 })
      expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
      expect((await office.upkeep.run()).audit.state).toBe('fine')
    })
  })
})
