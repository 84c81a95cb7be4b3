import type { Collection } from '../model/pay-table.ts'
import type { Payment } from '../model/payment.ts'
import type { PayTableStanding } from '../rules/pay-table.ts'

/** A line of the pay table. */
export interface PayTableRow
  extends Pick<
    Payment,
    'payeeName' | 'registrantId' | 'registrantName' | 'amount' | 'state' | 'reasonCode' | 'reasonText'
  > {
  readonly paymentId: string
  /** Its place on the printed list, from 1. */
  readonly number: number
  readonly payeeAddressHint: string
  readonly standing: PayTableStanding
  /** The newest tick; null where there is none, or it was taken back. */
  readonly tick: Collection | null
  /** Who ticked it. */
  readonly tickedBy: string
  /** Why the officer who asks may not confirm the tick; empty where nothing stands against it. */
  readonly mayNotConfirm: '' | 'pay-table.same-officer' | 'pay-table.sponsored'
}

/** What stands above the list. */
export interface PayTableHead {
  readonly batchId: string
  readonly name: string
  readonly programmeName: string
  readonly cycleName: string
  readonly currency: string
  /** Payees show vouchers whose code can be read. */
  readonly vouchers: boolean
  /** Count and sum (minor units) by standing; of the settled ones, what was paid is counted by itself. */
  readonly totals: Readonly<Record<PayTableStanding | 'paid', { readonly count: number; readonly sum: number }>>
  /** Why nothing can be ticked here now; null where it can. */
  readonly obstacle: 'pay-table.not-paid-by-hand' | 'pay-table.not-given-out' | null
  /** The office that has to confirm, where it is not this one; empty otherwise. */
  readonly confirmedBy: string
}
