import { afterEach, describe, expect, test } from 'vitest'
import { quickTime, statesOf, until } from '../dispatch/sending-office.ts'
import { CalledScene } from './called.ts'
import { freePort, post } from './post.ts'

let called: CalledScene
afterEach(() => called.close())

async function sent(count: number): Promise<string> {
  const batchId = await called.scene.send(count)
  await until('taken', () => statesOf(called.office, batchId).acknowledged === count)
  return batchId
}

const observations = (): unknown[] =>
  called.office.store
    .sql("SELECT body ->> '$.status' FROM observation WHERE body ->> '$.source' = 'callback'")
    .pluck()
    .all()

describe('a verified callback', () => {
  test('settles the payments that it names, and leaves the others as they are', async () => {
    called = await CalledScene.open()
    const batchId = await sent(4)
    const [one, two, three] = called.payments(batchId)
    if (!one || !two || !three) throw new Error('no payments')
    const body = called.message(
      [
        { payment: one, status: 'succ' },
        { payment: two, status: 'rjct', more: { status_reason_code: 'rjct.payee_fa.invalid' } },
        { payment: three, status: 'pdng' },
      ],
      { header: { total_count: 4, completed_count: 2 } },
    )
    expect(await called.apply(body)).toBe('applied')
    expect(statesOf(called.office, batchId)).toEqual({ paid: 1, rejected: 1, acknowledged: 2 })
    expect(called.payments(batchId).find(({ id }) => id === two.id)?.reasonCode).toBe('rjct.payee_fa.invalid')
    expect(observations().sort()).toEqual(['rjct', 'succ'])
  })

  test('said twice counts once, also with other spaces and as another call', async () => {
    called = await CalledScene.open()
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const body = called.message([{ payment, status: 'succ' }])
    expect(await called.apply(body)).toBe('applied')
    expect(await called.apply(body)).toBe('repeated')
    expect(await called.apply(JSON.stringify(JSON.parse(body), null, 2))).toBe('repeated')
    expect(observations()).toEqual(['succ'])
  })

  test('that is older than what was applied settles nothing; the payment system is asked', async () => {
    called = await CalledScene.open()
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const now = Date.now()
    const old = called.message([{ payment, status: 'rjct', more: { status_reason_code: 'rjct.payment.failed' } }], {
      at: now - 60_000,
    })
    expect(await called.apply(called.message([{ payment, status: 'succ' }], { at: now }))).toBe('applied')
    expect(await called.apply(old)).toBe('stale')
    expect(statesOf(called.office, batchId)).toEqual({ paid: 1 })
    await until('asked', async () => (await called.scene.peer.summary()).traffic.status > 0)
  })

  test.each([
    ['from the future', 10 * 60_000, 'asked callback.from-the-future'],
    ['kept back for days', -4 * 24 * 3_600_000, 'asked callback.too-old'],
  ])('%s settles nothing', async (_, offset, outcome) => {
    called = await CalledScene.open()
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const now = Date.now()
    const at = now + offset
    // Signed at a time that verifies: only the message's own time is odd.
    const body = called.message([{ payment, status: 'succ' }], { at })
    const parsed = JSON.parse(body)
    const signature = called.sign(parsed.header, parsed.message, now)
    expect(await called.apply(JSON.stringify({ ...parsed, signature }), now)).toBe(outcome)
    expect(statesOf(called.office, batchId)).toEqual({ acknowledged: 1 })
  })

  test('that contradicts a settled payment brings it under review, and nothing takes it back from there', async () => {
    called = await CalledScene.open()
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const now = Date.now()
    await called.apply(called.message([{ payment, status: 'succ' }], { at: now }))
    const rejected = called.message(
      [{ payment, status: 'rjct', more: { status_reason_code: 'rjct.payment.failed' } }],
      {
        at: now + 1_000,
      },
    )
    expect(await called.apply(rejected)).toBe('applied')
    expect(statesOf(called.office, batchId)).toEqual({ review: 1 })
    await called.apply(called.message([{ payment, status: 'succ' }], { at: now + 2_000 }))
    expect(statesOf(called.office, batchId)).toEqual({ review: 1 })
  })

  test('of another amount or payee brings it under review', async () => {
    called = await CalledScene.open()
    const batchId = await sent(2)
    const [one, two] = called.payments(batchId)
    if (!one || !two) throw new Error('no payments')
    const body = called.message([
      { payment: one, status: 'succ', more: { amount: '1.00' } },
      { payment: two, status: 'succ', more: { payee_fa: 'phone:+251900000000' } },
    ])
    expect(await called.apply(body)).toBe('applied')
    expect(statesOf(called.office, batchId)).toEqual({ review: 2 })
  })

  test('that was meant for another sender is only a reason to ask', async () => {
    called = await CalledScene.open()
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const body = called.message([{ payment, status: 'succ' }], { header: { receiver_id: 'somebody.example.org' } })
    expect(await called.apply(body)).toBe('asked callback.not-for-us')
    expect(statesOf(called.office, batchId)).toEqual({ acknowledged: 1 })
  })
})

