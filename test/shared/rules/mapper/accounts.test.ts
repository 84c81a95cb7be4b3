import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AccountKind } from '../../../../shared/model/mapper.ts'
import { accountOfObject, accountOfText, type MappedAccount } from '../../../../shared/rules/mapper/account.ts'
import { usualMapper } from '../../../../shared/rules/mapper/defaults.ts'
import { mappedAddress } from '../../../../shared/rules/mapper/mapped-address.ts'
import { isIdTemplate, mapperId } from '../../../../shared/rules/mapper/mapper-id.ts'
import { findTemplate, readByTemplate } from '../../../../shared/rules/mapper/template.ts'
import type { Ruling } from '../../../../shared/rules/ruling.ts'

const told = (ruling: Ruling<MappedAccount>): string =>
  ruling.ok ? `${ruling.value.kind} ${ruling.value.value} ${ruling.value.provider}` : ruling.error.code

describe('accounts as texts', () => {
  it.each([
    ['g2p-connect-1.0', 'account:12345678@IFSC0001.ifsc.rail', 'bank 12345678 IFSC0001.ifsc.rail'],
    ['g2p-connect-1.0', 'mobile:251911234567@wallet', 'mobile 251911234567 wallet'],
    ['g2p-connect-1.0', 'voucher:ABC@shop', 'mapper.kind-unknown'],
    ['g2p-connect-1.0', 'nonsense', 'mapper.kind-unknown'],
    ['spar-0.1', 'account:12345678@north.BANK1.bank', 'bank 12345678 BANK1'],
    ['spar-0.1', 'account:9876543210@wallet1.mobile', 'mobile 9876543210 wallet1'],
    ['spar-0.1', 'email:ada@mail.example.org.email', 'email ada@mail.example.org '],
    ['spar-0.1', 'account:12345678@north.Bank.of.the.North.bank', 'mapper.address-unreadable'],
    [
      'spar-1',
      'account_number:123456789.branch_name:Main St. Branch.branch_code:0001.bank_name:Bank No. 1.bank_code:BANK1.fa_type:BANK_ACCOUNT',
      'bank 123456789 BANK1',
    ],
    [
      'spar-1',
      'mobile_number:9876543210.wallet_provider_name:.wallet_provider_code:WAL.fa_type:MOBILE_WALLET',
      'mobile 9876543210 WAL',
    ],
    [
      'spar-1',
      // A branch that calls itself a bank must not move the account to another one.
      'account_number:123456789.branch_name:X.branch_code:1.bank_name:Y.bank_code:EVIL.fa_type:Z.branch_code:2.bank_name:B.bank_code:BANK1.fa_type:BANK_ACCOUNT',
      'mapper.address-unreadable',
    ],
  ] as const)('%s reads %s', (profile, text, expected) => {
    expect(told(accountOfText(text, usualMapper[profile].strategies))).toBe(expected)
  })

  it('refuses what can be read in two ways', () => {
    const strategies = ['account:{account_no}@{bank_name}.{branch_name}.{bank_code}']
    expect(told(accountOfText('account:123@A.B.C', strategies))).toBe('bank 123 C')
    expect(told(accountOfText('account:123@A.B.C.D', strategies))).toBe('mapper.address-ambiguous')
  })

  it('reads back whatever it was written by', () => {
    const code = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/)
    const template = usualMapper['spar-1'].strategies[0] ?? ''
    const parsed = findTemplate(template)
    fc.assert(
      fc.property(code, code, fc.stringMatching(/^[A-Za-z .]{0,20}$/), (account_number, bank_code, bank_name) => {
        const values = { account_number, branch_name: '', branch_code: '', bank_name, bank_code, fa_type: 'BANK' }
        const text = template.replace(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name])
        expect(parsed && readByTemplate(text, parsed)).toEqual([values])
      }),
    )
  })

  it.each(['{account_no}{bank}', 'account:{iban}', 'plain', '{bank}.{bank}', '{account_no'])(
    'knows no template %s',
    (text) => {
      expect(findTemplate(text)).toBeUndefined()
    },
  )
})

describe('accounts as objects', () => {
  it.each([
    [{ fa_type: 'BANK', bank_code: 'B1', account_number: '42000001', strategy_id: 1 }, 'bank 42000001 B1'],
    [{ fa_type: 'MOBILE_WALLET', wallet_provider_code: 'W1', mobile_number: '0911234567' }, 'mobile 0911234567 W1'],
    [{ fa_type: 'BANK', bank_code: 'B1' }, 'mapper.address-unreadable'],
    [{ fa_type: 'BANK', bank_code: 'B1', account_number: 42 }, 'mapper.address-unreadable'],
    [{ fa_type: 'CRYPTO', account_number: '1' }, 'mapper.address-unreadable'],
    [{}, 'mapper.address-unreadable'],
  ])('%j', (value, expected) => {
    expect(told(accountOfObject(value))).toBe(expected)
  })
})

describe('the address that is paid', () => {
  const settings = {
    addressTypes: { bank: 'account_no', mobile: 'phone', email: 'email' },
    kinds: ['bank', 'mobile'] as AccountKind[],
    providers: [{ theirs: 'Bank-One', ours: 'ABCDETAA' }],
    onlyListedProviders: false,
  }
  const address = (provider: string, more: Partial<typeof settings> = {}, beside = '') => {
    const made = mappedAddress({ kind: 'bank', value: '42', provider }, beside, { ...settings, ...more })
    return made.ok ? made.value.address : made.error.code
  }

  it('names the provider as the payment system does', () => {
    expect(address('bank-one')).toBe('account_no:42@ABCDETAA')
    expect(address('OTHER')).toBe('account_no:42@OTHER')
    expect(address('OTHER', { onlyListedProviders: true })).toBe('mapper.provider-unlisted')
    expect(address('', {}, 'Bank-One')).toBe('account_no:42@ABCDETAA')
    expect(address('OTHER', {}, 'Bank-One')).toBe('mapper.provider-unclear')
    expect(address('')).toBe('mapper.no-provider')
    expect(address('bank-one', { kinds: ['mobile'] })).toBe('mapper.kind-not-paid')
    expect(address('two words')).toBe('mapper.address-unreadable')
  })
})

describe('the id of a question', () => {
  it('holds the number once and nothing that a text could mean', () => {
    expect(mapperId({ idTemplate: 'token:{value}@nationalId' }, '1$&2')).toEqual({
      ok: true,
      value: 'token:1$&2@nationalId',
    })
    expect(isIdTemplate('token:@nationalId')).toBe(false)
    expect(isIdTemplate('{value}{value}')).toBe(false)
    expect(isIdTemplate('token:{value}@{bank}')).toBe(false)
  })
})
