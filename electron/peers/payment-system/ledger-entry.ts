import type { Disbursement } from '../../../shared/contract/g2p-connect.ts'

/** What is still to happen to a payment. */
export interface Step {
  readonly id: number
  /** Epoch milliseconds of the peer's clock. */
  readonly at: number
  readonly do: 'pay' | 'reject' | 'reverse'
  readonly code: string
}

/** One payment as the payment system knows it: what came over the wire, and what was done with the money. */
export interface LedgerEntry {
  /** Place in the ledger, from 1. */
  readonly position: number
  readonly referenceId: string
  /** As it was sent the first time. */
  readonly disbursement: Disbursement
  readonly senderId: string
  readonly messageId: string
  readonly transactionId: string
  readonly acceptedAt: number
  /** Status look-ups find it from then on. */
  readonly knownAt: number
  /** How often it was delivered. */
  deliveries: number
  status: 'rcvd' | 'succ' | 'rjct'
  reasonCode: string
  statusAt: number
  /** When it was first paid. */
  paidAt: number | null
  /** More than 1 is a double payment. */
  paidCount: number
  /** Money that left, in hundredths of the currency unit. */
  paidHundredths: number
  reversedAt: number | null
  /** The next thing due, null when nothing is. */
  dueAt: number | null
}

/** One line of the ledger file. Append-only: the entries are what the lines add up to. */
export type LedgerLine =
  | {
      readonly kind: 'message'
      readonly senderId: string
      readonly messageId: string
      readonly transactionId: string
      readonly correlationId: string
      readonly at: number
      /** Nobody is told of it before. */
      readonly knownAt?: number
    }
  | {
      readonly kind: 'accepted'
      readonly senderId: string
      readonly messageId: string
      readonly transactionId: string
      readonly at: number
      readonly knownAt: number
      readonly disbursement: Disbursement
      readonly steps: readonly Step[]
    }
  /** It came again: with steps when it will be paid again. */
  | { readonly kind: 'again'; readonly referenceId: string; readonly at: number; readonly steps: readonly Step[] }
  /** Room made for a message before it came (OpenG2P G2P Bridge). */
  | {
      readonly kind: 'envelope'
      readonly id: string
      /** How many disbursements it may hold, and how much money in hundredths of the currency unit. */
      readonly count: number
      readonly hundredths: number
      readonly currency: string
      readonly at: number
    }
  /** What the payment system calls one delivery of a payment. */
  | {
      readonly kind: 'named'
      readonly id: string
      readonly envelopeId: string
      readonly referenceId: string
      readonly at: number
      readonly knownAt: number
      /** This delivery alone came to nothing, by this code. */
      readonly refused?: string
    }
  | { readonly kind: 'step'; readonly referenceId: string; readonly at: number; readonly step: Step }

/** An amount on the wire (`12.5`) in hundredths of the unit (1250); 0 when it is not an amount. */
export function hundredthsOf(amount: string): number {
  const match = /^(\d{1,13})\.(\d{1,2})$/.exec(amount)
  if (match === null) return 0
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}
