import type { SubmissionLine } from '../../model/batch.ts'
import type { PartyIdType, PaymentHubSettings } from '../../model/payment-hub.ts'
import { findCurrencyDigits } from '../currency.ts'
import { parseFinancialAddress } from '../financial-address.ts'
import { type Ruling, reason, refused, ruled } from '../ruling.ts'

/*
 * A row of a Payment Hub EE file. The hub cuts rows at commas and reads no quotes, so nothing in a cell may need any: what
 * names a payee is refused when it would, what is only read by people is cleaned.
 */

export const HEADER = [
  'id',
  'request_id',
  'payment_mode',
  'payer_identifier_type',
  'payer_identifier',
  'payee_identifier_type',
  'payee_identifier',
  'amount',
  'currency',
  'note',
] as const

/** The columns of a row after `id`, which counts the rows of a file. */
export type RowCells = Readonly<Record<Exclude<(typeof HEADER)[number], 'id'>, string>>

/** What all rows of a file have in common. */
export interface FileFacts {
  readonly currency: string
  readonly payerAddress: string
  readonly programmeName: string
  readonly cycleName: string
}

/** Mojaloop's limit of a PartyIdentifier is 128. */
const IDENTIFIER = /^[!#-&(-+\--[\]-~]{1,128}$/
const PHONE = /^\+?(\d{5,15})$/
const LONGEST_NOTE = 60
/** Digits after the point that Mojaloop takes (API definition 1.1, Amount). */
const MOST_DECIMALS = 4
const LONGEST_WHOLE = 18

function identifierCell(text: string, type: PartyIdType): string | undefined {
  if (type === 'MSISDN') return PHONE.exec(text)?.[1]
  return IDENTIFIER.test(text) ? text : undefined
}

/** `payee_identifier` of a financial address: digits only for a phone. The provider of the address has no column. */
export function payeeCell(address: string, settings: PaymentHubSettings): Ruling<string> {
  const parsed = parseFinancialAddress(address)
  if (!parsed.ok) return parsed
  const { id, provider } = parsed.value
  const { payeeIdentifierType: type, payeeBank } = settings
  if (payeeBank !== '' && provider.toUpperCase() !== payeeBank) return refused('hub.other-bank', { bank: payeeBank })
  const cell = identifierCell(id, type)
  if (cell !== undefined) return ruled(cell)
  return refused(type === 'MSISDN' ? 'hub.payee-not-phone' : 'hub.payee-not-writable')
}

const PARTY_TYPES: ReadonlySet<string> = new Set<PartyIdType>([
  'MSISDN',
  'EMAIL',
  'PERSONAL_ID',
  'BUSINESS',
  'DEVICE',
  'ACCOUNT_ID',
  'IBAN',
  'ALIAS',
])

/** The payer columns; empty ones where the hub puts them in. */
export function payerCells(
  payerAddress: string,
  { payer }: PaymentHubSettings,
): Ruling<{ readonly type: string; readonly id: string }> {
  if (payer.kind === 'institution') return ruled({ type: '', id: '' })
  const parsed = parseFinancialAddress(payerAddress)
  if (!parsed.ok) return parsed
  const type = parsed.value.type.toUpperCase()
  const id = PARTY_TYPES.has(type) ? identifierCell(parsed.value.id, type as PartyIdType) : undefined
  return id === undefined || parsed.value.provider !== '' ? refused('hub.payer-not-writable') : ruled({ type, id })
}

/** An amount as the hub and Mojaloop read it: no sign, no needless nought (`1200`, `100.5`). Never rounded. */
export function amountCell(minor: number, currency: string, amounts: PaymentHubSettings['amounts']): Ruling<string> {
  const digits = findCurrencyDigits(currency)
  if (digits === undefined) return refused('currency.unknown', { currency: currency.slice(0, 3) })
  if (!Number.isSafeInteger(minor) || minor < 0) return refused('amount.not-a-number')
  if (minor === 0) return refused('amount.zero')
  const text = String(minor).padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const fraction = text.slice(text.length - digits).replace(/0+$/, '')
  if (whole.length > LONGEST_WHOLE) return refused('amount.too-large', { digits: LONGEST_WHOLE })
  if (fraction === '') return ruled(whole)
  if (amounts === 'whole-units') return refused('hub.amount-not-whole', { currency })
  if (fraction.length > MOST_DECIMALS) return refused('amount.not-expressible', { currency })
  return ruled(`${whole}.${fraction}`)
}

/** What a payment is for, in letters that any reader of the file reads alike; the hub keeps none of it. */
export function noteCell({ programmeName, cycleName }: Pick<FileFacts, 'programmeName' | 'cycleName'>): string {
  const plain = `${programmeName} ${cycleName}`
    .normalize('NFKD')
    .replace(/[^ -~]/g, '')
    .replace(/[^A-Za-z0-9 ().:/_-]/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, LONGEST_NOTE)
    .trim()
  return plain === '' ? 'Payment' : plain
}

type PaidLine = Pick<SubmissionLine, 'paymentId' | 'payeeAddress' | 'amount'>

/** The row of a payment, or why it cannot be written. */
export function rowOf(line: PaidLine, facts: FileFacts, settings: PaymentHubSettings): Ruling<RowCells> {
  const payer = payerCells(facts.payerAddress, settings)
  if (!payer.ok) return payer
  const payee = payeeCell(line.payeeAddress, settings)
  if (!payee.ok) return payee
  const amount = amountCell(line.amount, facts.currency, settings.amounts)
  if (!amount.ok) return amount
  if (!/^[A-Za-z0-9-]{1,64}$/.test(line.paymentId)) return { ok: false, error: reason('hub.payee-not-writable') }
  return ruled({
    request_id: line.paymentId,
    payment_mode: settings.paymentMode,
    payer_identifier_type: payer.value.type,
    payer_identifier: payer.value.id,
    payee_identifier_type: settings.payeeIdentifierType,
    payee_identifier: payee.value,
    amount: amount.value,
    currency: facts.currency,
    note: noteCell(facts),
  })
}

/** A row as it stands in the file, without its line end. */
export const writeRow = (index: number, cells: RowCells): string =>
  HEADER.map((column) => (column === 'id' ? String(index) : cells[column])).join(',')

/**
 * The file of these rows: LF between the lines and none at the end, which is the very text that `X-SIGNATURE` is made over.
 */
export const writeFile = (rows: readonly RowCells[]): string =>
  [HEADER.join(','), ...rows.map((cells, index) => writeRow(index, cells))].join('\n')

/** Rows with the same key in one file are one payment to the hub, which drops the later ones. It joins without a mark between. */
export const duplicateKey = ({ payee_identifier, payee_identifier_type, amount, currency }: RowCells): string =>
  `${payee_identifier}${payee_identifier_type}${amount}${currency}`
