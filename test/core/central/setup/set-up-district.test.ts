import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CouchConnection } from '../../../../electron/core/central/connection.ts'
import { type Design, readDesign } from '../../../../electron/core/central/setup/design.ts'
import { type DistrictSetUp, setUpDistrict } from '../../../../electron/core/central/setup/set-up-district.ts'
import { createHttp, type Http } from '../../../../electron/core/http/http.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../../electron/peers/couchdb/couchdb-peer.ts'
import type { ErrorCode } from '../../../../shared/contract/errors.ts'

/*
 * Runs against a CouchDB of its own, or against the server that COUCHDB_URL names with COUCHDB_ADMIN (`name:password`): every
 * test has a district of its own there, and removes it.
 */
const { COUCHDB_URL: realServer, COUCHDB_ADMIN: realAdmin = '' } = process.env
const admin =
  realServer === undefined
    ? { user: 'admin', password: 'the password of the server' }
    : { user: realAdmin.replace(/:.*$/s, ''), password: realAdmin.replace(/^[^:]*:/, '') }
const key = (x: string) => ({ kty: 'OKP' as const, crv: 'Ed25519' as const, x: x.repeat(43) })

let http: Http
let couch: CouchdbPeer
let url: string
/** The district of the test. */
let code: string

beforeEach(async () => {
  http = createHttp()
  couch = await startCouchdbPeer({ ...admin, iterations: 10 })
  url = realServer?.replace(/\/+$/, '') ?? couch.origin
  code = `t${randomBytes(6).toString('hex')}`
})
afterEach(async () => {
  if (realServer !== undefined) await removeDistricts()
  http.close()
  await couch.close()
})

async function removeDistricts(): Promise<void> {
  const all = (await asAdmin('GET', '/_all_dbs')).body as string[]
  for (const name of all) if (name.startsWith(`g2p-${code}`)) await asAdmin('DELETE', `/${name}`)
  for (const { id, value } of await usersHere()) {
    await asAdmin('DELETE', `/_users/${encodeURIComponent(id)}?rev=${value.rev}`)
  }
}

/** The users of the test's districts, and in which revision they are. */
async function usersHere(): Promise<{ id: string; value: { rev: string } }[]> {
  const start = `org.couchdb.user:g2p-${code}`
  const range = new URLSearchParams({ startkey: JSON.stringify(start), endkey: JSON.stringify(`${start}\ufff0`) })
  return ((await asAdmin('GET', `/_users/_all_docs?${range}`)).body as { rows: Awaited<ReturnType<typeof usersHere>> })
    .rows
}

const setUp = (over: Partial<DistrictSetUp> = {}, design?: Design) =>
  setUpDistrict(http, { url, admin, district: code, ...over }, design)

async function refusal(over: Partial<DistrictSetUp> = {}, design?: Design): Promise<ErrorCode> {
  const error = await setUp(over, design).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return (error as { fault: { code: ErrorCode } }).fault.code
}

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** What somebody gets from the server, as status and body. */
async function ask(user: string, password: string, method: Method, path: string, body?: unknown) {
  const connection = new CouchConnection(http, { url, user, password, certificateAuthority: '' })
  const answer = await connection.ask({ method, path, ...(body === undefined ? {} : { body }) })
  if (!answer.ok) return { status: 401, body: answer.error.code as unknown }
  return { status: answer.value.status, body: JSON.parse(Buffer.from(answer.value.bytes).toString()) as unknown }
}
const asAdmin = (method: Method, path: string, body?: unknown) => ask(admin.user, admin.password, method, path, body)

const passwordOf = (done: Awaited<ReturnType<typeof setUp>>, user: string): string =>
  done.accounts.find((account) => account.user === user)?.password ?? ''

const registrant = { id: 'r1', changedAt: '0m3k5x9ab-0000-town', changedBy: 'samir', name: 'Amina' }

