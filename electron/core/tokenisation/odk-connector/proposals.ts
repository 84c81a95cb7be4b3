import { fail } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { checkFacts } from '../../../../shared/rules/registrant-entry.ts'
import type { SubmittedPerson } from '../../../../shared/rules/tokenisation/submission.ts'
import { today } from '../../clock/today.ts'
import { putRegistrant } from '../../registry/contact-keys.ts'
import { getEditable } from '../../registry/registrant-commands.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { hasConsent } from '../consents.ts'
import { submittedName } from './match-submission.ts'

/** Facts that may come along and be other than the record. */
export const proposedFields = ['name', 'gender', 'birthdate', 'address', 'area', 'phone', 'email'] as const
export type ProposedField = (typeof proposedFields)[number]

/** What the record says now in such a field. */
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
 * Keeps what a form says other than the record, field by field, for an officer to accept or not: only of people whose consent
 * covers it. @returns how many fields differ
 */
export function propose(
  transaction: Transaction,
  registrantId: string,
  { facts }: SubmittedPerson,
  source: 'form' | 'edit',
  now: number,
): number {
  if (!hasConsent(transaction, registrantId)) return 0
  const registrant = transaction.get('registrant', registrantId)
  const said: Readonly<Record<ProposedField, string | null>> = { ...facts, name: submittedName(facts) }
  let count = 0
  for (const field of proposedFields) {
    const value = said[field]
    if (value === null || value === '' || value === factOf(registrant, field)) continue
    transaction
      .sql(
        `INSERT INTO kyc_proposal VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (registrant_id, field) DO UPDATE SET source = excluded.source, value = excluded.value,
           found_at = excluded.found_at`,
      )
      .run(newId(), registrantId, source, field, value, now)
    count += 1
  }
  return count
}

/**
 * Takes a proposed field into the record, or leaves the record as it is.
 *
 * @throws OfficeError `odk.proposal-decided`, `registry.is-removed`, and what is wrong with the value
 */
export function decideProposal(store: Store, officerId: string, id: string, accepted: boolean): void {
  store.transaction(officerId, (transaction) => {
    const found = transaction
      .sql('SELECT registrant_id AS registrantId, field, value FROM kyc_proposal WHERE id = ?')
      .get(id) as { registrantId: string; field: ProposedField; value: string } | undefined
    if (found === undefined) fail('odk.proposal-decided')
    const { registrantId, field, value } = found
    if (accepted) accept(transaction, registrantId, field, value)
    transaction.sql('DELETE FROM kyc_proposal WHERE id = ?').run(id)
    transaction.audit({
      action: accepted ? 'registrant.proposal-accepted' : 'registrant.proposal-refused',
      subjectKind: 'registrant',
      subjectId: registrantId,
      detail: { field },
    })
  })
}

function accept(transaction: Transaction, registrantId: string, field: ProposedField, value: string): void {
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
