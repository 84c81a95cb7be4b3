import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import { startSlowLine } from '../../../electron/peers/couchdb/slow-line.ts'
import { type CouchdbProcess, startCouchdbProcess } from '../../../electron/peers/couchdb/start-couchdb-process.ts'
import { type Answered, type Asking, ask, basic } from './couch-client.ts'

const ADMIN = { user: 'admin', password: 'a secret of the centre' }

let directory: string
let couch: CouchdbPeer

const at = (method: string, path: string, asking: Asking = {}, origin = couch.origin): Promise<Answered> =>
  ask(method, origin + path, { ...asking, headers: { ...basic(ADMIN.user, ADMIN.password), ...asking.headers } })
const count = async (): Promise<number> => (await at('GET', '/people')).body.doc_count
const sequence = async (): Promise<number> => Number.parseInt((await at('GET', '/people')).body.update_seq, 10)

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'couchdb-peer-'))
  couch = await startCouchdbPeer({ ...ADMIN, file: join(directory, 'centre.sqlite') })
  await at('PUT', '/people')
})
afterEach(async () => {
  await couch.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('requests meet what was told', () => {
  test('cut before, nothing was done; cut after, it was', async () => {
    couch.faults.add({ do: 'cut-before' })
    await expect(at('PUT', '/people/one', { body: {} })).rejects.toThrow()
    expect(await count()).toBe(0)
    couch.faults.add({ do: 'cut-after' })
    await expect(at('PUT', '/people/one', { body: {} })).rejects.toThrow()
    expect(await count()).toBe(1)
  })

  test('half of an answer is noticed', async () => {
    couch.faults.add({ do: 'cut-within', path: '_changes' })
    await expect(at('GET', '/people/_changes')).rejects.toThrow()
    expect((await at('GET', '/people/_changes')).status).toBe(200)
  })

  test('a status, by method and path, some times, after some', async () => {
    couch.faults.add({ do: 'status', status: 429, retryAfter: 7, method: 'PUT', path: '^/people/', skip: 1, times: 2 })
    const seen = []
    for (const id of ['a', 'b', 'c', 'd']) seen.push(await at('PUT', `/people/${id}`, { body: {} }))
    expect(seen.map(({ status }) => status)).toEqual([201, 429, 429, 201])
    expect(seen[1]?.headers['retry-after']).toBe('7')
    expect(await count()).toBe(2)
  })

  test('what is held is named while it waits, and done although nobody waits for it any more', async () => {
    couch.faults.add({ do: 'hold-before', delay: 200 }, { do: 'hold-after', delay: 200 })
    const asked = [at('PUT', '/people/one', { body: {} }), at('PUT', '/people/two', { body: {} })]
    await expect.poll(() => [...couch.held].map(({ user }) => user)).toEqual(['admin', 'admin'])
    await Promise.all(asked)
    expect([couch.held.size, await count()]).toEqual([0, 2])
  })

  test('a missed quorum is 202, and only of writes', async () => {
    couch.faults.add({ do: 'quorum-missed', times: null })
    expect((await at('PUT', '/people/one', { body: {} })).status).toBe(202)
    expect((await at('GET', '/people/one')).status).toBe(200)
    couch.faults.clear()
    expect((await at('PUT', '/people/two', { body: {} })).status).toBe(201)
  })
})

describe('servers that change', () => {
  test('a restart keeps everything, address and name', async () => {
    await at('PUT', '/people/one', { body: {} })
    const [uuid, before] = [couch.uuid(), (await at('GET', '/people')).body]
    const waiting = at('GET', '/people/_changes?feed=longpoll&since=now&heartbeat=1000')
    waiting.catch(() => undefined)
    await couch.restart()
    await expect(waiting).rejects.toThrow()
    expect(couch.uuid()).toBe(uuid)
    expect((await at('GET', '/people')).body).toEqual(before)
  })

  test('a rolled back one has the same name and a lower sequence', async () => {
    await at('PUT', '/people/one', { body: {} })
    const [uuid, kept] = [couch.uuid(), couch.snapshot()]
    await at('PUT', '/people/two', { body: {} })
    await couch.rollBack(kept)
    expect([couch.uuid(), await count(), await sequence()]).toEqual([uuid, 1, 1])
  })

  test('a replaced one has another name and nothing in it; sequences of before mean nothing to it', async () => {
    await at('PUT', '/people/one', { body: {} })
    const { last_seq } = (await at('GET', '/people/_changes')).body
    const uuid = couch.uuid()
    await couch.replace()
    expect(couch.uuid()).not.toBe(uuid)
    expect((await at('GET', '/people')).status).toBe(404)
    await at('PUT', '/people')
    await at('PUT', '/people/other', { body: {} })
    expect((await at('GET', `/people/_changes?since=${last_seq}`)).body.results).toHaveLength(1)
  })

  test('one without a file keeps its memory through a restart', async () => {
    const memory = await startCouchdbPeer(ADMIN)
    await at('PUT', '/people', {}, memory.origin)
    await memory.restart()
    expect((await at('GET', '/people', {}, memory.origin)).status).toBe(200)
    await memory.close()
  })
})

describe('in a process of its own', () => {
  let peer: CouchdbProcess
  beforeEach(async () => {
    peer = await startCouchdbProcess({ ...ADMIN, file: join(directory, 'process.sqlite') })
  })
  afterEach(() => peer.kill())

  test('it obeys orders, and a killed one has kept what it answered', async () => {
    expect((await at('PUT', '/people', {}, peer.origin)).status).toBe(201)
    await at('PUT', '/people/one', { body: {} }, peer.origin)
    await peer.order({ keep: 'before', faults: [{ do: 'status', status: 503 }] })
    expect((await at('PUT', '/people/two', { body: {} }, peer.origin)).status).toBe(503)
    expect((await at('PUT', '/people/two', { body: {} }, peer.origin)).status).toBe(201)
    const summary = await peer.summary()
    expect(summary.databases.people).toEqual({ sequence: 2, count: 2, deleted: 0 })
    expect(summary.faultsMet).toEqual({ status: 1 })
    await peer.kill()
    peer = await startCouchdbProcess({ ...ADMIN, port: peer.port, file: join(directory, 'process.sqlite') })
    expect((await at('GET', '/people', {}, peer.origin)).body.doc_count).toBe(2)
    const rolledBack = await peer.order({ keep: 'now', do: 'replace' })
    expect(rolledBack.uuid).not.toBe(summary.uuid)
    expect((await peer.order({ rollBackTo: 'now' })).uuid).toBe(summary.uuid)
    await peer.order({ do: 'stop' })
    await expect(at('GET', '/', {}, peer.origin)).rejects.toThrow()
    await peer.order({ do: 'start' })
    expect((await at('GET', '/people', {}, peer.origin)).body.doc_count).toBe(2)
  })
})

test('it runs as a thread where there can be no process', async () => {
  const peer = await startCouchdbProcess(ADMIN, 'thread')
  expect((await at('GET', '/_all_dbs', {}, peer.origin)).body).toEqual(['_users'])
  await peer.stop()
})

describe('a slow line', () => {
  test('carries everything in order, slower than it is told to be never', async () => {
    const docs = Array.from({ length: 40 }, (_, i) => ({ _id: `p${i}`, text: 'x'.repeat(500) }))
    const line = await startSlowLine(couch.origin, { bitsPerSecond: 1_000_000, roundTrip: 40, loss: 0.05 })
    const started = performance.now()
    const answer = await at('POST', '/people/_bulk_docs', { body: { docs } }, line.origin)
    const took = performance.now() - started
    expect(answer.body).toHaveLength(40)
    // Handshake, request and answer; nothing on a line comes earlier than its bytes take.
    const { up, down } = line.traffic()
    expect(up).toBeGreaterThan(20_000)
    expect(took).toBeGreaterThanOrEqual(((up + down) * 8) / 1_000 - 5)
    line.set({ bitsPerSecond: null, roundTrip: 0, loss: 0 })
    expect((await at('GET', '/people/_all_docs?include_docs=true', {}, line.origin)).body.rows).toHaveLength(40)
    await line.close()
  })

  test('is cut and closed', async () => {
    const line = await startSlowLine(couch.origin, {})
    const waiting = at('GET', '/people/_changes?feed=longpoll&since=now&heartbeat=1000', {}, line.origin)
    waiting.catch(() => undefined)
    await expect(at('GET', '/', {}, line.origin)).resolves.toMatchObject({ status: 200 })
    line.setOpen(false)
    await expect(waiting).rejects.toThrow()
    await expect(at('GET', '/', {}, line.origin)).rejects.toThrow()
    line.setOpen(true)
    expect((await at('GET', '/', {}, line.origin)).status).toBe(200)
    await line.close()
  })
})
