import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Job } from '../../../electron/core/scheduler/job.ts'
import { OFFICE } from '../../../electron/core/store/store.ts'
import { managerSettings, putManager } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { paymentsOf, quickTime, statesOf, until } from './sending-office.ts'

/** Minutes are long here: a run happens only when a test asks for it. */
const MINUTE = 60_000

let scene: Scene
beforeEach(async () => {
  scene = await Scene.open({}, {}, { time: quickTime(MINUTE), held: true })
})
afterEach(() => scene.close())

const job = (): Job | undefined => scene.office.scheduler.queue.findByKey('dispatch.status', 'manager')
const asked = async (): Promise<number> => (await scene.peer.summary()).traffic.status
const auditEntries = (): number =>
  scene.office.store.sql("SELECT count(*) FROM audit WHERE action = 'payments.looked-up'").pluck().get() as number
/** Minutes until the next run. */
const pause = (): number => ((job()?.runAt ?? 0) - scene.office.time.now()) / MINUTE

let finishedRuns = 0

/** Runs the job once, as "run now" does, and waits until it is over. */
async function run(): Promise<void> {
  const { scheduler, store } = scene.office
  const before = finishedRuns
  store.transaction('clerk', (tx) => scheduler.queue.runNow(tx, job()?.id ?? ''))
  const stop = scheduler.onChange(() => {
    if (job()?.state === 'waiting') finishedRuns += 1
  })
  scheduler.look()
  await until('the run is over', () => finishedRuns > before)
  stop()
}
async function acknowledged(): Promise<string> {
  const batchId = await scene.send(3)
  await until('acknowledged', () => statesOf(scene.office, batchId).acknowledged === 3)
  return batchId
}

describe('the status job of a payment manager', () => {
  test('asks once in its interval, and settles what was paid meanwhile', async () => {
    const batchId = await acknowledged()
    expect(pause()).toBeGreaterThan(0.5)
    await run()
    expect(await asked()).toBe(1)
    expect(statesOf(scene.office, batchId)).toEqual({ acknowledged: 3 })
    await scene.peer.order({ advance: 600_000 })
    scene.office.time.jump(2 * MINUTE)
    await run()
    await until('paid', () => statesOf(scene.office, batchId).paid === 3)
    expect(await asked()).toBe(2)
  })

  test('is there again after a restart', async () => {
    await acknowledged()
    const id = job()?.id
    await scene.restart()
    await until('asked after the start', async () => (await asked()) > 0)
    await until('waits again', () => job()?.state === 'waiting')
    expect(job()?.id).toBe(id)
    expect(job()?.every).toBe(MINUTE)
  })

  test('asks about an old batch more rarely', async () => {
    await acknowledged()
    scene.office.time.jump(10 * 60 * MINUTE)
    await run()
    expect(await asked()).toBe(1)
    // A tenth of ten hours has to go by.
    scene.office.time.jump(30 * MINUTE)
    await run()
    expect(await asked()).toBe(1)
    scene.office.time.jump(31 * MINUTE)
    await run()
    expect(await asked()).toBe(2)
  })

  test('slows down each time it hears "too many requests", and speeds up again', async () => {
    await acknowledged()
    await scene.script({
      on: 'status',
      fault: { do: 'http-error', status: 429, accepted: false, code: 'err.request.too_many_requests', retryAfter: 1 },
      times: 2,
    })
    await run()
    expect(job()?.fault?.code).toBe('channel.too-many-requests')
    expect(pause()).toBeGreaterThan(1.5)
    await run()
    expect(pause()).toBeGreaterThan(3.5)
    await run()
    expect(job()?.fault).toBeNull()
    expect(pause()).toBeGreaterThan(1.5)
    expect(pause()).toBeLessThan(2.5)
  })

  test('keeps the interval that an officer gave it, until the setting itself changes', async () => {
    await acknowledged()
    const { scheduler, store } = scene.office
    store.transaction('administrator', (tx) => scheduler.queue.setEvery(tx, job()?.id ?? '', 7 * MINUTE))
    await scene.send(1, 'two', 50)
    expect(job()?.every).toBe(7 * MINUTE)
    const { paymentEndpointUrl: disburse, statusEndpointUrl: status } = store.get('paymentManager', 'manager')
    const settings = managerSettings({ disburse, status }, { statusCheckInterval: 3 })
    await putManager(store, scene.world.root, settings)
    expect(job()?.every).toBe(3 * MINUTE)
  })

  test('asks nothing while it is switched off', async () => {
    await acknowledged()
    const { store } = scene.office
    const { paymentEndpointUrl: disburse, statusEndpointUrl: status } = store.get('paymentManager', 'manager')
    await putManager(store, scene.world.root, managerSettings({ disburse, status }, { statusCheckActive: false }))
    await run()
    expect(await asked()).toBe(0)
  })

  test('settles nothing of a payment whose batch is not known here', async () => {
    const batchId = await acknowledged()
    await scene.peer.order({ advance: 600_000 })
    scene.office.store.transaction(OFFICE, (tx) => {
      for (const payment of paymentsOf(scene.office, batchId)) tx.change('payment', payment, { batchId: 'nowhere' })
      tx.audit({ action: 'test.lost', subjectKind: 'batch', subjectId: batchId })
    })
    const { scheduler, store } = scene.office
    const observations = () => store.sql('SELECT count(*) FROM observation').pluck().get()
    const before = observations()
    store.transaction('clerk', (tx) => scheduler.queue.runNow(tx, job()?.id ?? ''))
    scheduler.look()
    await until('shown to an officer', () => job()?.state === 'attention')
    expect(job()?.fault?.code).toBe('store.not-found')
    expect(await asked()).toBe(1)
    expect((await scene.ledger()).map(({ paidCount }) => paidCount)).toEqual([1, 1, 1])
    expect(statesOf(scene.office, 'nowhere')).toEqual({ acknowledged: 3 })
    expect(observations()).toBe(before)
  })

  test('writes one audit entry when an answer changes something, and none when it does not', async () => {
    const batchId = await acknowledged()
    const never = new AbortController().signal
    for (let times = 0; times < 3; times += 1) await scene.office.dispatch.checkBatch(batchId, never)
    expect(await asked()).toBe(3)
    expect(auditEntries()).toBe(0)
    expect(scene.office.dispatch.status().systems[0]?.answeredAt).toBeGreaterThan(0)
    await scene.peer.order({ advance: 600_000 })
    await scene.office.dispatch.checkBatch(batchId, never)
    expect(statesOf(scene.office, batchId)).toEqual({ paid: 3 })
    expect(auditEntries()).toBe(1)
  })
})
