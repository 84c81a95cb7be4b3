import type { PaymentState } from '../../../shared/model/payment.ts'

/** Payment states in the order of a bar: done first, then what needs somebody, then what is under way. */
export const stateOrder: readonly PaymentState[] = [
  'paid',
  'rejected',
  'reversed',
  'review',
  'unknown',
  'acknowledged',
  'sent',
  'queued',
  'prepared',
  'blocked',
  'cancelled',
]

export type PaymentCounts = Readonly<Partial<Record<PaymentState, number>>>

export interface ProgressPiece {
  readonly state: PaymentState
  readonly count: number
  /** Of all payments in the batch, 0 to 1. */
  readonly share: number
}

/** The pieces of a progress bar. Payments put aside are no part of a batch any more, unless nothing else is. */
export function progressPieces(counts: PaymentCounts): ProgressPiece[] {
  const all = stateOrder.map((state) => ({ state, count: counts[state] ?? 0 })).filter(({ count }) => count > 0)
  const standing = all.filter(({ state }) => state !== 'cancelled')
  const pieces = standing.length > 0 ? standing : all
  const total = pieces.reduce((sum, { count }) => sum + count, 0)
  return pieces.map((piece) => ({ ...piece, share: piece.count / total }))
}

const FINAL: ReadonlySet<PaymentState> = new Set<PaymentState>(['paid', 'rejected', 'reversed'])

/** Payments whose end is known, and payments in all, without those put aside. */
export function finalOf(counts: PaymentCounts): { readonly final: number; readonly total: number } {
  const pieces = progressPieces(counts).filter(({ state }) => state !== 'cancelled')
  return {
    final: pieces.filter(({ state }) => FINAL.has(state)).reduce((sum, { count }) => sum + count, 0),
    total: pieces.reduce((sum, { count }) => sum + count, 0),
  }
}
