import type { OdkSettings, ReviewState } from '../../model/tokenisation.ts'
import { ReviewState as AllStates } from '../../model/tokenisation.ts'

/*
 * Which submissions are asked for. Dates of submissions are no sound cursor (a row may be seen later than its date says), so a
 * window reaches back into the one before, and what comes twice is known by its two names.
 */

/** From a moment on, and before another; ISO 8601 with milliseconds and `Z`, open where null. */
export interface Window {
  readonly from: string | null
  readonly before: string | null
}

/**
 * The next window: from the newest moment that Central itself has named, less the overlap, and open at its end.
 *
 * @param newest of everything that was read so far; null for nothing, or to look at everything once more
 */
export function nextWindow(newest: string | null, overlapMinutes: number): Window {
  if (newest === null) return { from: null, before: null }
  return { from: new Date(Date.parse(newest) - overlapMinutes * 60_000).toISOString(), before: null }
}

/** The window of whole days of a one-time job; days are days of UTC. */
export function windowOfDays(startDate: string | null, endDate: string | null): Window {
  const after = endDate === null ? null : new Date(Date.parse(`${endDate}T00:00:00.000Z`) + 86_400_000).toISOString()
  return { from: startDate === null ? null : `${startDate}T00:00:00.000Z`, before: after }
}

/** Central's `$filter` for a window: its own fields alone can be asked about. Empty asks for everything. */
export function windowFilter(
  { from, before }: Window,
  { includeEdits, reviewStates }: Pick<OdkSettings, 'includeEdits' | 'reviewStates'>,
): string {
  const isAny = AllStates.options.every((state) => reviewStates.includes(state))
  const conditions = [
    // A review moves the time of an edit too: without it, what is approved late would never come.
    ...(from === null ? [] : [since(from, includeEdits || !isAny)]),
    ...(before === null ? [] : [`__system/submissionDate lt ${before}`]),
    ...(isAny ? [] : [`(${reviewStates.map(inState).join(' or ')})`]),
  ]
  return conditions.join(' and ')
}

const since = (from: string, orEdited: boolean): string =>
  orEdited
    ? `(__system/submissionDate ge ${from} or __system/updatedAt ge ${from})`
    : `__system/submissionDate ge ${from}`

const inState = (state: ReviewState): string =>
  `__system/reviewState eq ${state === 'received' ? 'null' : `'${state}'`}`

/** Central's `$filter` for certain submissions, by the name that they keep. */
export const submissionsFilter = (submissionIds: readonly string[]): string =>
  submissionIds.map((id) => `__id eq '${id.replaceAll("'", "''")}'`).join(' or ')

/** Characters of an address that every server in between takes. */
const LONGEST_QUERY = 5_500

/** Parts of a list that can each be asked for by name in one address. */
export function askablePortions<T extends { readonly submissionId: string }>(
  submissions: readonly T[],
  most: number,
): T[][] {
  const portions: T[][] = []
  let length = 0
  for (const submission of submissions) {
    const own = encodeURIComponent(`${submissionsFilter([submission.submissionId])} or `).length
    const last = portions.at(-1)
    if (last === undefined || last.length >= most || length + own > LONGEST_QUERY) {
      portions.push([submission])
      length = own
    } else {
      last.push(submission)
      length += own
    }
  }
  return portions
}

/** An address with a filter, as the token seeder takes it: it appends nothing where its own dates are empty. */
export const filteredUrl = (submissionsUrl: string, filter: string): string =>
  filter === '' ? submissionsUrl : `${submissionsUrl}?$filter=${encodeURIComponent(filter)}`
