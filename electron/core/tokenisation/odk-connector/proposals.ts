import { fail } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import { type ProposedField, proposedFields } from '../../../../shared/rules/proposed-fields.ts'
import type { SubmittedPerson } from '../../../../shared/rules/tokenisation/submission.ts'
import { acceptFact, factOf } from '../../registry/proposed-facts.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { hasConsent } from '../consents.ts'
import { submittedName } from './match-submission.ts'

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
    if (accepted) acceptFact(transaction, registrantId, field, value)
    transaction.sql('DELETE FROM kyc_proposal WHERE id = ?').run(id)
    transaction.audit({
      action: accepted ? 'registrant.proposal-accepted' : 'registrant.proposal-refused',
      subjectKind: 'registrant',
      subjectId: registrantId,
      detail: { field },
    })
  })
}
