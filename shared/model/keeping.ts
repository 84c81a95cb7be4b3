import { z } from 'zod'

/** In which units the period of a rule counts, and from where to where it goes. */
export const keepingPeriods = {
  people: { unit: 'years', least: 1, most: 50 },
  messages: { unit: 'months', least: 3, most: 600 },
  imports: { unit: 'days', least: 30, most: 3_650 },
  tokenRuns: { unit: 'days', least: 30, most: 3_650 },
  history: { unit: 'years', least: 1, most: 50 },
  copies: { unit: 'months', least: 12, most: 600 },
} as const

const rule = ({ least, most }: { readonly least: number; readonly most: number }) =>
  z.object({ on: z.boolean(), after: z.int().min(least).max(most) })

/**
 * After how long what is kept is removed by itself. The shortest periods protect the work: nothing is ever taken of which
 * something is under way, however old it is.
 */
export const KeepingRules = z.object({
  /** Since anything happened about somebody who is in no programme and in no household. */
  people: rule(keepingPeriods.people),
  /** Since a batch settled or was cancelled: the raw messages of it. */
  messages: rule(keepingPeriods.messages),
  /** Since an import: rows of its file that were not taken, and what taking it back needs. */
  imports: rule(keepingPeriods.imports),
  /** Since a run of a connector ended: who was in it. */
  tokenRuns: rule(keepingPeriods.tokenRuns),
  /** Since an edit: what the history says was there before. */
  history: rule(keepingPeriods.history),
  /** Since a conflict between offices was settled, or a version was replaced: the versions that did not stand. */
  copies: rule(keepingPeriods.copies),
})
export type KeepingRules = z.infer<typeof KeepingRules>
export type KeepingRule = keyof KeepingRules

/** In the order in which they are shown. */
export const keepingRules = [
  'people',
  'messages',
  'imports',
  'tokenRuns',
  'history',
  'copies',
] as const satisfies readonly KeepingRule[]

/** Nothing is removed until an administrator switches a rule on; these periods are only what is proposed. */
export const usualKeepingRules: KeepingRules = {
  people: { on: false, after: 5 },
  messages: { on: false, after: 24 },
  imports: { on: false, after: 90 },
  tokenRuns: { on: false, after: 90 },
  history: { on: false, after: 5 },
  copies: { on: false, after: 24 },
}
