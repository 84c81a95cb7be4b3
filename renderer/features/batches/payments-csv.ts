import { plainAmount } from '../../../shared/rules/money.ts'
import { spreadsheetSafe } from '../../../shared/rules/text.ts'
import type { PaymentRow } from './answers.ts'

/** Headings and words of the file, in the officer's language. */
export interface PaymentsCsvWords {
  readonly headings: readonly string[]
  readonly state: (payment: PaymentRow) => string
  readonly reason: (payment: PaymentRow) => string
}

/** The currency stands in a column of its own. */
const figures = (minor: number, currency: string): string => plainAmount(minor, currency).slice(0, -currency.length - 1)

const cell = (text: string): string => {
  const safe = spreadsheetSafe(text)
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * Payments as CSV (RFC 4180, UTF-8 with a byte-order mark so that spreadsheets read every script). No cell can be taken
 * for a formula. Addresses stay masked.
 */
export function paymentsCsv(payments: readonly PaymentRow[], { headings, state, reason }: PaymentsCsvWords): string {
  const rows = payments.map((payment) => [
    payment.id,
    payment.registrantName,
    payment.payeeName,
    payment.payeeAddressHint,
    figures(payment.amount, payment.currency),
    payment.amountPaid === null ? '' : figures(payment.amountPaid, payment.currency),
    payment.currency,
    state(payment),
    payment.reasonCode,
    reason(payment),
  ])
  return `\ufeff${[headings, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}
