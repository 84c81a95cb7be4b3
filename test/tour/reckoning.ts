import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedger } from '../../electron/peers/payment-system/ledger.ts'
import { hundredthsOf, type LedgerEntry } from '../../electron/peers/payment-system/ledger-entry.ts'
import type { Api } from '../../renderer/api/client.ts'
import type { PaymentState } from '../../shared/model/payment.ts'

export interface Total {
  count: number
  /** Minor units. */
  sum: number
}
export type Totals = Record<string, Total>

interface StorePayment {
  readonly id: string
  readonly state: PaymentState
  readonly amount: number
}

export function add(totals: Totals, name: string, { count, sum }: Total): void {
  totals[name] ??= { count: 0, sum: 0 }
  const total = totals[name]
  total.count += count
  total.sum += sum
}

/** The payment system's own books, as they stand now. The file itself is left untouched. */
export function readLedger(file: string, now: number): readonly LedgerEntry[] {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  try {
    const copy = join(folder, 'ledger.jsonl')
    copyFileSync(file, copy)
    const ledger = openLedger(copy)
    ledger.settle(now)
    const entries = ledger.entries()
    ledger.close()
    return entries
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What became of the money of one payment, as its books say. */
export function outcomeOf({
  status,
  paidCount,
  reversedAt,
}: LedgerEntry): 'paid' | 'rejected' | 'reversed' | 'waiting' {
  if (reversedAt !== null) return 'reversed'
  if (paidCount > 0) return 'paid'
  return status === 'rjct' ? 'rejected' : 'waiting'
}

export async function paymentsInStore(api: Api, cycleId: string): Promise<StorePayment[]> {
  const payments: StorePayment[] = []
  for (;;) {
    const page = await api.batches.payments.ask({ cycleId, offset: payments.length, limit: 500 })
    payments.push(...page.rows.map(({ id, state, amount }) => ({ id, state, amount })))
    if (page.rows.length === 0 || payments.length >= page.total) return payments
  }
}

/** What the office may show for each outcome. Money that came back is rejected, reversed, or stands before an officer. */
const fitting: Readonly<Record<ReturnType<typeof outcomeOf>, readonly PaymentState[]>> = {
  paid: ['paid', 'review'],
  rejected: ['rejected', 'review'],
  reversed: ['reversed', 'rejected', 'review'],
  waiting: ['sent', 'acknowledged', 'unknown'],
}
const NEVER_SENT: ReadonlySet<PaymentState> = new Set<PaymentState>(['blocked', 'prepared', 'queued', 'cancelled'])

/** Payment by payment: what the books and the store say differently; empty when they agree. */
export function findDisagreements(ledger: readonly LedgerEntry[], payments: readonly StorePayment[]): string[] {
  const booked = new Map(ledger.map((entry) => [entry.referenceId, entry]))
  const found: string[] = []
  for (const { id, state, amount } of payments) {
    const entry = booked.get(id)
    booked.delete(id)
    if (entry === undefined) {
      if (!NEVER_SENT.has(state)) found.push(`${id} is ${state} here and unknown to the payment system`)
      continue
    }
    const outcome = outcomeOf(entry)
    if (!fitting[outcome].includes(state)) found.push(`${id} is ${state} here and ${outcome} there`)
    if (hundredthsOf(entry.disbursement.amount) !== amount) found.push(`${id} has another amount there`)
    if (entry.paidCount > 1) found.push(`${id} was paid ${entry.paidCount} times`)
  }
  for (const id of booked.keys()) found.push(`${id} is known to the payment system only`)
  return found
}
