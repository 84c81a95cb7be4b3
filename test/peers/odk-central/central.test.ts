import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CentralPeer, startCentralPeer } from '../../../electron/peers/odk-central/central-peer.ts'
import { startOdkCentralProcess } from '../../../electron/peers/odk-central/start-odk-central-process.ts'
import type { Json } from '../transcripts.ts'
import { centralOptions, FORM, filled, JOSEPH, READER, recordedSubmissions, submissionsAt } from './household-form.ts'

let central: CentralPeer

const logIn = async (origin = central.origin): Promise<string> => {
  const answer = await fetch(`${origin}/v1/sessions`, { method: 'POST', body: JSON.stringify(READER) })
  return String(((await answer.json()) as Json).token)
}
const read = async (url: string, token: string): Promise<{ status: number; body: Json }> => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  return { status: answer.status, body: (await answer.json()) as Json }
}
const rows = (body: Json): Json[] => body.value as Json[]

beforeEach(async () => {
  const dates = [1, 2, 3, 4].map((day) => `2026-03-0${day}T08:00:00.000Z`)
  central = await startCentralPeer({ ...centralOptions, submissions: recordedSubmissions(dates) })
})
afterEach(() => central.close())

describe('a Central to test against', () => {
  test('its links lead through all pages, each row once', async () => {
    const token = await logIn()
    const seen: unknown[] = []
    let next: unknown = `${submissionsAt(central.origin)}?$top=3`
    while (typeof next === 'string') {
      const { body } = await read(next, token)
      seen.push(...rows(body).map((row) => row.__id))
      next = body['@odata.nextLink']
    }
    expect(new Set(seen).size).toBe(4)
    expect(seen).toHaveLength(4)
  })

  test('an edit keeps identity and date, and changes version and time', async () => {
    const token = await logIn()
    const id = 'uuid:22222222-2222-4222-8222-222222222222'
    await central.obey({
      edit: [{ form: FORM, id, instanceId: 'uuid:new', data: filled({ ...JOSEPH, street: '9 New Street' }) }],
    })
    const row = rows((await read(submissionsAt(central.origin), token)).body).find(({ __id }) => __id === id)
    expect(row).toMatchObject({
      meta: { instanceID: 'uuid:new' },
      address: { street: '9 New Street' },
      __system: { submissionDate: '2026-03-02T08:00:00.000Z', edits: 1, reviewState: 'edited' },
    })
  })

  test('a row may be seen later than its date says', async () => {
    const token = await logIn()
    const at = new Date().toISOString()
    await central.obey({ submit: [{ form: FORM, id: 'uuid:late', data: filled(JOSEPH), at, visibleAfter: 200 }] })
    const url = `${submissionsAt(central.origin)}?$top=0&$count=true`
    expect((await read(url, token)).body['@odata.count']).toBe(4)
    await expect.poll(async () => (await read(url, token)).body['@odata.count']).toBe(5)
  })

  test('sessions end, single sign-on takes no password, faults are told', async () => {
    const token = await logIn()
    await central.obey({ endSessions: true, faults: [{ do: 'status', status: 503 }] })
    expect((await read(submissionsAt(central.origin), token)).status).toBe(503)
    expect((await read(submissionsAt(central.origin), token)).status).toBe(401)
    const other = await startCentralPeer({ ...centralOptions, singleSignOn: true })
    expect((await fetch(`${other.origin}/v1/sessions`, { method: 'POST', body: JSON.stringify(READER) })).status).toBe(
      404,
    )
    await other.close()
  })

  test('runs as a process of its own that is told and asked', async () => {
    const started = await startOdkCentralProcess(centralOptions)
    await started.order({ submit: [{ form: FORM, id: 'uuid:1', data: filled(JOSEPH) }] })
    const token = await logIn(started.origin)
    expect(rows((await read(submissionsAt(started.origin), token)).body)).toHaveLength(1)
    expect(await started.summary()).toMatchObject({ submissions: 1, sessions: 1 })
    expect(await started.ledger()).toEqual([
      { project: 1, form: FORM, id: 'uuid:1', instanceId: 'uuid:1', isDeleted: false },
    ])
    await started.stop()
  })
})
