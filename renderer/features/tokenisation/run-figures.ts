import type { RunCounts, RunState, RunView } from '../../../shared/contract/tokenisation.ts'
import { type OutcomeClass, outcomeClasses } from '../../../shared/rules/tokenisation/answer-class.ts'

/** A part of a whole, 0 to 1; 0 of nothing. */
export const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

const ends: readonly RunState[] = ['done', 'stopped', 'failed']

/** Whether a run goes on. */
export const isUnderWay = ({ state }: Pick<RunView, 'state'>): boolean => !ends.includes(state)

/** How many people of a run have come to their end. */
export const doneOf = ({ tokenised, refused, unanswered, skipped }: RunCounts): number =>
  tokenised + refused + unanswered + skipped

/** The classes that occur, those with most people first. */
export const classesOf = (
  classes: Readonly<Partial<Record<OutcomeClass, number>>>,
): readonly { readonly outcome: OutcomeClass; readonly count: number }[] =>
  outcomeClasses
    .map((outcome) => ({ outcome, count: classes[outcome] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count)

/** What an officer can do about an outcome without leaving the list. */
export type Remedy = 'consent' | 'vid' | 'record' | 'settings' | 'none'

/** What helps somebody who was not given a token. */
export function remedyOf(outcome: OutcomeClass | '', reason: string): Remedy {
  switch (outcome) {
    case 'identifier':
    case 'new-vid':
      return 'vid'
    case 'data':
    case 'demographics':
    case 'unreadable':
    case 'mismatch':
      return 'record'
    case 'format':
      return 'settings'
    case 'local':
      if (reason === 'no-consent') return 'consent'
      return ['no-vid', 'vid-not-digits', 'vid-length'].includes(reason) ? 'vid' : 'record'
    default:
      return 'none'
  }
}
