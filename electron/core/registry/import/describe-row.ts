import type { Registrant } from '../../../../shared/model/registrant.ts'
import {
  asciiDigits,
  checkFacts,
  composeName,
  type Problem,
  problem,
  type RegistrantFacts,
  readConsent,
  readDay,
  readGender,
  readModeOfPayment,
} from '../../../../shared/rules/registrant-entry.ts'
import { type CheckedContact, checkContact } from '../contact-commands.ts'
import { checkIdentity, type IdentityEntry } from '../identity-commands.ts'
import type { ImportOptions } from './import-types.ts'
import type { RowConsent } from './row-consent.ts'

/** Facts that a row says; what it is silent about is missing. */
export type RowFacts = Partial<RegistrantFacts> & { deceasedOn?: string | null }

/** One registrant as a row describes it. */
export interface Described {
  readonly facts: RowFacts
  readonly contacts: readonly CheckedContact[]
  readonly identity: IdentityEntry | undefined
  readonly consent: RowConsent | undefined
}

/** The text in the column that was mapped to a target; empty where there is none. */
type Cell = (target: string) => string

const TEXTS = [
  'registryNumber',
  'name',
  'givenName',
  'familyName',
  'additionalName',
  'groupKind',
  'address',
  'area',
] as const

/** Reads what a row says about one registrant, without a look at the registry or at other rows. Fields of problems are targets. */
export function describeRow(
  cell: Cell,
  kind: Registrant['kind'],
  options: ImportOptions,
  today: string,
): { readonly described: Described; readonly problems: Problem[] } {
  const problems: Problem[] = []
  const facts = readFacts(cell, kind, options, today, problems)
  const contacts = readContacts(cell, options, problems)
  const identity = readIdentity(cell, options, problems)
  const consent = readRowConsent(cell, options, today, problems)
  return { described: { facts, contacts, identity, consent }, problems }
}

function readFacts(
  cell: Cell,
  kind: Registrant['kind'],
  { dayOrder }: ImportOptions,
  today: string,
  found: Problem[],
): RowFacts {
  const facts: RowFacts = {}
  for (const field of TEXTS) {
    const text = cell(field)
    if (text.trim() !== '') facts[field] = text
  }
  const day = (field: 'birthdate' | 'deceasedOn' | 'registrationDate'): void => {
    const text = cell(field).trim()
    if (text === '') return
    const read = readDay(text, dayOrder)
    if (read === undefined) found.push(problem(field, 'registry.bad-day'))
    else facts[field] = read
  }
  day('birthdate')
  day('deceasedOn')
  day('registrationDate')
  if (facts.deceasedOn && facts.deceasedOn > today) found.push(problem('deceasedOn', 'registry.day-in-future'))
  if (facts.deceasedOn && facts.birthdate && facts.deceasedOn < facts.birthdate) {
    found.push(problem('deceasedOn', 'registry.died-before-birth'))
  }
  if (cell('gender').trim() !== '') {
    const gender = readGender(cell('gender'))
    if (gender === undefined) found.push(problem('gender', 'registry.bad-gender'))
    else facts.gender = gender
  }
  if (cell('modeOfPayment').trim() !== '') {
    const mode = readModeOfPayment(cell('modeOfPayment'))
    if (mode === undefined) found.push(problem('modeOfPayment', 'registry.bad-mode-of-payment'))
    else facts.modeOfPayment = mode
  }
  if (cell('tags').trim() !== '') facts.tags = cell('tags').split(/[;,|،]/)
  if (kind === 'individual') {
    const { name = '', givenName = '', familyName = '', additionalName = '' } = facts
    const composed = composeName({ name, givenName, familyName, additionalName })
    if (composed !== '') facts.name = composed
  }
  const checked = checkFacts(facts, today)
  found.push(...checked.problems)
  return checked.facts
}

function readContacts(cell: Cell, { country }: ImportOptions, found: Problem[]): CheckedContact[] {
  const contacts: CheckedContact[] = []
  const take = (entry: Parameters<typeof checkContact>[0], field: string): void => {
    const checked = checkContact(entry, country)
    if (checked.problems.length === 0) contacts.push(checked.contact)
    else found.push(...checked.problems.map((one) => ({ ...one, field: entry.kind === 'account' ? one.field : field })))
  }
  for (const field of ['phone', 'phone2'] as const) {
    const number = cell(field).trim()
    if (number !== '') take({ kind: 'phone', number }, field)
  }
  const address = cell('email').trim()
  if (address !== '') take({ kind: 'email', address }, 'email')
  const account = {
    accountNumber: cell('accountNumber').trim(),
    iban: cell('iban').trim(),
    bic: cell('bic').trim(),
    bankName: cell('bankName'),
  }
  if ([account.accountNumber, account.iban, account.bic].some((text) => text !== '')) {
    take({ kind: 'account', ...account }, 'accountNumber')
  }
  return contacts
}

function readIdentity(
  cell: Cell,
  { dayOrder, identityType }: ImportOptions,
  found: Problem[],
): IdentityEntry | undefined {
  const value = asciiDigits(cell('identityValue')).trim()
  if (value === '') return undefined
  const word = cell('identityStatus').trim().toLowerCase()
  const status = word === '' ? 'unverified' : (['valid', 'invalid', 'unverified'] as const).find((one) => one === word)
  if (status === undefined) found.push(problem('identityStatus', 'registry.bad-identity-status'))
  const expiry = cell('identityExpiresOn').trim()
  const expiresOn = expiry === '' ? null : (readDay(expiry, dayOrder) ?? '')
  const type = cell('identityType').trim() || identityType || 'national_id'
  const { entry, problems } = checkIdentity({ type, value, status: status ?? 'unverified', expiresOn })
  found.push(
    ...problems.map((one) => ({
      ...one,
      field: `identity${one.field.charAt(0).toUpperCase()}${one.field.slice(1)}`,
    })),
  )
  return entry
}

/** Undefined where the row says nothing; no column of a group is about consent. */
function readRowConsent(
  cell: Cell,
  { dayOrder }: ImportOptions,
  today: string,
  found: Problem[],
): RowConsent | undefined {
  const given = readConsent(cell('consent'))
  if (given === undefined) found.push(problem('consent', 'registry.bad-consent'))
  const text = cell('consentOn').trim()
  const on = text === '' ? null : readDay(text, dayOrder)
  if (on === undefined) found.push(problem('consentOn', 'registry.bad-day'))
  if (on && on > today) found.push(problem('consentOn', 'registry.day-in-future'))
  return given === undefined || given === null || on === undefined ? undefined : { given, on }
}
