/*
 * One part of a batch on its way, as a table: stage × what repeating is allowed → next step. The stage is worked out from
 * records only, so that a killed process goes on where the records stand.
 */

/** Where a part stands. */
export type PartStage =
  /** Nothing of it was ever taken; all its payments wait. */
  | 'unsent'
  /** Nothing of it left as far as the store knows, but the store may not know all: asked about before its first post. */
  | 'unasked'
  /**
   * Nothing of it left as far as the store knows, and some of its payments are outside or over all the same: they stay where
   * they are, and the others go without them where somebody outside can be asked about each.
   */
  | 'mixed'
  /** An officer holds the batch or one of its payments: the message names all, so none of it leaves. */
  | 'held'
  /** A post began and nobody wrote down how it ended: the process was killed. */
  | 'cut-off'
  /** The payment system refused the whole message before taking anything. */
  | 'refused'
  /** Something is unknown and was not looked up since the last post, or not lately enough to act upon. */
  | 'to-look-up'
  /** Looked up: none of the open payments is known there. Not long enough to rule out that it comes late. */
  | 'absent'
  /** Absent in two look-ups far enough apart; and so are all payments of the message. */
  | 'absent-for-long'
  /** Absent for long, but other payments of the same message are known there. */
  | 'partly-absent'
  /** The answers contradict each other or the approval. */
  | 'in-review'
  /** Taken by the payment system; the status job follows it. */
  | 'followed'
  | 'over'

/** What is known about sending the same message again (I3). */
export type Repeating = 'proven-safe' | 'approved' | 'unproven'

export type PartStep =
  | 'post'
  | 'set-apart'
  | 'mark-unknown'
  | 'look-up'
  | 'post-again'
  | 'wait'
  | 'rest'
  | 'ask-approval'
  | 'ask-evidence'
  | 'ask-review'
  | 'show-refusal'

type Row = Readonly<Record<Repeating, PartStep>>

const always = (step: PartStep): Row => ({ 'proven-safe': step, approved: step, unproven: step })

export const partSteps: Readonly<Record<PartStage, Row>> = {
  unsent: always('post'),
  unasked: always('look-up'),
  mixed: always('set-apart'),
  held: always('wait'),
  'cut-off': always('mark-unknown'),
  refused: always('show-refusal'),
  'to-look-up': always('look-up'),
  absent: { 'proven-safe': 'post-again', approved: 'wait', unproven: 'wait' },
  'absent-for-long': { 'proven-safe': 'post-again', approved: 'post-again', unproven: 'ask-approval' },
  'partly-absent': { 'proven-safe': 'post-again', approved: 'ask-evidence', unproven: 'ask-evidence' },
  'in-review': always('ask-review'),
  followed: always('rest'),
  over: always('rest'),
}

export interface PartFacts {
  /** Payments of the part by state. */
  readonly payments: Readonly<Record<'waiting' | 'open' | 'unknown' | 'review' | 'final' | 'aside', number>>
  /** The batch, or a payment of it that may still leave. */
  readonly held: boolean
  /** Some of its payments are outside or over, although nothing of it was ever taken from here; it has halves. */
  readonly mixed: boolean
  /** How the latest post ended; `posting` when nobody wrote it down, null before the first. */
  readonly lastPost: string | null
  /** An officer has asked for another try since the refusal. */
  readonly retried: boolean
  /** The store may not know of all that left (I11). */
  readonly asksFirst: boolean
  /** Another office held the batch: what it posted last may still be on its way, so one look-up is not enough. */
  readonly asksTwice: boolean
  /** Unknown payments that every look-up since the last post has missed; of `asksFirst` also waiting ones. */
  readonly absent: number
  /** Milliseconds since the latest of those look-ups, for the payment where it is longest ago. */
  readonly sinceLookUp: number
  /** Milliseconds between the first and the latest of them, for the payment where it is shortest. */
  readonly absentFor: number
}

/** Two look-ups that find nothing count once they are so far apart (I3), in minutes. */
export const ABSENT_FOR_LONG = 10
/** Before a message is sent again the look-up has to be fresher than this, in minutes. */
export const FRESH = 1

export function partStage(facts: PartFacts, minute: number): PartStage {
  const { payments, lastPost } = facts
  if (lastPost === 'posting') return 'cut-off'
  if (lastPost === 'refused' && !facts.retried && payments.waiting + payments.unknown > 0) return 'refused'
  const isLookedUp = facts.absent >= payments.unknown + (facts.asksFirst ? payments.waiting : 0)
  const isFresh = facts.sinceLookUp <= FRESH * minute
  if (payments.waiting > 0 && payments.unknown === 0) {
    if (facts.mixed) return 'mixed'
    // Somebody else's use of a reference came to light before the first post.
    if (payments.review > 0) return 'in-review'
    if (facts.held) return 'held'
    const isAsked = isLookedUp && isFresh && (!facts.asksTwice || facts.absentFor >= ABSENT_FOR_LONG * minute)
    return facts.asksFirst && !isAsked ? 'unasked' : 'unsent'
  }
  if (payments.unknown === 0) {
    if (payments.review > 0) return 'in-review'
    return payments.open > 0 ? 'followed' : 'over'
  }
  if (!isLookedUp || !isFresh) return 'to-look-up'
  // A repetition would name what officers look into.
  if (payments.review > 0) return 'in-review'
  if (facts.held) return 'held'
  if (facts.absentFor < ABSENT_FOR_LONG * minute) return 'absent'
  const known = payments.open + payments.review + payments.final + payments.aside
  return known === 0 ? 'absent-for-long' : 'partly-absent'
}
