import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { BankAccount, EmailAddress, PhoneNumber, Registrant } from '../../../shared/model/registrant.ts'
import { normaliseBic, normaliseEmail, normaliseIban, normalisePhone } from '../../../shared/rules/contact.ts'
import { type Problem, problem } from '../../../shared/rules/registrant-entry.ts'
import type { Ruling } from '../../../shared/rules/ruling.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import type { Store } from '../store/store.ts'
import { putRegistrant } from './contact-keys.ts'
import { getEditable } from './registrant-commands.ts'

/** Most contacts of one kind that a registrant can have. */
export const CONTACT_LIMIT = 20

/** What an officer enters; `id` is there when an existing contact is replaced. Empty values keep what is there. */
export type ContactEntry =
  | { readonly kind: 'phone'; readonly id?: string | undefined; readonly number: string }
  | { readonly kind: 'email'; readonly id?: string | undefined; readonly address: string }
  | {
      readonly kind: 'account'
      readonly id?: string | undefined
      readonly accountNumber: string
      readonly iban: string
      readonly bic: string
      readonly bankName: string
    }

export type CheckedContact =
  | { readonly kind: 'phone'; readonly number: string }
  | { readonly kind: 'email'; readonly address: string }
  | {
      readonly kind: 'account'
      readonly accountNumber: string
      readonly iban: string
      readonly bic: string
      readonly bankName: string
    }

/** Account numbers as banks write them: letters, digits and a few signs, kept without spaces. */
const ACCOUNT_NUMBER = /^[A-Za-z0-9./_-]{1,64}$/

/** A contact in the form in which it is stored, or what is wrong with it. `country` completes phone numbers. */
export function checkContact(
  entry: ContactEntry,
  country: string | undefined,
): { readonly contact: CheckedContact; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const take = (field: string, ruling: Ruling<string>): string => {
    if (ruling.ok) return ruling.value
    problems.push(problem(field, ruling.error.code, ruling.error.params))
    return ''
  }
  switch (entry.kind) {
    case 'phone':
      return { contact: { kind: 'phone', number: take('number', normalisePhone(entry.number, country)) }, problems }
    case 'email':
      return { contact: { kind: 'email', address: take('address', normaliseEmail(entry.address)) }, problems }
    case 'account': {
      const accountNumber = entry.accountNumber.replaceAll(/\s+/g, '')
      if (accountNumber !== '' && !ACCOUNT_NUMBER.test(accountNumber)) {
        problems.push(problem('accountNumber', 'registry.bad-account-number'))
      }
      const iban = entry.iban.trim() === '' ? '' : take('iban', normaliseIban(entry.iban))
      const bic = entry.bic.trim() === '' ? '' : take('bic', normaliseBic(entry.bic))
      const bankName = cleanLine(entry.bankName)
      problems.push(...bankName.problems.map(({ code, params }) => problem('bankName', code, params)))
      if (accountNumber === '' && entry.iban.trim() === '')
        problems.push(problem('accountNumber', 'registry.account-empty'))
      return { contact: { kind: 'account', accountNumber, iban, bic, bankName: bankName.text }, problems }
    }
  }
}

interface Contact {
  readonly id: string
  readonly preferred: boolean
  readonly disabled: boolean
}

/** Exactly one preferred contact as long as one is enabled: the given one, else the one before, else the first. */
function onePreferred<C extends Contact>(contacts: readonly C[], wanted: string | undefined): C[] {
  const enabled = contacts.filter(({ disabled }) => !disabled)
  const preferred =
    enabled.find(({ id }) => id === wanted) ?? enabled.find((contact) => contact.preferred) ?? enabled[0]
  return contacts.map((contact) => ({ ...contact, preferred: contact.id === preferred?.id }))
}

function placed<C extends Contact>(contacts: readonly C[], contact: C): C[] {
  const at = contacts.findIndex(({ id }) => id === contact.id)
  return at < 0 ? [...contacts, contact] : contacts.with(at, contact)
}

type Contacts = Pick<Registrant, 'phoneNumbers' | 'emails' | 'bankAccounts'>

/** Adds a checked contact, or replaces the one with its id; makes it the preferred one if asked. */
export function withContact(contacts: Contacts, id: string, contact: CheckedContact, prefer: boolean): Contacts {
  const wanted = prefer ? id : undefined
  const marks = (list: readonly Contact[]) => {
    const before = list.find((one) => one.id === id)
    return { id, preferred: before?.preferred ?? false, disabled: before?.disabled ?? false }
  }
  const { kind, ...values } = contact
  switch (contact.kind) {
    case 'phone': {
      const next = { ...values, ...marks(contacts.phoneNumbers) } as PhoneNumber
      return { ...contacts, phoneNumbers: onePreferred(placed(contacts.phoneNumbers, next), wanted) }
    }
    case 'email': {
      const next = { ...values, ...marks(contacts.emails) } as EmailAddress
      return { ...contacts, emails: onePreferred(placed(contacts.emails, next), wanted) }
    }
    case 'account': {
      const next = { ...values, ...marks(contacts.bankAccounts) } as BankAccount
      return { ...contacts, bankAccounts: onePreferred(placed(contacts.bankAccounts, next), wanted) }
    }
  }
}

