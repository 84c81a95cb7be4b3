import type { Batch, BatchState, Claim, Decision, Submission } from '../model/batch.ts'
import type { Officer } from '../model/officer.ts'
import type { PaymentState } from '../model/payment.ts'
import { isFinal } from './payment-life.ts'
import { type Reason, type Ruling, reason, refused, ruled } from './ruling.ts'

/*
 * A batch's state is worked out from what was recorded about it and never set by hand: submissions, decisions, the claim
 * and the states of its payments.
 */

/** An approval that has not led to a claim within this time, in milliseconds, no longer counts: 7 days. */
export const APPROVAL_LASTS = 7 * 24 * 60 * 60 * 1000

export type PaymentCounts = Readonly<Partial<Record<PaymentState, number>>>

export interface BatchRecords {
  readonly cancelled: boolean
  /** Number of the latest submission that went back by itself, since others pay some of it; 0 for none. */
  readonly sentBack: number
  readonly submissions: readonly Pick<
    Submission,
    'id' | 'number' | 'digest' | 'sum' | 'makers' | 'submittedBy' | 'changedAt'
  >[]
  /** Decisions whose signatures verified. */
  readonly decisions: readonly Pick<
    Decision,
    'submissionId' | 'digest' | 'officerId' | 'verdict' | 'decidedAt' | 'changedAt'
  >[]
  readonly claim: Pick<Claim, 'submissionId' | 'changedAt'> | null
  /** Whether bytes of the batch were ever posted. */
  readonly posted: boolean
  /** The batch's payments by state. */
  readonly payments: PaymentCounts
  /** The programme's limit above which two officers approve, in minor units. */
  readonly twoApproversAbove: number | null
  /** The clock, epoch milliseconds. */
  readonly now: number
}

export interface BatchStanding {
  readonly state: BatchState
  readonly approvals: number
  readonly approvalsNeeded: number
  /** When the approval lapses, epoch milliseconds; null unless it is approved and unclaimed. */
  readonly lapsesAt: number | null
  /** Something that an officer has to know; null otherwise. */
  readonly attention: Reason | null
}

/** How many officers have to approve a sum (minor units). */
export const approvalsNeeded = (sum: number, twoApproversAbove: number | null): 1 | 2 =>
  twoApproversAbove !== null && sum > twoApproversAbove ? 2 : 1

type FrozenBatch = BatchRecords['submissions'][number]

/** Two offices can submit a batch under one number before they hear of each other; the later one counts, for both. */
export function isLaterSubmission(
  one: Pick<Submission, 'number' | 'changedAt' | 'id'>,
  other: Pick<Submission, 'number' | 'changedAt' | 'id'>,
): boolean {
  if (one.number !== other.number) return one.number > other.number
  return one.changedAt === other.changedAt ? one.id > other.id : one.changedAt > other.changedAt
}

/** The latest approval of each officer who may approve this submission. */
function approvalTimes(submission: FrozenBatch, decisions: BatchRecords['decisions']): number[] {
  const latest = new Map<string, number>()
  for (const { officerId, verdict, decidedAt } of decisions) {
    if (verdict !== 'approve' || isMaker(officerId, submission)) continue
    latest.set(officerId, Math.max(decidedAt, latest.get(officerId) ?? 0))
  }
  return [...latest.values()].sort((one, other) => other - one)
}

const isMaker = (officerId: string, { makers, submittedBy }: Pick<FrozenBatch, 'makers' | 'submittedBy'>): boolean =>
  officerId === submittedBy || makers.includes(officerId)

const count = (payments: PaymentCounts, states: readonly PaymentState[]): number =>
  states.reduce((sum, state) => sum + (payments[state] ?? 0), 0)

/** After the claim only the payments tell how far the batch is. */
function onItsWay(payments: PaymentCounts, posted: boolean): BatchState {
  const states = Object.keys(payments) as PaymentState[]
  const all = count(payments, states)
  const final = count(payments, states.filter(isFinal))
  if (all > 0 && final === all) return 'settled'
  if (!posted) return 'claimed'
  return count(payments, ['prepared', 'queued', 'sent']) > 0 ? 'sending' : 'following'
}

