import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BankAccount } from '../../../shared/model/registrant.ts'
import {
  maskAccount,
  maskEmail,
  maskIdentity,
  maskPhone,
  normaliseBic,
  normaliseEmail,
  normaliseIban,
  normalisePhone,
} from '../../../shared/rules/contact.ts'
import {
  formatFinancialAddress,
  maskFinancialAddress,
  parseFinancialAddress,
  sameAddress,
} from '../../../shared/rules/financial-address.ts'
import { findPayeeAddress, type PayeeAddressSettings, type PayeeDetails } from '../../../shared/rules/payee-address.ts'
import type { Ruling } from '../../../shared/rules/ruling.ts'

const makePayeeAddress = (...question: Parameters<typeof findPayeeAddress>) => {
  const found = findPayeeAddress(...question)
  return found.ok ? ({ ok: true, value: found.value.address } as const) : found
}

const told = <T>(ruling: Ruling<T>) => (ruling.ok ? ruling.value : ruling.error.code)

describe('contact values', () => {
  it.each([
    ['gb82 west 1234 5698 7654 32', 'GB82WEST12345698765432'],
    ['IBAN: DE89-3704-0044-0532-0130-00', 'DE89370400440532013000'],
    ['GB82WEST12345698765433', 'iban.bad-checksum'],
    ['GB82WEST1234569876543', 'iban.wrong-length'],
    ['XX82WEST12345698765432', 'iban.unknown-country'],
    ['GB82123412345698765432', 'iban.bad-format'],
    ['GB82 WEST é', 'iban.bad-characters'],
    ['  ', 'iban.empty'],
  ])('IBAN %j becomes %j', (text, expected) => {
    expect(told(normaliseIban(text))).toBe(expected)
  })

  it.each([
    ['abcdetaa', 'ABCDETAA'],
    ['ABCDETAA001', 'ABCDETAA001'],
    ['ABCDET', 'bic.bad-format'],
    ['False', 'bic.bad-format'],
    ['', 'bic.empty'],
  ])('BIC %j becomes %j', (text, expected) => {
    expect(told(normaliseBic(text))).toBe(expected)
  })

  it.each<[string, string | undefined, string]>([
    ['+251 91 123 4567', undefined, '+251911234567'],
    ['0911 23 45 67', 'ET', '+251911234567'],
    ['\u202a+251911234567\u202c', undefined, '+251911234567'],
    ['+٢٥١٩١١٢٣٤٥٦٧', undefined, '+251911234567'],
    ['0911234567', undefined, 'phone.no-country'],
    ['+251911234567,+251922345678', undefined, 'phone.several'],
    ['+1 202 555 0143 ext. 5', undefined, 'phone.extension'],
    ['+2519', undefined, 'phone.too-short'],
    ['False', 'ET', 'phone.not-valid'],
    ['', 'ET', 'phone.empty'],
  ])('phone %j (%s) becomes %j', (text, country, expected) => {
    expect(told(normalisePhone(text, country))).toBe(expected)
  })

  it.each([
    [' Abebe@Example.ORG ', 'Abebe@example.org'],
    ['mailto:a.b@c.example.org', 'a.b@c.example.org'],
    ['a@b', 'email.bad-format'],
    ['a..b@example.org', 'email.bad-format'],
    ['a b@example.org', 'email.bad-format'],
    ['a@example.org, b@example.org', 'email.several'],
    ['é@example.org', 'é@example.org'],
    ['e\u0301@Exemple.fr', 'é@exemple.fr'],
    ['用户@例子.广告', '用户@例子.广告'],
    ['مريم@مثال.إختبار', 'مريم@مثال.إختبار'],
    ['a\u0007b@example.org', 'email.bad-format'],
    ['\u{1F600}..a@example.org', 'email.bad-format'],
    ['a@-example.org', 'email.bad-format'],
    ['a@example.123', 'email.bad-format'],
    [`${'é'.repeat(33)}@example.org`, 'email.bad-format'],
    [`${'a'.repeat(300)}@example.org`, 'email.too-long'],
    ['', 'email.empty'],
  ])('e-mail %j becomes %j', (text, expected) => {
    expect(told(normaliseEmail(text))).toBe(expected)
  })

  it('masks more than it shows', () => {
    expect(maskAccount('1000123456784821')).toBe('•••• 4821')
    expect(maskPhone('+251911234567')).toBe('•••• 567')
    expect(maskIdentity('12345')).toBe('•••• 5')
    expect(maskIdentity('12')).toBe('••••')
    expect(maskEmail('abebe@example.org')).toBe('a••••@example.org')
    expect(maskEmail('')).toBe('')
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (value) => {
        for (const mask of [maskAccount, maskPhone, maskIdentity]) {
          const shown = [...mask(value)].filter((each) => each !== '•' && each !== ' ').length
          expect(shown * 3).toBeLessThanOrEqual(Math.max([...value].length, 0))
        }
      }),
    )
  })
})