describe('a forged callback', () => {
  test('settles nothing and asks nobody, whatever is wrong with its signature', async () => {
    called = await CalledScene.open()
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const good = JSON.parse(called.message([{ payment, status: 'pdng' }]))
    const other = JSON.parse(called.message([{ payment, status: 'succ' }]))
    const bodies = [
      called.message([{ payment, status: 'succ' }], { signature: 'signed' }),
      called.message([{ payment, status: 'succ' }], { signature: 'eyJhbGciOiJub25lIn0.e30.' }),
      JSON.stringify({ ...other, signature: good.signature }),
      JSON.stringify({ ...good, message: other.message }),
      JSON.stringify({ ...other, header: { ...other.header, message_ts: new Date().toISOString(), status: 'x' } }),
    ]
    for (const body of bodies) expect(await called.apply(body)).toBe('refused callback.signature-invalid')
    expect(statesOf(called.office, batchId)).toEqual({ acknowledged: 1 })
    expect(called.office.store.sql('SELECT count(*) FROM look_up_wanted').pluck().get()).toBe(0)
    expect(observations()).toEqual([])
  })

  test('about payments of somebody else, or about none, is refused', async () => {
    called = await CalledScene.open()
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const strange = called.message([{ payment: { ...payment, id: 'other' }, status: 'succ' }])
    expect(await called.apply(strange)).toBe('refused callback.nobody-known')
    expect(await called.apply('{"header":{},"message":{}}')).toBe('refused callback.not-understood')
    expect(await called.apply('no json')).toBe('refused callback.not-understood')
    const { dispatch } = called.office
    const lost = await dispatch.applyCallback({ ...called.call(strange), owner: 'nobody' })
    expect(lost).toEqual({ outcome: 'refused', code: 'callback.no-manager', payments: 0 })
  })
})

describe('where the payment system does not sign', () => {
  test.each([
    ['no', null],
    ['an empty', ''],
  ])('callbacks, but replies: one with %s signature only makes the office ask', async (_, signature) => {
    called = await CalledScene.open()
    const batchId = await sent(2)
    await called.scene.peer.order({ hold: false, advance: 3_600_000 })
    const told = called.payments(batchId).map((payment) => ({ payment, status: 'rjct' }))
    expect(await called.apply(called.message(told, { signature }))).toBe('asked callback.not-signed')
    // The answer to the question is signed, and it says otherwise.
    await until('asked', () => statesOf(called.office, batchId).paid === 2)
    expect(observations()).toEqual([])
  })

  test('a callback only makes the office ask, and a flood of them asks no more than one', async () => {
    // A minute is long enough here that the flood falls into one.
    const time = quickTime(3_000)
    called = await CalledScene.open({ replySigning: 'none', receiverKey: null }, {}, { time })
    const batchId = await sent(3)
    await called.scene.peer.order({ hold: false, advance: 3_600_000 })
    const before = (await called.scene.peer.summary()).traffic.status
    const told = called.payments(batchId).map((payment) => ({ payment, status: 'rjct' }))
    for (let i = 0; i < 50; i += 1) {
      expect(await called.apply(called.message(told, { signature: null }))).toBe('asked callback.not-signed')
    }
    // What it said was a lie; what the payment system answers is what counts.
    await until('asked', () => statesOf(called.office, batchId).paid === 3)
    expect(observations()).toEqual([])
    const { traffic } = await called.scene.peer.summary()
    expect(traffic.status - before).toBeLessThanOrEqual(3)
  })
})

