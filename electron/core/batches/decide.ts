import { fail } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import { mayDecide } from '../../../shared/rules/batch-life.ts'
import type { Reason, Ruling } from '../../../shared/rules/ruling.ts'
import { actingIn } from '../identity/delegations.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { checkTrustedOfficer } from '../identity/trust.ts'
import type { Office } from '../office.ts'
import type { Store, Transaction } from '../store/store.ts'
import { decisionsOf, getSubmissionHead, refreshBatch, submissionHeads } from './batch-standing.ts'
import { signDecision } from './decision-jws.ts'

export interface DecisionInput {
  readonly batchId: string
  readonly submissionId: string
  /** The digest that was on the officer's screen. */
  readonly digest: string
  readonly verdict: 'approve' | 'return'
  /** Needed to return a batch. */
  readonly reason: string
  readonly pin: string
}

/**
 * An officer's word on the latest submission of a batch, signed with the officer's key. I7 is checked here, whatever
 * the screens showed.
 *
 * @param onApproved runs in the same transaction when this decision completes the approval
 * @throws OfficeError `decide.*`, `identity.wrong-pin`, `batches.not-latest`, `batches.reason-needed`
 */
export async function decideBatch(
  { store }: Pick<Office, 'store'>,
  officer: Officer,
  input: DecisionInput,
  now: number,
  onApproved: (tx: Transaction, batch: Batch) => void,
): Promise<Batch> {
  if (input.verdict === 'return' && input.reason.trim() === '') fail('batches.reason-needed')
  mustBeAllowed(store, officer, input)
  await checkTrustedOfficer(store, officer)
  const key = await openOfficerKey(store, officer.id, input.pin)
  const submission = getSubmissionHead((text) => store.sql(text), input.submissionId)
  const claims = {
    batchId: input.batchId,
    submissionId: submission.id,
    submissionNumber: submission.number,
    digest: submission.digest,
    officerId: officer.id,
    verdict: input.verdict,
    reason: input.reason.trim(),
    decidedAt: now,
  }
  const jws = await signDecision(claims, key)
  return store.transaction(officer.id, (tx) => {
    // Asked again: while the PIN was checked, somebody else may have decided or the batch may have moved on.
    mustBeAllowed(store, actingIn(store, tx.get('officer', officer.id), now), input)
    tx.put('decision', { ...claims, id: newId(), jws })
    const batch = refreshBatch(tx, input.batchId, now)
    tx.audit({
      action: input.verdict === 'approve' ? 'batch.approved' : 'batch.returned',
      subjectKind: 'batch',
      subjectId: input.batchId,
      detail: { number: submission.number, digest: submission.digest, complete: batch.state === 'approved' },
    })
    if (batch.state === 'approved') onApproved(tx, batch)
    return batch
  })
}

/** What an officer may say about a submission, with the reason where it is nothing; for the screens. */
export const decisionRulings = (
  store: Store,
  officer: Officer,
  seen: Pick<DecisionInput, 'batchId' | 'submissionId' | 'digest'>,
): Readonly<Record<DecisionInput['verdict'], Reason | null>> => {
  const why = (verdict: DecisionInput['verdict']): Reason | null => {
    const ruling = rulingOn(store, officer, { ...seen, verdict })
    return ruling.ok ? null : ruling.error
  }
  return { approve: why('approve'), return: why('return') }
}

function mustBeAllowed(store: Store, officer: Officer, input: DecisionInput): void {
  const ruling = rulingOn(store, officer, input)
  if (!ruling.ok) fail(ruling.error.code, ruling.error.params)
}

function rulingOn(store: Store, officer: Officer, input: Omit<DecisionInput, 'reason' | 'pin'>): Ruling<true> {
  const batch = store.get('batch', input.batchId)
  const submission = getSubmissionHead((text) => store.sql(text), input.submissionId)
  const latest = submissionHeads((text) => store.sql(text), batch.id).at(-1)
  if (latest?.id !== submission.id || submission.number !== batch.submissionNumber) fail('batches.not-latest')
  return mayDecide({
    verdict: input.verdict,
    officer,
    batch,
    submission,
    digestSeen: input.digest,
    approvedBy: decisionsOf((text) => store.sql(text), batch.id)
      .filter(({ submissionId, verdict }) => submissionId === submission.id && verdict === 'approve')
      .map(({ officerId }) => officerId),
    sponsorsOf: (id) => store.find('officer', id)?.sponsors,
  })
}
