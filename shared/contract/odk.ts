import type { SubmittedFacts } from '../rules/tokenisation/submission.ts'
import type { Fault } from './result.ts'

/** A submission as the mapping reads it, with nothing taken in. Digits of the VID are masked but for the last ones. */
export interface PreviewedSubmission {
  readonly submittedAt: string
  readonly facts: SubmittedFacts
  readonly vidHint: string
  readonly consent: 'given' | 'refused' | 'unasked'
  readonly problems: readonly {
    readonly field: string
    readonly code: Fault['code']
    readonly params: Fault['params']
  }[]
  /** What would become of it. */
  readonly verdict: 'new' | 'known' | 'doubtful'
  /** Whom it was found to be; empty for nobody. */
  readonly knownName: string
}

export const submissionStates = ['seen', 'registered', 'doubtful', 'tokenised', 'refused', 'ignored'] as const
export type SubmissionState = (typeof submissionStates)[number]

/** A submission that was taken in. */
export interface SubmissionView {
  readonly ref: string
  readonly connectorId: string
  readonly state: SubmissionState
  /** ISO 8601. */
  readonly submittedAt: string
  /** Registrant whom it is of; empty for nobody. */
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
  /** Why: a rule that found the person, a doubt, or a code of the catalogue. */
  readonly reason: string
  /** Of doubtful ones: what the form says, and who may be meant. */
  readonly doubt: {
    readonly facts: SubmittedFacts
    readonly vidHint: string
    readonly people: readonly SubmissionCandidate[]
  } | null
}

/** Somebody on the registry who may be meant. */
export interface SubmissionCandidate {
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
  readonly birthdate: string | null
  readonly area: string
  readonly phoneHint: string
}

/** A field that a form says other than the record. */
export interface ProposalView {
  readonly id: string
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
  readonly source: 'form' | 'edit'
  readonly field: string
  /** What the record says; empty for nothing. */
  readonly current: string
  readonly proposed: string
  /** Epoch milliseconds. */
  readonly foundAt: number
}
