import { z } from 'zod'
import type { AccountKind } from '../../model/mapper.ts'
import { isPlainEmail, normaliseEmail } from '../contact.ts'
import { parseFinancialAddress } from '../financial-address.ts'
import { type Ruling, refused, ruled } from '../ruling.ts'
import { type FieldValues, findTemplate, readByTemplate } from './template.ts'

/** An account as a mapper gives it, whatever form it came in. */
export interface MappedAccount {
  readonly kind: AccountKind
  /** Account number, phone number or e-mail address. */
  readonly value: string
  /** The bank or wallet provider as the mapper names it; empty where it names none. */
  readonly provider: string
}

const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9./-]*$/
const PHONE = /^\+?\d{6,15}$/

function account(kind: AccountKind, value: string, provider: string): Ruling<MappedAccount> {
  const fits = kind === 'bank' ? ACCOUNT.test(value) : kind === 'mobile' ? PHONE.test(value) : isEmail(value)
  return fits ? ruled({ kind, value, provider }) : refused('mapper.address-unreadable')
}

function isEmail(value: string): boolean {
  const email = normaliseEmail(value)
  return email.ok && isPlainEmail(email.value)
}

/** Types of the grammar of G2P Connect (`type:id@provider`) that name an account which can be paid. */
const kindOfType: Readonly<Record<string, AccountKind>> = {
  account: 'bank',
  account_no: 'bank',
  bank: 'bank',
  mobile: 'mobile',
  phone: 'mobile',
  msisdn: 'mobile',
  email: 'email',
}

/** An address in the grammar of G2P Connect itself. */
function accountOfAddress(text: string): Ruling<MappedAccount> {
  const parsed = parseFinancialAddress(text)
  if (!parsed.ok) return refused('mapper.address-unreadable')
  const { type, id, provider } = parsed.value
  const kind = Object.hasOwn(kindOfType, type.toLowerCase()) ? kindOfType[type.toLowerCase()] : undefined
  return kind === undefined ? refused('mapper.kind-unknown') : account(kind, id, provider)
}

function accountOfFields(values: FieldValues): Ruling<MappedAccount> {
  const number = values.account_number ?? values.account_no
  const phone = values.mobile_number ?? values.phone
  const email = values.email_address ?? values.email
  const wallet = values.wallet_provider_code ?? values.wallet ?? ''
  const kinds = [number, phone, email].filter((value) => value !== undefined)
  if (kinds.length !== 1) return refused('mapper.kind-unknown')
  if (number !== undefined) return account('bank', number, values.bank_code ?? values.bank ?? '')
  return phone === undefined ? account('email', email ?? '', wallet) : account('mobile', phone, wallet)
}

/**
 * Reads an account that came as one text: by the one template that fits in one way, else by the grammar of G2P Connect where
 * there are no templates. Errors: `mapper.address-unreadable`, `mapper.address-ambiguous`, `mapper.kind-unknown`.
 */
export function accountOfText(text: string, strategies: readonly string[]): Ruling<MappedAccount> {
  if (strategies.length === 0) return accountOfAddress(text)
  const read = strategies.flatMap((strategy) => {
    const template = findTemplate(strategy)
    return template === undefined ? [] : readByTemplate(text, template)
  })
  const [only, ...others] = read
  if (only === undefined) return refused('mapper.address-unreadable')
  return others.length > 0 ? refused('mapper.address-ambiguous') : accountOfFields(only)
}

const Text = z.string().max(200)
const Optional = Text.nullish()

/** The typed account of SPAR 2.x. Members that are not known are left alone. */
const TypedAccount = z.discriminatedUnion('fa_type', [
  z.looseObject({ fa_type: z.literal('BANK'), bank_code: Optional, account_number: Text }),
  z.looseObject({ fa_type: z.literal('MOBILE_WALLET'), wallet_provider_code: Optional, mobile_number: Text }),
  z.looseObject({ fa_type: z.literal('EMAIL_WALLET'), wallet_provider_code: Optional, email_address: Text }),
])

/** Reads an account that came as an object. Errors: `mapper.address-unreadable`, as for `{}`, which is what an unknown strategy gives. */
export function accountOfObject(value: unknown): Ruling<MappedAccount> {
  const parsed = TypedAccount.safeParse(value)
  if (!parsed.success) return refused('mapper.address-unreadable')
  const { data } = parsed
  if (data.fa_type === 'BANK') return account('bank', data.account_number, data.bank_code ?? '')
  if (data.fa_type === 'MOBILE_WALLET') return account('mobile', data.mobile_number, data.wallet_provider_code ?? '')
  return account('email', data.email_address, data.wallet_provider_code ?? '')
}
