import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PayeeAnswer } from '../../../shared/rules/payee.ts'
import {
  checkPayments,
  findUsualAmount,
  type PreflightContext,
  type PreparedPayment,
} from '../../../shared/rules/preflight.ts'
import { reason } from '../../../shared/rules/ruling.ts'

const context = (more: Partial<PreflightContext> = {}): PreflightContext => ({
  programme: { id: 'prog', state: 'active', currency: 'ETB', fund: null },
  cycle: { id: 'cycle', state: 'approved', ceiling: null },
  manager: { id: 'man', state: 'active', kind: 'g2p-connect', amountsFormat: 'two-decimals', payerAddress: '' },
  standing: [],
  fundUsed: 0,
  ceilingUsed: 0,
  earlierAmounts: [],
  ...more,
})

const paid = (registrantId: string, address = `phone:${registrantId}`): PayeeAnswer => ({
  ok: true,
  value: { registrantId, name: registrantId, role: 'self', address },
})

const payment = (id: string, more: Partial<PreparedPayment> = {}): PreparedPayment => ({
  paymentId: `pay-${id}`,
  entitlement: { id: `ent-${id}`, state: 'approved', amount: 1000, currency: 'ETB' },
  registrant: { id, removed: false, deceasedOn: null },
  enrolment: { state: 'enrolled', removed: false },
  payee: paid(id),
  ...more,
})

const entitlement = (id: string, more: Partial<PreparedPayment['entitlement']>) => ({
  ...payment(id).entitlement,
  ...more,
})

const told = (payments: PreparedPayment[], given = context()) =>
  checkPayments(payments, given).findings.map(
    ({ code, severity, paymentId, fix }) => `${paymentId ?? 'all'} ${severity} ${code} → ${fix.kind} ${fix.id}`,
  )

