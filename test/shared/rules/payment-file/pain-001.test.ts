import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pain001, sumDecimals } from '../../../../shared/model/pain-001.ts'
import { digitsOf } from '../../../../shared/rules/payment-file/file-name.ts'
import { pain001Message, pain001Xml } from '../../../../shared/rules/payment-file/pain-001-file.ts'
import { parseXml, readPain001 } from './pain-001-reader.ts'
import { anyLines, frame, painForm } from './payment-lines.ts'

const MESSAGE = '0f8fad5b-d9cb-469f-a165-70867728950e'
const AT = Date.UTC(2026, 4, 31, 23, 30)

const made = (lines: Parameters<typeof pain001Message>[0]['lines'], form = painForm, submission = frame) =>
  pain001Message({ submission, lines, form, messageId: MESSAGE, madeAt: AT })

const line = (change: object = {}) => ({
  paymentId: '6f1d1c1e-4b0e-5d53-9c1f-1f2c8a7b9e55',
  entitlementId: 'e',
  attempt: 1,
  registrantId: 'r',
  payeeId: 'p',
  payeeName: 'Abebe Bikila',
  payeeAddress: 'account_no:10001@ABCDETAA',
  amount: 125_050,
  ...change,
})

describe('a pain.001 of a submission', () => {
  it('reads back as the message that was written, whatever names, accounts and amounts are in it', () => {
    fc.assert(
      fc.property(anyLines, fc.constantFrom('latin', 'all'), (lines, letters) => {
        const message = made(lines, { ...painForm, letters: letters as 'latin' | 'all' })
        expect(message.ok).toBe(true)
        if (!message.ok) return
        expect(readPain001(pain001Xml(message.value))).toEqual(message.value)
        expect(message.value.payments.transfers.map(({ endToEndId }) => endToEndId)).toEqual(
          lines.map(({ paymentId }) => digitsOf(paymentId)),
        )
      }),
    )
  })

  it('adds up exactly, in minor units of the currency', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const message = made(lines)
        if (!message.ok) throw new Error(message.error.code)
        const { header, payments } = message.value
        const sum = lines.reduce((total, { amount }) => total + BigInt(amount), 0n)
        expect(BigInt(header.controlSum.replace('.', ''))).toBe(sum)
        expect(payments.controlSum).toBe(header.controlSum)
        expect(header.numberOfTransactions).toBe(String(lines.length))
      }),
    )
  })

  it('is the same bytes whenever it is made for the same submission and time', () => {
    const [one, other] = [made([line()]), made([line()])]
    if (!one.ok || !other.ok) throw new Error('not made')
    expect(pain001Xml(one.value)).toBe(pain001Xml(other.value))
    expect(one.value.header).toMatchObject({ messageId: digitsOf(MESSAGE), createdAt: '2026-05-31T23:30:00Z' })
    expect(one.value.payments.executionDate).toBe('2026-06-01')
  })

  it('names account and bank as the standard has them', () => {
    const accountOf = (payeeAddress: string) => {
      const message = made([line({ payeeAddress })])
      if (!message.ok) throw new Error(message.error.code)
      const [transfer] = message.value.payments.transfers
      return [transfer?.creditorAccount, transfer?.creditorAgent]
    }
    expect(accountOf('iban:DE89370400440532013000@COBADEFF')).toEqual([
      { kind: 'iban', iban: 'DE89370400440532013000' },
      { kind: 'bic', bic: 'COBADEFF' },
    ])
    expect(accountOf('account_no:10001@ABCDETAA')).toEqual([
      { kind: 'other', id: '10001', scheme: 'account_no' },
      { kind: 'bic', bic: 'ABCDETAA' },
    ])
    expect(accountOf('phone:+251911000000@mobile-money')).toEqual([
      { kind: 'other', id: '+251911000000', scheme: 'phone' },
      { kind: 'other', id: 'mobile-money' },
    ])
    expect(accountOf('phone:+251911000000')).toEqual([{ kind: 'other', id: '+251911000000', scheme: 'phone' }, null])
  })

  it('refuses an account that no field of the standard holds rather than cut it', () => {
    const message = made([line({ payeeAddress: `account_no:${'1'.repeat(35)}@ABCDETAA` })])
    expect(message).toMatchObject({ ok: false, error: { code: 'file.account-unfit' } })
  })

  it('writes names in the letters that every bank takes, and in all letters where the bank takes them', () => {
    const nameOf = (payeeName: string, letters: 'latin' | 'all') => {
      const message = made([line({ payeeName })], { ...painForm, letters })
      if (!message.ok) throw new Error(message.error.code)
      return message.value.payments.transfers[0]?.creditorName
    }
    expect(nameOf('Ñuñez Ølund & Søn', 'latin')).toBe('Nunez Olund + Son')
    expect(nameOf('አበበ', 'all')).toBe('አበበ')
    expect(nameOf('አበበ', 'latin')).toBe('???')
    expect(nameOf('x'.repeat(200), 'all')).toHaveLength(140)
  })

  it('cannot be made to say anything else by what stands in a name', () => {
    const message = made([line({ payeeName: '</Nm><Amt>9</Amt>]]>&#x0;<!DOCTYPE x>' })], {
      ...painForm,
      letters: 'all',
    })
    if (!message.ok) throw new Error(message.error.code)
    const text = pain001Xml(message.value)
    expect(parseXml(text).children).toHaveLength(1)
    expect(readPain001(text)).toEqual(message.value)
  })

  it('has no decimals in a currency that has none, and three in one that has three', () => {
    const amountOf = (currency: string) => {
      const message = made([line({ amount: 125_050 })], painForm, { ...frame, currency })
      return message.ok ? message.value.payments.transfers[0]?.amount : message.error.code
    }
    expect([amountOf('UGX'), amountOf('ETB'), amountOf('KWD')]).toEqual(['125050', '1250.50', '125.050'])
  })
})

describe('the schema of the message', () => {
  const good = made([line(), line({ paymentId: '7f1d1c1e-4b0e-5d53-9c1f-1f2c8a7b9e55', amount: 1 })])
  if (!good.ok) throw new Error('not made')
  const { header, payments } = good.value
  const [first, second] = payments.transfers

  it.each([
    ['a wrong sum', { header: { ...header, controlSum: '1.00' }, payments }],
    ['a wrong count', { header, payments: { ...payments, numberOfTransactions: '3' } }],
    [
      'a payment that is named twice',
      { header, payments: { ...payments, transfers: [first, { ...second, endToEndId: first?.endToEndId }] } },
    ],
    ['an id of 36 characters', { header: { ...header, messageId: MESSAGE }, payments }],
    ['a name with a line break', { header, payments: { ...payments, debtorName: 'two\nlines' } }],
    [
      'an amount with a sign',
      { header, payments: { ...payments, transfers: [{ ...first, amount: '-1.00' }, second] } },
    ],
  ])('refuses %s', (_, message) => {
    expect(Pain001.safeParse(good.value).success).toBe(true)
    expect(Pain001.safeParse(message).success).toBe(false)
  })

  it('adds decimals of different lengths without losing any', () => {
    expect(sumDecimals(['0.1', '0.20', '9007199254740993.005'])).toBe('9007199254740993.305')
  })
})
