import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import { type Answered, type Asking, ask, basic } from './couch-client.ts'

const ADMIN = { user: 'admin', password: 'a secret of the centre' }

let couch: CouchdbPeer

const db = (method: string, path: string, asking: Asking = {}): Promise<Answered> =>
  ask(method, `${couch.origin}/people${path}`, {
    ...asking,
    headers: { ...basic(ADMIN.user, ADMIN.password), ...asking.headers },
  })
const put = async (id: string, body: object): Promise<string> => (await db('PUT', `/${id}`, { body })).body.rev

/** Two branches of a document that nobody joined yet. */
async function makeConflict(id: string): Promise<void> {
  const docs = [
    { _id: id, _rev: '2-aaa', _revisions: { start: 2, ids: ['aaa', 'one'] }, said: 'here' },
    { _id: id, _rev: '2-bbb', _revisions: { start: 2, ids: ['bbb', 'one'] }, said: 'there' },
  ]
  expect((await db('POST', '/_bulk_docs', { body: { new_edits: false, docs } })).body).toEqual([])
}

beforeEach(async () => {
  couch = await startCouchdbPeer(ADMIN)
  expect((await db('PUT', '')).status).toBe(201)
})
afterEach(() => couch.close())

describe('documents', () => {
  test('are made, changed only on top of what stands there, deleted and made again', async () => {
    const made = await db('PUT', '/one', { body: { name: 'Amina' } })
    expect(made).toMatchObject({ status: 201, body: { ok: true, id: 'one' } })
    expect((await db('PUT', '/one', { body: { name: 'Other' } })).body).toEqual({
      error: 'conflict',
      reason: 'Document update conflict.',
    })
    const second = await put('one', { _rev: made.body.rev, name: 'Amina B.' })
    expect(second).toMatch(/^2-[0-9a-f]{32}$/)
    expect((await db('GET', '/one')).body).toEqual({ _id: 'one', _rev: second, name: 'Amina B.' })
    expect((await db('DELETE', '/one')).status).toBe(409)
    expect((await db('DELETE', `/one?rev=${second}`)).body.rev).toMatch(/^3-/)
    expect(await db('GET', '/one')).toMatchObject({ status: 404, body: { error: 'not_found', reason: 'deleted' } })
    expect((await db('GET', '/never')).body).toEqual({ error: 'not_found', reason: 'missing' })
    expect(await put('one', { name: 'Again' })).toMatch(/^4-/)
  })

  test('the same content on the same parent has the same revision everywhere', async () => {
    const first = await put('one', { a: 1 })
    const other = await startCouchdbPeer(ADMIN)
    const at = (path: string, body?: object): Promise<Answered> =>
      ask('PUT', `${other.origin}/elsewhere${path}`, { headers: basic(ADMIN.user, ADMIN.password), body })
    await at('')
    expect((await at('/one', { a: 1 })).body.rev).toBe(first)
    await other.close()
  })

  test('branches from elsewhere are all kept; the winner is the same whatever came first', async () => {
    await makeConflict('one')
    expect((await db('GET', '/one?conflicts=true')).body).toEqual({
      _id: 'one',
      _rev: '2-bbb',
      _conflicts: ['2-aaa'],
      said: 'there',
    })
    expect((await db('GET', '/one?rev=2-aaa')).body.said).toBe('here')
    const open = (await db('GET', '/one?open_revs=all&revs=true')).body
    expect(open.map(({ ok }: { ok: { _revisions: unknown } }) => ok._revisions)).toEqual([
      { start: 2, ids: ['bbb', 'one'] },
      { start: 2, ids: ['aaa', 'one'] },
    ])
    const [removed] = (
      await db('POST', '/_bulk_docs', { body: { docs: [{ _id: 'one', _rev: '2-bbb', _deleted: true }] } })
    ).body
    expect(removed.rev).toMatch(/^3-/)
    expect((await db('GET', '/one?conflicts=true')).body).toEqual({ _id: 'one', _rev: '2-aaa', said: 'here' })
  })

  test('what is asked for before replication says which revisions are not here', async () => {
    await makeConflict('one')
    const body = { one: ['2-aaa', '3-ccc'], two: ['1-x'] }
    expect((await db('POST', '/_revs_diff', { body })).body).toEqual({
      one: { missing: ['3-ccc'], possible_ancestors: ['2-bbb', '2-aaa'] },
      two: { missing: ['1-x'] },
    })
    const got = await db('POST', '/_bulk_get?revs=true', {
      body: {
        docs: [
          { id: 'one', rev: '2-aaa' },
          { id: 'x', rev: '1-y' },
        ],
      },
    })
    expect(got.body.results[0].docs[0].ok).toMatchObject({ _rev: '2-aaa', said: 'here' })
    expect(got.body.results[1].docs[0].error).toMatchObject({ error: 'not_found', reason: 'missing' })
  })

  test('checkpoints of those who replicate are kept apart and count up', async () => {
    const made = await db('PUT', '/_local/check', { body: { seq: 5 } })
    expect(made).toMatchObject({ status: 201, body: { id: '_local/check', rev: '0-1' } })
    expect((await db('PUT', '/_local/check', { body: { seq: 6 } })).status).toBe(409)
    expect((await db('PUT', '/_local/check', { body: { _rev: '0-1', seq: 6 } })).body.rev).toBe('0-2')
    expect((await db('GET', '/_local/check')).body).toEqual({ _id: '_local/check', _rev: '0-2', seq: 6 })
    expect((await db('GET', '/_changes')).body.results).toEqual([])
  })

  test('what is too large or is no document is refused in CouchDB’s words', async () => {
    const large = { text: 'x'.repeat(8_000_001) }
    expect(await db('PUT', '/one', { body: large })).toMatchObject({
      status: 413,
      body: { error: 'document_too_large', reason: 'one' },
    })
    expect((await db('PUT', '/one', { body: Buffer.from('{') })).body.reason).toBe('invalid UTF-8 JSON')
    expect((await db('PUT', '/one', { body: { _own: 1 } })).body.error).toBe('doc_validation')
    expect((await db('PUT', '/_own', { body: {} })).body.error).toBe('illegal_docid')
    expect((await db('PUT', '/one', { body: { _rev: 'x' } })).body.reason).toBe('Invalid rev format')
    expect((await db('PUT', '')).body.error).toBe('file_exists')
    expect((await ask('GET', `${couch.origin}/nothing`, { headers: basic(ADMIN.user, ADMIN.password) })).body).toEqual({
      error: 'not_found',
      reason: 'Database does not exist.',
    })
  })

  test('come and go packed', async () => {
    const docs = Array.from({ length: 50 }, (_, i) => ({ _id: `p${i}`, text: 'the same words again and again' }))
    const body = gzipSync(JSON.stringify({ docs }))
    const headers = { 'content-encoding': 'gzip', 'accept-encoding': 'gzip' }
    const answer = await db('POST', '/_bulk_docs', { body, headers })
    expect(answer.headers['content-encoding']).toBe('gzip')
    expect(answer.body).toHaveLength(50)
    expect((await db('GET', '/_all_docs')).headers['content-encoding']).toBeUndefined()
  })
})

