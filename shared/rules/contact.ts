import { isValidBIC, ValidationErrorsIBAN, validateIBAN } from 'ibantools'
import { type CountryCode, isSupportedCountry, ParseError, parsePhoneNumberWithError } from 'libphonenumber-js/min'
import { type Ruling, refused, ruled } from './ruling.ts'

/*
 * Contact and account values: from what was typed to the form that is stored and sent, or the reason why not; and the
 * masked hints that screens show instead.
 */

/** Marks that come along invisibly when a number is copied from a contact list or a web page. */
const COPIED_MARKS = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g

const bare = (text: string): string => text.replace(COPIED_MARKS, '').trim()

/** Electronic form of an IBAN (capitals, no spaces), after country, length, national format and mod-97. */
export function normaliseIban(text: string): Ruling<string> {
  const iban = bare(text)
    .replace(/^IBAN[:\s]*/i, '')
    .replace(/[\s.-]/g, '')
    .toUpperCase()
  if (iban === '') return refused('iban.empty')
  if (iban.length > 40 || !/^[A-Z0-9]+$/.test(iban)) return refused('iban.bad-characters')
  const { valid, errorCodes } = validateIBAN(iban)
  if (valid) return ruled(iban)
  const country = iban.slice(0, 2)
  if (errorCodes.includes(ValidationErrorsIBAN.NoIBANCountry)) return refused('iban.unknown-country', { country })
  if (errorCodes.includes(ValidationErrorsIBAN.WrongBBANLength)) return refused('iban.wrong-length', { country })
  if (errorCodes.includes(ValidationErrorsIBAN.WrongBBANFormat)) return refused('iban.bad-format', { country })
  return refused('iban.bad-checksum')
}

/** A bank's BIC (ISO 9362) in capitals: 8 or 11 characters with a country inside. */
export function normaliseBic(text: string): Ruling<string> {
  const bic = bare(text).replace(/\s/g, '').toUpperCase()
  if (bic === '') return refused('bic.empty')
  return isValidBIC(bic) ? ruled(bic) : refused('bic.bad-format')
}

const E164 = /^\+[1-9]\d{6,14}$/

/** A phone number in E.164. `country` (ISO 3166 alpha-2) completes numbers that were typed without their country code. */
export function normalisePhone(text: string, country?: string): Ruling<string> {
  const typed = bare(text)
  if (typed === '') return refused('phone.empty')
  if (/[,;/|\n]/.test(typed)) return refused('phone.several')
  if (typed.length > 60) return refused('phone.too-long')
  const home: CountryCode | undefined = country !== undefined && isSupportedCountry(country) ? country : undefined
  try {
    const phone = parsePhoneNumberWithError(typed, { extract: false, ...(home && { defaultCountry: home }) })
    if (phone.ext !== undefined) return refused('phone.extension')
    return phone.isValid() && E164.test(phone.number) ? ruled(phone.number) : refused('phone.not-valid')
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    if (error.message === 'INVALID_COUNTRY') return refused('phone.no-country')
    if (error.message === 'TOO_SHORT') return refused('phone.too-short')
    if (error.message === 'TOO_LONG') return refused('phone.too-long')
    return refused('phone.not-valid')
  }
}

/** Longest address that mail itself allows. */
const EMAIL_LIMIT = 254
const EMAIL =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/

/** An e-mail address with its domain in lower case. Addresses outside ASCII are refused: financial addresses cannot carry them. */
export function normaliseEmail(text: string): Ruling<string> {
  const typed = bare(text).replace(/^mailto:/i, '')
  if (typed === '') return refused('email.empty')
  if (typed.length > EMAIL_LIMIT) return refused('email.too-long', { maximum: EMAIL_LIMIT })
  if (/[,;\s]/.test(typed) && typed.indexOf('@') !== typed.lastIndexOf('@')) return refused('email.several')
  if (/[^!-~]/.test(typed.replace(/ /g, ''))) return refused('email.not-ascii')
  const at = typed.lastIndexOf('@')
  const email = typed.slice(0, at) + typed.slice(at).toLowerCase()
  return at > 0 && at <= 64 && EMAIL.test(email) ? ruled(email) : refused('email.bad-format')
}

const DOTS = '••••'

/** Dots and the last few characters, never more than a third of the value. */
function lastOf(value: string, most: number): string {
  const characters = [...value]
  const shown = Math.min(most, Math.floor(characters.length / 3))
  return shown === 0 ? DOTS : `${DOTS} ${characters.slice(-shown).join('')}`
}

/** Hint of an account number or IBAN: `•••• 4821`; empty for an empty value. */
export const maskAccount = (account: string): string => (account === '' ? '' : lastOf(account, 4))

/** Hint of a phone number: `•••• 567`; empty for an empty value. */
export const maskPhone = (phone: string): string => (phone === '' ? '' : lastOf(phone, 3))

/** Hint of an identity number or token: `•••• 345`; empty for an empty value. */
export const maskIdentity = (value: string): string => (value === '' ? '' : lastOf(value, 3))

/** Hint of an e-mail address: its first letter and its domain, at most 60 characters; empty for an empty value. */
export function maskEmail(email: string): string {
  if (email === '') return ''
  const at = email.lastIndexOf('@')
  if (at < 1) return DOTS
  const first = at > 2 ? [...email][0] : ''
  return `${first}${DOTS}${email.slice(at).slice(0, 50)}`
}
