import { maskAccount, maskEmail, maskPhone } from './contact.ts'
import { type Ruling, refused, ruled } from './ruling.ts'

/** A financial address of G2P Connect 1.0.0 (`type:id@provider`), in parts; empty where it has no such part. */
export interface FinancialAddress {
  /** Up to the first `:`, as entered: `account`, `token`, `phone`… */
  readonly type: string
  readonly id: string
  /** After the last `@`: a bank's BIC, a payment service, a registry. */
  readonly provider: string
}

/** Limit of `payeeAddress` in the model. */
const LONGEST = 256
const TYPE = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/
const FORBIDDEN = /[\s\p{C}]/u

/** The Odoo module sends e-mail addresses without a provider: there the only `@` belongs to the address itself. */
const ownsItsAt = (type: string): boolean => type.toLowerCase() === 'email'

/**
 * Takes an address apart. The specification's own pattern contradicts its samples, so the grammar is that of the samples:
 * an optional type up to the first `:`, the id, and an optional provider after the last `@`.
 */
export function parseFinancialAddress(text: string): Ruling<FinancialAddress> {
  if (text === '') return refused('address.empty')
  if (text.length > LONGEST) return refused('address.too-long', { maximum: LONGEST })
  if (FORBIDDEN.test(text)) return refused('address.bad-character')
  const colon = text.indexOf(':')
  const firstAt = text.indexOf('@')
  // A colon behind the `@` belongs to the provider (`joe@bank.example:8443`).
  const typed = colon >= 0 && (firstAt < 0 || colon < firstAt)
  const type = typed ? text.slice(0, colon) : ''
  if (typed && !TYPE.test(type)) return refused('address.bad-type')
  const rest = typed ? text.slice(colon + 1) : text
  const at = rest.lastIndexOf('@')
  const whole = at < 0 || (ownsItsAt(type) && rest.indexOf('@') === at)
  const id = whole ? rest : rest.slice(0, at)
  const provider = whole ? '' : rest.slice(at + 1)
  if (id === '') return refused('address.no-id')
  if (!whole && provider === '') return refused('address.unclear-provider')
  return ruled({ type, id, provider })
}

/** Puts an address together, or says why its parts would not be read back as they are. */
export function formatFinancialAddress({ type, id, provider }: FinancialAddress): Ruling<string> {
  const text = `${type === '' ? '' : `${type}:`}${id}${provider === '' ? '' : `@${provider}`}`
  const parsed = parseFinancialAddress(text)
  if (!parsed.ok) return parsed
  const same = parsed.value.type === type && parsed.value.id === id && parsed.value.provider === provider
  return same ? ruled(text) : refused('address.unclear-provider')
}

/** What two spellings of one address have in common; addresses are compared without regard to case. */
export const addressKey = (text: string): string => text.trim().normalize('NFC').toLowerCase()

export const sameAddress = (one: string, other: string): boolean => addressKey(one) === addressKey(other)

/** Enough to recognise an address on a screen, not enough to use it: `account_no:•••• 4821@ABCDETAA`. */
export function maskFinancialAddress(text: string): string {
  if (text === '') return ''
  const parsed = parseFinancialAddress(text)
  if (!parsed.ok) return maskAccount(text)
  const { type, id, provider } = parsed.value
  const kind = type.toLowerCase()
  const hint =
    kind === 'email' ? maskEmail(id) : kind === 'phone' || kind === 'mobile' ? maskPhone(id) : maskAccount(id)
  return `${type === '' ? '' : `${type}:`}${hint}${provider === '' ? '' : `@${provider}`}`
}
