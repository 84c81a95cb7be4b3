import { sameValue } from './three-way.ts'

/** Fields that come with the bytes; all others say which message it is. */
const OF_THE_BYTES: ReadonlySet<string> = new Set([
  'body',
  'headers',
  'message',
  'validUntil',
  'changedAt',
  'changedBy',
])

/**
 * Whether a transmission only stands in for the original: a restored office knows from its journal what left and has not the
 * bytes any more.
 */
export const isStandIn = ({ body }: { readonly body?: unknown }): boolean => body === ''

const withoutBytes = (transmission: object): object =>
  Object.fromEntries(Object.entries(transmission).filter(([field]) => !OF_THE_BYTES.has(field)))

/**
 * Which of two versions of a transmission stands. It is written once; only the original takes the place of what stood in
 * for it, and of nothing else.
 *
 * @returns undefined where they say different things, so that one of them is forged or a fault
 */
export function standingTransmission(here: object, theirs: object): 'same' | 'here' | 'theirs' | undefined {
  if (sameValue(here, theirs)) return 'same'
  const isSameMessage = sameValue(withoutBytes(here), withoutBytes(theirs))
  if (!isSameMessage || isStandIn(here) === isStandIn(theirs)) return undefined
  return isStandIn(here) ? 'theirs' : 'here'
}
