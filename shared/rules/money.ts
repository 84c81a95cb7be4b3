import type { AmountsFormat } from '../model/payment-manager.ts'
import { currencyDigits, findCurrencyDigits } from './currency.ts'
import { type Ruling, refused, ruled } from './ruling.ts'

/*
 * Money is an integer of minor units everywhere. Text becomes money and money becomes text digit by digit; no floating
 * point number is ever computed with.
 */

/** Whole digits that G2P Connect 1.0.0 §Amount can carry; nothing larger is taken in anywhere. */
const WHOLE_DIGITS = 13
const LONGEST_TEXT = 80

const DECIMAL_DIGIT = /\p{Nd}/u
const NON_ASCII_DIGITS = /(?![0-9])\p{Nd}/gu
const digitValues = new Map<string, string>()

/** Unicode keeps decimal digits in runs of ten that begin at zero, so a digit's place in its run is its value. */
function asciiDigit(digit: string): string {
  let value = digitValues.get(digit)
  if (value === undefined) {
    const code = digit.codePointAt(0) ?? 0
    let start = code
    while (DECIMAL_DIGIT.test(String.fromCodePoint(start - 1))) start -= 1
    value = String((code - start) % 10)
    digitValues.set(digit, value)
  }
  return value
}

type Separator = '.' | ','
const decimalSeparators = new Map<string, Separator | undefined>()

/** The locale's decimal sign if it is a point or a comma; locales with the Arabic sign `٫` leave both unclear. */
function decimalSeparator(locale: string): Separator | undefined {
  if (!decimalSeparators.has(locale)) {
    const sign = new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value
    decimalSeparators.set(locale, sign === '.' || sign === ',' ? sign : undefined)
  }
  return decimalSeparators.get(locale)
}

const WELL_GROUPED = /^\d{1,3}(?:,\d{3})+$|^\d{1,2}(?:,\d{2})*,\d{3}$/

interface Split {
  readonly whole: string
  readonly fraction: string
}

/** Joins groups of three (or of two and a last three, as in India); anything else is a slip of the pen. */
function ungroup(whole: string): string | undefined {
  if (!whole.includes(',')) return whole
  return WELL_GROUPED.test(whole) ? whole.replaceAll(',', '') : undefined
}

function atDecimal(text: string, sign: Separator): Ruling<Split> {
  const at = text.lastIndexOf(sign)
  const fraction = text.slice(at + 1)
  const before = text.slice(0, at)
  if (!/^\d+$/.test(fraction) || before === '') return refused('amount.not-a-number')
  const whole = ungroup(before.replaceAll('.', ','))
  return whole === undefined ? refused('amount.grouping') : ruled({ whole, fraction })
}

function asWhole(text: string): Ruling<Split> {
  const whole = ungroup(text.replaceAll('.', ','))
  return whole === undefined ? refused('amount.grouping') : ruled({ whole, fraction: '' })
}

/** Tells groups from decimals; `1,234` and `1.234` alone can be either, so only the locale may say. */
function split(text: string, locale: string | undefined): Ruling<Split> {
  const points = text.split('.').length - 1
  const commas = text.split(',').length - 1
  if (points === 0 && commas === 0) return ruled({ whole: text, fraction: '' })
  if (points > 0 && commas > 0) {
    const decimal = text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ','
    if ((decimal === '.' ? points : commas) > 1) return refused('amount.grouping')
    return atDecimal(text, decimal)
  }
  if (points + commas > 1) return asWhole(text)

  const sign: Separator = points === 1 ? '.' : ','
  const [before = '', after = ''] = text.split(sign)
  const mayBeGroup = after.length === 3 && before.length <= 3 && !before.startsWith('0')
  const decimalHere = locale === undefined ? undefined : decimalSeparator(locale)
  if (mayBeGroup) {
    if (decimalHere === undefined) return refused('amount.ambiguous')
    return decimalHere === sign ? atDecimal(text, sign) : asWhole(text)
  }
  // `12,34` typed where the comma groups: a slip, or a decimal comma? A point is a decimal everywhere machines write.
  if (sign === ',' && decimalHere === '.') return refused('amount.ambiguous')
  return atDecimal(text, sign)
}

