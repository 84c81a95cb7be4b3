import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PaymentState } from '../../../shared/model/payment.ts'
import { drawUpStatement, statementLines } from '../../../shared/rules/statement.ts'

type Entitlements = Parameters<typeof drawUpStatement>[0]
type Payments = Parameters<typeof drawUpStatement>[1]

const entitlement = (id: string, more: Partial<Entitlements[number]> = {}): Entitlements[number] => ({
  id,
  registrantId: `r-${id}`,
  amount: 1000,
  state: 'approved',
  removed: false,
  ...more,
})

const payment = (
  entitlementId: string,
  state: PaymentState,
  more: Partial<Payments[number]> = {},
): Payments[number] => ({
  id: `${entitlementId}-${more.attempt ?? 1}`,
  entitlementId,
  registrantId: `r-${entitlementId}`,
  attempt: 1,
  amount: 1000,
  amountPaid: null,
  state,
  ...more,
})

const draw = (entitlements: Entitlements, payments: Payments) => {
  const ruling = drawUpStatement(entitlements, payments)
  if (!ruling.ok) throw new Error(ruling.error.code)
  return ruling.value
}

describe('drawUpStatement', () => {
  it('puts each entitlement into one line and lists what stands apart', () => {
    const statement = draw(
      [entitlement('a'), entitlement('b', { amount: 500 }), entitlement('c'), entitlement('d', { state: 'draft' })],
      [
        payment('a', 'rejected'),
        payment('a', 'paid', { attempt: 2, amountPaid: 990 }),
        payment('b', 'unknown', { amount: 500 }),
      ],
    )
    expect(statement.entitled).toEqual({ count: 3, sum: 2500 })
    expect(statement.lines).toMatchObject({
      paid: { count: 1, sum: 1000 },
      unknown: { count: 1, sum: 500 },
      notPrepared: { count: 1, sum: 1000 },
      rejected: { count: 0, sum: 0 },
    })
    expect(statement.prepared).toEqual({ count: 2, sum: 1500 })
    expect(statement.sent).toEqual({ count: 2, sum: 1500 })
    expect(statement.paidOut).toBe(990)
    expect(
      statement.differences.map(({ code, entitlementId, paymentId, amount }) => [
        code,
        entitlementId,
        paymentId,
        amount,
      ]),
    ).toEqual([
      ['statement.amount-differs', 'a', 'a-2', 10],
      ['statement.unknown', 'b', 'b-1', 500],
      ['statement.not-prepared', 'c', '', 1000],
    ])
  })

  it('shows money paid twice and money paid for nothing that was granted', () => {
    const { differences, paidOut } = draw(
      [entitlement('a'), entitlement('gone', { removed: true })],
      [payment('a', 'paid'), payment('a', 'paid', { attempt: 2 }), payment('gone', 'paid'), payment('x', 'cancelled')],
    )
    expect(paidOut).toBe(3000)
    expect(differences.map(({ code, paymentId }) => [code, paymentId])).toEqual([
      ['statement.paid-twice', 'a-1'],
      ['statement.no-entitlement', 'gone-1'],
    ])
  })

  it('refuses a sum that would not be exact', () => {
    const huge = [entitlement('a', { amount: Number.MAX_SAFE_INTEGER }), entitlement('b')]
    expect(drawUpStatement(huge, [])).toMatchObject({ ok: false, error: { code: 'amount.sum-too-large' } })
  })

  it('adds up: the lines are the entitled, and everything that is not plainly paid is a difference', () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 5, maxLength: 5 })
    const anyPayments = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 4 }),
        state: fc.constantFrom(...PaymentState.options),
        amountPaid: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(amounts, anyPayments, (granted, given) => {
        const entitlements = ids.map((id, at) => entitlement(id, { amount: granted[at] ?? 0 }))
        const payments = given.map(({ at, state, amountPaid }, attempt) =>
          payment(ids[at] ?? '', state, { attempt: attempt + 1, amount: granted[at] ?? 0, amountPaid }),
        )
        const statement = draw(entitlements, payments)
        const lines = statementLines.map((line) => statement.lines[line])
        expect(lines.reduce((sum, line) => sum + line.sum, 0)).toBe(granted.reduce((sum, each) => sum + each, 0))
        expect(lines.reduce((count, line) => count + line.count, 0)).toBe(5)
        expect(statement.entitled.sum).toBe(statement.prepared.sum + statement.lines.notPrepared.sum)
        for (const id of ids) {
          const paid = payments.filter((each) => each.entitlementId === id && each.state === 'paid')
          const plain = paid.length === 1 && (paid[0]?.amountPaid ?? paid[0]?.amount) === paid[0]?.amount
          expect(statement.differences.some((each) => each.entitlementId === id)).toBe(!plain)
        }
      }),
    )
  })
})
