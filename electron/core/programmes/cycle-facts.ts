import type { PaymentState } from '../../../shared/model/payment.ts'
import type { EntitlementState } from '../../../shared/model/programme.ts'
import type { CycleFacts } from '../../../shared/rules/cycle-life.ts'
import { grantedStates } from '../../../shared/rules/entitlement-life.ts'
import { entitlementsWithout } from './entitlements-without.ts'
import { grantedSum } from './programmes.ts'
import type { StoreReading } from './standing.ts'

/** A count and its sum in minor units. */
export interface StateTotal<S> {
  readonly state: S
  readonly count: number
  readonly sum: number
}

export interface PaymentTotal extends StateTotal<PaymentState> {
  /** What payment systems say they paid; the ordered amount where they do not say. */
  readonly paid: number
}

export const entitlementTotals = (store: StoreReading, cycleId: string): StateTotal<EntitlementState>[] =>
  store
    .sql(
      `SELECT state, count(*) AS count, sum(amount) AS sum FROM entitlement
       WHERE cycle_id = ? AND removed = 0 GROUP BY state`,
    )
    .all(cycleId) as StateTotal<EntitlementState>[]

export const paymentTotals = (store: StoreReading, cycleId: string): PaymentTotal[] =>
  store
    .sql(
      `SELECT state, count(*) AS count, sum(amount) AS sum, sum(coalesce(amount_paid, amount)) AS paid FROM payment
       WHERE cycle_id = ? GROUP BY state`,
    )
    .all(cycleId) as PaymentTotal[]

/** Approved entitlements for which no payment has left: none is there, or only ones that wait or were given up. */
const notSent = (store: StoreReading, cycleId: string): number =>
  store
    .sql(`SELECT count(*) FROM ${entitlementsWithout(['prepared', 'queued', 'blocked', 'cancelled'])}`)
    .pluck()
    .get({ cycle: cycleId }) as number

/** What counts against ceiling and fund, minor units. */
export function budgetFacts(
  store: StoreReading,
  { id, programmeId }: { id: string; programmeId: string },
): Pick<CycleFacts, 'grantedSum' | 'grantedElsewhere'> {
  const totals = entitlementTotals(store, id).filter(({ state }) => grantedStates.includes(state))
  return {
    grantedSum: totals.reduce((all, { sum }) => all + sum, 0),
    grantedElsewhere: grantedSum(store, programmeId, id),
  }
}

/** Counts what the rules of a cycle's life ask about. */
export function cycleFacts(store: StoreReading, { id, programmeId }: { id: string; programmeId: string }): CycleFacts {
  const entitlements = entitlementTotals(store, id)
  const payments = paymentTotals(store, id)
  const of = <S>(totals: readonly StateTotal<S>[], states: readonly S[]) => {
    const found = totals.filter(({ state }) => states.includes(state))
    return {
      count: found.reduce((all, { count }) => all + count, 0),
      sum: found.reduce((all, { sum }) => all + sum, 0),
    }
  }
  const pending = of(entitlements, ['pending_validation'])
  const grantedHere = of(entitlements, grantedStates)
  return {
    drafts: of(entitlements, ['draft']).count,
    pending: pending.count,
    pendingSum: pending.sum,
    granted: grantedHere.count,
    grantedSum: grantedHere.sum,
    grantedElsewhere: grantedSum(store, programmeId, id),
    notSent: notSent(store, id),
    open: of(payments, ['sent', 'acknowledged', 'unknown', 'review']).count,
    payments: payments.filter(({ state }) => state !== 'cancelled').reduce((all, { count }) => all + count, 0),
    waitingPayments: of(payments, ['prepared', 'queued']).count,
  }
}
