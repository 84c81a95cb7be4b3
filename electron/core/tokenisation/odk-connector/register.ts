import { identityNumberId, newId, registrantId } from '../../../../shared/model/ids.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { checkFacts, type Problem } from '../../../../shared/rules/registrant-entry.ts'
import type { SubmittedPerson } from '../../../../shared/rules/tokenisation/submission.ts'
import { today } from '../../clock/today.ts'
import { isErased } from '../../keeping/erase-registrant.ts'
import { putRegistrant } from '../../registry/contact-keys.ts'
import { checkIdentity, isIdentityTaken } from '../../registry/identity-commands.ts'
import type { Transaction } from '../../store/store.ts'
import { findConsent, noteConsent } from '../consents.ts'
import { submittedName } from './match-submission.ts'

type Types = Pick<Connector, 'vidType' | 'tokenType'>

/**
 * Registers somebody who is not on the registry yet, with identity number and consent.
 *
 * @returns the registrant's id, or what is wrong with what the form says
 */
export function registerPerson(
  transaction: Transaction,
  person: SubmittedPerson,
  types: Types,
): { readonly id: string } | { readonly problems: readonly Problem[] } {
  const { facts } = person
  const { facts: checked, problems } = checkFacts(
    {
      registryNumber: facts.registryNumber ?? '',
      name: submittedName(facts),
      givenName: facts.givenName ?? '',
      familyName: facts.familyName ?? '',
      additionalName: facts.additionalName ?? '',
      groupKind: '',
      gender: facts.gender ?? '',
      birthdate: facts.birthdate,
      address: facts.address ?? '',
      area: facts.area ?? '',
      modeOfPayment: 'cash' as const,
      tags: [],
      registrationDate: today(),
    },
    today(),
  )
  if (problems.length > 0) return { problems }
  const derived = checked.registryNumber === '' ? newId() : registrantId(checked.registryNumber)
  const there = transaction.find('registrant', derived)
  // Whoever was erased and comes back keeps the id, so that what was paid under it is not paid again.
  const isFree = there === undefined || (isErased(there) && there.kind === 'individual')
  const id = isFree ? derived : newId()
  const contact = { id: newId(), preferred: true, disabled: false }
  const registrant: Omit<Registrant, 'changedAt' | 'changedBy'> = {
    ...checked,
    id,
    kind: 'individual',
    removed: false,
    deceasedOn: null,
    phoneNumbers: facts.phone === null ? [] : [{ ...contact, number: facts.phone }],
    emails: facts.email === null ? [] : [{ ...contact, id: newId(), address: facts.email }],
    bankAccounts: [],
    importId: '',
  }
  putRegistrant(transaction, registrant)
  transaction.audit({
    action: 'registrant.created',
    subjectKind: 'registrant',
    subjectId: id,
    detail: { kind: 'individual', from: 'form' },
  })
  addIdentity(transaction, id, person, types)
  noteFormConsent(transaction, id, person)
  return { id }
}

/**
 * Gives a registrant the identity number of a form, where there is neither a token nor another number.
 *
 * @returns whether there is something to get a token for
 */
export function addIdentity(
  transaction: Transaction,
  id: string,
  { vid }: SubmittedPerson,
  { vidType, tokenType }: Types,
): boolean {
  const there = (type: string): boolean => {
    const found = transaction.find('identityNumber', identityNumberId(id, type))
    return found !== undefined && !found.removed
  }
  if (there(tokenType)) return false
  if (there(vidType)) return true
  if (vid === null) return false
  const { entry, problems } = checkIdentity({ type: vidType, value: vid, status: 'unverified', expiresOn: null })
  if (problems.length > 0 || isIdentityTaken(transaction, entry, id)) return false
  transaction.put('identityNumber', {
    ...entry,
    id: identityNumberId(id, vidType),
    registrantId: id,
    removed: false,
    importId: '',
  })
  transaction.audit({
    action: 'registrant.identity-set',
    subjectKind: 'registrant',
    subjectId: id,
    detail: { type: vidType, status: 'unverified', from: 'form' },
  })
  return true
}

/** Writes down what a form says about consent, unless something newer is known. */
export function noteFormConsent(transaction: Transaction, id: string, { consent, submittedAt }: SubmittedPerson): void {
  if (consent === 'unasked') return
  const on = submittedAt.slice(0, 10)
  const given = consent === 'given'
  // Nobody who never gave any has anything to take back.
  if (!given && findConsent(transaction, id) === undefined) return
  noteConsent(transaction, id, { given, on, how: 'form', note: '' })
}
