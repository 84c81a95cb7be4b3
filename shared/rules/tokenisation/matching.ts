import type { MatchingRule } from '../../model/tokenisation.ts'

/*
 * Whose a submission is. A wrong answer here would give somebody another person's number, so whatever is not plain waits for an
 * officer.
 */

/** What each rule found; a rule that had nothing to go by is left out. */
export interface Found {
  readonly rule: MatchingRule
  /** Ids of registrants. */
  readonly people: readonly string[]
}

export type MatchVerdict =
  | { readonly verdict: 'new' }
  | { readonly verdict: 'known'; readonly registrantId: string; readonly rule: MatchingRule }
  | { readonly verdict: 'doubtful'; readonly reason: DoubtReason; readonly people: readonly string[] }

export type DoubtReason =
  /** One rule found several people. */
  | 'several'
  /** Two rules found different people. */
  | 'contradiction'
  /** Only what people share (a phone) points to somebody. */
  | 'weak'

/** Rules that a family or neighbours can share say nothing by themselves. */
const WEAK: readonly MatchingRule[] = ['phone']

/**
 * Decides by what the rules found: all strong rules that found anybody must leave one and the same person. A weak rule alone
 * never decides.
 */
export function decideMatch(found: readonly Found[]): MatchVerdict {
  const hits = found.filter(({ people }) => people.length > 0)
  const everybody = [...new Set(hits.flatMap(({ people }) => people))]
  const strong = hits.filter(({ rule }) => !WEAK.includes(rule))
  const [first] = strong
  if (first === undefined) {
    return everybody.length === 0 ? { verdict: 'new' } : { verdict: 'doubtful', reason: 'weak', people: everybody }
  }
  const left = first.people.filter((id) => strong.every(({ people }) => people.includes(id)))
  const [person] = left
  if (person !== undefined && left.length === 1) return { verdict: 'known', registrantId: person, rule: first.rule }
  return { verdict: 'doubtful', reason: person === undefined ? 'contradiction' : 'several', people: everybody }
}
