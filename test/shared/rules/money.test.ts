import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currencies, findCurrencyDigits, NO_CURRENCY } from '../../../shared/rules/currency.ts'
import {
  formatAmount,
  parseAmount,
  parseWireAmount,
  plainAmount,
  sumAmounts,
  wireAmount,
} from '../../../shared/rules/money.ts'
import type { Ruling } from '../../../shared/rules/ruling.ts'

/** The value, or the code of the reason. */
const told = <T>(ruling: Ruling<T>) => (ruling.ok ? ruling.value : ruling.error.code)

describe('currency digits', () => {
  it('follow ISO 4217, not the habits of cash', () => {
    const digits = ['ETB', 'IQD', 'AFN', 'PKR', 'UGX', 'JPY', 'KWD', 'XOF'].map(findCurrencyDigits)
    expect(digits).toEqual([2, 3, 2, 2, 0, 0, 3, 0])
    expect(findCurrencyDigits('ABC')).toBeUndefined()
  })
})

describe('parseAmount', () => {
  it.each<[string, string, string | undefined, number]>([
    ['1234.5', 'ETB', undefined, 123450],
    ['1,234.50', 'ETB', undefined, 123450],
    ['1.234,50', 'ETB', undefined, 123450],
    ['1234,50', 'ETB', undefined, 123450],
    ['1,234,567', 'ETB', undefined, 123456700],
    ['12,34,567.89', 'INR', undefined, 123456789],
    ['1 234,50', 'EUR', 'fr', 123450],
    ["1'234.50", 'CHF', undefined, 123450],
    ['١٬٢٣٤٫٥٠', 'SDG', 'ar', 123450],
    ['۱۲۳۴', 'AFN', undefined, 123400],
    ['१२३४.५', 'NPR', undefined, 123450],
    ['1,234', 'ETB', 'en', 123400],
    ['1.234', 'ETB', 'de', 123400],
    ['1.234', 'KWD', 'en', 1234],
    ['0.125', 'KWD', undefined, 125],
    ['5000.00', 'UGX', undefined, 5000],
    [' 0 ', 'ETB', undefined, 0],
    ['007', 'ETB', undefined, 700],
    ['9999999999999.99', 'ETB', undefined, 999999999999999],
  ])('reads %j in %s (%s)', (text, currency, locale, minor) => {
    expect(told(parseAmount(text, currency, locale))).toBe(minor)
  })

  it.each<[string, string, string | undefined, string]>([
    ['', 'ETB', undefined, 'amount.empty'],
    [' \u200f ', 'ETB', undefined, 'amount.empty'],
    ['NaN', 'ETB', undefined, 'amount.not-a-number'],
    ['Infinity', 'ETB', undefined, 'amount.not-a-number'],
    ['0x10', 'ETB', undefined, 'amount.not-a-number'],
    ['100 ETB', 'ETB', undefined, 'amount.not-a-number'],
    ['1.', 'ETB', undefined, 'amount.not-a-number'],
    ['.5', 'ETB', undefined, 'amount.not-a-number'],
    ['False', 'ETB', undefined, 'amount.not-a-number'],
    ['-5', 'ETB', undefined, 'amount.negative'],
    ['−5', 'ETB', undefined, 'amount.negative'],
    ['(5)', 'ETB', undefined, 'amount.negative'],
    ['1e3', 'ETB', undefined, 'amount.exponent'],
    ['1.5E+3', 'ETB', undefined, 'amount.exponent'],
    ['1,234', 'ETB', undefined, 'amount.ambiguous'],
    ['1.234', 'ETB', undefined, 'amount.ambiguous'],
    ['1,234', 'ETB', 'ar-EG', 'amount.ambiguous'],
    ['12,5', 'ETB', 'en', 'amount.ambiguous'],
    ['1,23,4', 'ETB', undefined, 'amount.grouping'],
    ['12 34', 'ETB', undefined, 'amount.grouping'],
    ['1.234.5', 'ETB', undefined, 'amount.grouping'],
    ['1.2345', 'ETB', undefined, 'amount.too-precise'],
    ['1234.567', 'ETB', undefined, 'amount.too-precise'],
    ['1.234', 'ETB', 'en', 'amount.too-precise'],
    ['100.000', 'ETB', 'en', 'amount.too-precise'],
    ['1.5', 'UGX', undefined, 'amount.too-precise'],
    ['10000000000000', 'ETB', undefined, 'amount.too-large'],
    ['9'.repeat(70), 'ETB', undefined, 'amount.too-large'],
    ['9'.repeat(90), 'ETB', undefined, 'amount.not-a-number'],
    ['5', NO_CURRENCY, undefined, 'currency.unknown'],
  ])('refuses %j in %s (%s)', (text, currency, locale, code) => {
    expect(told(parseAmount(text, currency, locale))).toBe(code)
  })

  const minors = fc.integer({ min: 0, max: 999_999_999_999 })

  it('reads back what is shown in many languages', () => {
    fc.assert(
      fc.property(
        minors,
        fc.constantFrom(...currencies),
        fc.constantFrom('en', 'fr', 'de', 'ar-EG', 'hi'),
        (minor, currency, locale) => {
          const number = formatAmount(minor, currency, locale).replaceAll(currency, '')
          expect(told(parseAmount(number, currency, locale))).toBe(minor)
        },
      ),
    )
  })

  it('never gives anything but minor units or a reason', () => {
    const unit = fc.constantFrom(..."0123456789.,-+e ٫٬٣_'()")
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 14 }), fc.constantFrom('ETB', 'UGX', 'KWD'), (text, currency) => {
        const ruling = parseAmount(text, currency)
        if (ruling.ok) expect(Number.isSafeInteger(ruling.value) && ruling.value >= 0).toBe(true)
      }),
    )
  })
})