const LISTS = { phone: 'phoneNumbers', email: 'emails', account: 'bankAccounts' } as const
export type ContactKind = keyof typeof LISTS

function change(
  store: Store,
  officerId: string,
  registrantId: string,
  kind: ContactKind,
  action: string,
  contactId: string,
  next: (registrant: Registrant) => Contacts,
): void {
  store.transaction(officerId, (transaction) => {
    const { changedAt, changedBy, ...current } = getEditable(transaction, registrantId)
    const { phoneNumbers, emails, bankAccounts } = next({ ...current, changedAt, changedBy })
    putRegistrant(transaction, { ...current, phoneNumbers, emails, bankAccounts })
    transaction.audit({
      action,
      subjectKind: 'registrant',
      subjectId: registrantId,
      detail: { kind, contact: contactId },
    })
  })
}

/** Adds a phone number, e-mail address or bank account, or replaces one. The first of a kind becomes the preferred one. */
export function setContact(
  store: Store,
  officerId: string,
  registrantId: string,
  entry: ContactEntry,
  options: { readonly prefer: boolean; readonly country?: string | undefined },
): { readonly problems: readonly Problem[] } {
  const { contact, problems } = checkContact(entry, options.country)
  if (problems.length > 0) return { problems }
  const registrant = store.get('registrant', registrantId)
  const list: readonly Contact[] = registrant[LISTS[entry.kind]]
  if (entry.id !== undefined && !list.some(({ id }) => id === entry.id)) fail('store.not-found', { kind: entry.kind })
  if (entry.id === undefined && list.length >= CONTACT_LIMIT) {
    return { problems: [problem('', 'registry.too-many-contacts', { maximum: CONTACT_LIMIT })] }
  }
  const id = entry.id ?? newId()
  change(store, officerId, registrantId, entry.kind, 'registrant.contact-set', id, (current) =>
    withContact(current, id, contact, options.prefer),
  )
  return { problems: [] }
}

/** Marks a contact as the preferred one, as disabled or enabled, or takes it away. */
export function markContact(
  store: Store,
  officerId: string,
  registrantId: string,
  input: { readonly kind: ContactKind; readonly id: string; readonly mark: 'prefer' | 'disable' | 'enable' | 'remove' },
): void {
  const { kind, id, mark } = input
  change(store, officerId, registrantId, kind, `registrant.contact-${mark}`, id, (current) => {
    const mend = <C extends Contact>(list: readonly C[]): C[] => {
      if (!list.some((contact) => contact.id === id)) fail('store.not-found', { kind })
      if (mark === 'remove')
        return onePreferred(
          list.filter((contact) => contact.id !== id),
          undefined,
        )
      const disabled = mark === 'disable'
      const marked = list.map((contact) => (contact.id === id ? { ...contact, disabled } : contact))
      return onePreferred(marked, mark === 'prefer' ? id : undefined)
    }
    return {
      phoneNumbers: kind === 'phone' ? mend(current.phoneNumbers) : current.phoneNumbers,
      emails: kind === 'email' ? mend(current.emails) : current.emails,
      bankAccounts: kind === 'account' ? mend(current.bankAccounts) : current.bankAccounts,
    }
  })
}

/** Where a full value can be asked for. */
export const lookPlaces = ['contacts', 'identity'] as const

/** One full value behind its hint; the look is audited. Accounts give the parts that are set. */
export function reveal(
  store: Store,
  officerId: string,
  registrantId: string,
  what: {
    readonly kind: ContactKind | 'identity'
    readonly id: string
    readonly screen?: (typeof lookPlaces)[number] | undefined
  },
): { readonly value: string; readonly parts: Readonly<Record<string, string>> } {
  return store.transaction(officerId, (transaction) => {
    const registrant = transaction.get('registrant', registrantId)
    const missing = (): never => fail('store.not-found', { kind: what.kind })
    let parts: Record<string, string>
    if (what.kind === 'identity') {
      const identity = transaction.find('identityNumber', what.id) ?? missing()
      if (identity.registrantId !== registrantId || identity.removed) missing()
      parts = { value: identity.value }
    } else if (what.kind === 'phone') {
      parts = { number: (registrant.phoneNumbers.find(({ id }) => id === what.id) ?? missing()).number }
    } else if (what.kind === 'email') {
      parts = { address: (registrant.emails.find(({ id }) => id === what.id) ?? missing()).address }
    } else {
      const account = registrant.bankAccounts.find(({ id }) => id === what.id) ?? missing()
      const { accountNumber, iban, bic, bankName } = account
      parts = { accountNumber, iban, bic, bankName }
    }
    transaction.audit({
      action: 'registrant.revealed',
      subjectKind: 'registrant',
      subjectId: registrantId,
      detail: { kind: what.kind, contact: what.id, screen: what.screen ?? '' },
    })
    const shown = what.kind === 'account' ? [parts.iban, parts.accountNumber, parts.bic] : Object.values(parts)
    return { value: shown.filter((part) => part !== '').join(' · '), parts }
  })
}
