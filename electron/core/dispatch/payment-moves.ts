import type { Payment, PaymentState } from '../../../shared/model/payment.ts'
import { movePayment, type PaymentEvent } from '../../../shared/rules/payment-life.ts'
import type { Draft, Store, Transaction } from '../store/store.ts'

export interface MoveDetail {
  readonly reasonCode?: string
  readonly reasonText?: string
  readonly amountPaid?: number | null
  readonly theirReference?: string
}

/** The payments with these ids, in one query; order is not kept. */
export function paymentsById(sql: Store['sql'], ids: readonly string[]): Payment[] {
  const bodies = sql('SELECT body FROM payment WHERE id IN (SELECT value FROM json_each(?))')
    .pluck()
    .all(JSON.stringify(ids)) as string[]
  return bodies.map((body) => JSON.parse(body) as Payment)
}

type Change = Partial<Draft<'payment'>>

/** What an event writes of a payment; undefined where it changes nothing, as where its state does not allow it. */
function changeBy(
  payment: Payment,
  event: PaymentEvent,
  detail: MoveDetail,
  moment: Transaction['moment'],
): Change | undefined {
  const ruling = movePayment(payment.state, event)
  if (!ruling.ok) return undefined
  const state: PaymentState = ruling.value
  const change: { -readonly [F in keyof Change]: Change[F] } = {}
  if (detail.reasonCode !== undefined && detail.reasonCode !== payment.reasonCode) change.reasonCode = detail.reasonCode
  if (detail.reasonText !== undefined && detail.reasonText !== payment.reasonText) change.reasonText = detail.reasonText
  if (detail.amountPaid !== undefined && detail.amountPaid !== payment.amountPaid) change.amountPaid = detail.amountPaid
  if (detail.theirReference !== undefined && detail.theirReference !== payment.theirReference) {
    change.theirReference = detail.theirReference
  }
  if (state !== payment.state) {
    change.state = state
    change.stateAt = moment
  }
  if (Object.keys(change).length === 0) return undefined
  if (detail.reasonCode !== undefined && Object.keys(payment.reasonParams).length > 0) change.reasonParams = {}
  return change
}

/**
 * Moves a payment by the table of `rules/payment-life.ts` and writes it when anything changed. An event that the state
 * does not allow changes nothing.
 *
 * @returns the payment as it is afterwards
 */
export function applyEvent(
  transaction: Transaction,
  payment: Payment,
  event: PaymentEvent,
  detail: MoveDetail = {},
): Payment {
  const change = changeBy(payment, event, detail, transaction.moment)
  return change === undefined ? payment : transaction.change('payment', payment, change)
}

/**
 * As {@link applyEvent} for payments that one event moves: those that change alike are written together.
 *
 * @returns how many changed
 */
export function applyEventToAll(
  transaction: Transaction,
  payments: readonly Payment[],
  event: PaymentEvent,
  detailOf: (payment: Payment) => MoveDetail = () => ({}),
): number {
  const alike = new Map<string, { readonly change: Change; readonly payments: Payment[] }>()
  let moved = 0
  for (const payment of payments) {
    const change = changeBy(payment, event, detailOf(payment), transaction.moment)
    if (change === undefined) continue
    moved += 1
    const key = JSON.stringify(change)
    const others = alike.get(key)
    if (others === undefined) alike.set(key, { change, payments: [payment] })
    else others.payments.push(payment)
  }
  for (const { change, payments: together } of alike.values()) transaction.changeAll('payment', together, change)
  return moved
}
