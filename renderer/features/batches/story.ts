import type { Moment } from '../../../shared/model/record.ts'
import type { PaymentPage } from './answers.ts'

/** Something that was done or said about one payment. */
export type StoryEvent =
  | { readonly kind: 'prepared' | 'submitted'; readonly at: Moment; readonly by: string }
  | { readonly kind: 'posted'; readonly at: Moment; readonly post: PaymentPage['posts'][number] }
  | { readonly kind: 'said'; readonly at: Moment; readonly observation: PaymentPage['observations'][number] }
  | { readonly kind: 'state'; readonly at: Moment }

/**
 * Everything about a payment in the order it happened; it ends with the state it came to, unless the last word was the
 * same moment's. A post is told once, by its outcome; one without an outcome was cut off and is told as begun.
 */
export function storyOf(page: PaymentPage): StoryEvent[] {
  const { payment, prepared, submissions, posts, observations } = page
  const ended = new Set(posts.filter(({ outcome }) => outcome !== 'posting').map(({ post }) => post))
  const events: StoryEvent[] = [
    ...(prepared ? [{ kind: 'prepared' as const, at: prepared.moment, by: prepared.officerId }] : []),
    ...submissions.map(({ moment, officerId }) => ({ kind: 'submitted' as const, at: moment, by: officerId })),
    ...posts
      .filter(({ outcome, post }) => outcome !== 'posting' || !ended.has(post))
      .map((post) => ({ kind: 'posted' as const, at: post.changedAt, post })),
    ...observations.map((observation) => ({ kind: 'said' as const, at: observation.changedAt, observation })),
  ]
  events.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
  const last = events.at(-1)
  if (last === undefined || last.at < payment.stateAt) events.push({ kind: 'state', at: payment.stateAt })
  return events
}
