import type { MappedFrom } from '../model/mapper.ts'
import type { PayeeIdType, PaymentManager } from '../model/payment-manager.ts'
import type { BankAccount, IdentityNumber, Registrant } from '../model/registrant.ts'
import { isPlainEmail, normaliseBic, normaliseEmail, normaliseIban, normalisePhone } from './contact.ts'
import { formatFinancialAddress, parseFinancialAddress } from './financial-address.ts'
import { mapperId } from './mapper/mapper-id.ts'
import { type Reason, type Ruling, reason, refused, ruled } from './ruling.ts'

/*
 * The payee's financial address as the Odoo module forms it (`{prefix}{value}@{bic}`, `{prefix}{value}{suffix}`), without
 * its leaks: nothing missing is ever printed, and of several numbers exactly one is taken.
 */

/** The settings of a payment manager that shape a payee's address. */
export type PayeeAddressSettings = Pick<
  PaymentManager,
  'payeeIdType' | 'regIdTypeForPayeeId' | 'payeePrefix' | 'payeeSuffix' | 'mapper'
>

/** A person's values among which the address is found. */
export interface PayeeDetails {
  readonly registrant: Pick<Registrant, 'phoneNumbers' | 'emails' | 'bankAccounts'>
  readonly identityNumbers: readonly PayeeIdentity[]
  /** What the mapper said of the person; undefined when it was not asked since the number or the settings changed. */
  readonly findMapped?: (question: MapperQuestion) => KnownMapped | undefined
}

type PayeeIdentity = Pick<IdentityNumber, 'type' | 'value' | 'status' | 'expiresOn' | 'removed'> &
  Partial<Pick<IdentityNumber, 'changedAt'>>

/** How a mapper is asked for a person's account. */
export interface MapperQuestion {
  readonly id: string
  /** Names the version of the identity number that the id is made of, without telling it. */
  readonly basis: string
}

/** What a mapper said of a person last. */
export type KnownMapped =
  | (MappedFrom & {
      readonly kind: 'linked'
      readonly address: string
      /** Day on which it first named this account instead of another one; null when it never did. */
      readonly changedOn: string | null
    })
  | { readonly kind: 'none' | 'unresolved'; readonly why: Reason; readonly at: number }

/** Where a person is paid. */
export interface FoundAddress {
  readonly address: string
  /** Of an address that an account mapper gave. */
  readonly mapped?: MappedFrom
  /** Day on which the mapper named this account instead of another one. */
  readonly changedOn?: string
}

/** Prefix that the Odoo module proposes for each kind of payee id. */
export const usualPayeePrefix: Readonly<Record<PayeeIdType, string>> = {
  bank_acc_no: 'account_no:',
  bank_acc_iban: 'iban:',
  phone: 'phone:',
  email: 'email:',
  reg_id: '',
  mapper: '',
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
  if (settings.payeeIdType === 'mapper' && settings.mapper === undefined) return reason('mapper.no-settings')
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

/** The valid identity number of a type that has not expired on `day`. */
function identityOf(details: Pick<PayeeDetails, 'identityNumbers'>, type: string, day: string): Ruling<PayeeIdentity> {
  let nearest: Reason = reason('address.no-identity', { type })
  for (const number of details.identityNumbers) {
    if (number.removed || number.type !== type || isNothing(number.value.trim())) continue
    if (number.status !== 'valid') {
      nearest = reason('address.identity-not-valid', { type })
    } else if (number.expiresOn !== null && number.expiresOn < day) {
      nearest = reason('address.identity-expired', { type, day: number.expiresOn })
    } else {
      const value = number.value.trim()
      return IDENTITY_VALUE.test(value) ? ruled({ ...number, value }) : refused('address.bad-identity', { type })
    }
  }
  return { ok: false, error: nearest }
}

const DAY = 24 * 60 * 60 * 1000
/** What a mapper said counts for so many days; then it is asked again. */
const MAPPED_FOR_DAYS = 7

const isOld = (at: number, day: string): boolean => Date.parse(day) - at > MAPPED_FOR_DAYS * DAY

/** For so many days a pre-flight says that the account is another one than before. */
const NEW_FOR_DAYS = 45

/** How the mapper is asked for a person's account, or why it cannot be. */
export function mapperQuestion(
  { mapper }: Pick<PayeeAddressSettings, 'mapper'>,
  details: Pick<PayeeDetails, 'identityNumbers'>,
  day: string,
): Ruling<MapperQuestion> {
  if (mapper === undefined) return refused('mapper.no-settings')
  const identity = identityOf(details, mapper.idType, day)
  if (!identity.ok) return identity
  const id = mapperId(mapper, identity.value.value)
  return id.ok ? ruled({ id: id.value, basis: identity.value.changedAt ?? '' }) : id
}

/** What the mapper said of the person, if it can be relied on. */
function mappedAddressOf(settings: PayeeAddressSettings, details: PayeeDetails, day: string): Ruling<FoundAddress> {
  const question = mapperQuestion(settings, details, day)
  if (!question.ok) return question
  const known = details.findMapped?.(question.value)
  if (known === undefined) return refused('mapper.not-asked')
  if (isOld(known.at, day)) return refused('mapper.asked-long-ago', { days: MAPPED_FOR_DAYS })
  if (known.kind !== 'linked') return { ok: false, error: known.why }
  const { address, changedOn, provider, reference, at } = known
  const mapped = { provider, reference, at }
  const isNew = changedOn !== null && Date.parse(day) - Date.parse(changedOn) <= NEW_FOR_DAYS * DAY
  return ruled({ address, mapped, ...(isNew ? { changedOn } : {}) })
}

/**
 * The financial address of a person by the manager's settings on the day of payment (`YYYY-MM-DD`), or the reason why
 * there is none. Bank accounts name their bank by BIC; a suffix belongs to phones, e-mails and identity numbers only.
 */
export function findPayeeAddress(
  settings: PayeeAddressSettings,
  details: PayeeDetails,
  day: string,
): Ruling<FoundAddress> {
  if (settings.payeeIdType === 'mapper') return mappedAddressOf(settings, details, day)
  const made = makePayeeAddress(settings, settings.payeeIdType, details, day)
  return made.ok ? ruled({ address: made.value }) : made
}

function makePayeeAddress(
  settings: PayeeAddressSettings,
  payeeIdType: Exclude<PayeeIdType, 'mapper'>,
  details: PayeeDetails,
  day: string,
): Ruling<string> {
  const fault = findAddressSettingsFault(settings)
  if (fault !== undefined) return { ok: false, error: fault }
  const { phoneNumbers, emails, bankAccounts } = details.registrant
  const around = (value: string) => complete(`${settings.payeePrefix}${value}${settings.payeeSuffix}`)
  switch (payeeIdType) {
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
      const identity = identityOf(details, settings.regIdTypeForPayeeId, day)
      return identity.ok ? around(identity.value.value) : identity
    }
  }
}
