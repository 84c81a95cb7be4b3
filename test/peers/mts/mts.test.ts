import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MtsFaultInput } from '../../../electron/peers/mts/faults.ts'
import { tokenOf } from '../../../electron/peers/mts/identity-system.ts'
import { type MtsPeer, startMtsPeer } from '../../../electron/peers/mts/mts-peer.ts'
import { startMtsProcess } from '../../../electron/peers/mts/start-mts-process.ts'
import type { Json } from '../transcripts.ts'
import { type CallbackReceiver, startCallbackReceiver } from './callback-receiver.ts'

interface Result {
  readonly ref: string | null
  readonly vid: string | null
  readonly status: string
  readonly token: string | null
}

const FORMAT = '{"ref": .input.ref, "vid": .output.vid, "status": .output.status, "token": .output.token}'
const people = (count: number): Json[] =>
  Array.from({ length: count }, (_, at) => ({
    vid: `900000000000000${at}`,
    name: `Person ${at}`,
    gender: 'Female',
    dob: '1980/01/01',
    fullAddress: 'Here',
    ref: `r${at}`,
  }))

let mts: MtsPeer
let receiver: CallbackReceiver

beforeEach(async () => {
  mts = await startMtsPeer()
  receiver = await startCallbackReceiver()
})
afterEach(async () => {
  await mts.close()
  await receiver.close()
})

async function submit(authdata: readonly Json[], more: Json = {}, origin = mts.origin): Promise<Json> {
  const request = { output: 'json', deliverytype: 'download', outputFormat: FORMAT, authdata, ...more }
  const answer = await fetch(`${origin}/authtoken/json`, {
    method: 'POST',
    body: JSON.stringify({ id: '', version: '', metadata: '', requesttime: new Date().toISOString(), request }),
  })
  return (await answer.json()) as Json
}
const idOf = (answer: Json): string => String((answer.response as Json).request_identifier)

async function results(id: string, origin = mts.origin): Promise<Result[]> {
  let text = ''
  await expect
    .poll(async () => {
      const answer = await fetch(`${origin}/authtoken/file/${id}`)
      text = await answer.text()
      return answer.status
    })
    .toBe(200)
  return JSON.parse(text) as Result[]
}
const withFault = async (fault: MtsFaultInput, count = 6): Promise<Result[]> => {
  mts.faults.add(fault)
  return results(idOf(await submit(people(count))))
}