describe('checkPayments', () => {
  it('finds nothing against good payments', () => {
    expect(checkPayments([payment('a'), payment('b')], context())).toEqual({
      findings: [],
      payable: ['pay-a', 'pay-b'],
      blocked: new Set(),
      sum: 2000,
    })
  })

  it.each<[string, Partial<PreparedPayment>, string]>([
    [
      'removed',
      { registrant: { id: 'a', removed: true, deceasedOn: null } },
      'preflight.registrant-removed → registrant a',
    ],
    [
      'dead',
      { registrant: { id: 'a', removed: false, deceasedOn: '2026-01-01' } },
      'preflight.registrant-deceased → registrant a',
    ],
    ['not enrolled', { enrolment: null }, 'preflight.not-enrolled → registrant a'],
    ['paused', { enrolment: { state: 'paused', removed: false } }, 'preflight.enrolment-paused → registrant a'],
    ['exited', { enrolment: { state: 'exited', removed: false } }, 'preflight.enrolment-exited → registrant a'],
    ['zero', { entitlement: entitlement('a', { amount: 0 }) }, 'amount.zero → cycle cycle'],
    ['huge', { entitlement: entitlement('a', { amount: 2e15 }) }, 'amount.too-large → cycle cycle'],
    ['foreign', { entitlement: entitlement('a', { currency: 'USD' }) }, 'preflight.currency-mismatch → cycle cycle'],
    [
      'unapproved',
      { entitlement: entitlement('a', { state: 'draft' }) },
      'preflight.entitlement-not-approved → cycle cycle',
    ],
    [
      'unreachable',
      { payee: { ok: false, error: reason('address.no-phone'), fix: { kind: 'registrant', id: 'head' } } },
      'address.no-phone → registrant head',
    ],
  ])('keeps a payment that is %s out and lets the rest go on', (_, more, expected) => {
    const payments = [payment('a', more), payment('b')]
    expect(told(payments)).toEqual([`pay-a blocks ${expected}`])
    expect(checkPayments(payments, context())).toMatchObject({ payable: ['pay-b'], sum: 1000 })
  })

  it('lists every reason of one payment', () => {
    const bad = payment('a', { enrolment: null, entitlement: entitlement('a', { amount: 0 }) })
    expect(told([bad])).toHaveLength(2)
  })

  it('never lets one entitlement be paid twice', () => {
    const again = payment('b', { entitlement: entitlement('a', {}) })
    expect(told([payment('a'), again])).toEqual(['pay-b blocks preflight.entitlement-twice → cycle cycle'])
    const standing = [{ entitlementId: 'ent-a', registrantId: 'a', payeeId: 'a', payeeAddress: 'phone:a' }]
    expect(told([payment('a')], context({ standing }))).toEqual([
      'pay-a blocks preflight.entitlement-twice → cycle cycle',
    ])
  })

  it('warns of one person or one address for several registrants, standing payments included', () => {
    expect(told([payment('a', { payee: paid('p') }), payment('b', { payee: paid('p') })])).toEqual([
      'pay-a warns preflight.person-twice → registrant p',
      'pay-b warns preflight.person-twice → registrant p',
    ])
    expect(
      told([payment('a', { payee: paid('a', 'PHONE:1') }), payment('b', { payee: paid('b', 'phone:1') })]),
    ).toEqual([
      'pay-a warns preflight.address-twice → registrant a',
      'pay-b warns preflight.address-twice → registrant b',
    ])
    const standing = [{ entitlementId: 'other', registrantId: 'z', payeeId: 'a', payeeAddress: 'phone:a' }]
    expect(told([payment('a')], context({ standing }))).toEqual(['pay-a warns preflight.person-twice → registrant a'])
  })

  it('does not warn of a registrant with two entitlements of its own', () => {
    expect(told([payment('a'), payment('b', { registrant: payment('a').registrant, payee: paid('a') })])).toEqual([])
  })

  it('warns of amounts beyond three times or below a third of the usual', () => {
    const usual = Array.from({ length: 12 }, (_, at) => payment(`n${at}`))
    const odd = [3000, 3001, 334, 333].map((amount) =>
      payment(`x${amount}`, { entitlement: entitlement(`x${amount}`, { amount }) }),
    )
    expect(told([...usual, ...odd])).toEqual([
      'pay-x3001 warns preflight.amount-unusual → registrant x3001',
      'pay-x333 warns preflight.amount-unusual → registrant x333',
    ])
    expect(told(odd)).toEqual([])
    expect(findUsualAmount([5, 1, 3, 2, 4, 6, 7, 8, 9, 10])).toBe(5)
  })

  it('stops everything at the fund, the ceiling, and what is not open', () => {
    const given = context({
      programme: { id: 'prog', state: 'active', currency: 'ETB', fund: 2500 },
      cycle: { id: 'cycle', state: 'draft', ceiling: 1999 },
      manager: { id: 'man', state: 'suspended', kind: 'g2p-connect', amountsFormat: 'two-decimals', payerAddress: '' },
      fundUsed: 501,
    })
    const result = checkPayments([payment('a'), payment('b')], given)
    expect(result.findings.map(({ code, params }) => ({ code, params }))).toEqual([
      { code: 'preflight.manager-suspended', params: {} },
      { code: 'preflight.cycle-not-approved', params: {} },
      { code: 'preflight.fund-exceeded', params: { over: '0.01 ETB', fund: '25.00 ETB' } },
      { code: 'preflight.ceiling-exceeded', params: { over: '0.01 ETB', ceiling: '19.99 ETB' } },
    ])
    expect(result).toMatchObject({ payable: [], sum: 2000 })
  })

  it('says once that a currency cannot be carried', () => {
    const given = context({ programme: { ...context().programme, currency: 'KWD' } })
    const payments = ['a', 'b'].map((id) => payment(id, { entitlement: entitlement(id, { currency: 'KWD' }) }))
    expect(told(payments, given)).toEqual(['all blocks amount.not-expressible → manager man'])
  })

  it('parts payments into payable and blocked, and adds up what goes on', () => {
    const any = fc.record({
      amount: fc.constantFrom(0, 1, 500, 1000),
      state: fc.constantFrom('approved' as const, 'draft' as const),
      ok: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (all) => {
        const payments = all.map(({ amount, state, ok }, at) =>
          payment(String(at), {
            entitlement: entitlement(String(at), { amount, state }),
            payee: ok ? paid(String(at)) : { ok, error: reason('payee.no-head'), fix: { kind: 'registrant', id: 'x' } },
          }),
        )
        const { payable, blocked, sum, findings } = checkPayments(payments, context())
        expect([...payable, ...blocked].sort()).toEqual(payments.map(({ paymentId }) => paymentId).sort())
        const good = payments.filter(({ paymentId }) => payable.includes(paymentId))
        expect(sum).toBe(good.reduce((total, { entitlement: { amount } }) => total + amount, 0))
        const blockers = findings.filter(({ severity }) => severity === 'blocks').map(({ paymentId }) => paymentId)
        expect(new Set(blockers)).toEqual(blocked)
      }),
    )
  })
})
