import { afterEach, expect, test } from 'vitest'
import type { CallbackAuthentication, CallbackMethod, ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'
import { freePort, post } from '../callbacks/post.ts'
import { CONNECTOR, idOf, TokenScene, until, VID, vidOf } from './scene.ts'

let scene: TokenScene
afterEach(() => scene.close())

const called = (change: Partial<ConnectorSettings['callback']>): Partial<ConnectorSettings> => ({
  delivery: 'callback',
  callback: { ...usualConnector('registry').callback, database: 'openg2p', username: 'mts', ...change },
})

/** An office that can be called, beside a seeder that calls. */
async function open(people: number, change: Partial<ConnectorSettings['callback']> = {}, more = {}): Promise<void> {
  scene = await TokenScene.open(people, { ...called(change), ...more })
  await listen()
}

async function listen(): Promise<void> {
  await scene.office.callbacks.save('administrator', {
    on: true,
    bindAddress: '127.0.0.1',
    port: await freePort(),
    tls: false,
    publicAddress: '',
    inbox: null,
  })
}

test.each<[CallbackAuthentication, CallbackMethod, boolean]>([
  ['none', 'POST', true],
  ['staticBearer', 'PATCH', false],
  ['odoo', 'GET', false],
  ['odoo', 'PUT', true],
  ['oauth', 'POST', false],
])(
  'answers that are called in with %s by %s (in bulk: %s) come to the right people',
  async (authType, httpMethod, inBulk) => {
    await open(5, { authType, httpMethod, inBulk, clientId: authType === 'oauth' ? 'office' : '' }, { chunkSize: 3 })
    const run = await scene.run()
    expect(run).toMatchObject({ state: 'done', counts: { people: 5, tokenised: 5 } })
    const given = new Map(scene.peer.ledger().map(({ person, token }) => [person, token]))
    for (let n = 1; n <= 5; n += 1) expect(scene.tokenOf(n), `person ${n}`).toBe(given.get(vidOf(n)))
    // What was called in named people by their numbers.
    const all = scene.dump()
    for (let n = 1; n <= 5; n += 1) expect(all).not.toContain(vidOf(n))
  },
)

test('whoever does not show what the seeder was told is not believed', async () => {
  await open(2, { authType: 'staticBearer' })
  scene.peer.faults.add({ do: 'forget' })
  const id = await scene.office.tokenisation.runNow('administrator', CONNECTOR, null)
  await until(() => scene.peer.summary().accepted === 1)
  const [item] = await scene.items(id)
  const answer = { g2pRef: item?.ref, status: 'processed', token: 'STOLEN', vid: null, out: {} }
  const address = scene.office.callbacks.ensureAddress('administrator', 'mts', CONNECTOR)
  const body = JSON.stringify(answer)
  const wrong = 'x'.repeat(43)
  await post(`${address}/${id}/${wrong}`, body)
  await post(`${address}/${id}/${wrong}`, body, { headers: { authorization: `Bearer ${wrong}` } })
  await until(() => (scene.office.callbacks.inbox.summary(5).counts.refused ?? 0) === 2)
  expect([scene.tokenOf(1), scene.tokenOf(2)]).toEqual([undefined, undefined])
  expect(scene.number(1, VID)?.removed).toBe(false)
  // Nothing of what was said is kept.
  expect(scene.dump()).not.toContain('STOLEN')
})

test('calls that are lost leave people unanswered once the deadline is over; a later run sends them again', async () => {
  await open(6, { inBulk: false, timeoutSeconds: 1 }, { answerDeadlineMinutes: 2 })
  scene.peer.faults.add({ do: 'lose-rest', count: 2 })
  const run = await scene.run()
  expect(run).toMatchObject({ state: 'done', counts: { tokenised: 2, unanswered: 4 } })
  scene.time.jump(61 * scene.time.minute)
  expect((await scene.run()).counts).toMatchObject({ people: 4, tokenised: 4 })
})

test('an answer that comes after the deadline still counts, once', async () => {
  await open(1, { authType: 'none', timeoutSeconds: 1 }, { answerDeadlineMinutes: 1 })
  scene.peer.faults.add({ do: 'late', delay: 3_000 })
  const run = await scene.run()
  expect(run.counts).toMatchObject({ unanswered: 1 })
  await until(() => scene.tokenOf(1) !== undefined)
  expect(await scene.itemOf(run.id, 1)).toMatchObject({ state: 'tokenised', nextTryAt: null })
})

test('empty bodies and answers about nobody are counted and change nothing', async () => {
  await open(2, { inBulk: false, timeoutSeconds: 1 }, { answerDeadlineMinutes: 1 })
  scene.peer.faults.add({ do: 'empty' })
  const run = await scene.run()
  expect(run).toMatchObject({ counts: { tokenised: 0, unanswered: 2 }, unusable: 2 })
})

test('a run that is stopped lists who was sent, and what comes later is still applied', async () => {
  await open(1, { authType: 'none' })
  scene.peer.faults.add({ do: 'late', delay: 1_500 })
  const id = await scene.office.tokenisation.runNow('administrator', CONNECTOR, [idOf(1)])
  await until(() => scene.peer.summary().accepted === 1)
  await scene.office.tokenisation.stopRun('clerk', id)
  expect(scene.view(id)).toMatchObject({ state: 'stopped', counts: { unanswered: 1 } })
  await until(() => scene.tokenOf(1) !== undefined)
})