function toMinor({ whole, fraction }: Split, currency: string, digits: number): Ruling<number> {
  const significant = whole.replace(/^0+(?=\d)/, '')
  if (significant.length > WHOLE_DIGITS) return refused('amount.too-large', { digits: WHOLE_DIGITS })
  const kept = fraction.slice(0, digits)
  const excess = fraction.slice(digits)
  if (/[1-9]/.test(excess)) return refused('amount.too-precise', { currency, digits })
  const minor = Number(significant + kept.padEnd(digits, '0'))
  return Number.isSafeInteger(minor) ? ruled(minor) : refused('amount.too-large', { digits: WHOLE_DIGITS })
}

/**
 * Reads an amount as people write it, in any script's digits, as minor units. `locale` (BCP 47) only decides what a lone
 * `1,234` or `1.234` means; without it such an amount is refused as ambiguous.
 */
export function parseAmount(text: string, currency: string, locale?: string): Ruling<number> {
  const digits = currencyDigits(currency)
  if (!digits.ok) return digits
  if (/^\d{1,13}(?:\.\d\d?)?$/.test(text) && text.length <= 16) {
    const [whole = '', fraction = ''] = text.split('.')
    return toMinor({ whole, fraction }, currency, digits.value)
  }
  const trimmed = text
    .slice(0, LONGEST_TEXT + 1)
    .replace(/[\u061c\u200e\u200f]/g, '')
    .trim()
  if (trimmed === '') return refused('amount.empty')
  if (trimmed.length > LONGEST_TEXT) return refused('amount.not-a-number')
  const plain = trimmed
    .replace(NON_ASCII_DIGITS, asciiDigit)
    .replace(/(?<=\d)[\p{Zs}'’٬](?=\d)/gu, '_')
    .replace(/٫/g, '·')
  if (/^[-−﹣－]/.test(plain) || /^\(.*\)$/.test(plain) || /\d[-−]$/.test(plain)) return refused('amount.negative')
  if (/^[\d._,]+e[+-]?\d+$/i.test(plain)) return refused('amount.exponent')
  if (!/^\d[\d.,_·]*$/.test(plain)) return refused('amount.not-a-number')

  const parted = splitWithUnmistakableSigns(plain, locale)
  if (!parted.ok) return parted
  // Three noughts behind the sign look like thousands: an amount that is worth asking about.
  if (parted.value.fraction.length === 3 && digits.value < 3) {
    return refused('amount.too-precise', { currency, digits: digits.value })
  }
  return toMinor(parted.value, currency, digits.value)
}

/** Spaces, apostrophes and `٬` only ever group, `٫` (here `·`) is only ever the decimal sign; beside them nothing is unclear. */
function splitWithUnmistakableSigns(plain: string, locale: string | undefined): Ruling<Split> {
  const parts = plain.split('·')
  if (parts.length > 2) return refused('amount.not-a-number')
  const [left = '', fraction] = parts
  if (fraction !== undefined) {
    if (!/^\d+$/.test(fraction)) return refused('amount.not-a-number')
    const whole = ungroup(left.replace(/[._]/g, ','))
    return whole === undefined ? refused('amount.grouping') : ruled({ whole, fraction })
  }
  if (!plain.includes('_')) return split(plain, locale)
  const match = /^([\d_]+)(?:[.,](\d+))?$/.exec(plain)
  const whole = match?.[1] === undefined ? undefined : ungroup(match[1].replaceAll('_', ','))
  return whole === undefined ? refused('amount.grouping') : ruled({ whole, fraction: match?.[2] ?? '' })
}

function isMinor(minor: number): boolean {
  return Number.isSafeInteger(minor) && minor >= 0
}

/** Whole and fraction digits of minor units. `minor` must be a non-negative safe integer. */
function splitMinor(minor: number, digits: number): Split {
  const text = String(minor).padStart(digits + 1, '0')
  return { whole: text.slice(0, text.length - digits), fraction: text.slice(text.length - digits) }
}

const formatters = new Map<string, Intl.NumberFormat>()

/**
 * Money for a reader, in the locale's digits, with the currency's code: exact at any size. An unknown currency is shown
 * as it is stored, in minor units.
 */
export function formatAmount(minor: number, currency: string, locale: string): string {
  const digits = findCurrencyDigits(currency)
  if (digits === undefined || !isMinor(minor)) return `${minor} ${currency}`
  const key = `${locale}\u0000${currency}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'code',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    formatters.set(key, formatter)
  }
  const { whole, fraction } = splitMinor(minor, digits)
  // As text, so that no digit is lost on the way through a double.
  return formatter.format((fraction === '' ? whole : `${whole}.${fraction}`) as `${number}`)
}

/** Money as a plain decimal with its code, the same in every language: `1234.50 ETB`. For reasons and exports. */
export function plainAmount(minor: number, currency: string): string {
  const digits = findCurrencyDigits(currency) ?? 0
  const { whole, fraction } = splitMinor(minor, digits)
  return `${fraction === '' ? whole : `${whole}.${fraction}`} ${currency}`
}

/** Money as a decimal with as many digits as its currency has (ISO 4217), none computed: `1234.50`, `1234` UGX. */
export function decimalAmount(minor: number, currency: string): Ruling<string> {
  const digits = currencyDigits(currency)
  if (!digits.ok) return digits
  if (!isMinor(minor)) return refused('amount.not-a-number')
  const { whole, fraction } = splitMinor(minor, digits.value)
  if (whole.length > WHOLE_DIGITS) return refused('amount.too-large', { digits: WHOLE_DIGITS })
  return ruled(fraction === '' ? whole : `${whole}.${fraction}`)
}

/** Whether a currency's amounts fit G2P Connect's pattern of at most two decimals. */
export const isWireCurrency = (currency: string): boolean => (findCurrencyDigits(currency) ?? 9) <= 2

/** An amount as G2P Connect 1.0.0 writes it: `^\d{1,13}\.\d{1,2}$`. Currencies with three decimals cannot be written. */
export function wireAmount(minor: number, currency: string, format: AmountsFormat): Ruling<string> {
  const digits = currencyDigits(currency)
  if (!digits.ok) return digits
  if (digits.value > 2) return refused('amount.not-expressible', { currency })
  if (!isMinor(minor)) return refused('amount.not-a-number')
  const { whole, fraction } = splitMinor(minor, digits.value)
  if (whole.length > WHOLE_DIGITS) return refused('amount.too-large', { digits: WHOLE_DIGITS })
  switch (format) {
    case 'two-decimals':
      return ruled(`${whole}.${fraction.padEnd(2, '0')}`)
    case 'currency-digits':
      return ruled(`${whole}.${fraction.padEnd(1, '0')}`)
    case 'shortest':
      return ruled(`${whole}.${fraction.replace(/0+$/, '').padEnd(1, '0')}`)
  }
}

/**
 * Reads the amount of a payment system's reply as minor units. Numbers are taken by their shortest decimal text, which
 * is what the sender wrote; missing or surplus noughts are harmless, any other surplus digit is refused.
 */
export function parseWireAmount(amount: string | number, currency: string): Ruling<number> {
  const digits = currencyDigits(currency)
  if (!digits.ok) return digits
  const text = typeof amount === 'number' ? String(amount) : amount.trim()
  if (text === '') return refused('amount.empty')
  if (text.length > LONGEST_TEXT) return refused('amount.not-a-number')
  if (/^-/.test(text)) return refused('amount.negative')
  if (/^\d+(?:\.\d+)?e[+-]?\d+$/i.test(text)) return refused('amount.exponent')
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text)
  if (match === null) return refused('amount.not-a-number')
  // A JSON number beyond this has already lost digits when it was parsed.
  if (typeof amount === 'number' && text.replace('.', '').length > 15) {
    return refused('amount.too-large', { digits: WHOLE_DIGITS })
  }
  return toMinor({ whole: match[1] ?? '', fraction: match[2] ?? '' }, currency, digits.value)
}

/** Adds minor units exactly; refuses a sum that a safe integer cannot hold, and anything that is no amount. */
export function sumAmounts(amounts: Iterable<number>): Ruling<number> {
  let sum = 0
  for (const amount of amounts) {
    if (!isMinor(amount)) return refused('amount.not-a-number')
    sum += amount
    if (!Number.isSafeInteger(sum)) return refused('amount.sum-too-large')
  }
  return ruled(sum)
}
