import type { PayeeIdType, PaymentManager } from '../model/payment-manager.ts'
import type { BankAccount, IdentityNumber, Registrant } from '../model/registrant.ts'
import { isPlainEmail, normaliseBic, normaliseEmail, normaliseIban, normalisePhone } from './contact.ts'
import { formatFinancialAddress, parseFinancialAddress } from './financial-address.ts'
import { type Reason, type Ruling, reason, refused, ruled } from './ruling.ts'

/*
 * The payee's financial address as the Odoo module forms it (`{prefix}{value}@{bic}`, `{prefix}{value}{suffix}`), without
 * its leaks: nothing missing is ever printed, and of several numbers exactly one is taken.
 */

/** The settings of a payment manager that shape a payee's address. */
export type PayeeAddressSettings = Pick<
  PaymentManager,
  'payeeIdType' | 'regIdTypeForPayeeId' | 'payeePrefix' | 'payeeSuffix'
>

/** A person's values among which the address is found. */
export interface PayeeDetails {
  readonly registrant: Pick<Registrant, 'phoneNumbers' | 'emails' | 'bankAccounts'>
  readonly identityNumbers: readonly Pick<IdentityNumber, 'type' | 'value' | 'status' | 'expiresOn' | 'removed'>[]
}

/** Prefix that the Odoo module proposes for each kind of payee id. */
export const usualPayeePrefix: Readonly<Record<PayeeIdType, string>> = {
  bank_acc_no: 'account_no:',
  bank_acc_iban: 'iban:',
  phone: 'phone:',
  email: 'email:',
  reg_id: '',
}

/** What other systems print for "nothing"; as data it would be sent as somebody's account. */
const PRINTED_NOTHING = /^(?:false|true|none|null|nil|undefined|nan|n\/?a|-+|0+|#n\/a|#ref!?)$/i
const PREFIX = /^(?:[A-Za-z0-9][A-Za-z0-9_.-]*:[^\s@\p{C}]*|[^\s@:\p{C}]*)$/u
// A suffix without `@` would run into the number and change it.
const SUFFIX = /^(?:[^\s@:\p{C}]*@[^\s@:\p{C}]+)?$/u
const ACCOUNT_NUMBER = /^[A-Za-z0-9][A-Za-z0-9./-]*$/
const IDENTITY_VALUE = /^[^\s:@\p{C}]+$/u

/** What is wrong with a manager's prefix and suffix; undefined when nothing is. */
export function findAddressSettingsFault(settings: PayeeAddressSettings): Reason | undefined {
  const { payeePrefix, payeeSuffix } = settings
  if (!PREFIX.test(payeePrefix) || PRINTED_NOTHING.test(payeePrefix)) return reason('address.bad-prefix')
  if (!SUFFIX.test(payeeSuffix) || PRINTED_NOTHING.test(payeeSuffix.replace(/^@/, '')))
    return reason('address.bad-suffix')
  if (settings.payeeIdType === 'reg_id' && settings.regIdTypeForPayeeId === '')
    return reason('address.no-identity-type')
  return undefined
}

/** The one marked as preferred, else the first in the officer's order; disabled ones never. */
export function findPreferred<T extends { readonly preferred: boolean; readonly disabled: boolean }>(
  entries: readonly T[],
): T | undefined {
  let first: T | undefined
  for (const entry of entries) {
    if (entry.disabled) continue
    if (entry.preferred) return entry
    first ??= entry
  }
  return first
}

const isNothing = (value: string): boolean => value === '' || PRINTED_NOTHING.test(value)

function accountAddress(account: BankAccount, settings: PayeeAddressSettings): Ruling<string> {
  let value: string
  if (settings.payeeIdType === 'bank_acc_iban') {
    if (isNothing(account.iban.trim())) return refused('address.no-iban')
    const iban = normaliseIban(account.iban)
    if (!iban.ok) return iban
    value = iban.value
  } else {
    value = account.accountNumber.replace(/\s/g, '')
    if (isNothing(value)) return refused('address.no-account-number')
    if (!ACCOUNT_NUMBER.test(value)) return refused('address.bad-account-number')
  }
  if (isNothing(account.bic.trim())) return refused('address.no-bic')
  const bic = normaliseBic(account.bic)
  return bic.ok ? complete(`${settings.payeePrefix}${value}@${bic.value}`) : bic
}

/** The address must read back as one: what the grammar refuses never leaves. */
function complete(text: string): Ruling<string> {
  const parsed = parseFinancialAddress(text)
  if (!parsed.ok) return parsed
  return formatFinancialAddress(parsed.value)
}

/** The valid identity number of the manager's type that has not expired on `day`. */
function identityValue(details: PayeeDetails, type: string, day: string): Ruling<string> {
  let nearest: Reason = reason('address.no-identity', { type })
  for (const number of details.identityNumbers) {
    if (number.removed || number.type !== type || isNothing(number.value.trim())) continue
    if (number.status !== 'valid') {
      nearest = reason('address.identity-not-valid', { type })
    } else if (number.expiresOn !== null && number.expiresOn < day) {
      nearest = reason('address.identity-expired', { type, day: number.expiresOn })
    } else {
      const value = number.value.trim()
      return IDENTITY_VALUE.test(value) ? ruled(value) : refused('address.bad-identity', { type })
    }
  }
  return { ok: false, error: nearest }
}

/**
 * The financial address of a person by the manager's settings on the day of payment (`YYYY-MM-DD`), or the reason why
 * there is none. Bank accounts name their bank by BIC; a suffix belongs to phones, e-mails and identity numbers only.
 */
export function makePayeeAddress(settings: PayeeAddressSettings, details: PayeeDetails, day: string): Ruling<string> {
  const fault = findAddressSettingsFault(settings)
  if (fault !== undefined) return { ok: false, error: fault }
  const { phoneNumbers, emails, bankAccounts } = details.registrant
  const around = (value: string) => complete(`${settings.payeePrefix}${value}${settings.payeeSuffix}`)
  switch (settings.payeeIdType) {
    case 'bank_acc_no':
    case 'bank_acc_iban': {
      const account = findPreferred(bankAccounts)
      if (account !== undefined) return accountAddress(account, settings)
      return refused(bankAccounts.length > 0 ? 'address.account-disabled' : 'address.no-account')
    }
    case 'phone': {
      const phone = findPreferred(phoneNumbers)
      if (phone === undefined) return refused(phoneNumbers.length > 0 ? 'address.phone-disabled' : 'address.no-phone')
      if (isNothing(phone.number.trim())) return refused('address.no-phone')
      const number = normalisePhone(phone.number)
      return number.ok ? around(number.value) : number
    }
    case 'email': {
      const email = findPreferred(emails)
      if (email === undefined) return refused(emails.length > 0 ? 'address.email-disabled' : 'address.no-email')
      if (isNothing(email.address.trim())) return refused('address.no-email')
      const address = normaliseEmail(email.address)
      if (!address.ok) return address
      return isPlainEmail(address.value) ? around(address.value) : refused('email.not-ascii')
    }
    case 'reg_id': {
      const value = identityValue(details, settings.regIdTypeForPayeeId, day)
      return value.ok ? around(value.value) : value
    }
  }
}
