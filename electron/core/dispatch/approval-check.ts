import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import type { Batch, Submission } from '../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { deriveBatch, mayDecide } from '../../../shared/rules/batch-life.ts'
import { sumAmounts } from '../../../shared/rules/money.ts'
import { decisionsOf, paymentCounts, submissionHeads } from '../batches/batch-standing.ts'
import { isSignedDecision } from '../batches/decision-jws.ts'
import { managerDigest, submissionDigest } from '../batches/digest.ts'
import { actingIn } from '../identity/delegations.ts'
import { isTrustedManager, isTrustedOfficer } from '../identity/trust.ts'
import type { Store } from '../store/store.ts'
import { latestSubmission } from './submissions.ts'

export interface Approval {
  readonly submission: Submission
  readonly manager: PaymentManager
  /** What the answer rests upon; when it is another one in the claiming transaction, everything is asked again. */
  readonly basis: string
}

const refuse = (code: Fault['code']): never => {
  throw new OfficeError({ code, params: {} })
}

/** Changes with anything that could change the answer of {@link checkApproval}. */
export function approvalBasis(store: Pick<Store, 'sql' | 'get' | 'find'>, batchId: string): string {
  const batch = store.get('batch', batchId)
  const decisions = decisionsOf((text) => store.sql(text), batchId)
  const officers = decisions.map(({ officerId }) => store.find('officer', officerId)?.changedAt)
  const manager = store.find('paymentManager', batch.managerId)?.changedAt
  return JSON.stringify([
    batch.submissionNumber,
    submissionHeads((text) => store.sql(text), batchId).at(-1)?.id,
    batch.sentBack,
    batch.cancelledReason,
    decisions.map(({ id }) => id),
    officers,
    manager,
  ])
}

/**
 * Whether what would leave is what was approved (I7, I5 of the design's life of a batch): digest, count and sum are worked
 * out anew, every decision's signature, officer and role are checked again, and so are the manager's settings.
 *
 * @param claimed the submission that was claimed already, whichever came after it; the newest one otherwise
 * @throws OfficeError `central.still-arriving`, `dispatch.not-approved`, `dispatch.approval-lapsed`,
 *   `dispatch.approval-invalid`, `dispatch.changed-since-approval`, `dispatch.manager-*`
 */
export async function checkApproval(store: Store, batch: Batch, now: number, claimed?: Submission): Promise<Approval> {
  const basis = approvalBasis(store, batch.id)
  const submission = claimed ?? latestSubmission(store, batch.id)
  const sql: Store['sql'] = (text) => store.sql(text)
  const { lines } = submission
  const sum = sumAmounts(lines.map(({ amount }) => amount))
  // The batch was submitted anew elsewhere, and that has not come here yet.
  if (claimed === undefined && submission.number < batch.submissionNumber) refuse('central.still-arriving')
  const whole =
    (claimed !== undefined || submission.number === batch.submissionNumber) &&
    submissionDigest(submission) === submission.digest &&
    lines.length === submission.count &&
    sum.ok &&
    sum.value === submission.sum &&
    new Set(lines.map(({ paymentId }) => paymentId)).size === lines.length
  if (!whole) refuse('dispatch.changed-since-approval')

  const manager = store.get('paymentManager', submission.managerId)
  if (manager.state !== 'active' || manager.removed) refuse('dispatch.manager-suspended')
  if (!(await isTrustedManager(store, manager))) refuse('dispatch.manager-untrusted')
  if (managerDigest(manager) !== submission.managerDigest) refuse('dispatch.manager-changed')

  const verified = []
  const approvedBy: string[] = []
  for (const decision of decisionsOf(sql, batch.id)) {
    if (decision.submissionId !== submission.id || decision.digest !== submission.digest) continue
    const officer = store.find('officer', decision.officerId)
    if (officer === undefined || officer.removed) continue
    const signed = (await isSignedDecision(decision, officer.signingKey)) && (await isTrustedOfficer(store, officer))
    const allowed = mayDecide({
      verdict: decision.verdict,
      // By the role that counted when the word was given: who stood in for somebody need not do so any more.
      officer: actingIn(store, officer, decision.decidedAt),
      batch: { state: 'submitted', makers: batch.makers },
      submission,
      digestSeen: decision.digest,
      approvedBy,
      sponsorsOf: (id) => store.find('officer', id)?.sponsors,
    })
    // A word to stop is heard from whoever signed it; a word to go only from who may give it.
    if (!signed || (decision.verdict === 'approve' && !allowed.ok)) {
      if (decision.verdict === 'approve' && !approvedBy.includes(decision.officerId))
        refuse('dispatch.approval-invalid')
      continue
    }
    if (decision.verdict === 'approve') approvedBy.push(decision.officerId)
    verified.push(decision)
  }
  const { state } = deriveBatch({
    cancelled: batch.cancelledReason !== '',
    sentBack: claimed === undefined ? (batch.sentBack ?? 0) : 0,
    submissions: claimed === undefined ? submissionHeads(sql, batch.id) : [claimed],
    decisions: verified,
    claim: null,
    posted: false,
    payments: paymentCounts(sql, batch.id),
    twoApproversAbove: store.get('programme', batch.programmeId).twoApproversAbove,
    now,
  })
  if (state === 'lapsed') refuse('dispatch.approval-lapsed')
  if (state !== 'approved' && state !== 'queued') refuse('dispatch.not-approved')
  return { submission, manager, basis }
}
