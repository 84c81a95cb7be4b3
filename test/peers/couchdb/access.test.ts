import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import { type Answered, type Asking, ask, basic } from './couch-client.ts'

const ADMIN = { user: 'admin', password: 'a secret of the centre' }
const admin = basic(ADMIN.user, ADMIN.password)
const amina = basic('amina', 'of the office')

let couch: CouchdbPeer

const at = (method: string, path: string, asking: Asking = {}): Promise<Answered> =>
  ask(method, couch.origin + path, asking)

async function addUser(name: string, password: string, roles: readonly string[]): Promise<Answered> {
  const body = { name, password, roles, type: 'user' }
  return at('PUT', `/_users/org.couchdb.user:${name}`, { headers: admin, body })
}

const sessionCookie = (answer: Answered): string => (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''

beforeEach(async () => {
  couch = await startCouchdbPeer({ ...ADMIN, iterations: 10 })
  await at('PUT', '/people', { headers: admin })
  await addUser('amina', 'of the office', ['office'])
})
afterEach(() => couch.close())

describe('who may do what', () => {
  test('anybody sees that it is there, and nothing else', async () => {
    expect((await at('GET', '/')).body).toMatchObject({ couchdb: 'Welcome', uuid: couch.uuid() })
    expect((await at('GET', '/_up')).body.status).toBe('ok')
    expect((await at('GET', '/_all_dbs')).status).toBe(401)
    expect((await at('GET', '/_all_dbs', { headers: admin })).body).toEqual(['_users', 'people'])
    expect((await at('PUT', '/own', { headers: amina })).body.reason).toBe('You are not a server admin.')
  })

  test('a database is for its members alone', async () => {
    expect((await at('GET', '/people')).status).toBe(401)
    expect(await at('GET', '/people', { headers: amina })).toMatchObject({
      status: 403,
      body: { error: 'forbidden', reason: 'You are not allowed to access this db.' },
    })
    const security = { admins: { names: [], roles: [] }, members: { names: [], roles: ['office'] } }
    expect((await at('PUT', '/people/_security', { headers: amina, body: security })).status).toBe(403)
    expect((await at('PUT', '/people/_security', { headers: admin, body: security })).body).toEqual({ ok: true })
    expect((await at('PUT', '/people/one', { headers: amina, body: {} })).status).toBe(201)
    expect((await at('PUT', '/people/_security', { headers: amina, body: {} })).status).toBe(401)
    expect((await at('PUT', '/people/_design/x', { headers: amina, body: {} })).status).toBe(401)
    expect((await at('PUT', '/people/one', { headers: basic('amina', 'wrong'), body: {} })).body).toEqual({
      error: 'unauthorized',
      reason: 'Name or password is incorrect.',
    })
  })

  test('a password never comes back; a user changes his own, not his roles', async () => {
    const path = '/_users/org.couchdb.user:amina'
    const own = (await at('GET', path, { headers: amina })).body
    expect(own).toMatchObject({ name: 'amina', password_scheme: 'pbkdf2', roles: ['office'] })
    expect(own.password).toBeUndefined()
    expect((await at('GET', '/_users/_all_docs', { headers: amina })).status).toBe(403)
    expect((await at('PUT', path, { headers: amina, body: { ...own, roles: ['other'] } })).status).toBe(403)
    expect((await at('PUT', path, { headers: amina, body: { ...own, password: 'a new one' } })).status).toBe(201)
    expect((await at('GET', path, { headers: amina })).status).toBe(401)
    expect((await at('GET', path, { headers: basic('amina', 'a new one') })).status).toBe(200)
  })

  test('a user document that is none is refused', async () => {
    expect((await addUser('x', 'y', ['_admin'])).body.reason).toContain('No system roles')
    const body = { name: 'other', roles: [], type: 'user' }
    expect((await at('PUT', '/_users/org.couchdb.user:x', { headers: admin, body })).status).toBe(403)
  })
})

describe('sessions', () => {
  test('begin with a form or JSON, and end', async () => {
    const form = Buffer.from('name=amina&password=of+the+office')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const begun = await at('POST', '/_session', { headers, body: form })
    expect(begun.body).toEqual({ ok: true, name: 'amina', roles: ['office'] })
    const cookie = sessionCookie(begun)
    const session = await at('GET', '/_session', { headers: { cookie } })
    expect(session.body).toMatchObject({
      userCtx: { name: 'amina', roles: ['office'] },
      info: { authenticated: 'cookie' },
    })
    const wrong = await at('POST', '/_session', { body: { name: 'amina', password: 'x' } })
    expect(wrong.status).toBe(401)
    expect(sessionCookie(await at('DELETE', '/_session'))).toBe('AuthSession=')
    expect((await at('GET', '/_session')).body.userCtx).toEqual({ name: null, roles: [] })
  })

  test('end when the server says so and with a new password; a forged cookie is nobody', async () => {
    const begin = async (): Promise<string> =>
      sessionCookie(await at('POST', '/_session', { body: { name: 'amina', password: 'of the office' } }))
    const nameBy = async (cookie: string): Promise<unknown> =>
      (await at('GET', '/_session', { headers: { cookie } })).body.userCtx.name
    const cookie = await begin()
    expect(await nameBy(cookie)).toBe('amina')
    expect(await nameBy(`${cookie.slice(0, -3)}AAA`)).toBe(null)
    couch.endSessions()
    expect(await nameBy(cookie)).toBe(null)
    const again = await begin()
    const rev = (await at('GET', '/_users/org.couchdb.user:amina', { headers: admin })).body._rev
    const body = { _rev: rev, name: 'amina', password: 'another', roles: [], type: 'user' }
    await at('PUT', '/_users/org.couchdb.user:amina', { headers: admin, body })
    expect(await nameBy(again)).toBe(null)
  })

  test('run out, and are renewed while they are used', async () => {
    const brief = await startCouchdbPeer({ ...ADMIN, sessionSeconds: 0.5 })
    const begun = await ask('POST', `${brief.origin}/_session`, { body: { name: 'admin', password: ADMIN.password } })
    let cookie = sessionCookie(begun)
    const nameBy = async (given: string): Promise<Answered> =>
      ask('GET', `${brief.origin}/_session`, { headers: { cookie: given } })
    let renewed: Answered
    do {
      await new Promise((resolve) => setTimeout(resolve, 20))
      renewed = await nameBy(cookie)
    } while (renewed.headers['set-cookie'] === undefined && renewed.body.userCtx.name !== null)
    if (renewed.headers['set-cookie'] !== undefined) cookie = sessionCookie(renewed)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect((await nameBy(cookie)).body.userCtx.name).toBe(null)
    await brief.close()
  })
})

describe('validation', () => {
  const source = `function (newDoc, oldDoc, userCtx, secObj) {
    if (userCtx.roles.indexOf('_admin') >= 0) return
    if (!userCtx.name) throw({ unauthorized: 'say who you are' })
    if (oldDoc && oldDoc.amount !== newDoc.amount) throw({ forbidden: 'the amount stands, ' + userCtx.db })
    if (!isArray(newDoc.lines) && !newDoc._deleted) throw({ forbidden: 'lines' })
    if (secObj.members.roles[0] !== 'office') throw({ forbidden: 'security' })
    if (oldDoc && newDoc._rev !== oldDoc._rev) throw({ forbidden: 'rev' })
  };`

  beforeEach(async () => {
    const body = { members: { roles: ['office'] }, admins: { roles: ['_admin'] } }
    await at('PUT', '/people/_security', { headers: admin, body })
    await at('PUT', '/people/_design/rules', { headers: admin, body: { validate_doc_update: source } })
  })

  test('is asked before every write, and its words are answered', async () => {
    const made = await at('PUT', '/people/one', { headers: amina, body: { amount: 5, lines: [] } })
    expect(made.status).toBe(201)
    const changed = { _id: 'one', _rev: made.body.rev, amount: 6, lines: [] }
    expect(await at('PUT', '/people/one', { headers: amina, body: changed })).toMatchObject({
      status: 403,
      body: { error: 'forbidden', reason: 'the amount stands, people' },
    })
    const bulk = await at('POST', '/people/_bulk_docs', {
      headers: amina,
      body: { docs: [{ _id: 'two' }, { _id: 'three', lines: [] }, { ...changed, amount: 5 }] },
    })
    expect(bulk.status).toBe(201)
    expect(bulk.body).toMatchObject([
      { id: 'two', error: 'forbidden', reason: 'lines' },
      { ok: true, id: 'three' },
      { ok: true, id: 'one' },
    ])
    const forced = {
      new_edits: false,
      docs: [
        { _id: 'four', _rev: '1-abc' },
        { _id: 'five', _rev: '1-abc', lines: [] },
      ],
    }
    expect((await at('POST', '/people/_bulk_docs', { headers: amina, body: forced })).body).toEqual([
      { id: 'four', rev: '1-abc', error: 'forbidden', reason: 'lines' },
    ])
    expect((await at('PUT', '/people/six', { headers: admin, body: {} })).status).toBe(201)
  })

  test('is asked no more when its document is gone, and a function that breaks refuses', async () => {
    const { _rev } = (await at('GET', '/people/_design/rules', { headers: admin })).body
    const broken = { _rev, validate_doc_update: 'function (n) { n.a.b.c }' }
    const { rev } = (await at('PUT', '/people/_design/rules', { headers: admin, body: broken })).body
    expect((await at('PUT', '/people/one', { headers: amina, body: {} })).status).toBe(500)
    await at('DELETE', `/people/_design/rules?rev=${rev}`, { headers: admin })
    expect((await at('PUT', '/people/one', { headers: amina, body: {} })).status).toBe(201)
  })
})
