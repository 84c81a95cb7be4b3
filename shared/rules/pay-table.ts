import type { Collection } from '../model/pay-table.ts'
import type { PaymentState } from '../model/payment.ts'
import type { PaymentManager } from '../model/payment-manager.ts'
import { areApart } from './batch-life.ts'
import { isOpenOutside } from './payment-life.ts'

/** The code under which a payment is rejected that nobody came for. The money never left the officer's table (I5). */
export const NOT_COLLECTED = 'pay-table.not-collected'

/** Whether payments of a manager are handed out by officers, who tick them off: cash by a list, or vouchers. */
export function isPaidByHand({ kind, paymentFile }: Pick<PaymentManager, 'kind' | 'paymentFile'>): boolean {
  const form = kind === 'file' ? paymentFile?.file.form : undefined
  return form === 'list' || form === 'vouchers'
}

/** How a payment stands at the pay table. */
export type PayTableStanding =
  /** Nobody has ticked it yet. */
  | 'open'
  /** Ticked, and not confirmed. */
  | 'collected'
  | 'absent'
  /** Confirmed, or settled another way: nothing is left to tick. */
  | 'settled'

/**
 * How a payment stands at the pay table.
 *
 * @param tick the newest entry of an officer, whichever; undefined before the first
 * @param confirmed whether another officer confirmed this very tick
 */
export function payTableStanding(
  state: PaymentState,
  tick: Pick<Collection, 'entry'> | undefined,
  confirmed: boolean,
): PayTableStanding {
  const waits = tick !== undefined && !confirmed && (tick.entry === 'collected' || tick.entry === 'absent')
  // A tick that came from another laptop after the payment was settled has to be seen if it says otherwise.
  if (waits && !saysTheSame(state, tick.entry)) return tick.entry === 'collected' ? 'collected' : 'absent'
  return isOpenOutside(state) && !confirmed ? 'open' : 'settled'
}

const saysTheSame = (state: PaymentState, entry: Collection['entry']): boolean =>
  (state === 'paid' && entry === 'collected') || (state === 'rejected' && entry === 'absent')

/** Why an officer may not confirm a tick (I7); empty where nothing stands against it. */
export function whyNotConfirm(
  { changedBy }: Pick<Collection, 'changedBy'>,
  officerId: string,
  sponsorsOf: (id: string) => readonly string[] | undefined,
): '' | 'pay-table.same-officer' | 'pay-table.sponsored' {
  if (changedBy === officerId) return 'pay-table.same-officer'
  return areApart(changedBy, officerId, sponsorsOf) ? '' : 'pay-table.sponsored'
}
