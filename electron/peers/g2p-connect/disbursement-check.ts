import { AMOUNT_PATTERN, CURRENCY_PATTERN, type Disbursement, ZonedTime } from '../../../shared/contract/g2p-connect.ts'

/** `type:id@provider`, `id@provider`, or `type:id` as payers without a provider write it. */
const ADDRESS = /^(?:[^\s:@]+:[^\s:@][^\s]*|[^\s:@]+@[^\s@]+)$/
/** What programs print for a missing value. */
const MISSING = /(^|[:@])(False|None|null|undefined)?(@|$)/

/** § DisburseStatusReasonCode of what is wrong with one payment, or null. */
export function checkDisbursement(item: Disbursement, currencies: readonly string[]): string | null {
  if (item.reference_id.trim() === '') return 'rjct.reference_id.invalid'
  if (!isAddress(item.payer_fa)) return 'rjct.payer_fa.invalid'
  if (!isAddress(item.payee_fa)) return 'rjct.payee_fa.invalid'
  if (!AMOUNT_PATTERN.test(item.amount)) return 'rjct.amount.invalid'
  if (item.scheduled_timestamp !== undefined && !ZonedTime.safeParse(item.scheduled_timestamp).success) {
    return 'rjct.schedule_ts.invalid'
  }
  const currency = item.currency_code ?? ''
  const known = currencies.length === 0 || currencies.includes(currency)
  return CURRENCY_PATTERN.test(currency) && known ? null : 'rjct.currency_code.invalid'
}

function isAddress(address: string): boolean {
  return address.length <= 256 && ADDRESS.test(address) && !MISSING.test(address)
}
