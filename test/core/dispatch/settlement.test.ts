import { afterEach, describe, expect, test } from 'vitest'
import type { StatusWord } from '../../../electron/core/channels/channel.ts'
import { nothingSaid } from '../../../electron/core/channels/nothing-said.ts'
import { settle, type WordsContext } from '../../../electron/core/dispatch/settlement.ts'
import { OFFICE } from '../../../electron/core/store/store.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { approvedBatch } from './approved-batches.ts'
import { Scene } from './scene.ts'
import { paymentsOf, statesOf, until } from './sending-office.ts'

/* What words of a payment system do to a payment that has a name there, or is under review. */

let scene: Scene
afterEach(() => scene.close())

/** A payment that was taken, and that nobody asks about by itself. */
async function taken(): Promise<string> {
  scene = await Scene.open({ mode: 'async', statusCheckActive: false }, {}, { held: true })
  const batchId = await scene.send(1)
  await until('taken', () => statesOf(scene.office, batchId).acknowledged === 1)
  return batchId
}

const paymentIn = (batchId: string): Payment => {
  const [payment] = paymentsOf(scene.office, batchId)
  if (payment === undefined) throw new Error('no payment')
  return payment
}

/** The payment after the payment system said this about it. */
function hear(
  batchId: string,
  said: Partial<StatusWord>,
  { repliesAreSigned = false, ...context }: Partial<WordsContext> & { repliesAreSigned?: boolean } = {},
): Payment {
  const payment = paymentIn(batchId)
  const word: StatusWord = {
    paymentId: payment.id,
    status: 'pdng',
    ...nothingSaid,
    ...said,
  }
  scene.office.store.transaction(OFFICE, (tx) => {
    settle(tx, [payment], [word], { source: 'lookup', profile: { repliesAreSigned }, repeated: false, ...context })
    tx.audit({ action: 'test.heard', subjectKind: 'payment', subjectId: payment.id })
  })
  return paymentIn(batchId)
}

describe('the name that a payment has at the payment system', () => {
  test('is believed only where the word is', async () => {
    const batchId = await taken()
    expect(hear(batchId, { theirReference: 'forged' }, { repliesAreSigned: true }).theirReference).toBe('')
    expect(hear(batchId, { theirReference: 'one', verified: true }, { repliesAreSigned: true }).theirReference).toBe(
      'one',
    )
    expect(hear(batchId, { theirReference: 'forged' }, { repliesAreSigned: true })).toMatchObject({
      state: 'acknowledged',
      theirReference: 'one',
    })
  })

  test('is believed of a payment system that signs nothing', async () => {
    const batchId = await taken()
    expect(hear(batchId, { theirReference: 'one' }).theirReference).toBe('one')
  })

  test.each(['pdng', 'succ', 'rjct'] as const)('is one: another one with %s brings it under review', async (status) => {
    const batchId = await taken()
    hear(batchId, { theirReference: 'one' })
    expect(hear(batchId, { status, theirReference: 'two' })).toMatchObject({
      state: 'review',
      reasonCode: 'payment.contradiction',
      theirReference: 'one',
      amountPaid: null,
    })
  })
})

test.each(['succ', 'rjct', 'pdng', 'reversed'] as const)(
  'a payment that never left and is %s outside is under review, and its record says why',
  async (status) => {
    scene = await Scene.open({ mode: 'async', statusCheckActive: false }, {}, { held: true })
    const { batchId } = await approvedBatch(scene.world, { name: 'one', count: 1 })
    const reasonCode = 'payment.not-sent-from-here'
    expect(hear(batchId, { status, code: status === 'rjct' ? 'rjct.payee.invalid' : '' })).toMatchObject({
      state: 'review',
      reasonCode,
    })
    // What is said later is no better reason.
    expect(hear(batchId, { status: 'succ' })).toMatchObject({ state: 'review', reasonCode })
  },
)

