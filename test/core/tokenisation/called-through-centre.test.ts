import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashOfSecret } from '../../../electron/core/callbacks/secret-paths.ts'
import { type CouchdbPeer, startCouchdbPeer } from '../../../electron/peers/couchdb/couchdb-peer.ts'
import { processEnvironment } from '../../../electron/process-environment.ts'
import type { CallbackAuthentication, CallbackMethod } from '../../../shared/model/tokenisation.ts'
import { usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'
import { freePort, post } from '../callbacks/post.ts'
import { CONNECTOR, TokenScene, until, vidOf } from './scene.ts'

/* A seeder that calls the receiver at the centre, from where an office behind a wall collects the answers. */

const ACCOUNT = { user: 'receiver', password: 'a password of the centre' }

let scene: TokenScene
let couch: CouchdbPeer
let stop: () => void = () => undefined
let ended: Promise<number | null> | undefined

beforeEach(async () => {
  couch = await startCouchdbPeer(ACCOUNT)
  const auth = { authorization: `Basic ${Buffer.from(`${ACCOUNT.user}:${ACCOUNT.password}`).toString('base64')}` }
  expect((await post(`${couch.origin}/inbox`, '', { method: 'PUT', headers: auth })).status).toBe(201)
})
afterEach(async () => {
  stop()
  expect(await ended).toBe(0)
  await scene.close()
  await couch.close()
})

/** The receiver as its command starts it, in a process of its own. */
async function startReceiver(port: number): Promise<void> {
  const command = fileURLToPath(new URL('../../../electron/cli.ts', import.meta.url))
  const receiver = spawn(
    process.execPath,
    [command, 'callbacks', '--bind', '127.0.0.1', '--port', String(port), '--inbox', `${couch.origin}/inbox`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...processEnvironment(process.env),
        G2P_INBOX_USER: ACCOUNT.user,
        G2P_INBOX_PASSWORD: ACCOUNT.password,
      },
    },
  )
  let complaints = ''
  receiver.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  ended = new Promise((resolve) => receiver.once('exit', resolve))
  stop = () => receiver.kill('SIGTERM')
  await Promise.race([
    once(receiver.stdout, 'data'),
    ended.then(() => {
      throw new Error(complaints)
    }),
  ])
}

const inInbox = (): string => JSON.stringify(couch.databases.get('inbox')?.all() ?? [])

test.each<[CallbackAuthentication, CallbackMethod, boolean]>([
  ['staticBearer', 'PATCH', false],
  ['odoo', 'GET', false],
  ['none', 'POST', true],
])(
  'answers that are called in there with %s by %s (in bulk: %s) come to the right people',
  async (authType, httpMethod, inBulk) => {
    const usual = usualConnector('registry').callback
    const callback = {
      ...usual,
      receiver: 'centre',
      authType,
      httpMethod,
      inBulk,
      database: 'openg2p',
      username: 'mts',
    } as const
    scene = await TokenScene.open(5, { delivery: 'callback', callback, chunkSize: 3 })
    const { callbacks } = scene.office
    const port = await freePort()
    callbacks.setInboxPassword('administrator', ACCOUNT.password)
    await callbacks.save('administrator', {
      ...callbacks.settings,
      // The office itself listens nowhere.
      on: false,
      publicAddress: `http://127.0.0.1:${port}`,
      inbox: { url: `${couch.origin}/inbox`, user: ACCOUNT.user },
    })
    const secret = callbacks.ensureAddress('administrator', 'mts', CONNECTOR).split('/').at(-1) ?? ''
    await until(() => inInbox().includes(hashOfSecret(secret).toString('hex')))
    await startReceiver(port)

    const run = await scene.run()
    expect(run).toMatchObject({ state: 'done', counts: { people: 5, tokenised: 5 } })
    const given = new Map(scene.peer.ledger().map(({ person, token }) => [person, token]))
    for (let n = 1; n <= 5; n += 1) expect(scene.tokenOf(n), `person ${n}`).toBe(given.get(vidOf(n)))
    // Neither the centre nor the office keeps what was called in: it named people by their numbers.
    await until(() => !inInbox().includes('"call:'))
    const all = scene.dump()
    for (let n = 1; n <= 5; n += 1) expect(all).not.toContain(vidOf(n))
    expect(inInbox()).not.toContain(secret)
  },
)
