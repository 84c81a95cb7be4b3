import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import type { ProposedField } from '../../../shared/rules/proposed-fields.ts'
import { checkFacts } from '../../../shared/rules/registrant-entry.ts'
import { today } from '../clock/today.ts'
import type { Transaction } from '../store/store.ts'
import { putRegistrant } from './contact-keys.ts'
import { getEditable } from './registrant-commands.ts'

/*
 * Facts that come from elsewhere (a form, an identity provider) and are held against the record field by field: an officer takes
 * over what they want, by the same rules wherever it came from.
 */

/** What the record says now in such a field; empty for nothing. */
export function factOf(registrant: Registrant, field: ProposedField): string {
  switch (field) {
    case 'phone':
      return preferredOf(registrant.phoneNumbers)?.number ?? ''
    case 'email':
      return preferredOf(registrant.emails)?.address ?? ''
    case 'birthdate':
      return registrant.birthdate ?? ''
    default:
      return registrant[field]
  }
}

const preferredOf = <T extends { readonly preferred: boolean; readonly disabled: boolean }>(
  entries: readonly T[],
): T | undefined => {
  const usable = entries.filter(({ disabled }) => !disabled)
  return usable.find(({ preferred }) => preferred) ?? usable[0]
}

/**
 * Takes a fact into the record. A phone number or e-mail address comes before the ones that are there.
 *
 * @throws OfficeError `registry.is-removed`, `registry.being-imported`, and what is wrong with the value
 */
export function acceptFact(transaction: Transaction, registrantId: string, field: ProposedField, value: string): void {
  const { changedAt, changedBy, ...registrant } = getEditable(transaction, registrantId)
  if (field === 'phone' || field === 'email') {
    const contact = { id: newId(), preferred: true, disabled: false }
    const others = <T extends { readonly preferred: boolean }>(entries: readonly T[]): T[] =>
      entries.map((entry) => ({ ...entry, preferred: false }))
    putRegistrant(
      transaction,
      field === 'phone'
        ? { ...registrant, phoneNumbers: [{ ...contact, number: value }, ...others(registrant.phoneNumbers)] }
        : { ...registrant, emails: [{ ...contact, address: value }, ...others(registrant.emails)] },
    )
    return
  }
  const { facts, problems } = checkFacts({ [field]: value } as Partial<Registrant>, today())
  const [wrong] = problems
  if (wrong !== undefined) fail(wrong.code, wrong.params)
  putRegistrant(transaction, { ...registrant, ...facts })
}