test('several words of one answer count one after the other, for each payment by itself', async () => {
  scene = await Scene.open({ mode: 'async', statusCheckActive: false }, {}, { held: true })
  const batchId = await scene.send(3)
  await until('taken', () => statesOf(scene.office, batchId).acknowledged === 3)
  const payments = paymentsOf(scene.office, batchId)
  const words = payments.flatMap(({ id: paymentId, amount }, index): StatusWord[] => [
    { paymentId, ...nothingSaid, status: 'pdng', theirReference: index === 0 ? 'one' : '' },
    { paymentId, ...nothingSaid, status: 'succ', amount: index === 2 ? 1 : amount },
  ])
  scene.office.store.transaction(OFFICE, (tx) => {
    const { payments: after } = settle(tx, payments, words, {
      source: 'lookup',
      profile: { repliesAreSigned: false },
      repeated: false,
    })
    expect(after.map(({ id }) => tx.get('payment', id))).toEqual(after)
    tx.audit({ action: 'test.heard', subjectKind: 'batch', subjectId: batchId })
  })
  const [first, second, third] = payments.map(({ id }) => scene.office.store.get('payment', id))
  expect(first).toMatchObject({ state: 'paid', theirReference: 'one', amountPaid: first?.amount })
  expect(second).toMatchObject({ state: 'paid', theirReference: '', amountPaid: second?.amount })
  expect(third).toMatchObject({ state: 'review', reasonCode: 'payment.mismatch', amountPaid: 1 })
})

describe('a payment that stays where people look at it', () => {
  const observed = (batchId: string): string[] =>
    scene.office.store
      .sql('SELECT status FROM observation WHERE payment_id = ? ORDER BY seq')
      .pluck()
      .all(paymentIn(batchId).id) as string[]

  test('under review keeps its first reason; what is new stands beside it, once', async () => {
    const batchId = await taken()
    const first = { state: 'review', reasonCode: 'payment.mismatch', reasonText: 'short', amountPaid: 1 } as const
    expect(hear(batchId, { status: 'succ', amount: 1, text: 'short' })).toMatchObject(first)
    const { amount } = paymentIn(batchId)
    const later: Partial<StatusWord>[] = [
      { status: 'succ', amount },
      { status: 'rjct', code: 'rjct.payment.failed', text: 'failed' },
      { status: 'succ', amount: 2, text: 'long' },
      { status: 'absent' },
      { status: 'undecidable', text: 'nobody knows' },
      { status: 'succ', amount: 1, text: 'short, said otherwise' },
    ]
    for (const word of [...later, ...later]) expect(hear(batchId, word)).toMatchObject(first)
    expect(observed(batchId)).toEqual(['succ', 'succ', 'rjct', 'succ', 'absent', 'undecidable'])
  })

  test('reversed keeps why, though look-ups go on telling the success of before', async () => {
    const batchId = await taken()
    const { amount } = paymentIn(batchId)
    hear(batchId, { status: 'succ', amount })
    const reversed = { state: 'reversed', reasonCode: 'rjct.payment.reversed', reasonText: 'line 7' } as const
    expect(hear(batchId, { status: 'reversed', code: 'rjct.payment.reversed', text: 'line 7' })).toMatchObject(reversed)
    expect(hear(batchId, { status: 'succ', amount })).toMatchObject(reversed)
    expect(observed(batchId)).toEqual(['succ', 'reversed'])
  })

  test('a look-up of a payment under review writes what is new, and only that', async () => {
    const batchId = await taken()
    await scene.peer.order({ hold: false, advance: 3_600_000 })
    await scene.script({ on: 'status', fault: { do: 'misreport', as: 'wrong-amount', share: 1 }, times: 1 })
    const { id } = paymentIn(batchId)
    const ask = () => scene.office.dispatch.checkPayment(id, new AbortController().signal)
    await ask()
    const { state, reasonCode } = paymentIn(batchId)
    expect([state, reasonCode]).toEqual(['review', 'payment.mismatch'])
    await ask()
    await ask()
    expect(paymentIn(batchId)).toMatchObject({ state: 'review', reasonCode })
    expect(observed(batchId)).toEqual(['succ', 'succ'])
  })
})