describe('financial addresses', () => {
  it.each([
    ['token:12345@national-id', 'token', '12345', 'national-id'],
    ['account:12345@abcd0000001.ifsc.pymt-rail', 'account', '12345', 'abcd0000001.ifsc.pymt-rail'],
    ['joeuser@national-bank', '', 'joeuser', 'national-bank'],
    ['phone:+251911234567', 'phone', '+251911234567', ''],
    ['email:a@b.org', 'email', 'a@b.org', ''],
    ['email:a@b.org@wallet', 'email', 'a@b.org', 'wallet'],
    ['vid:a:b@nid', 'vid', 'a:b', 'nid'],
  ])('takes %j apart', (text, type, id, provider) => {
    expect(told(parseFinancialAddress(text))).toEqual({ type, id, provider })
    expect(told(formatFinancialAddress({ type, id, provider }))).toBe(text)
  })

  it.each([
    ['', 'address.empty'],
    ['iban:@ABCDETAA', 'address.no-id'],
    ['@bank', 'address.no-id'],
    ['phone:', 'address.no-id'],
    [':123@bank', 'address.bad-type'],
    ['account:12@', 'address.unclear-provider'],
    ['account:1 2@bank', 'address.bad-character'],
    ['account:1\u202e2@bank', 'address.bad-character'],
    [`account:${'1'.repeat(300)}`, 'address.too-long'],
  ])('refuses %j', (text, code) => {
    expect(told(parseFinancialAddress(text))).toBe(code)
  })

  it('refuses parts that would be read back otherwise, and reads back the rest', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'B', '1', ':', '@', '.', '+'), maxLength: 6 })
    const type = fc.constantFrom('', 'account', 'email', 'phone')
    fc.assert(
      fc.property(type, part, part, (kind, id, provider) => {
        const address = { type: kind, id, provider }
        const text = formatFinancialAddress(address)
        if (text.ok) expect(told(parseFinancialAddress(text.value))).toEqual(address)
      }),
    )
    expect(told(formatFinancialAddress({ type: 'account', id: '1@2', provider: '' }))).toBe('address.unclear-provider')
  })

  it('compares without regard to case and masks for the screen', () => {
    expect(sameAddress('Account:12@BANK', ' account:12@bank')).toBe(true)
    expect(sameAddress('account:12@bank', 'account:13@bank')).toBe(false)
    expect(maskFinancialAddress('account_no:1000123456784821@ABCDETAA')).toBe('account_no:•••• 4821@ABCDETAA')
    expect(maskFinancialAddress('phone:+251911234567')).toBe('phone:•••• 567')
    expect(maskFinancialAddress('email:abebe@example.org')).toBe('email:a••••@example.org')
  })
})

const settings = (payeeIdType: PayeeAddressSettings['payeeIdType'], more: Partial<PayeeAddressSettings> = {}) => ({
  payeeIdType,
  regIdTypeForPayeeId: 'national-id',
  payeePrefix: 'x:',
  payeeSuffix: '',
  ...more,
})

const account = (more: Partial<BankAccount> = {}): BankAccount => ({
  id: 'a',
  accountNumber: '1000 1234',
  iban: 'GB82WEST12345698765432',
  bic: 'ABCDETAA',
  bankName: '',
  preferred: false,
  disabled: false,
  ...more,
})

const details = (
  more: Partial<PayeeDetails['registrant']> = {},
  identityNumbers: PayeeDetails['identityNumbers'] = [],
) => ({
  registrant: { phoneNumbers: [], emails: [], bankAccounts: [], ...more },
  identityNumbers,
})

const identity = { type: 'national-id', value: '12345', status: 'valid', expiresOn: null, removed: false } as const
const day = '2026-03-15'

