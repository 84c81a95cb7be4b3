import { randomBytes } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { DoubtReason, MatchVerdict } from '../../../../shared/rules/tokenisation/matching.ts'
import {
  findNames,
  newestOf,
  readSubmission,
  type SubmissionNames,
  type SubmittedPerson,
} from '../../../../shared/rules/tokenisation/submission.ts'
import type { Store, Transaction } from '../../store/store.ts'
import { findContradiction, matchSubmission } from './match-submission.ts'
import { propose } from './proposals.ts'
import { addIdentity, noteFormConsent, registerPerson } from './register.ts'

/** What came of the rows of a form. */
export interface IntakeCounts {
  /** Seen before, as they are now. */
  readonly unchanged: number
  /** People who are new on the registry. */
  readonly registered: number
  /** Of people who were there already. */
  readonly matched: number
  /** Wait for an officer. */
  readonly doubtful: number
  /** Nobody can be registered from them. */
  readonly refused: number
  /** Fields that wait for an officer. */
  readonly proposals: number
}

/** What a doubtful submission says, kept until an officer decided whose it is. */
export interface Doubt {
  readonly person: SubmittedPerson
  readonly reason: DoubtReason
  /** Ids of registrants who may be meant. */
  readonly people: readonly string[]
}

/** Rows in one transaction. */
const SLICE = 50

type Counted = keyof IntakeCounts

/** How far a form was read. */
export const readMark = (connectorId: string): string => `odk-newest:${connectorId}`

/**
 * Takes rows of a form in: each is known by its two names, so that whatever comes twice changes nothing. New people are
 * registered, known ones are found, what is not plain waits for an officer.
 *
 * @param rows as Central gives them
 * @param now epoch milliseconds
 */
export async function takeIn(
  store: Store,
  officerId: string,
  connector: Connector,
  rows: readonly unknown[],
  now: number,
): Promise<{ readonly counts: IntakeCounts; readonly newest: string | null }> {
  const counts: Record<Counted, number> = {
    unchanged: 0,
    registered: 0,
    matched: 0,
    doubtful: 0,
    refused: 0,
    proposals: 0,
  }
  const known = rows.flatMap((row) => {
    const names = findNames(row)
    return names === undefined ? [] : [{ row, names }]
  })
  // Oldest first: an edit comes after what it changes.
  known.sort((one, other) => (one.names.submittedAt < other.names.submittedAt ? -1 : 1))
  for (let from = 0; from < known.length; from += SLICE) {
    if (from > 0) await breathe()
    const slice = known.slice(from, from + SLICE).filter(({ names }) => !isSeen(store, connector.id, names))
    counts.unchanged += Math.min(SLICE, known.length - from) - slice.length
    if (slice.length === 0) continue
    store.transaction(officerId, (transaction) => {
      for (const { row, names } of slice) {
        const person = readSubmission(row, names, connector.odk)
        const { counted, proposals } = takeOne(transaction, connector, person, now)
        counts[counted] += 1
        counts.proposals += proposals
      }
      transaction.audit({
        action: 'odk.submissions-taken',
        subjectKind: 'connector',
        subjectId: connector.id,
        detail: { count: slice.length },
      })
    })
  }
  return { counts, newest: newestOf(known.map(({ names }) => names)) }
}

const isSeen = (store: Store, connectorId: string, { submissionId, instanceId }: SubmissionNames): boolean =>
  store
    .sql('SELECT 1 FROM odk_submission WHERE connector_id = ? AND submission_id = ? AND instance_id = ?')
    .pluck()
    .get(connectorId, submissionId, instanceId) !== undefined

function takeOne(
  transaction: Transaction,
  connector: Connector,
  person: SubmittedPerson,
  now: number,
): { readonly counted: Counted; readonly proposals: number } {
  const earlier = supersede(transaction, connector.id, person, now)
  const verdict = verdictOf(transaction, connector, person, earlier)
  const keep = (state: string, registrantId: string, reason: string, doubt: Doubt | null = null): void => {
    transaction
      .sql(
        `INSERT INTO odk_submission (connector_id, submission_id, instance_id, submitted_at, updated_at, ref, state,
           registrant_id, proposal, reason, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        connector.id,
        person.submissionId,
        person.instanceId,
        person.submittedAt,
        person.updatedAt,
        randomBytes(18).toString('base64url'),
        state,
        registrantId,
        doubt === null ? null : JSON.stringify(doubt),
        reason,
        now,
      )
  }
  switch (verdict.verdict) {
    case 'doubtful':
      keep('doubtful', '', verdict.reason, { person, reason: verdict.reason, people: verdict.people })
      return { counted: 'doubtful', proposals: 0 }
    case 'known': {
      const proposals = joinPerson(transaction, verdict.registrantId, connector, person, earlier !== undefined, now)
      keep('registered', verdict.registrantId, verdict.rule)
      return { counted: 'matched', proposals }
    }
    case 'new': {
      const made = registerPerson(transaction, person, connector)
      if ('problems' in made) {
        keep('refused', '', made.problems[0]?.code ?? '')
        return { counted: 'refused', proposals: 0 }
      }
      keep('registered', made.id, '')
      return { counted: 'registered', proposals: 0 }
    }
  }
}

/** Whoever an earlier version of a submission was of is whom an edit is of, unless it says somebody else. */
function verdictOf(
  transaction: Transaction,
  connector: Connector,
  person: SubmittedPerson,
  earlier: string | undefined,
): MatchVerdict {
  const { matching } = connector.odk
  if (earlier === undefined) return matchSubmission(transaction, person, { matching, vidType: connector.vidType })
  const reason = findContradiction(transaction, earlier, person, connector.vidType)
  return reason === undefined
    ? { verdict: 'known', registrantId: earlier, rule: 'identity' }
    : { verdict: 'doubtful', reason, people: [earlier] }
}

/** Sets earlier versions of a submission aside. @returns the registrant whom they were of */
function supersede(
  transaction: Transaction,
  connectorId: string,
  { submissionId, instanceId }: SubmissionNames,
  now: number,
): string | undefined {
  const rows = transaction
    .sql(
      `SELECT registrant_id AS registrantId FROM odk_submission
       WHERE connector_id = ? AND submission_id = ? AND instance_id <> ? ORDER BY changed_at DESC`,
    )
    .all(connectorId, submissionId, instanceId) as { registrantId: string }[]
  if (rows.length === 0) return undefined
  transaction
    .sql(
      `UPDATE odk_submission SET state = 'ignored', reason = 'edited', proposal = NULL, changed_at = ?
       WHERE connector_id = ? AND submission_id = ? AND instance_id <> ? AND state <> 'tokenised'`,
    )
    .run(now, connectorId, submissionId, instanceId)
  return rows.map(({ registrantId }) => registrantId).find((id) => id !== '')
}

/** Gives a registrant what a submission brings: consent, a number to get a token for, and what differs as proposals. */
export function joinPerson(
  transaction: Transaction,
  registrantId: string,
  connector: Pick<Connector, 'vidType' | 'tokenType'>,
  person: SubmittedPerson,
  isEdit: boolean,
  now: number,
): number {
  noteFormConsent(transaction, registrantId, person)
  addIdentity(transaction, registrantId, person, connector)
  return propose(transaction, registrantId, person, isEdit ? 'edit' : 'form', now)
}
