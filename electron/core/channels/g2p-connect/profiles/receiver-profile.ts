import type { Submission } from '../../../../../shared/model/batch.ts'
import type { PartKey } from '../../../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../../../shared/model/payment-manager.ts'
import type { LookUpOutcome, Opened, PartMessage, PostOutcome, Question } from '../../channel.ts'
import type { PostReading, Reading } from '../reading.ts'

/** Settings that a profile has an opinion on. The manager's own are the ones that count. */
export type SuggestedSettings = Pick<
  PaymentManager,
  | 'mode'
  | 'amountsFormat'
  | 'scheduledTimestamp'
  | 'statusBy'
  | 'statusAction'
  | 'duplicateProtectionProven'
  | 'noMoneyMovedCodes'
>

/** What the receivers of a profile have shown to be true of all of them. */
export interface Proven {
  /** They never pay a reference twice. */
  readonly duplicateProtection: boolean
  /** Codes that refuse a payment before it is accepted, hence prove that no money moved (I5). */
  readonly noMoneyMovedCodes: readonly string[]
  /** Replies and callbacks that they sign. */
  readonly signedReplies: readonly ('disburse' | 'status' | 'callback')[]
}

/** What goes into the envelope of a request. */
export interface Content {
  readonly action: string
  readonly count: number
  readonly message: unknown
}

/** A request beside the message itself: where it goes, what it says, and what the answer to it means. */
export interface Inquiry<Outcome> extends Content {
  readonly url: string
  readonly read: (reading: Omit<Reading, 'payments'>) => Outcome
}

/**
 * A kind of receiver: what it is known for, what its messages look like, and what its answers mean. A profile never talks to
 * anybody; signing, encrypting and sending are the channel's.
 */
export interface ReceiverProfile {
  /** Stands in the manager's `profile`. */
  readonly name: string
  readonly proven: Proven
  /** A receiver of this profile could be shown to pay a reference only once. */
  readonly canProtect: boolean
  readonly suggested: SuggestedSettings
  /** Values that receivers of this profile are known to take; settings that are not named here may be anything. */
  readonly takes: { readonly [Field in 'mode' | 'statusBy']?: readonly PaymentManager[Field][] }
  /** Addresses that it needs beside those for payments and results. */
  readonly needs: readonly ('envelopeUrl' | 'envelopeStatusUrl')[]

  /** See `Channel.message`. @throws OfficeError `amount.*` */
  message(submission: Submission, part: PartKey, manager: PaymentManager, at: number): PartMessage | undefined
  /** The message as it leaves; other than the part's own only where it names what was opened for it. */
  posted(part: PartMessage, openedAs: string): Content
  /** Makes room for a message; undefined where receivers want nothing of the kind. */
  readonly opening?: (
    part: PartMessage,
    submission: Submission,
    manager: PaymentManager,
    now: number,
  ) => Inquiry<Opened>
  asksBy(manager: PaymentManager): 'payments' | 'messages'
  /** The requests that together answer a question, each about payments of its own. */
  inquiries(
    question: Question,
    manager: PaymentManager,
  ): readonly (Inquiry<LookUpOutcome> & Pick<Question, 'payments'>)[]
  readPostReply(reading: PostReading): PostOutcome
}
