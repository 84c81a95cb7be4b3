import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Payment, PaymentState } from '../../../../shared/model/payment.ts'
import { mergeRecord } from '../../../../shared/rules/central-merge/merge-record.ts'
import { moment, payment, settledStates, waitingStates } from './payment-versions.ts'

describe('a payment', () => {
  const of = (change: Partial<Payment>, at = 2): Payment => ({ ...payment, ...change, changedAt: moment(at) })

  test('never goes from settled back to open', () => {
    const state = fc.constantFrom<PaymentState>(...waitingStates, ...settledStates)
    fc.assert(
      fc.property(state, state, fc.option(state, { nil: undefined }), fc.boolean(), (one, two, was, late) => {
        const base = was === undefined ? undefined : of({ state: was }, 1)
        const { record } = mergeRecord(
          'payment',
          base,
          of({ state: one }, late ? 3 : 2),
          of({ state: two }, late ? 2 : 3),
        )
        const isSettled = (known: PaymentState) => (settledStates as readonly string[]).includes(known)
        if (isSettled(one) || isSettled(two)) expect(isSettled(record.state)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('that is paid here and rejected there is for people to find out', () => {
    const { record, ruledFields } = mergeRecord(
      'payment',
      payment,
      of({ state: 'paid', amountPaid: 1_000 }),
      of({ state: 'rejected' }, 3),
    )
    expect(record).toMatchObject({ state: 'review', reasonCode: 'payment.contradiction', amountPaid: 1_000 })
    expect(ruledFields).toEqual(['state'])
  })

  test('goes back to prepared where the office that sends it took it back, whoever held it', () => {
    const { record } = mergeRecord('payment', payment, of({ held: true }), of({ state: 'prepared' }, 3))
    expect(record).toMatchObject({ state: 'prepared', held: true })
  })

  test('under review here keeps the batch in which it left by the central server, which lets no other be written', () => {
    const mine = of({ state: 'review', batchId: 'mine', payeeAddress: 'phone:+251911000001@wallet' }, 3)
    const theirs = of({ state: 'paid', batchId: 'theirs', amountPaid: 1_000 })
    const { record } = mergeRecord('payment', undefined, mine, theirs, 'server')
    expect(record).toMatchObject({ state: 'review', batchId: 'theirs', payeeAddress: payment.payeeAddress })
    // What came by a file binds nobody.
    expect(mergeRecord('payment', undefined, mine, theirs).record).toMatchObject({ state: 'review', batchId: 'mine' })
  })

  test('of which both sides say that it left stays in the batch of the central server, however far on either is', () => {
    const state = fc.constantFrom<PaymentState>('sent', 'acknowledged', 'unknown', ...settledStates)
    const version = fc.record({ state, batchId: fc.constantFrom('a', 'b'), payeeAddress: fc.constantFrom('x', 'y') })
    fc.assert(
      fc.property(version, version, fc.boolean(), fc.boolean(), (one, two, late, known) => {
        const base = known ? of({ state: 'queued', batchId: 'a', payeeAddress: 'x' }, 1) : undefined
        const theirs = of(two, late ? 2 : 3)
        const { record } = mergeRecord('payment', base, of(one, late ? 3 : 2), theirs, 'server')
        const { batchId, payeeAddress, amount } = theirs
        expect(record).toMatchObject({ batchId, payeeAddress, amount })
        const alone = mergeRecord('payment', base, of(one, late ? 3 : 2), theirs).record
        expect(record.state).toBe(alone.state)
      }),
      { numRuns: 2_000 },
    )
  })

  test('keeps the address to which it went', () => {
    const prepared = of({ state: 'prepared' }, 1)
    const { record, ruledFields } = mergeRecord(
      'payment',
      prepared,
      of({ state: 'prepared', payeeAddress: 'phone:+251911000001@wallet' }, 3),
      of({ state: 'sent' }),
    )
    expect(record).toMatchObject({ state: 'sent', payeeAddress: payment.payeeAddress })
    expect(ruledFields).toContain('payeeAddress')
  })
})