describe('a new server', () => {
  it('has everything that a district needs, and a second run changes nothing', async () => {
    const first = await setUp({ offices: ['town', 'hills'], receiver: true, trustRoot: key('a') })
    expect(first.steps.map(({ what, name }) => `${what} ${name}`)).toEqual(
      expect.arrayContaining([
        `database g2p-${code}`,
        `rules g2p-${code}-claims`,
        `security g2p-${code}-inbox`,
        `district ${code}`,
        `office g2p-${code}-town`,
        `receiver g2p-${code}-receiver`,
      ]),
    )
    expect(first.steps.every(({ outcome }) => outcome !== 'kept')).toBe(true)
    expect(await asAdmin('GET', `/g2p-${code}-claims/district`)).toMatchObject({
      body: { code, districtId: first.districtId, trustRoot: key('a'), schemaVersion: 1 },
    })

    const before = await usersHere()
    const second = await setUp({ offices: ['town', 'hills'], receiver: true, trustRoot: key('a') })
    expect(second.steps.filter(({ outcome }) => outcome !== 'kept')).toEqual([])
    expect(second.districtId).toBe(first.districtId)
    expect(second.accounts.every(({ password }) => password === null)).toBe(true)
    expect(before).toHaveLength(3)
    expect(await usersHere()).toEqual(before)
  })

  it('lets each in where it belongs, and nobody else', async () => {
    const done = await setUp({ offices: ['town'], receiver: true })
    const other = await setUp({ district: `${code}-south`, offices: ['town'] })
    const town = [`g2p-${code}-town`, passwordOf(done, `g2p-${code}-town`)] as const
    const stranger = [`g2p-${code}-south-town`, passwordOf(other, `g2p-${code}-south-town`)] as const
    const receiver = [`g2p-${code}-receiver`, passwordOf(done, `g2p-${code}-receiver`)] as const
    const path = `/g2p-${code}/registrant%3Ar1`
    expect(await ask(...town, 'PUT', path, registrant)).toMatchObject({ status: 201 })
    expect((await ask(...stranger, 'GET', path)).status).toBe(403)
    expect((await ask(...receiver, 'GET', path)).status).toBe(403)
    expect((await ask(...receiver, 'GET', `/g2p-${code}-inbox/_all_docs`)).status).toBe(200)
    expect((await ask(...stranger, 'GET', `/g2p-${code}-claims/district`)).status).toBe(403)
    expect((await ask(...town, 'PUT', `/g2p-${code}/_security`, {})).status).toBeGreaterThanOrEqual(401)
    expect((await ask(...town, 'PUT', `/g2p-${code}/_design/rules`, {})).status).toBeGreaterThanOrEqual(401)
  })

  it('refuses what its rules refuse, with their words', async () => {
    const done = await setUp({ offices: ['town', 'hills'] })
    const town = [`g2p-${code}-town`, passwordOf(done, `g2p-${code}-town`)] as const
    const hills = [`g2p-${code}-hills`, passwordOf(done, `g2p-${code}-hills`)] as const
    const decision = { ...registrant, _id: 'decision:r1' }
    const [{ rev }] = (await ask(...town, 'POST', `/g2p-${code}/_bulk_docs`, { docs: [decision] })).body as [
      { rev: string },
    ]
    const changed = { docs: [{ ...decision, _rev: rev, verdict: 'approve' }] }
    const [answer] = (await ask(...town, 'POST', `/g2p-${code}/_bulk_docs`, changed)).body as [Record<string, string>]
    expect(answer).toMatchObject({ error: 'forbidden', reason: expect.stringMatching(/^append-only/) })

    const claim = {
      type: 'payment',
      paymentId: 'p1',
      batchId: 'b1',
      installationId: 'i1',
      claimedAt: 1,
      by: `g2p-${code}-town`,
      released: false,
    }
    const path = `/g2p-${code}-claims/payment%3Ap1`
    const claimed = (await ask(...town, 'PUT', path, claim)).body as { rev: string }
    const stolen = { ...claim, _rev: claimed.rev, batchId: 'b2', installationId: 'i2', by: `g2p-${code}-hills` }
    expect(await ask(...hills, 'PUT', path, stolen)).toMatchObject({
      status: 403,
      body: { error: 'forbidden', reason: expect.stringMatching(/^claimed/) },
    })
  })
})

describe('a server that was set up before', () => {
  it('is brought up to date by a newer version, and left alone by an older one', async () => {
    await setUp()
    const design = readDesign()
    const newer = { ...design, version: design.version + 1, schemaVersion: 2 }
    const upgraded = await setUp({}, newer)
    expect(upgraded.steps.filter(({ outcome }) => outcome === 'changed').map(({ what }) => what)).toEqual([
      'rules',
      'rules',
      'rules',
      'district',
    ])
    const standing = await asAdmin('GET', `/g2p-${code}/_design/rules`)
    expect(await refusal({ offices: ['town'] })).toBe('central-setup.newer')
    expect(await asAdmin('GET', `/g2p-${code}/_design/rules`)).toEqual(standing)
    expect((await asAdmin('GET', `/_users/org.couchdb.user%3Ag2p-${code}-town`)).status).toBe(404)
  })

  it('gets back what somebody changed by hand', async () => {
    await setUp()
    await asAdmin('PUT', `/g2p-${code}-claims/_security`, { admins: {}, members: { names: [], roles: [] } })
    const rules = (await asAdmin('GET', `/g2p-${code}/_design/rules`)).body as Record<string, unknown>
    await asAdmin('PUT', `/g2p-${code}/_design/rules`, { ...rules, validate_doc_update: 'function () {}' })
    const changed = (await setUp()).steps.filter(({ outcome }) => outcome !== 'kept')
    expect(changed.map(({ what, name }) => `${what} ${name}`)).toEqual([
      `rules g2p-${code}`,
      `security g2p-${code}-claims`,
    ])
  })

  it('keeps its trust root', async () => {
    await setUp()
    const told = await setUp({ trustRoot: key('a') })
    expect(told.steps.find(({ what }) => what === 'district')?.outcome).toBe('changed')
    expect(await refusal({ trustRoot: key('b') })).toBe('central-setup.other-trust-root')
  })
})

