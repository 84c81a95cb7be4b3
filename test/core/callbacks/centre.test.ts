import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashOfSecret } from '../../../electron/core/callbacks/secret-paths.ts'
import { runDesk } from '../../../electron/core/doors/desk.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import { statesOf, until } from '../dispatch/sending-office.ts'
import { CalledScene } from './called.ts'
import { post } from './post.ts'

const ACCOUNT = { user: 'receiver', password: 'a password of the centre' }

let called: CalledScene
let couch: CouchdbPeer
let stop: () => void = () => undefined
let ended: Promise<number> | undefined

beforeEach(async () => {
  called = await CalledScene.open()
  couch = await startCouchdbPeer(ACCOUNT)
  const auth = { authorization: `Basic ${Buffer.from(`${ACCOUNT.user}:${ACCOUNT.password}`).toString('base64')}` }
  expect((await post(`${couch.origin}/inbox`, '', { method: 'PUT', headers: auth })).status).toBe(201)
})
afterEach(async () => {
  stop()
  await ended
  ended = undefined
  await called.close()
  await couch.close()
})

/** The receiver as the command starts it. */
async function startReceiver(): Promise<number> {
  process.env.G2P_INBOX_USER = ACCOUNT.user
  process.env.G2P_INBOX_PASSWORD = ACCOUNT.password
  const untilStopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  return new Promise((resolve, reject) => {
    ended = runDesk(['callbacks', '--bind', '127.0.0.1', '--port', '0', '--inbox', `${couch.origin}/inbox`], {
      say: (answer) => resolve((answer as { port: number }).port),
      explain: (text) => reject(new Error(text)),
      untilStopped: () => untilStopped,
      wordsOf: ({ code }) => code,
    })
  })
}

/** An office that collects, and the secret that its payment system was told. */
async function settle(): Promise<string> {
  const { callbacks } = called.office
  callbacks.setInboxPassword('administrator', ACCOUNT.password)
  await callbacks.save('administrator', {
    ...callbacks.settings,
    publicAddress: 'https://callbacks.example.org',
    inbox: { url: `${couch.origin}/inbox`, user: ACCOUNT.user },
  })
  const address = callbacks.renewPath('administrator', 'g2p-connect', called.scene.world.managerId)
  const secret = address.split('/').at(-1) ?? ''
  const hash = hashOfSecret(secret).toString('hex')
  await until('the centre knows the path', () => JSON.stringify(couch.databases.get('inbox')?.all()).includes(hash))
  return secret
}

const waiting = (): number =>
  (couch.databases.get('inbox')?.all() ?? []).filter(({ _id }) => String(_id).startsWith('call:')).length

test('a call at the centre is kept raw, collected, applied once and removed', async () => {
  const secret = await settle()
  const batchId = await called.scene.send(2)
  await until('taken', () => statesOf(called.office, batchId).acknowledged === 2)
  const port = await startReceiver()
  const told = called.payments(batchId).map((payment) => ({ payment, status: 'succ' }))
  const body = called.message(told)
  const url = `http://127.0.0.1:${port}/callbacks/${secret}/on-disburse`
  for (let i = 0; i < 3; i += 1) {
    const answer = await post(url, body)
    expect(JSON.parse(answer.body).message.ack_status).toBe('ACK')
  }
  await until('applied', () => statesOf(called.office, batchId).paid === 2)
  await until('removed', () => waiting() === 0)
  await until('each is done', () => called.office.callbacks.inbox.summary(10).counts.waiting === undefined)
  expect(called.office.callbacks.inbox.summary(10).counts).toEqual({ applied: 1, repeated: 2 })
})

test('the centre holds no secret, only its hash', async () => {
  const secret = await settle()
  const everything = JSON.stringify(couch.databases.get('inbox')?.all())
  expect(everything).toContain('secretHash')
  expect(everything).not.toContain(secret)
})

test('while the database is away, callers are told to come again; nothing is acknowledged that is not safe', async () => {
  const secret = await settle()
  const port = await startReceiver()
  couch.fail(500)
  const answer = await post(`http://127.0.0.1:${port}/callbacks/${secret}/on-disburse`, '{"header":{}}')
  expect(answer.status).toBe(503)
  expect(JSON.parse(answer.body).message.error.code).toBe('err.service.unavailable')
  couch.fail(null)
  expect((await post(`http://127.0.0.1:${port}/callbacks/wrong/on-disburse`, '{"header":{}}')).status).toBe(404)
})

test('a renewed address works at the centre only in its new form', async () => {
  const before = await settle()
  const { callbacks } = called.office
  const after = callbacks.renewPath('administrator', 'g2p-connect', called.scene.world.managerId).split('/').at(-1)
  const hashes = (): string => JSON.stringify(couch.databases.get('inbox')?.all())
  const first = hashes()
  await until('published', () => hashes() !== first)
  const port = await startReceiver()
  const statuses = await Promise.all(
    [before, after].map(
      async (secret) => (await post(`http://127.0.0.1:${port}/callbacks/${secret}`, '{"header":{}}')).status,
    ),
  )
  expect(statuses).toEqual([404, 200])
})

test('what cannot be read in the inbox does not hold up the others', async () => {
  const secret = await settle()
  const database = couch.databases.get('inbox')
  database?.put(`call:${called.office.store.installationId}:0`, { body: 7 })
  const batchId = await called.scene.send(1)
  await until('taken', () => statesOf(called.office, batchId).acknowledged === 1)
  const port = await startReceiver()
  const told = called.payments(batchId).map((payment) => ({ payment, status: 'succ' }))
  await post(`http://127.0.0.1:${port}/callbacks/${secret}`, called.message(told))
  await until('applied', () => statesOf(called.office, batchId).paid === 1)
})