describe('lists', () => {
  const ids = (answer: Answered): string[] =>
    answer.body.rows.map(({ id, key }: { id?: string; key: string }) => id ?? key)

  test('go by id, in ranges, both ways and by keys', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await put(id, {})
    await db('DELETE', `/d?rev=${(await db('GET', '/d')).body._rev}`)
    expect(ids(await db('GET', '/_all_docs'))).toEqual(['a', 'b', 'c'])
    expect(ids(await db('GET', '/_all_docs?startkey="b"&endkey="c"&inclusive_end=false'))).toEqual(['b'])
    expect(ids(await db('GET', '/_all_docs?descending=true&startkey="b"'))).toEqual(['b', 'a'])
    expect(ids(await db('GET', '/_all_docs?skip=1&limit=1'))).toEqual(['b'])
    const byKeys = await db('POST', '/_all_docs?include_docs=true', { body: { keys: ['d', 'x', 'a'] } })
    expect(byKeys.body.rows).toMatchObject([
      { id: 'd', value: { deleted: true }, doc: null },
      { key: 'x', error: 'not_found' },
      { id: 'a', doc: { _id: 'a' } },
    ])
  })

  test('a search finds by fields and comparisons; an index is made once', async () => {
    for (const [id, age] of [
      ['a', 30],
      ['b', 40],
      ['c', 50],
    ] as const)
      await put(id, { age, where: { town: 'Aden' } })
    const selector = { age: { $gte: 40 }, 'where.town': 'Aden' }
    const found = await db('POST', '/_find', { body: { selector, sort: [{ age: 'desc' }], fields: ['_id'] } })
    expect(found.body.docs).toEqual([{ _id: 'c' }, { _id: 'b' }])
    const body = { index: { fields: ['age'] }, name: 'by-age', ddoc: 'ages' }
    expect((await db('POST', '/_index', { body })).body.result).toBe('created')
    expect((await db('POST', '/_index', { body })).body.result).toBe('exists')
    expect((await db('GET', '/_index')).body.indexes.map(({ name }: { name: string }) => name)).toEqual([
      '_all_docs',
      'by-age',
    ])
  })
})

describe('changes', () => {
  const ids = (answer: Answered): string[] => answer.body.results.map(({ id }: { id: string }) => id)

  test('tell each document once, page by page, with what is still to come', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await put(id, { id })
    await put('a', { _rev: (await db('GET', '/a')).body._rev })
    const first = await db('GET', '/_changes?limit=2&include_docs=true')
    expect(ids(first)).toEqual(['b', 'c'])
    expect(first.body.pending).toBe(2)
    const second = await db('GET', `/_changes?limit=2&since=${first.body.last_seq}`)
    expect(ids(second)).toEqual(['d', 'a'])
    expect(second.body.pending).toBe(0)
    expect(second.body.last_seq).toMatch(/^5-/)
    expect(ids(await db('GET', '/_changes?descending=true&limit=1'))).toEqual(['a'])
    const some = await db('POST', '/_changes?filter=_doc_ids', { body: { doc_ids: ['c', 'x'] } })
    expect(ids(some)).toEqual(['c'])
    expect((await db('GET', '/_changes?since=now')).body.results).toEqual([])
  })

  test('name every branch when asked, and graves', async () => {
    await makeConflict('one')
    const rev = await put('two', {})
    await db('DELETE', `/two?rev=${rev}`)
    const { results } = (await db('GET', '/_changes?style=all_docs&include_docs=true&conflicts=true')).body
    expect(results[0].changes).toEqual([{ rev: '2-bbb' }, { rev: '2-aaa' }])
    expect(results[0].doc._conflicts).toEqual(['2-aaa'])
    expect(results[1]).toMatchObject({ deleted: true, doc: { _deleted: true } })
  })

  test('whoever waits is told at once when something comes, and is let go when nothing does', async () => {
    const waiting = db('GET', '/_changes?feed=longpoll&since=now&heartbeat=20')
    await put('one', {})
    expect(ids(await waiting)).toEqual(['one'])
    const nothing = await db('GET', '/_changes?feed=longpoll&since=now&timeout=20')
    expect(nothing.body).toMatchObject({ results: [], pending: 0 })
  })
})