describe('offices', () => {
  let user: string
  beforeEach(() => {
    user = `g2p-${code}-town`
  })
  const mayRead = async (password: string) =>
    (await ask(user, password, 'GET', `/g2p-${code}/_all_docs`)).status === 200

  it('get a new password when they need one; the old one is worth nothing then', async () => {
    const first = passwordOf(await setUp({ offices: ['town'] }), user)
    const second = passwordOf(await setUp({ offices: ['town'], newPasswords: true }), user)
    expect([await mayRead(first), await mayRead(second)]).toEqual([false, true])
  })

  it('are shut out, and let in again only with a new password', async () => {
    const first = passwordOf(await setUp({ offices: ['town'] }), user)
    const removed = await setUp({ removedOffices: ['town'] })
    expect(removed.steps.at(-1)).toEqual({ what: 'removed-office', name: user, outcome: 'changed' })
    expect(await mayRead(first)).toBe(false)
    expect((await setUp({ removedOffices: ['town'] })).steps.at(-1)?.outcome).toBe('kept')
    expect(await refusal({ offices: ['town'] })).toBe('central-setup.office-removed')
    expect(await mayRead(passwordOf(await setUp({ offices: ['town'], newPasswords: true }), user))).toBe(true)
    expect(await refusal({ removedOffices: ['valley'] })).toBe('central-setup.no-such-office')
  })

  it('never take the user of somebody else', async () => {
    await setUp({ district: `${code}-east`, offices: ['town'] })
    expect(await refusal({ offices: ['east-town'], newPasswords: true })).toBe('central-setup.user-of-another')
  })
})

describe('it is refused with a sentence', () => {
  it.each(['', 'North', '1st', 'north-claims', 'north-inbox', 'n'.repeat(40)])(
    'a district called %j',
    async (district) => {
      expect(await refusal({ district })).toBe('central-setup.district-invalid')
    },
  )

  it.each(['', 'Town', 'a b', 'receiver', '../admin'])('an office called %j', async (office) => {
    expect(await refusal({ offices: [office] })).toBe('central-setup.office-invalid')
  })

  it('without the rights of an administrator', async () => {
    expect(await refusal({ admin: { ...admin, password: 'wrong' } })).toBe('central-setup.wrong-password')
    const done = await setUp({ offices: ['town'] })
    const town = { user: `g2p-${code}-town`, password: passwordOf(done, `g2p-${code}-town`) }
    expect(await refusal({ admin: town })).toBe('central-setup.not-administrator')
  })

  it('while the server cannot be reached, or not safely', async () => {
    expect(await refusal({ url: 'http://couch.example.org' })).toBe('http.not-encrypted')
    await couch.stop()
    expect(await refusal({ url: couch.origin })).toBe('central-setup.unreachable')
  })
})

describe('a server of another kind', () => {
  let other: Server
  let asked: string[]
  /** Answers everything the same way. */
  async function startOther(status: number, body: string): Promise<string> {
    asked = []
    other = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
      response.writeHead(status).end(body)
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  }
  afterEach(() => other.close())

  it.each([
    [200, '<html></html>', 'central-setup.not-couchdb'],
    [200, '{"hello":"world"}', 'central-setup.not-couchdb'],
    [401, 'who are you', 'central-setup.not-couchdb'],
    [404, '{}', 'central-setup.not-couchdb'],
    [200, '{"couchdb":"Welcome","version":"2.3.1"}', 'central-setup.too-old'],
  ] as const)('that answers %i %s never hears the password', async (status, body, code) => {
    expect(await refusal({ url: await startOther(status, body) })).toBe(code)
    expect(asked).toEqual(['GET / '])
  })

  it('that lets nobody in without a name is asked with one', async () => {
    const url = await startOther(401, '{"error":"unauthorized","reason":"You are not authorized."}')
    expect(await refusal({ url })).toBe('central-setup.wrong-password')
    expect(asked.map((line) => line.split(' ', 2).join(' '))).toEqual(['GET /', 'POST /_session'])
  })
})