describe('wireAmount', () => {
  it('writes each format within the pattern', () => {
    const formats = ['two-decimals', 'currency-digits', 'shortest'] as const
    expect(formats.map((format) => told(wireAmount(10050, 'ETB', format)))).toEqual(['100.50', '100.50', '100.5'])
    expect(formats.map((format) => told(wireAmount(10000, 'ETB', format)))).toEqual(['100.00', '100.00', '100.0'])
    expect(formats.map((format) => told(wireAmount(5000, 'UGX', format)))).toEqual(['5000.00', '5000.0', '5000.0'])
    expect(told(wireAmount(5, 'ETB', 'two-decimals'))).toBe('0.05')
  })

  it('refuses three decimals, too much, and what is no amount', () => {
    expect(told(wireAmount(1000, 'KWD', 'two-decimals'))).toBe('amount.not-expressible')
    expect(told(wireAmount(1_000_000_000_000_000, 'ETB', 'two-decimals'))).toBe('amount.too-large')
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(told(wireAmount(bad, 'ETB', 'two-decimals'))).toBe('amount.not-a-number')
    }
  })

  it('is read back exactly, as text and as the number that JSON makes of it', () => {
    const wired = currencies.filter((currency) => (findCurrencyDigits(currency) ?? 9) <= 2)
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999_999_999 }),
        fc.constantFrom(...wired),
        fc.constantFrom('two-decimals' as const, 'currency-digits' as const, 'shortest' as const),
        (minor, currency, format) => {
          const text = told(wireAmount(minor, currency, format)) as string
          expect(text).toMatch(/^\d{1,13}\.\d{1,2}$/)
          expect(told(parseWireAmount(text, currency))).toBe(minor)
          expect(told(parseWireAmount(JSON.parse(text) as number, currency))).toBe(minor)
        },
      ),
    )
  })
})

describe('parseWireAmount', () => {
  it.each<[string | number, string, number | string]>([
    [100, 'ETB', 10000],
    [0.29, 'ETB', 29],
    [1.15, 'ETB', 115],
    ['100.000', 'ETB', 10000],
    ['1.001', 'ETB', 'amount.too-precise'],
    [1e21, 'ETB', 'amount.exponent'],
    [0.1 + 0.2, 'ETB', 'amount.too-large'],
    [-1, 'ETB', 'amount.negative'],
    [Number.NaN, 'ETB', 'amount.not-a-number'],
    ['1,000', 'ETB', 'amount.not-a-number'],
    ['', 'ETB', 'amount.empty'],
    ['1.234', 'KWD', 1234],
  ])('reads %j in %s as %j', (amount, currency, expected) => {
    expect(told(parseWireAmount(amount, currency))).toBe(expected)
  })
})

describe('sums and text', () => {
  it('adds exactly or says that it cannot', () => {
    expect(told(sumAmounts([1, 2, 3]))).toBe(6)
    expect(told(sumAmounts([]))).toBe(0)
    expect(told(sumAmounts([Number.MAX_SAFE_INTEGER, 1]))).toBe('amount.sum-too-large')
    expect(told(sumAmounts([1, -1]))).toBe('amount.not-a-number')
    expect(told(sumAmounts([0.5]))).toBe('amount.not-a-number')
  })

  it('shows money without losing a digit', () => {
    expect(formatAmount(900719925474099, 'ETB', 'en').replace(/\s/g, ' ')).toBe('ETB 9,007,199,254,740.99')
    expect(formatAmount(1234, 'IQD', 'en').replace(/\s/g, ' ')).toBe('IQD 1.234')
    expect(plainAmount(5, 'ETB')).toBe('0.05 ETB')
    expect(plainAmount(5, 'UGX')).toBe('5 UGX')
  })
})
