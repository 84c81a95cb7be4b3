import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Payment } from '../../../shared/model/payment.ts'
import { isFinal } from '../../../shared/rules/payment-life.ts'
import { until } from '../dispatch/sending-office.ts'
import { CalledScene, type Told } from './called.ts'

const COUNT = 5
const CODE = 'rjct.payment.failed'

let called: CalledScene
beforeAll(async () => {
  called = await CalledScene.open({}, {}, { seed: 3, profile: { ...PROFILE, rejected: { [CODE]: 0.4 } } })
})
afterAll(() => called.close())

const PROFILE = {
  paidAfter: [0, 0] as [number, number],
  late: { share: 0, after: 0 },
  reversed: { share: 0, after: 0 },
}

/** What may happen, in any order and as often as it likes. Steps of a payment: received, under way, final. */
const Happening = fc.oneof(
  fc.record({
    do: fc.constant('callback' as const),
    which: fc.subarray([...Array(COUNT).keys()], { minLength: 1 }),
    step: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ do: fc.constant('again' as const), index: fc.nat(20) }),
  fc.record({ do: fc.constant('look-up' as const) }),
  fc.record({ do: fc.constant('forged' as const), which: fc.nat(COUNT - 1) }),
)

test('any order and repetition of callbacks and look-ups ends in the same states and never goes back', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(Happening, { maxLength: 14 }), async (happenings) => {
      run += 1
      await called.scene.peer.order({ hold: true })
      const batchId = await called.scene.send(COUNT, `run ${run}`, run * COUNT)
      await until('taken', () => called.payments(batchId).every(({ state }) => state === 'acknowledged'))
      await called.scene.peer.order({ hold: false, advance: 24 * 3_600_000 })
      const truth = new Map((await called.scene.ledger()).map(({ referenceId, status }) => [referenceId, status]))
      const finalOf = ({ id }: Payment): Told['status'] => truth.get(id) ?? ''
      const start = Date.now()
      const payments = called.payments(batchId)
      const said: string[] = []
      let before = new Map(payments.map(({ id, state }) => [id, state]))
      for (const happening of happenings) {
        if (happening.do === 'callback') {
          const { which, step } = happening
          const told = payments
            .filter((_, index) => which.includes(index))
            .map((payment) => {
              const status = ['rcvd', 'pdng'][step] ?? finalOf(payment)
              return { payment, status, more: status === 'rjct' ? { status_reason_code: CODE } : {} }
            })
          said.push(called.message(told, { at: start + step * 1_000 }))
          await called.apply(said.at(-1) ?? '')
        } else if (happening.do === 'again') await called.apply(said[happening.index % Math.max(1, said.length)] ?? '')
        else if (happening.do === 'look-up')
          await called.office.dispatch.checkBatch(batchId, new AbortController().signal)
        else {
          const payment = payments[happening.which] as Payment
          const lie = finalOf(payment) === 'succ' ? 'rjct' : 'succ'
          await called.apply(called.message([{ payment, status: lie }], { signature: 'eyJhbGciOiJFZERTQSJ9.e30.AAAA' }))
        }
        const after = new Map(called.payments(batchId).map(({ id, state }) => [id, state]))
        for (const [id, state] of before) if (isFinal(state)) expect(after.get(id)).toBe(state)
        before = after
      }
      await called.office.dispatch.checkBatch(batchId, new AbortController().signal)
      for (const payment of called.payments(batchId)) {
        expect(payment.state).toBe(finalOf(payment) === 'succ' ? 'paid' : 'rejected')
      }
    }),
    { numRuns: 25 },
  )
}, 300_000)