describe('payee addresses', () => {
  it('makes each kind by prefix, value, bank and suffix', () => {
    const withAccount = details({ bankAccounts: [account()] })
    expect(told(makePayeeAddress(settings('bank_acc_no', { payeePrefix: 'account_no:' }), withAccount, day))).toBe(
      'account_no:10001234@ABCDETAA',
    )
    expect(told(makePayeeAddress(settings('bank_acc_iban', { payeePrefix: 'iban:' }), withAccount, day))).toBe(
      'iban:GB82WEST12345698765432@ABCDETAA',
    )
    const email = details({ emails: [{ id: 'e', address: 'a@b.org', preferred: true, disabled: false }] })
    expect(told(makePayeeAddress(settings('email', { payeePrefix: 'email:' }), email, day))).toBe('email:a@b.org')
    const token = settings('reg_id', { payeePrefix: 'token:', payeeSuffix: '@national-id' })
    expect(told(makePayeeAddress(token, details({}, [identity]), day))).toBe('token:12345@national-id')
    const bare = settings('reg_id', { payeePrefix: '', payeeSuffix: '' })
    expect(told(makePayeeAddress(bare, details({}, [identity]), day))).toBe('12345')
  })

  it('takes the preferred one of several, never a disabled one', () => {
    const phone = (number: string, preferred: boolean, disabled: boolean) => ({
      id: number,
      number,
      preferred,
      disabled,
    })
    const phones = [
      phone('+251911234567', false, false),
      phone('+251922345678', true, true),
      phone('+251933456789', true, false),
    ]
    const make = (phoneNumbers: typeof phones) =>
      told(makePayeeAddress(settings('phone'), details({ phoneNumbers }), day))
    expect(make(phones)).toBe('x:+251933456789')
    expect(make(phones.slice(0, 2))).toBe('x:+251911234567')
    expect(make(phones.slice(1, 2))).toBe('address.phone-disabled')
    expect(make([])).toBe('address.no-phone')
  })

  it.each<[Partial<BankAccount>, 'bank_acc_no' | 'bank_acc_iban', string]>([
    [{ bic: '' }, 'bank_acc_no', 'address.no-bic'],
    [{ bic: 'False' }, 'bank_acc_no', 'address.no-bic'],
    [{ bic: 'ABC' }, 'bank_acc_iban', 'bic.bad-format'],
    [{ accountNumber: '' }, 'bank_acc_no', 'address.no-account-number'],
    [{ accountNumber: 'None' }, 'bank_acc_no', 'address.no-account-number'],
    [{ accountNumber: '12@34' }, 'bank_acc_no', 'address.bad-account-number'],
    [{ iban: '' }, 'bank_acc_iban', 'address.no-iban'],
    [{ iban: 'GB82WEST12345698765433' }, 'bank_acc_iban', 'iban.bad-checksum'],
    [{ disabled: true }, 'bank_acc_no', 'address.account-disabled'],
  ])('of an account %j by %s says %s', (more, kind, code) => {
    expect(told(makePayeeAddress(settings(kind), details({ bankAccounts: [account(more)] }), day))).toBe(code)
  })

  it('takes identity numbers that are valid and have not expired', () => {
    const make = (...numbers: PayeeDetails['identityNumbers']) =>
      told(makePayeeAddress(settings('reg_id'), details({}, numbers), day))
    expect(make({ ...identity, expiresOn: day })).toBe('x:12345')
    expect(make({ ...identity, expiresOn: '2026-03-14' })).toBe('address.identity-expired')
    expect(make({ ...identity, status: 'unverified' })).toBe('address.identity-not-valid')
    expect(make({ ...identity, type: 'other' })).toBe('address.no-identity')
    expect(make({ ...identity, removed: true })).toBe('address.no-identity')
    expect(make({ ...identity, value: '1@2' })).toBe('address.bad-identity')
  })

  it('refuses settings that would change the number', () => {
    const make = (more: Partial<PayeeAddressSettings>) =>
      told(makePayeeAddress(settings('reg_id', more), details({}, [identity]), day))
    expect(make({ payeePrefix: 'None' })).toBe('address.bad-prefix')
    expect(make({ payeePrefix: 'a@b:' })).toBe('address.bad-prefix')
    expect(make({ payeeSuffix: 'national-id' })).toBe('address.bad-suffix')
    expect(make({ payeeSuffix: '@False' })).toBe('address.bad-suffix')
    expect(make({ regIdTypeForPayeeId: '' })).toBe('address.no-identity-type')
  })

  it('never prints what is missing, whatever is on record', () => {
    const junk = fc.constantFrom(
      '',
      'False',
      'None',
      'undefined',
      'N/A',
      '12345',
      'ABCDETAA',
      '+251911234567',
      'a@b.org',
      ' ',
    )
    const kinds = fc.constantFrom(
      'bank_acc_no' as const,
      'bank_acc_iban' as const,
      'phone' as const,
      'email' as const,
      'reg_id' as const,
    )
    fc.assert(
      fc.property(kinds, junk, junk, junk, (kind, one, two, three) => {
        const made = makePayeeAddress(
          settings(kind),
          details(
            {
              bankAccounts: [account({ accountNumber: one, iban: two, bic: three })],
              phoneNumbers: [{ id: 'p', number: one, preferred: true, disabled: false }],
              emails: [{ id: 'e', address: two, preferred: true, disabled: false }],
            },
            [{ ...identity, value: three }],
          ),
          day,
        )
        if (made.ok) expect(made.value).toMatch(/^x:[^@\s]+/)
        if (made.ok) expect(made.value).not.toMatch(/false|none|undefined|n\/a/i)
      }),
    )
  })
})
