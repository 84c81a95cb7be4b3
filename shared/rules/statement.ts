import type { Payment, PaymentState } from '../model/payment.ts'
import type { Entitlement } from '../model/programme.ts'
import { sumAmounts } from './money.ts'
import { type Reason, type Ruling, reason, ruled } from './ruling.ts'

/*
 * The reconciliation statement of a cycle. Every approved entitlement stands in exactly one line, by the payment that
 * matters most, so that the lines add up to what was granted.
 */

export const statementLines = [
  'notPrepared',
  'notSent',
  'blocked',
  'cancelled',
  'awaitingAnswer',
  'unknown',
  'inReview',
  'paid',
  'rejected',
  'reversed',
] as const
export type StatementLine = (typeof statementLines)[number]

const LINE_OF: Readonly<Record<PaymentState, Exclude<StatementLine, 'notPrepared'>>> = {
  prepared: 'notSent',
  queued: 'notSent',
  blocked: 'blocked',
  cancelled: 'cancelled',
  sent: 'awaitingAnswer',
  acknowledged: 'awaitingAnswer',
  unknown: 'unknown',
  review: 'inReview',
  paid: 'paid',
  rejected: 'rejected',
  reversed: 'reversed',
}

/** Of several attempts the one nearest to the money counts: what is paid or may be paid comes before what failed. */
const WEIGHT: readonly StatementLine[] = [
  'paid',
  'inReview',
  'unknown',
  'awaitingAnswer',
  'notSent',
  'blocked',
  'reversed',
  'rejected',
  'cancelled',
]

const DIFFERENCE_OF = {
  notPrepared: 'statement.not-prepared',
  notSent: 'statement.not-sent',
  blocked: 'statement.blocked',
  cancelled: 'statement.cancelled',
  awaitingAnswer: 'statement.awaiting-answer',
  unknown: 'statement.unknown',
  inReview: 'statement.in-review',
  rejected: 'statement.rejected',
  reversed: 'statement.reversed',
} as const satisfies Record<Exclude<StatementLine, 'paid'>, Reason['code']>

/** A count and its sum in minor units. */
export interface Total {
  readonly count: number
  readonly sum: number
}

export interface Difference extends Reason {
  readonly entitlementId: string
  readonly paymentId: string
  readonly registrantId: string
  /** Minor units that stand open or apart. */
  readonly amount: number
}

export interface Statement {
  /** Approved entitlements: the sum of all lines. */
  readonly entitled: Total
  readonly lines: Readonly<Record<StatementLine, Total>>
  /** Entitlements for which a payment exists: all lines but `notPrepared`. */
  readonly prepared: Total
  /** Entitlements whose payment has left: awaiting an answer, unknown, in review, paid, rejected, reversed. */
  readonly sent: Total
  /** Minor units that payment systems say they paid, over all paid payments; the ordered amount where they do not say. */
  readonly paidOut: number
  readonly differences: readonly Difference[]
}

type StatementEntitlement = Pick<Entitlement, 'id' | 'registrantId' | 'amount' | 'state' | 'removed'>
type StatementPayment = Pick<
  Payment,
  'id' | 'entitlementId' | 'registrantId' | 'attempt' | 'amount' | 'amountPaid' | 'state'
>

const GRANTED: ReadonlySet<Entitlement['state']> = new Set<Entitlement['state']>(['approved', 'trans2FSP', 'rdpd2ben'])
const LEFT: readonly StatementLine[] = ['awaitingAnswer', 'unknown', 'inReview', 'paid', 'rejected', 'reversed']

function decisive(payments: readonly StatementPayment[]): StatementPayment | undefined {
  let found: StatementPayment | undefined
  for (const payment of payments) {
    if (found === undefined) {
      found = payment
      continue
    }
    const nearer = WEIGHT.indexOf(LINE_OF[payment.state]) - WEIGHT.indexOf(LINE_OF[found.state])
    if (nearer < 0 || (nearer === 0 && payment.attempt > found.attempt)) found = payment
  }
  return found
}

/**
 * The statement of one cycle in one currency, from all its entitlements and payments. Refused only when a sum is too
 * large to be exact. Differences come in the order of the entitlements, then payments that belong to none.
 */
export function drawUpStatement(
  entitlements: readonly StatementEntitlement[],
  payments: readonly StatementPayment[],
): Ruling<Statement> {
  const granted = new Map<string, StatementEntitlement>()
  for (const entitlement of entitlements) {
    if (!entitlement.removed && GRANTED.has(entitlement.state)) granted.set(entitlement.id, entitlement)
  }
  const byEntitlement = new Map<string, StatementPayment[]>()
  const strays: StatementPayment[] = []
  for (const payment of payments) {
    if (!granted.has(payment.entitlementId)) {
      if (payment.state !== 'cancelled') strays.push(payment)
      continue
    }
    const known = byEntitlement.get(payment.entitlementId)
    if (known === undefined) byEntitlement.set(payment.entitlementId, [payment])
    else known.push(payment)
  }

  const amounts = Object.fromEntries(statementLines.map((line) => [line, [] as number[]])) as Record<
    StatementLine,
    number[]
  >
  const differences: Difference[] = []
  for (const entitlement of granted.values()) {
    const own = byEntitlement.get(entitlement.id) ?? []
    const payment = decisive(own)
    const line = payment === undefined ? 'notPrepared' : LINE_OF[payment.state]
    amounts[line].push(entitlement.amount)
    const differ = (why: Reason, amount: number, by = payment) => {
      const paymentId = by?.id ?? ''
      differences.push({
        ...why,
        entitlementId: entitlement.id,
        registrantId: entitlement.registrantId,
        paymentId,
        amount,
      })
    }
    if (line !== 'paid') differ(reason(DIFFERENCE_OF[line]), entitlement.amount)
    const paid = own.filter(({ state }) => state === 'paid')
    for (const each of paid) {
      const difference = (each.amountPaid ?? each.amount) - entitlement.amount
      if (difference !== 0) differ(reason('statement.amount-differs'), Math.abs(difference), each)
      if (each !== payment) differ(reason('statement.paid-twice'), each.amountPaid ?? each.amount, each)
    }
  }
  for (const { id, entitlementId, registrantId, amount } of strays) {
    differences.push({ ...reason('statement.no-entitlement'), entitlementId, paymentId: id, registrantId, amount })
  }

  const paidOut = sumAmounts(
    payments.filter(({ state }) => state === 'paid').map(({ amount, amountPaid }) => amountPaid ?? amount),
  )
  if (!paidOut.ok) return paidOut
  const entitledSum = sumAmounts([...granted.values()].map(({ amount }) => amount))
  if (!entitledSum.ok) return entitledSum
  // Parts of a sum that is exact are exact themselves.
  const total = (lines: readonly StatementLine[]): Total => ({
    count: lines.reduce((count, line) => count + amounts[line].length, 0),
    sum: lines.reduce((sum, line) => sum + amounts[line].reduce((one, other) => one + other, 0), 0),
  })
  const lines = Object.fromEntries(statementLines.map((line) => [line, total([line])])) as Record<StatementLine, Total>
  return ruled({
    entitled: { count: granted.size, sum: entitledSum.value },
    lines,
    prepared: total(statementLines.filter((line) => line !== 'notPrepared')),
    sent: total(LEFT),
    paidOut: paidOut.value,
    differences,
  })
}
