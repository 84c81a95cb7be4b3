import { hundredthsOf, type LedgerEntry } from './ledger-entry.ts'

/** So many payments and so much money, in hundredths of the currency unit. */
export interface Total {
  count: number
  hundredths: number
}

/** The ledger in a few numbers. `paid`, `rejected` and `waiting` add up to `entries`. */
export interface LedgerSummary {
  readonly entries: Total
  /** Money left at least once and was not taken back. */
  readonly paid: Total
  readonly rejected: Total
  readonly waiting: Total
  /** Part of `rejected`: paid first, then taken back. */
  readonly reversed: Total
  /** Paid more than once; the money is what left beyond the first time. */
  readonly paidMoreThanOnce: Total
  readonly deliveries: number
  readonly byReason: Readonly<Record<string, number>>
}

export function summarise(entries: readonly LedgerEntry[]): LedgerSummary {
  const total = (): Total => ({ count: 0, hundredths: 0 })
  const summary = {
    entries: total(),
    paid: total(),
    rejected: total(),
    waiting: total(),
    reversed: total(),
    paidMoreThanOnce: total(),
  }
  const byReason: Record<string, number> = {}
  let deliveries = 0
  for (const entry of entries) {
    const amount = hundredthsOf(entry.disbursement.amount)
    add(summary.entries, amount)
    deliveries += entry.deliveries
    if (entry.paidCount > 1) add(summary.paidMoreThanOnce, entry.paidHundredths - amount)
    if (entry.reversedAt !== null) add(summary.reversed, amount)
    if (entry.reasonCode !== '') byReason[entry.reasonCode] = (byReason[entry.reasonCode] ?? 0) + 1
    if (entry.paidCount > 0 && entry.reversedAt === null) add(summary.paid, amount)
    else if (entry.status === 'rjct') add(summary.rejected, amount)
    else add(summary.waiting, amount)
  }
  return { ...summary, deliveries, byReason }
}

function add(total: Total, hundredths: number): void {
  total.count += 1
  total.hundredths += hundredths
}
