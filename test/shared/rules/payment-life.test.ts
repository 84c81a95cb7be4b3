import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PaymentState } from '../../../shared/model/payment.ts'
import {
  isFinal,
  mayReissue,
  mayResend,
  movePayment,
  openG2PStatus,
  type PaymentEvent,
  paymentMoves,
  readObservation,
} from '../../../shared/rules/payment-life.ts'
import { refusalsBeforeAcceptance } from '../../../shared/rules/retry-class.ts'

const events = Object.keys(paymentMoves.prepared) as PaymentEvent[]
const answers: PaymentEvent[] = ['succeed', 'evidencePaid']
const anyEvents = (except: readonly PaymentEvent[] = []) =>
  fc.array(fc.constantFrom(...events.filter((event) => !except.includes(event))), { maxLength: 30 })

/** The states that a payment goes through; a refused command leaves it where it is. */
function walk(from: PaymentState, through: readonly PaymentEvent[]): PaymentState[] {
  const states: PaymentState[] = [from]
  for (const event of through) {
    const now = states.at(-1) ?? from
    const next = movePayment(now, event)
    states.push(next.ok ? next.value : now)
  }
  return states
}

describe('the life of a payment', () => {
  it('goes from prepared to paid', () => {
    expect(walk('prepared', ['queue', 'post', 'accept', 'lookupPending', 'succeed'])).toEqual([
      'prepared',
      'queued',
      'sent',
      'acknowledged',
      'acknowledged',
      'paid',
    ])
  })

  it('looks up after a lost answer and sends again under the same ids', () => {
    const through: PaymentEvent[] = [
      'timeout',
      'lookupAbsent',
      'post',
      'notTaken',
      'post',
      'duplicateOnRetry',
      'succeed',
    ]
    expect(walk('sent', through).slice(1)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'paid',
    ])
  })

  it.each<[PaymentState, PaymentEvent, PaymentState]>([
    ['sent', 'nack', 'unknown'],
    ['sent', 'notTaken', 'queued'],
    ['sent', 'unclear', 'unknown'],
    ['sent', 'duplicateOnFirstSend', 'review'],
    ['sent', 'mismatch', 'review'],
    ['acknowledged', 'lookupAbsent', 'unknown'],
    ['acknowledged', 'timeout', 'acknowledged'],
    ['paid', 'reject', 'review'],
    ['paid', 'reverse', 'reversed'],
    ['rejected', 'succeed', 'review'],
    ['rejected', 'reverse', 'review'],
    ['reversed', 'succeed', 'reversed'],
    ['cancelled', 'succeed', 'review'],
    ['prepared', 'succeed', 'review'],
    ['review', 'succeed', 'review'],
    ['review', 'evidenceNotPaid', 'rejected'],
    ['paid', 'evidenceReversed', 'reversed'],
    ['unknown', 'evidenceReversed', 'reversed'],
  ])('%s after %s is %s', (state, event, next) => {
    expect(movePayment(state, event)).toEqual({ ok: true, value: next })
  })

  it('refuses commands that would send or cancel what may have left', () => {
    for (const state of ['sent', 'acknowledged', 'unknown', 'paid', 'review'] as const) {
      for (const command of ['cancel', 'queue', 'withdraw', 'block'] as const) {
        expect(movePayment(state, command)).toMatchObject({ ok: false, error: { code: 'payment.move-not-allowed' } })
      }
    }
    for (const state of PaymentState.options) {
      expect(movePayment(state, 'post').ok).toBe(state === 'queued' || state === 'unknown')
    }
  })

  it('never turns paid into anything but review or reversed, whatever the payment system says', () => {
    fc.assert(
      fc.property(anyEvents(['evidencePaid', 'evidenceNotPaid']), (through) => {
        for (const state of walk('paid', through)) expect(['paid', 'review', 'reversed']).toContain(state)
      }),
    )
  })

  it('leaves a final state only by way of review or reversal', () => {
    for (const state of PaymentState.options.filter(isFinal)) {
      for (const event of events) {
        const next = movePayment(state, event)
        if (next.ok) expect([state, 'review', 'reversed']).toContain(next.value)
      }
    }
  })

  it('never reaches paid without an explicit final answer, nor rejected without one', () => {
    fc.assert(
      fc.property(fc.constantFrom<PaymentState>('prepared', 'queued'), anyEvents(answers), (from, through) => {
        expect(walk(from, through)).not.toContain('paid')
      }),
    )
    fc.assert(
      fc.property(anyEvents(['reject', 'evidenceNotPaid']), (through) => {
        expect(walk('prepared', through)).not.toContain('rejected')
      }),
    )
  })

  it('never goes back to queued or cancelled once an answer was lost', () => {
    fc.assert(
      fc.property(anyEvents(), (through) => {
        for (const state of walk('unknown', through))
          expect(['prepared', 'queued', 'cancelled', 'blocked', 'sent']).not.toContain(state)
      }),
    )
  })
})

