import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDesk } from '../../../../electron/core/doors/desk.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../../electron/peers/couchdb/couchdb-peer.ts'
import type { PeerDatabase } from '../../../../electron/peers/couchdb/database.ts'
import { readDraft } from '../../../../electron/peers/couchdb/drafts.ts'
import sentences from '../../../../renderer/i18n/en/errors-central-setup.json' with { type: 'json' }

const ADMIN = { user: 'admin', password: 'the password: of the server' }
const [EARLY, LATE] = ['0mb000000-0000-aaaaaaaaaa', '0mc000000-0000-aaaaaaaaaa']

let couch: CouchdbPeer
let before: string | undefined

beforeEach(async () => {
  couch = await startCouchdbPeer({ ...ADMIN, iterations: 10 })
  before = process.env.COUCHDB_ADMIN
  process.env.COUCHDB_ADMIN = `${ADMIN.user}:${ADMIN.password}`
  expect((await run('central-setup', couch.origin, '--district', 'north')).code).toBe(0)
})
afterEach(async () => {
  if (before === undefined) delete process.env.COUCHDB_ADMIN
  else process.env.COUCHDB_ADMIN = before
  await couch.close()
})

async function run(...argv: string[]) {
  const said: unknown[] = []
  const explained: string[] = []
  const code = await runDesk(argv, {
    say: (answer) => said.push(answer),
    explain: (text) => explained.push(text),
    wordsOf: ({ code, params }) => `${(sentences as Record<string, string>)[code] ?? code} ${JSON.stringify(params)}`,
  })
  return { code, said, explained: explained.join('\n') }
}

function records(): PeerDatabase {
  const database = couch.databases.get('g2p-north')
  if (database === undefined) throw new Error('the district has no records')
  return database
}

/** Puts a version in as a node of a cluster brings it that was apart. */
function bring(id: string, rev: string, body: object): void {
  const record = { id: id.slice(id.indexOf(':') + 1), changedAt: EARLY, changedBy: 'clerk', ...body }
  const draft = readDraft({ _id: id, _rev: rev, ...record }, id, 8_000_000)
  records().write((writer) => writer.adopt(draft), { name: 'admin', roles: ['_admin'] })
}

const number = (value: string, more: object = {}) => ({ removed: value === '', type: 'MOSIP VID', value, ...more })
const versionsOf = (id: string): unknown[] => (records().tree(id) ?? []).map(({ body }) => JSON.parse(body).value)

test('versions of a number that lost against its removal go; what knows of the removal, and what still stands, stays', async () => {
  const gone = 'identityNumber:11111111-1111-5111-8111-111111111111'
  bring(gone, '3-f', number('', { tokenisedAt: LATE }))
  bring(gone, '2-a', number('2014391641351279'))
  bring(gone, '2-b', number('', { tokenisedAt: EARLY }))
  // Entered anew at another office, which the offices still have to join.
  bring(gone, '2-c', number('2014391641351999', { tokenisedAt: LATE }))
  const standing = 'identityNumber:22222222-2222-5222-8222-222222222222'
  bring(standing, '3-f', number('3014391641351279'))
  bring(standing, '2-a', number('', { tokenisedAt: LATE }))

  const done = await run('central-upkeep', couch.origin, '--district', 'north')
  expect(done).toMatchObject({
    code: 0,
    said: [
      {
        district: 'north',
        givenUp: 1,
        purged: 2,
        databases: [
          { name: 'g2p-north', ended: true },
          { name: 'g2p-north-claims', ended: true },
          { name: 'g2p-north-inbox', ended: true },
        ],
      },
    ],
  })
  expect(versionsOf(gone)).toEqual(['', '2014391641351999'])
  expect(versionsOf(standing)).toEqual(['3014391641351279', ''])
  expect(await run('central-upkeep', couch.origin, '--district', 'north')).toMatchObject({ said: [{ purged: 0 }] })
})

test('more numbers than a page and a removal hold are all gone through', async () => {
  const ids = Array.from(
    { length: 620 },
    (_, n) => `identityNumber:${String(n).padStart(8, '0')}-1111-5111-8111-111111111111`,
  )
  for (const [n, id] of ids.entries()) {
    bring(id, '2-f', number('', { tokenisedAt: LATE }))
    if (n % 4 === 0) bring(id, '1-a', number(`2014391641${n}`))
  }
  const done = await run('central-upkeep', couch.origin, '--district', 'north')
  expect(done.said).toMatchObject([{ givenUp: 620, purged: 155 }])
})

test('a district that is not there is named', async () => {
  const done = await run('central-upkeep', couch.origin, '--district', 'south')
  expect(done).toMatchObject({ code: 1, said: [] })
  expect(done.explained).toContain('g2p-south')
})