describe('a call that was kept', () => {
  async function listening(): Promise<void> {
    const { callbacks } = called.office
    await callbacks.save('administrator', { ...callbacks.settings, on: true, port: await freePort() })
  }
  const counts = (): Readonly<Record<string, number>> => called.office.callbacks.inbox.summary(1).counts

  test('before the office was cut off is applied after the start, once', async () => {
    called = await CalledScene.open()
    await listening()
    const batchId = await sent(2)
    const [one, two] = called.payments(batchId)
    if (!one || !two) throw new Error('no payments')
    const first = called.call(called.message([{ payment: one, status: 'succ' }]))
    const second = called.call(called.message([{ payment: two, status: 'succ' }]))
    // Kept, and cut off before anybody applied it; the other was applied, and cut off before that was written down.
    expect(called.office.callbacks.inbox.keep(first)).toBe('kept')
    expect(called.office.callbacks.inbox.keep(second)).toBe('kept')
    await called.office.dispatch.applyCallback(second)
    await called.scene.restart()
    await until('applied', () => counts().waiting === undefined)
    expect(statesOf(called.office, batchId)).toEqual({ paid: 2 })
    expect(observations()).toEqual(['succ', 'succ'])
    expect(counts()).toEqual({ applied: 1, 'nothing-new': 1 })
  })

  test('over the network settles, and what it said is forgotten after some days', async () => {
    called = await CalledScene.open()
    await listening()
    const address = called.office.callbacks.renewPath('administrator', 'g2p-connect', called.scene.world.managerId)
    const batchId = await sent(1)
    const [payment] = called.payments(batchId)
    if (!payment) throw new Error('no payment')
    const body = called.message([{ payment, status: 'succ' }])
    expect((await post(`${address}/on-disburse`, body)).status).toBe(200)
    await until('applied', () => statesOf(called.office, batchId).paid === 1 && counts().applied === 1)
    const kept = (): unknown => called.office.store.sql('SELECT count(body) FROM callback_inbox').pluck().get()
    expect(kept()).toBe(1)
    called.office.time.jump(8 * 24 * 60 * called.office.time.minute)
    called.office.callbacks.inbox.purge()
    expect(kept()).toBe(0)
    expect(counts()).toEqual({ applied: 1 })
  })
})

test.each([
  ['in parts', { partial: 2 }],
  ['twice and out of order', { twice: true, outOfOrder: true }],
  ['late, forged and replayed', { late: 100, forged: true, replayed: true }],
])('a payment system that calls %s is understood, at the address that messages tell it', async (_, manners) => {
  const usual = { partial: null, late: 0, twice: false, outOfOrder: false, forged: false, replayed: false }
  called = await CalledScene.open({}, { callbacks: { ...usual, ...manners } }, { held: false })
  const { callbacks } = called.office
  await callbacks.save('administrator', { ...callbacks.settings, on: true, port: await freePort() })
  callbacks.renewPath('administrator', 'g2p-connect', called.scene.world.managerId)
  const batchId = await called.scene.send(5)
  await until('all paid', () => statesOf(called.office, batchId).paid === 5)
  expect((await called.scene.ledger()).every(({ paidCount, deliveries }) => paidCount === 1 && deliveries === 1)).toBe(
    true,
  )
})
