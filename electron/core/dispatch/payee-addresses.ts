import type { Fault } from '../../../shared/contract/result.ts'
import type { SubmissionLine } from '../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'

/** A payment whose payee cannot be paid any more where it was approved. */
export interface ChangedPayee {
  readonly paymentId: string
  readonly code: 'mapper.payee-changed' | 'mapper.payee-vanished'
}

/** What asking anew for the addresses of a message came to. */
export type AddressCheck =
  | {
      readonly kind: 'checked'
      readonly changed: readonly ChangedPayee[]
      /** Payments of whose payee nothing certain could be learnt. */
      readonly unanswered: readonly string[]
    }
  /** Not tried: the line is down, or who would be asked rests. */
  | { readonly kind: 'put-off'; readonly fault: Fault; readonly retryAt: number }
  | { readonly kind: 'failed'; readonly fault: Fault; readonly slowDown: boolean }
  | { readonly kind: 'refused'; readonly fault: Fault }

/** Where all addresses come from the registry. */
export const ASKS_NOBODY: PayeeAddresses = {
  isAsked: () => false,
  check: async () => ({ kind: 'checked', changed: [], unanswered: [] }),
}

/** Addresses that somebody outside gives, and that are asked for again before they are paid. */
export interface PayeeAddresses {
  /** Whether the addresses of a manager's payees are of that kind. */
  isAsked(manager: PaymentManager): boolean
  check(manager: PaymentManager, lines: readonly SubmissionLine[], signal: AbortSignal): Promise<AddressCheck>
}
