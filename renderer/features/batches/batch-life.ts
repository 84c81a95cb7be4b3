import type { Moment } from '../../../shared/model/record.ts'
import type { BatchPage } from './answers.ts'

/** The stations of a batch, in order. */
export const lifeSteps = ['prepared', 'submitted', 'approved', 'sent', 'followed', 'settled'] as const
export type LifeStep = (typeof lifeSteps)[number]

/** One station: what happened there, when, and through whom. */
export interface LifeStation {
  readonly step: LifeStep
  readonly reached: boolean
  readonly at: Moment | number | null
  /** Ids of officers. */
  readonly by: readonly string[]
  /** What is told beside the name of the station; a key of the sentences. */
  readonly note: 'returned' | 'lapsed' | 'oneOfTwo' | 'cancelled' | ''
}

type LifeFacts = Pick<
  BatchPage,
  'batch' | 'standing' | 'submissions' | 'decisions' | 'prepared' | 'claimed' | 'ordered' | 'transmissions'
>

const reachedBy: Readonly<Record<BatchPage['batch']['state'], number>> = {
  open: 1,
  returned: 1,
  lapsed: 2,
  submitted: 2,
  approved: 3,
  queued: 3,
  claimed: 3,
  sending: 3,
  following: 4,
  settled: 6,
  cancelled: 0,
}

/** The stepper of a batch: its stations with who and when. A cancelled batch stops where it was. */
export function lifeOf(page: LifeFacts): LifeStation[] {
  const { batch, standing } = page
  const latest = page.submissions.at(-1)
  const decisions = page.decisions.filter(({ submissionId }) => submissionId === latest?.id)
  const approvals = decisions.filter(({ verdict }) => verdict === 'approve')
  const returned = decisions.findLast(({ verdict }) => verdict === 'return')
  const posted = page.transmissions.flatMap(({ deliveries }) => deliveries).sort(byMoment)
  const reached = batch.state === 'cancelled' ? 1 + Math.min(1, page.submissions.length) : reachedBy[batch.state]

  // Sent by itself, only the office stands behind it.
  const sender = page.ordered ?? page.claimed

  const station = (
    step: LifeStep,
    at: Moment | number | null,
    by: readonly string[] = [],
    note: LifeStation['note'] = '',
  ): LifeStation => ({ step, reached: lifeSteps.indexOf(step) < reached, at, by, note })

  return [
    station('prepared', page.prepared?.moment ?? null, page.prepared ? [page.prepared.officerId] : batch.makers),
    station(
      'submitted',
      latest?.changedAt ?? null,
      latest ? [latest.submittedBy] : [],
      returned !== undefined && batch.state === 'returned' ? 'returned' : '',
    ),
    station(
      'approved',
      approvals.at(-1)?.decidedAt ?? null,
      approvals.map(({ officerId }) => officerId),
      batch.state === 'lapsed'
        ? 'lapsed'
        : standing.approvalsNeeded === 2 && standing.approvals === 1 && batch.state === 'submitted'
          ? 'oneOfTwo'
          : '',
    ),
    station('sent', posted[0]?.changedAt ?? null, posted.length === 0 || sender === null ? [] : [sender.officerId]),
    station('followed', posted.findLast(({ outcome }) => outcome !== 'posting')?.changedAt ?? null),
    station(
      'settled',
      batch.state === 'settled' ? batch.stateAt : null,
      [],
      batch.state === 'cancelled' ? 'cancelled' : '',
    ),
  ]
}

const byMoment = (one: { changedAt: Moment }, other: { changedAt: Moment }): number =>
  one.changedAt < other.changedAt ? -1 : 1

/** The short form of a digest, for people who compare two by eye: four groups of four. */
export const shortDigest = (digest: string): string => (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' ')