describe('readObservation', () => {
  const payment = { amount: 1000, currency: 'ETB', payeeAddress: 'phone:+251911234567' }
  const said = {
    source: 'lookup' as const,
    status: 'succ' as const,
    code: '',
    amount: 1000,
    currency: 'ETB',
    payeeAddress: 'PHONE:+251911234567',
    verified: true,
  }
  const once = { repliesAreSigned: true, repeated: false }
  const event = (more: Partial<Parameters<typeof readObservation>[1]>, given = once) =>
    readObservation(payment, { ...said, ...more }, given).event

  it('takes success only for the approved amount, currency and payee', () => {
    expect(event({})).toBe('succeed')
    expect(event({ amount: null, currency: '', payeeAddress: '' })).toBe('succeed')
    expect([event({ amount: 999 }), event({ currency: 'USD' }), event({ payeeAddress: 'phone:1' })]).toEqual([
      'mismatch',
      'mismatch',
      'mismatch',
    ])
  })

  it('believes nothing that is not signed where replies are', () => {
    expect(event({ verified: false })).toBe('unclear')
    expect(event({ verified: false, status: 'rjct' })).toBe('unclear')
    expect(event({ verified: false }, { ...once, repliesAreSigned: false })).toBe('succeed')
  })

  it('takes a duplicate for received on a retry and for a riddle on a first send', () => {
    const duplicate = { source: 'reply', status: 'rjct', code: 'rjct.reference_id.duplicate' } as const
    expect(event(duplicate)).toBe('duplicateOnFirstSend')
    expect(event(duplicate, { ...once, repeated: true })).toBe('duplicateOnRetry')
    expect(event({ ...duplicate, code: 'rjct.payee_fa.invalid' })).toBe('reject')
  })

  it('lets only evidence of officers speak for the office', () => {
    expect(event({ source: 'evidence', verified: false })).toBe('evidencePaid')
    expect(event({ source: 'evidence', status: 'rjct' })).toBe('evidenceNotPaid')
    expect(event({ source: 'evidence', status: 'reversed' })).toBe('evidenceReversed')
    expect(event({ source: 'office' })).toBe('unclear')
    expect(event({ status: 'other' })).toBe('unclear')
  })
})

describe('sending again', () => {
  const minutes = (...at: number[]) => at.map((minute) => minute * 60_000)
  const told = (more: Partial<Parameters<typeof mayResend>[0]>) => {
    const question = { absentAt: minutes(0), duplicateProtectionProven: false, approverDecided: false }
    const ruling = mayResend({ state: 'unknown', ...question, ...more })
    return ruling.ok ? 'may' : ruling.error.code
  }

  it('follows a look-up, and without proven protection two of them and an approver', () => {
    expect(told({ absentAt: [], duplicateProtectionProven: true, approverDecided: true })).toBe('payment.look-up-first')
    expect(told({ duplicateProtectionProven: true })).toBe('may')
    expect(told({ approverDecided: true })).toBe('payment.look-up-again')
    expect(told({ absentAt: minutes(9, 0, 3), approverDecided: true })).toBe('payment.look-up-again')
    expect(told({ absentAt: minutes(10, 0) })).toBe('payment.needs-decision')
    expect(told({ absentAt: minutes(10, 0), approverDecided: true })).toBe('may')
  })

  it('never concerns a payment that is not unknown', () => {
    for (const state of PaymentState.options.filter((each) => each !== 'unknown')) {
      expect(told({ state, duplicateProtectionProven: true })).toBe('payment.move-not-allowed')
    }
  })
})

describe('a new attempt', () => {
  it('needs proof that no money moved', () => {
    const may = (state: PaymentState, reasonCode = '', evidence = false) =>
      mayReissue({ state, reasonCode }, refusalsBeforeAcceptance, evidence).ok
    expect(may('rejected', 'rjct.payee_fa.invalid')).toBe(true)
    expect(may('rejected', 'rjct.payment.failed')).toBe(false)
    expect(may('rejected', 'rjct.reference_id.duplicate')).toBe(false)
    expect(may('rejected', 'rjct.payment.failed', true)).toBe(true)
    expect(may('reversed')).toBe(false)
    expect(may('cancelled')).toBe(true)
    for (const state of ['unknown', 'review', 'paid', 'sent', 'acknowledged', 'prepared'] as const) {
      expect(may(state, 'rjct.payee_fa.invalid', true)).toBe(false)
    }
  })
})

it('never tells OpenG2P that a payment failed while its money may be under way', () => {
  expect(openG2PStatus.unknown).toEqual({ state: 'sent', status: '' })
  const failed = PaymentState.options.filter((state) => openG2PStatus[state].status === 'failed')
  expect(failed).toEqual(['rejected', 'reversed', 'cancelled'])
})
