import { afterEach, describe, expect, test } from 'vitest'
import type { G2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import type { ManagerSettings } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { statesOf, until } from './sending-office.ts'

let scene: Scene
afterEach(() => scene.close())

const oauth2 = (more: object = {}): PeerOptionsInput['authentication'] => ({
  kind: 'oauth2',
  clientId: 'office',
  clientSecret: 'right secret',
  ...more,
})

const signedIn = ({ urls }: G2pConnectPeer): ManagerSettings => ({
  authentication: { kind: 'oauth2', tokenUrl: urls.token, clientId: 'office', scope: 'payments' },
})

const begin = async (secret: string, authentication = oauth2(), more: ManagerSettings = {}): Promise<void> => {
  scene = await Scene.open(
    (peer) => ({ ...signedIn(peer), ...more }),
    { duplicateProtection: false },
    { authentication },
  )
  if (secret !== '') scene.keepSecret('manager-secret', 'manager', secret)
}

const posts = (batchId: string): number =>
  scene.deliveries(batchId).filter(({ outcome }) => outcome === 'posting').length

const paidOnce = async (batchId: string, count: number): Promise<void> => {
  await until('all paid', () => statesOf(scene.office, batchId).paid === count)
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

describe('OAuth2 client credentials', () => {
  test('one token serves sending and asking, although its life is told as a text', async () => {
    await begin('right secret')
    const batchId = await scene.send(12)
    await paidOnce(batchId, 12)
    const { traffic } = await scene.peer.summary()
    expect(traffic.disburse).toBe(3)
    expect(traffic.status).toBeGreaterThan(0)
    expect(traffic.token).toBe(1)
  })

  test('questions that begin at the same moment share one token', async () => {
    await begin('right secret')
    const asked = [1, 2, 3].map(() => scene.ask())
    expect(await Promise.all(asked)).toEqual([null, null, null])
    expect((await scene.peer.summary()).traffic.token).toBe(1)
  })

  test('a token near its end is not used any more', async () => {
    await begin('right secret', oauth2({ expiresIn: 20 }))
    expect(await scene.ask()).toBeNull()
    expect(await scene.ask()).toBeNull()
    expect((await scene.peer.summary()).traffic.token).toBe(2)
  })

  test('tokens that the server forgot are fetched anew once, and the same message goes out again under the same ids', async () => {
    await begin('right secret')
    expect(await scene.ask()).toBeNull()
    await scene.peer.order({ revokeTokens: true })
    const batchId = await scene.send(4)
    await paidOnce(batchId, 4)
    const { traffic } = await scene.peer.summary()
    // Refused at the door, then taken: two requests of one post, and one message at the payment system.
    expect(traffic.disburse).toBe(2)
    expect(traffic.duplicateMessages).toBe(0)
    expect(posts(batchId)).toBe(1)
    expect(scene.office.store.sql('SELECT count(*) FROM transmission').pluck().get()).toBe(1)
  })

  test('a message that was taken before the connection broke is not posted again, whatever the token does', async () => {
    await begin('right secret', oauth2(), { apiTimeout: 1 })
    await scene.script({ on: 'disburse', fault: { do: 'drop', when: 'after-accepting' }, times: 1 })
    const batchId = await scene.send(3)
    await until('unknown', () => scene.deliveries(batchId).some(({ outcome }) => outcome === 'unknown'))
    await scene.peer.order({ revokeTokens: true })
    await paidOnce(batchId, 3)
    expect(posts(batchId)).toBe(1)
    expect((await scene.peer.summary()).traffic.disburse).toBe(1)
  })

  test('a wrong secret stops before an officer with its own sentence; nothing left, and the right one sends', async () => {
    await begin('wrong secret')
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('channel.sign-in-refused')
    expect(scene.office.store.get('batch', batchId).attention).toBe('channel.sign-in-refused')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    expect((await scene.peer.summary()).traffic.disburse).toBe(0)
    scene.keepSecret('manager-secret', 'manager', 'right secret')
    scene.office.scheduler.wake('dispatch.batch', batchId)
    await paidOnce(batchId, 2)
  })

  test('without a secret in the vault nothing is tried', async () => {
    await begin('')
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('channel.no-secret')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    scene.keepSecret('manager-secret', 'manager', 'right secret')
    scene.office.scheduler.wake('dispatch.batch', batchId)
    await paidOnce(batchId, 2)
  })

  test('an authorisation server that fails for a while is waited for', async () => {
    await begin('right secret')
    await scene.script({
      on: 'token',
      fault: { do: 'http-error', status: 503, accepted: false, code: 'err.service.unavailable', retryAfter: null },
      times: 2,
    })
    const batchId = await scene.send(2)
    await paidOnce(batchId, 2)
  })
})

describe('a fixed bearer token', () => {
  test('is sent along; a wrong one is refused before anything was taken', async () => {
    const authentication = { kind: 'bearer', token: 'right token' } as const
    scene = await Scene.open({ authentication: { kind: 'bearer' } }, {}, { authentication })
    scene.keepSecret('manager-secret', 'manager', 'wrong token')
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.refused')
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    expect((await scene.ledger()).length).toBe(0)
    scene.keepSecret('manager-secret', 'manager', 'right token')
    scene.office.store.transaction('clerk', (tx) => {
      const job = scene.job(batchId)
      if (job === undefined) return
      scene.office.dispatch.prepareRunNow(tx, job)
      scene.office.scheduler.queue.runNow(tx, job.id)
    })
    scene.office.scheduler.look()
    await paidOnce(batchId, 2)
  })
})
