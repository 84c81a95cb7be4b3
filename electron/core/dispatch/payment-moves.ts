import type { Payment, PaymentState } from '../../../shared/model/payment.ts'
import { movePayment, type PaymentEvent } from '../../../shared/rules/payment-life.ts'
import type { Draft, Store, Transaction } from '../store/store.ts'

export interface MoveDetail {
  readonly reasonCode?: string
  readonly reasonText?: string
  readonly amountPaid?: number | null
  readonly theirReference?: string
}

/** The payments with these ids, each once, in one query: in the order of the ids, in which they mostly lie in the file. */
export function paymentsById(sql: Store['sql'], ids: readonly string[]): Payment[] {
  const bodies = sql('SELECT body FROM json_each(?) AS one CROSS JOIN payment ON payment.id = one.value')
    .pluck()
    .all(JSON.stringify([...new Set(ids)])) as string[]
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

/** Moves of many payments, worked out one by one and written together at the end: those that change alike in one statement. */
export class Moves {
  readonly #transaction: Transaction
  /** By payment: as it is stored, and what it gets. */
  readonly #changed = new Map<string, { readonly before: Payment; readonly change: Change }>()

  constructor(transaction: Transaction) {
    this.#transaction = transaction
  }

  /** As {@link applyEvent}, but nothing is written yet. @param payment as it is stored, or as this left it */
  apply(payment: Payment, event: PaymentEvent, detail: MoveDetail = {}): Payment {
    const { moment: changedAt, officerId: changedBy } = this.#transaction
    const change = changeBy(payment, event, detail, changedAt)
    if (change === undefined) return payment
    const known = this.#changed.get(payment.id)
    this.#changed.set(payment.id, {
      before: known?.before ?? payment,
      change: { ...known?.change, ...change },
    })
    return { ...payment, ...change, changedAt, changedBy }
  }

  /** @returns how many payments changed */
  write(): number {
    const alike = Map.groupBy(this.#changed.values(), ({ change }) => JSON.stringify(change))
    for (const together of alike.values()) {
      const [first] = together
      if (first === undefined) continue
      const before = together.map((one) => one.before)
      if (together.length === 1) this.#transaction.change('payment', first.before, first.change)
      else this.#transaction.changeAll('payment', before, first.change)
    }
    return this.#changed.size
  }
}

/** {@link Moves} of payments that one event moves. @returns how many changed */
export function applyEventToAll(
  transaction: Transaction,
  payments: readonly Payment[],
  event: PaymentEvent,
  detailOf: (payment: Payment) => MoveDetail = () => ({}),
): number {
  const moves = new Moves(transaction)
  for (const payment of payments) moves.apply(payment, event, detailOf(payment))
  return moves.write()
}
