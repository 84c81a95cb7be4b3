import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runDesk } from '../../../../electron/core/doors/desk.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../../electron/peers/couchdb/couchdb-peer.ts'
import sentences from '../../../../renderer/i18n/en/errors-central-setup.json' with { type: 'json' }

const PASSWORD = 'the password: of the server'

let directory: string
let couch: CouchdbPeer
let before: string | undefined

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-central-'))
  couch = await startCouchdbPeer({ user: 'admin', password: PASSWORD, iterations: 10 })
  before = process.env.COUCHDB_ADMIN
  process.env.COUCHDB_ADMIN = `admin:${PASSWORD}`
})
afterEach(async () => {
  if (before === undefined) delete process.env.COUCHDB_ADMIN
  else process.env.COUCHDB_ADMIN = before
  await couch.close()
  rmSync(directory, { recursive: true, force: true })
})

/** What the command says: on standard output, and to whoever reads along. */
async function setUp(...argv: string[]) {
  const said: unknown[] = []
  const explained: string[] = []
  const code = await runDesk(['central-setup', ...argv], {
    say: (answer) => said.push(answer),
    explain: (text) => explained.push(text),
    wordsOf: ({ code }) => (sentences as Record<string, string>)[code] ?? code,
  })
  return { code, said, explained: explained.join('\n') }
}

const file = (name: string, content: string): string => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

it('tells each thing in a line, and the password of an office once, ready to hand over', async () => {
  const first = await setUp(couch.origin, '--district', 'north', '--add-office', 'town')
  expect(first.code).toBe(0)
  expect(first.explained).toContain('made     database g2p-north-claims')
  expect(first.explained).toContain('made     office g2p-north-town')
  expect(first.said).toEqual([
    {
      provision: { central: { url: couch.origin, district: 'north', user: 'g2p-north-town' } },
      secrets: { central: { password: expect.stringMatching(/^[\w-]{32}$/) } },
    },
  ])
  const second = await setUp(`${couch.origin}/`, '--district', 'north', '--add-office', 'town')
  expect(second).toMatchObject({ code: 0, said: [] })
  expect(second.explained).toContain('Nothing had to be changed.')
})

it('speaks JSON to machines', async () => {
  const { said, explained } = await setUp(couch.origin, '--district', 'north', '--add-receiver', '--json')
  expect(explained).toBe('')
  expect(said).toEqual([
    {
      district: 'north',
      districtId: expect.any(String),
      steps: expect.arrayContaining([{ what: 'receiver', name: 'g2p-north-receiver', outcome: 'made' }]),
      accounts: [
        {
          callbacks: { inbox: `${couch.origin}/g2p-north-inbox` },
          environment: { G2P_INBOX_USER: 'g2p-north-receiver', G2P_INBOX_PASSWORD: expect.any(String) },
        },
      ],
    },
  ])
})

it('takes the credentials from a descriptor too', async () => {
  delete process.env.COUCHDB_ADMIN
  const descriptor = openSync(file('credentials', `admin:${PASSWORD}\n`), 'r')
  const { code } = await setUp(couch.origin, '--district', 'north', '--credentials-fd', String(descriptor))
  expect(() => closeSync(descriptor)).toThrow()
  expect(code).toBe(0)
})

it('takes the trust root as the file that holds it or as the bare key', async () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'a'.repeat(43) }
  const path = file('root.jwk', JSON.stringify(jwk))
  expect((await setUp(couch.origin, '--district', 'north', '--trust-root', path)).code).toBe(0)
  expect((await setUp(couch.origin, '--district', 'north', '--trust-root', path)).explained).toContain('Nothing had')
  const other = file('other', '{"kty":"RSA"}')
  expect((await setUp(couch.origin, '--district', 'north', '--trust-root', other)).explained).toContain(
    sentences['central-setup.trust-root-invalid'],
  )
})

it.each([
  [['--district', 'north'], 2, 'one address'],
  [['URL'], 2, '--district is missing'],
  [['URL', '--district', 'north', '--password', 'x'], 2, '--password'],
  [['URL?x=1', '--district', 'north'], 1, sentences['central-setup.url-invalid']],
  [['ftp://couch.example.org', '--district', 'north'], 1, sentences['central-setup.url-invalid']],
  [['https://admin:secret@couch.example.org', '--district', 'north'], 1, 'must carry no name and no password'],
])('%j is refused with words', async (argv, code, text) => {
  const answer = await setUp(...argv.map((argument) => argument.replace('URL', couch.origin)))
  expect(answer).toMatchObject({ code, said: [] })
  expect(answer.explained).toContain(text)
})

it.each(['', 'admin', ':x', 'admin:'])('credentials %j are none', async (given) => {
  process.env.COUCHDB_ADMIN = given
  const answer = await setUp(couch.origin, '--district', 'north')
  expect(answer.explained).toContain(sentences['central-setup.no-credentials'])
  expect(couch.requests()).toBe(0)
})

it('a connection that breaks anywhere leaves nothing that another run does not finish', async () => {
  const argv = [couch.origin, '--district', 'north', '--add-office', 'town', '--new-password']
  for (let done = false, skip = 0; !done; skip += 1) {
    couch.faults.clear()
    couch.faults.add({ do: 'cut-after', skip, times: null })
    done = (await setUp(...argv)).code === 0
    expect(skip).toBeLessThan(100)
  }
  couch.faults.clear()
  const last = await setUp(...argv)
  expect(last.said).toHaveLength(1)
  expect(last.explained.split('\n').filter((line) => !line.startsWith('kept'))).toEqual([
    'changed  office g2p-north-town',
    expect.stringMatching(/^Passwords/),
  ])
})

it('a password that was made is told although something after it fails', async () => {
  couch.faults.add({ do: 'status', path: 'hills', times: null })
  const argv = [couch.origin, '--district', 'north', '--add-office', 'town', '--add-office', 'hills']
  const failed = await setUp(...argv)
  expect(failed).toMatchObject({ code: 1, said: [{ provision: { central: { user: 'g2p-north-town' } } }] })
  expect(await setUp(...argv, '--json')).toMatchObject({ code: 1, said: [{ district: 'north', accounts: [] }] })
})
