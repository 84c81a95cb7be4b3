import { fail } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { getEditable } from '../../registry/registrant-commands.ts'
import type { Store } from '../../store/store.ts'
import { type Doubt, joinPerson } from './intake.ts'
import { registerPerson } from './register.ts'

/** What an officer says of a doubtful submission. */
export type SubmissionVerdict =
  | { readonly kind: 'same'; readonly registrantId: string }
  | { readonly kind: 'new' }
  | { readonly kind: 'ignore' }

/**
 * Decides whose a doubtful submission is. What it said is kept no longer.
 *
 * @throws OfficeError `odk.submission-decided`, `registry.is-removed`, `registry.being-imported`, and what is wrong with what it says
 */
export function decideSubmission(
  store: Store,
  officerId: string,
  input: { readonly ref: string; readonly verdict: SubmissionVerdict },
  now: number,
): void {
  const { ref, verdict } = input
  store.transaction(officerId, (transaction) => {
    const found = transaction
      .sql("SELECT connector_id AS connectorId, proposal FROM odk_submission WHERE ref = ? AND state = 'doubtful'")
      .get(ref) as { connectorId: string; proposal: string } | undefined
    if (found === undefined) fail('odk.submission-decided')
    const { person } = JSON.parse(found.proposal) as Doubt
    const connector: Pick<Connector, 'vidType' | 'tokenType'> = transaction.get('connector', found.connectorId)
    let registrantId = ''
    if (verdict.kind === 'same') {
      registrantId = getEditable(transaction, verdict.registrantId).id
      joinPerson(transaction, registrantId, connector, person, false, now)
    }
    if (verdict.kind === 'new') {
      const made = registerPerson(transaction, person, connector)
      if ('problems' in made) fail(made.problems[0]?.code ?? 'registry.name-missing', made.problems[0]?.params)
      registrantId = made.id
    }
    transaction
      .sql(
        'UPDATE odk_submission SET state = ?, registrant_id = ?, proposal = NULL, reason = ?, changed_at = ? WHERE ref = ?',
      )
      .run(verdict.kind === 'ignore' ? 'ignored' : 'registered', registrantId, 'decided', now, ref)
    transaction.audit({
      action: 'odk.submission-decided',
      subjectKind: verdict.kind === 'ignore' ? 'connector' : 'registrant',
      subjectId: verdict.kind === 'ignore' ? found.connectorId : registrantId,
      detail: { verdict: verdict.kind },
    })
  })
}
