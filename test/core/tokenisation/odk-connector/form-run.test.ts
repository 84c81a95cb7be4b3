import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Office, openOffice } from '../../../../electron/core/office.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { putConnectorPassword } from '../../../../electron/core/tokenisation/connectors.ts'
import { findRun } from '../../../../electron/core/tokenisation/queries.ts'
import { tokenOf } from '../../../../electron/peers/mts/identity-system.ts'
import { type MtsPeer, startMtsPeer } from '../../../../electron/peers/mts/mts-peer.ts'
import { type CentralPeer, startCentralPeer } from '../../../../electron/peers/odk-central/central-peer.ts'
import type { RunView } from '../../../../shared/contract/tokenisation.ts'
import { identityNumberId } from '../../../../shared/model/ids.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { usualConnector } from '../../../../shared/rules/tokenisation/defaults.ts'
import { centralOptions, FORM, filled, READER, submissionsAt } from '../../../peers/odk-central/household-form.ts'
import { quickTime } from '../../dispatch/sending-office.ts'
import { putConnector } from '../../district.ts'
import { until } from '../scene.ts'

const CONNECTOR = 'connector'

let directory: string
let office: Office
let mts: MtsPeer
let central: CentralPeer

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'form-run-'))
  mts = await startMtsPeer()
  central = await startCentralPeer(centralOptions)
  office = await openOffice({ directory, key: new Uint8Array(32).fill(5), training: false, time: quickTime(1_000) })
  const settings = usualConnector('odk')
  await putConnector(office, {
    ...settings,
    id: CONNECTOR,
    removed: false,
    name: 'Forms',
    state: 'draft',
    runsAt: office.store.installationId,
    signature: '',
    mtsUrl: mts.origin,
    mapping: settings.mapping.replace('address.district', 'address.city'),
    odk: { ...settings.odk, baseUrl: central.origin, odataUrl: submissionsAt(central.origin), email: READER.email },
  })
  setPassword(READER.password)
})
afterEach(async () => {
  await office.close()
  await mts.close()
  await central.close()
  rmSync(directory, { recursive: true, force: true })
})

const setPassword = (password: string): void =>
  office.store.transaction(OFFICE, (transaction) => {
    putConnectorPassword(transaction, CONNECTOR, password)
    transaction.audit({ action: 'connector.password-set', subjectKind: 'connector', subjectId: CONNECTOR })
  })

const vidOf = (n: number): string => String(2_014_391_641_000_000 + n)
const submission = (n: number, more: object = {}) => ({
  form: FORM,
  id: `uuid:${n}`,
  at: new Date(Date.parse('2026-03-01T08:00:00.000Z') + n * 1_000).toISOString(),
  data: {
    ...filled({ vid: vidOf(n), name: `Person P${n}`, dob: '1976-01-01', street: `${n} Lake Road`, city: 'Kisumu' }),
    ...more,
  },
})
const people = (): Registrant[] =>
  (office.store.sql('SELECT body FROM registrant').pluck().all() as string[]).map((body) => JSON.parse(body))
const numberOf = (name: string, type: 'MOSIP VID' | 'MOSIP UIN TOKEN') => {
  const id = people().find((person) => person.name === name)?.id ?? ''
  return office.store.find('identityNumber', identityNumberId(id, type))
}
async function run(): Promise<RunView> {
  const id = await office.tokenisation.runNow('administrator', CONNECTOR, null)
  await until(() => findRun(office.store, id)?.endedAt !== null)
  const ended = findRun(office.store, id)
  if (ended === undefined) throw new Error('no such run')
  return ended
}

describe('a run over a form', () => {
  test('people become registrants and get the tokens that are theirs; who said no is not sent', async () => {
    await central.obey({ submit: [submission(1), submission(2, { consent: 'no' }), submission(3)] })
    expect(await run()).toMatchObject({ state: 'done', counts: { people: 2, tokenised: 2 } })
    for (const n of [1, 3]) {
      expect(numberOf(`Person P${n}`, 'MOSIP UIN TOKEN')?.value).toBe(tokenOf(vidOf(n), 'openg2p-demo'))
      expect(numberOf(`Person P${n}`, 'MOSIP VID')).toMatchObject({ removed: true, value: '' })
    }
    expect(numberOf('Person P2', 'MOSIP UIN TOKEN')).toBeUndefined()
    expect(mts.summary().records).toBe(2)
    const states = office.store.sql('SELECT state FROM odk_submission ORDER BY submitted_at').pluck().all()
    expect(states).toEqual(['tokenised', 'registered', 'tokenised'])
    // Nothing new: nobody is sent, and the seeder is not asked.
    expect(await run()).toMatchObject({ state: 'done', counts: { people: 0 } })
    expect(mts.summary().accepted).toBe(1)
  })

  test('goes beyond the first page of the seeder', async () => {
    await central.obey({ submit: Array.from({ length: 120 }, (_, n) => submission(n + 1)) })
    expect(await run()).toMatchObject({ state: 'done', counts: { people: 120, tokenised: 120 }, requests: 3 })
  })

  test('an answer about a version that the office did not read is of nobody', async () => {
    await central.obey({ submit: [submission(1), submission(2)] })
    // The office reads, then somebody edits, then the seeder pulls.
    await mts.obey({ faults: [{ do: 'delay', delay: 400, path: 'POST' }] })
    const id = await office.tokenisation.runNow('administrator', CONNECTOR, null)
    await until(() => mts.faults.met.delay === 1)
    await central.obey({
      edit: [{ form: FORM, id: 'uuid:1', instanceId: 'uuid:1-again', data: submission(9).data }],
    })
    await until(() => findRun(office.store, id)?.endedAt !== null)
    expect(findRun(office.store, id)).toMatchObject({ counts: { people: 2, tokenised: 1, unanswered: 1 }, unusable: 1 })
    expect(numberOf('Person P1', 'MOSIP UIN TOKEN')).toBeUndefined()
    expect(numberOf('Person P1', 'MOSIP VID')).toMatchObject({ removed: false })
  })

  test.each([
    ['a wrong password', 'odk.wrong-password', () => setPassword('wrong')],
    ['a missing right', 'odk.no-right', () => central.obey({ users: [{ ...READER, projects: [] }] })],
  ])('%s ends it with its own sentence, and nobody is sent', async (_, code, spoil) => {
    await central.obey({ submit: [submission(1)] })
    await spoil()
    expect(await run()).toMatchObject({ state: 'failed', fault: { code } })
    expect(mts.summary().accepted).toBe(0)
  })

  test('a server that fails is asked again', async () => {
    await central.obey({
      submit: [submission(1)],
      faults: [{ do: 'status', status: 502, times: 2 }],
    })
    expect(await run()).toMatchObject({ state: 'done', counts: { tokenised: 1 } })
  })
})