/** The state of a batch from its records. Only the latest submission counts, and only words about its very digest. */
export function deriveBatch(records: BatchRecords): BatchStanding {
  const { claim, payments, now } = records
  const latest = records.submissions.reduce<FrozenBatch | undefined>(
    (found, submission) => (found === undefined || isLaterSubmission(submission, found) ? submission : found),
    undefined,
  )
  const claimed = claim === null ? undefined : records.submissions.find(({ id }) => id === claim.submissionId)
  const submission = claimed ?? latest
  const needed = submission === undefined ? 1 : approvalsNeeded(submission.sum, records.twoApproversAbove)
  const decisions = records.decisions.filter(
    (decision) => decision.submissionId === submission?.id && decision.digest === submission.digest,
  )
  const times = submission === undefined ? [] : approvalTimes(submission, decisions)
  const returned = decisions.some(({ verdict }) => verdict === 'return')
  // A word on what another office submitted under the same number; it was later overtaken.
  const isOvertaken =
    latest !== undefined &&
    times.length === 0 &&
    records.submissions.some(
      ({ id, number }) =>
        id !== latest.id &&
        number === latest.number &&
        records.decisions.some(({ submissionId, verdict }) => submissionId === id && verdict === 'approve'),
    )
  const standing = (state: BatchState, more: Partial<BatchStanding> = {}): BatchStanding => ({
    state,
    approvals: times.length,
    approvalsNeeded: needed,
    lapsesAt: null,
    attention: null,
    ...more,
  })

  if (claim !== null) {
    const late = records.cancelled ? 'batch.cancelled-after-claim' : returned ? 'batch.returned-after-claim' : undefined
    return standing(onItsWay(payments, records.posted), { attention: late === undefined ? null : reason(late) })
  }
  if (records.cancelled) return standing('cancelled')
  if (submission === undefined) return standing('open')
  if (returned || submission.number <= records.sentBack) return standing('returned')
  if (times.length < needed) {
    return standing('submitted', { attention: isOvertaken ? reason('batch.approval-overtaken') : null })
  }
  // The oldest of the approvals that are needed decides how long they last together.
  const lapsesAt = (times[needed - 1] ?? 0) + APPROVAL_LASTS
  if (now >= lapsesAt) return standing('lapsed')
  return standing((payments.queued ?? 0) > 0 ? 'queued' : 'approved', { lapsesAt })
}

export interface DecisionQuestion {
  readonly verdict: Decision['verdict']
  readonly officer: Pick<Officer, 'id' | 'roles' | 'state' | 'sponsors'>
  readonly batch: Pick<Batch, 'state' | 'makers'>
  readonly submission: Pick<Submission, 'makers' | 'submittedBy' | 'digest'>
  /** The digest that the officer has seen on the screen. */
  readonly digestSeen: string
  /** Officers who already approved this submission. */
  readonly approvedBy: readonly string[]
  /** Who created or reset an officer; undefined for one that is not known here. */
  readonly sponsorsOf: (officerId: string) => readonly string[] | undefined
}

/** Everybody who could act through an officer: who created or reset it, who created or reset those, and so on. */
export function sponsorsThroughout(sponsors: readonly string[], sponsorsOf: DecisionQuestion['sponsorsOf']) {
  const found = new Set<string>()
  const open = [...sponsors]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...(sponsorsOf(next) ?? []))
  }
  return found
}

/** Whether neither of two officers could act through the other: two of them are then really two (I7). */
export function areApart(one: string, other: string, sponsorsOf: DecisionQuestion['sponsorsOf']): boolean {
  if (one === other) return false
  const behind = (id: string) => sponsorsThroughout(sponsorsOf(id) ?? [], sponsorsOf)
  return !behind(one).has(other) && !behind(other).has(one)
}

/** An approval can be taken back until the claim; a lapsed one can be given again. */
const DECIDABLE: Readonly<Record<Decision['verdict'], readonly BatchState[]>> = {
  approve: ['submitted', 'lapsed'],
  return: ['submitted', 'approved', 'queued', 'lapsed'],
}

/**
 * Whether an officer may approve or return a submission (I7). Makers may do neither, nor may an officer through whom a
 * maker or the other approver could act. No setting relaxes this.
 */
export function mayDecide(question: DecisionQuestion): Ruling<true> {
  const { verdict, officer, batch, submission, approvedBy, sponsorsOf } = question
  if (officer.state !== 'active') return refused('decide.not-active')
  if (!officer.roles.includes('approver')) return refused('decide.not-approver')
  const makers = new Set([...batch.makers, ...submission.makers, submission.submittedBy])
  if (makers.has(officer.id)) return refused('decide.maker')
  const sponsors = sponsorsThroughout(officer.sponsors, sponsorsOf)
  for (const maker of makers) if (sponsors.has(maker)) return refused('decide.sponsored-by-maker')
  if (!DECIDABLE[verdict].includes(batch.state)) return refused('decide.not-submitted')
  if (question.digestSeen !== submission.digest) return refused('decide.changed')
  if (verdict === 'return') return ruled(true)
  if (approvedBy.includes(officer.id) && batch.state !== 'lapsed') return refused('decide.already-decided')
  for (const other of approvedBy) {
    if (other === officer.id) continue
    const through = sponsorsThroughout(sponsorsOf(other) ?? [], sponsorsOf)
    if (sponsors.has(other) || through.has(officer.id)) return refused('decide.sponsored-by-approver')
  }
  return ruled(true)
}
