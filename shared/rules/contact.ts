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

/** Longest address and longest name before the `@` that mail itself allows, in octets (RFC 5321 §4.5.3.1). */
const EMAIL_LIMIT = 254
const NAME_LIMIT = 64
const LABEL_LIMIT = 63
/** One piece between dots before the `@`; letters of every script are allowed (RFC 6531 §3.3). */
const NAME_PIECE = /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\p{ASCII}\p{C}\p{Z}])+$/u
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u

const octets = (text: string): number => new TextEncoder().encode(text).length

/** An e-mail address, internationalised ones (RFC 6531) included, composed (NFC) and with its domain in lower case. */
export function normaliseEmail(text: string): Ruling<string> {
  const typed = bare(text)
    .replace(/^mailto:/i, '')
    .normalize('NFC')
  if (typed === '') return refused('email.empty')
  if (octets(typed) > EMAIL_LIMIT) return refused('email.too-long', { maximum: EMAIL_LIMIT })
  if (/[,;\s]/.test(typed) && typed.indexOf('@') !== typed.lastIndexOf('@')) return refused('email.several')
  const at = typed.lastIndexOf('@')
  const name = typed.slice(0, Math.max(at, 0))
  const domain = typed.slice(at + 1).toLowerCase()
  const labels = domain.split('.')
  const fits =
    octets(name) <= NAME_LIMIT &&
    name.split('.').every((piece) => NAME_PIECE.test(piece)) &&
    labels.length > 1 &&
    labels.every((label) => octets(label) <= LABEL_LIMIT && LABEL.test(label)) &&
    !/^\p{N}/u.test(labels.at(-1) ?? '')
  return fits ? ruled(`${name}@${domain}`) : refused('email.bad-format')
}

/** Whether an address can stand in a financial address, which payment systems read as ASCII. */
export const isPlainEmail = (email: string): boolean => /^[!-~]+$/.test(email)

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
