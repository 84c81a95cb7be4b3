import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardOfCentre, centreKeyOf } from '../../../../electron/core/central/setup/centre-key.ts'
import { setUpDistrict } from '../../../../electron/core/central/setup/set-up-district.ts'
import { addRecipient } from '../../../../electron/core/central/sneakernet/recipients.ts'
import { type Desk, runDesk } from '../../../../electron/core/doors/desk.ts'
import { createHttp } from '../../../../electron/core/http/http.ts'
import { findTrustRoot } from '../../../../electron/core/identity/trust.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../../electron/peers/couchdb/couchdb-peer.ts'
import type { Fault } from '../../../../shared/contract/result.ts'
import { registrantId } from '../../../../shared/model/ids.ts'
import type { PublicKey } from '../../../../shared/model/officer.ts'
import { individual, put } from '../../district.ts'
import { DISTRICT, FilesOffice } from './files-district.ts'

const ADMIN = { user: 'admin', password: 'admin-password' }

describe('a file at the centre', () => {
  const directory = mkdtempSync(join(tmpdir(), 'centre-'))
  const keyFile = join(directory, 'centre.jwk')
  let peer: CouchdbPeer
  let one: FilesOffice
  let two: FilesOffice
  beforeAll(async () => {
    peer = await startCouchdbPeer({ ...ADMIN, iterations: 1 })
    one = await FilesOffice.open('one')
    two = await FilesOffice.open('two')
    const http = createHttp()
    const fileKey = centreKeyOf(keyFile)
    await setUpDistrict(http, {
      url: peer.origin,
      admin: ADMIN,
      district: DISTRICT,
      fileKey,
      trustRoot: findTrustRoot(one.store) as PublicKey,
    })
    http.close()
    for (const { store } of [one, two])
      await addRecipient(store, OFFICE, JSON.stringify(cardOfCentre(DISTRICT, fileKey)))
    await one.knows(two)
    await two.knows(one)
    process.env.COUCHDB_ADMIN = `${ADMIN.user}:${ADMIN.password}`
  }, 60_000)
  afterAll(async () => {
    delete process.env.COUCHDB_ADMIN
    for (const office of [one, two]) await office.close()
    await peer.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function take(path: string, ...more: string[]): Promise<{ code: number; said: unknown; faults: string[] }> {
    const faults: string[] = []
    let said: unknown
    const desk: Desk = {
      say: (answer) => {
        said = answer
      },
      explain: () => undefined,
      wordsOf: ({ code }: Fault) => {
        faults.push(code)
        return code
      },
    }
    const where = ['--key-file', keyFile, '--couch', peer.origin, '--district', DISTRICT, ...more]
    return { code: await runDesk(['central-import', path, ...where], desk), said, faults }
  }

  const atServer = (number: string): Record<string, unknown> =>
    peer.databases.get(`g2p-${DISTRICT}`)?.find(`registrant:${registrantId(number)}`) as Record<string, unknown>

  it('brings the records once, and merges what two offices wrote apart', async () => {
    for (let n = 1; n <= 5; n += 1) put(one.office, 'registrant', individual(`A${n}`))
    const first = await one.write('centre')
    expect(await take(first.path)).toMatchObject({ code: 0, said: { written: first.documents, refused: 0 } })
    expect(await take(first.path)).toMatchObject({ code: 0, said: { written: 0, known: first.documents } })

    await two.read((await one.write(two)).path)
    const edit = (office: FilesOffice, change: object): void => {
      const { changedAt, changedBy, ...draft } = office.store.get('registrant', registrantId('A1'))
      put(office.office, 'registrant', { ...draft, ...change }, 'clerk')
    }
    edit(two, { address: 'By the river' })
    expect(await take((await two.write('centre')).path)).toMatchObject({ code: 0 })
    expect(atServer('A1')).toMatchObject({ address: 'By the river' })
    edit(one, { name: 'Almaz' })
    edit(one, { name: 'Almaz Bekele' })
    await take((await one.write('centre')).path)
    expect(atServer('A1').name).toBe('Almaz Bekele')
    // What was written before the others were known takes nothing back.
    expect(await take(first.path)).toMatchObject({ said: { written: 0 } })
    expect(atServer('A1').name).toBe('Almaz Bekele')
  })

  it('brings what officers said about payments, and its confirmation', async () => {
    const say = ({ store }: FilesOffice, text: string): void =>
      store.transaction('clerk', (tx) => {
        tx.sql(text).run()
        tx.audit({ action: 'test.said', subjectKind: 'payment', subjectId: 'p' })
      })
    const evidence = (): unknown => peer.databases.get(`g2p-${DISTRICT}`)?.find('evidence:e1')
    const at = '0mwredsio-0000-a0a0dd7fe6'
    say(one, `INSERT INTO evidence VALUES ('e1', 'p', 'paid', 100, 'S1', '', 'clerk', '${at}', NULL, NULL)`)
    const { path } = await one.write('centre')
    expect(await take(path)).toMatchObject({ code: 0, said: { refused: 0 } })
    expect(evidence()).toMatchObject({ finding: 'paid', confirmedBy: null })
    say(one, `UPDATE evidence SET confirmed_by = 'approver-one', confirmed_at = '${at}' WHERE id = 'e1'`)
    expect(await take((await one.write('centre')).path)).toMatchObject({ code: 0, said: { written: 1 } })
    expect(evidence()).toMatchObject({ confirmedBy: 'approver-one' })
    expect(await take(path)).toMatchObject({ code: 0, said: { written: 0 } })
    expect(evidence()).toMatchObject({ confirmedBy: 'approver-one' })
  })

  it('is refused when it was made for an office, or would take many records off', async () => {
    expect(await take((await one.write(two)).path)).toMatchObject({ code: 1, faults: ['central-files.not-for-us'] })
    for (let n = 1; n <= 60; n += 1) put(two.office, 'registrant', individual(`R${n}`))
    await take((await two.write('centre')).path)
    // Some of many are a day's work; more than one in twenty are asked about.
    put(two.office, 'registrant', individual('R1', { removed: true }))
    put(two.office, 'registrant', individual('R2', { removed: true }))
    expect(await take((await two.write('centre')).path)).toMatchObject({ code: 0 })
    for (let n = 3; n <= 7; n += 1) put(two.office, 'registrant', individual(`R${n}`, { removed: true }))
    const { path } = await two.write('centre')
    expect(await take(path)).toMatchObject({ code: 1, faults: ['central.removal-guard'] })
    expect(atServer('R3').removed).toBe(false)
    expect(await take(path, '--accept-removals')).toMatchObject({ code: 0 })
    expect(atServer('R3').removed).toBe(true)
  })
})
