import type { Payment, PaymentState } from '../../../shared/model/payment.ts'
import { movePayment, type PaymentEvent } from '../../../shared/rules/payment-life.ts'
import type { Store, Transaction } from '../store/store.ts'

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
  const ruling = movePayment(payment.state, event)
  if (!ruling.ok) return payment
  const state: PaymentState = ruling.value
  const { reasonCode, reasonText, amountPaid, theirReference } = { ...payment, ...detail }
  const same =
    state === payment.state &&
    reasonCode === payment.reasonCode &&
    reasonText === payment.reasonText &&
    amountPaid === payment.amountPaid &&
    theirReference === payment.theirReference
  if (same) return payment
  return transaction.change('payment', payment, {
    reasonCode,
    reasonText,
    amountPaid,
    theirReference,
    ...(detail.reasonCode === undefined ? {} : { reasonParams: {} }),
    state,
    stateAt: state === payment.state ? payment.stateAt : transaction.moment,
  })
}