describe('a token seeder to test against', () => {
  test('a token is the person’s, whichever VID was asked with; the ledger tells whose', async () => {
    await mts.obey({ people: [{ person: 'amina', vids: ['9000000000000000', '9000000000000001'] }] })
    const [one, other, third] = await results(idOf(await submit(people(3))))
    expect(one?.token).toBe(tokenOf('amina', 'openg2p-demo'))
    expect(other?.token).toBe(one?.token)
    expect(third?.token).not.toBe(one?.token)
    expect(mts.ledger()).toContainEqual({ person: 'amina', token: one?.token })
  })

  test('what the ID system knows of somebody is compared', async () => {
    await mts.obey({ people: [{ person: 'a', vids: ['9000000000000000'], name: 'Somebody Else', dob: '1980/01/02' }] })
    const [one] = await results(idOf(await submit(people(1), { outputFormat: '' })))
    expect(one).toMatchObject({
      status: 'error',
      errorCode: 'ATS-REQ-103',
      errorMessage:
        'IDA-DEA-001::Demographic data name in eng did not match,IDA-DEA-001::Demographic data dob did not match',
    })
  })

  test('bad habits of the answers', async () => {
    expect(await withFault({ do: 'lose-rest', count: 2 })).toHaveLength(2)
    expect(await withFault({ do: 'twice' })).toHaveLength(12)
    expect(await withFault({ do: 'earlier-too' })).toHaveLength(18)
    expect(await withFault({ do: 'empty' }, 2)).toEqual([null, null])
    expect((await withFault({ do: 'null-token' }, 1))[0]).toMatchObject({ status: 'processed', token: null })
    expect((await withFault({ do: 'unreachable' }, 1))[0]).toMatchObject({ status: 'error', token: null })
    const mixed = await withFault({ do: 'shuffle' })
    expect(mixed.map(({ ref }) => ref).sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5'])
    expect(mixed.every(({ ref, vid }) => vid === `900000000000000${ref?.slice(1)}`)).toBe(true)
    const swapped = await withFault({ do: 'other-vid' }, 3)
    expect(swapped.map(({ ref, vid }) => [ref, vid])).toEqual([
      ['r0', '9000000000000001'],
      ['r1', '9000000000000002'],
      ['r2', '9000000000000000'],
    ])
  })

  test('bad habits of the service', async () => {
    mts.faults.add({ do: 'refuse-all' })
    const refused = await submit(people(1))
    expect(refused).toMatchObject({ errors: [{ errorCode: 'ATS-REQ-101' }] })
    mts.faults.add({ do: 'forget' })
    const forgotten = idOf(await submit(people(1)))
    const statusOf = async (id: string): Promise<number> => (await fetch(`${mts.origin}/authtoken/status/${id}`)).status
    await expect.poll(() => statusOf(forgotten)).toBe(404)
    const kept = idOf(await submit(people(1)))
    await results(kept)
    await mts.obey({ do: 'restart' })
    expect(await statusOf(kept)).toBe(404)
    mts.faults.add({ do: 'cut-after', path: 'POST /authtoken/json' })
    await expect(submit(people(1))).rejects.toThrow()
    expect(mts.summary()).toMatchObject({ accepted: 4, faultsMet: { forget: 1, 'refuse-all': 1, 'cut-after': 1 } })
  })

  test('one record that cannot be read breaks the whole request', async () => {
    const other = await startMtsPeer({ unreadableNames: ['Person 2'] })
    expect(await submit(people(3), {}, other.origin)).toMatchObject({ response: null })
    expect(await submit(people(2), {}, other.origin)).toMatchObject({ errors: null })
    await other.close()
  })

  test('what expires is not delivered any more, and the status says nothing of it', async () => {
    const other = await startMtsPeer({ expirySeconds: 0.3 })
    const callbackProperties = { url: `${receiver.origin}/slow`, timeoutSeconds: 10 }
    const id = idOf(await submit(people(3), { deliverytype: 'callback', callbackProperties }, other.origin))
    const status = async (): Promise<unknown> =>
      (((await (await fetch(`${other.origin}/authtoken/status/${id}`)).json()) as Json).response as Json | null)?.status
    await expect.poll(status).toBe('processed')
    await expect.poll(status).toBeUndefined()
    await expect.poll(() => other.summary().open, { timeout: 60_000 }).toBe(0)
    expect(receiver.calls).toHaveLength(1)
    await other.close()
  })

  test('version 1.0 knows neither callbacks nor formats', async () => {
    await mts.obey({ version: '1.0.0' })
    const callbackProperties = { url: receiver.origin }
    expect(await submit(people(1), { deliverytype: 'callback', callbackProperties })).toMatchObject({
      errors: [{ errorCode: 'ATS-REQ-102' }],
    })
    expect((await results(idOf(await submit(people(1)))))[0]).toHaveProperty('errorCode')
  })

  test('functions that jq 1.6 lacks give nothing', async () => {
    const answer = await submit(people(1), { outputFormat: 'pick(.input.ref)' })
    expect(await results(idOf(answer))).toEqual([null])
  })

  test('runs as a process of its own that is told and asked', async () => {
    const started = await startMtsProcess({ people: [{ person: 'a', vids: ['9000000000000000'] }] })
    await results(idOf(await submit(people(2), {}, started.origin)), started.origin)
    expect(await started.order({ faults: [{ do: 'twice' }] })).toMatchObject({ accepted: 1, records: 2, tokens: 2 })
    expect((await started.ledger()).map(({ person }) => person)).toEqual(['a', '9000000000000001'])
    await started.kill()
  })
})
