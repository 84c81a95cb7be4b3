import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { Fault } from '../../../shared/contract/result.ts'
import type { Submission, SubmissionLine } from '../../../shared/model/batch.ts'
import type { Observation, PartKey } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { RawCall } from '../callbacks/caller.ts'
import type { SelfTest } from './self-test.ts'

/** What a payment system is known for; decides what may be repeated and what counts as proof. */
export interface ChannelProfile {
  /** It has shown that it never pays a reference twice (I3). */
  readonly duplicateProtectionProven: boolean
  /** Reason codes that refuse before acceptance: no money moved (I5). */
  readonly noMoneyMovedCodes: readonly string[]
  /** A reply whose signature does not verify settles nothing (I4). */
  readonly repliesAreSigned: boolean
}

/** One part of a submission as it goes on the wire, without the envelope. Fixed with the submission. */
export interface PartMessage {
  readonly part: PartKey
  readonly transactionId: string
  readonly messageId: string
  readonly count: number
  /** What the message says, in the payment system's own shape. */
  readonly message: unknown
  /** SHA-256 (hex) of the canonical message; the same for every envelope around it. */
  readonly digest: string
}

/** A message ready to leave. */
export interface Envelope {
  readonly body: string
  /** HTTP headers that belong to the body, such as its signature. */
  readonly headers: Readonly<Record<string, string>>
  /** The message (JSON) where the body holds it encrypted only; empty otherwise. */
  readonly message: string
  /** Epoch milliseconds; null when the signature does not expire. */
  readonly validUntil: number | null
}

/** No envelope could be made, since a key of the receiver could not be had; nothing left. */
export interface NotSealed {
  readonly fault: Fault
  /** When the question for the key was put off without a try (line, resting endpoint). */
  readonly retryAt: number | null
}

/** What a payment system says about one payment. */
export type StatusWord = Pick<
  Observation,
  | 'paymentId'
  | 'status'
  | 'code'
  | 'text'
  | 'amount'
  | 'currency'
  | 'payeeAddress'
  | 'theirReference'
  | 'verified'
  | 'theirTime'
>

interface Said {
  /** Null when no reply came. */
  readonly httpStatus: number | null
  readonly code: string
  readonly text: string
}

/** What became of a post. */
export type PostOutcome =
  /** Proven that no byte left. `retryAt` when it was put off without a try (line, resting endpoint). */
  | { readonly kind: 'never-sent'; readonly fault: Fault; readonly retryAt: number | null }
  | ({ readonly kind: 'acknowledged'; readonly correlationId: string } & Said)
  /** Accepted, but nothing more will be said about it. */
  | ({ readonly kind: 'nack'; readonly correlationId: string } & Said)
  /** The whole message was refused before anything of it was accepted. */
  | ({ readonly kind: 'refused' } & Said)
  /** Refused whole, before anything of it was accepted, only because it is too large. */
  | ({ readonly kind: 'too-large' } & Said)
  /** "I have this already": received at some time, outcome unknown. */
  | ({ readonly kind: 'duplicate' } & Said)
  | ({ readonly kind: 'answered'; readonly words: readonly StatusWord[] } & Said)
  /** Anything else: it may have been taken. */
  | ({ readonly kind: 'unknown'; readonly fault: Fault; readonly slowDown: boolean } & Said)

/** What became of a look-up. */
export type LookUpOutcome =
  /** `absent`: the payment system does not know them. `left`: it said nothing of them yet; ask again for these alone. */
  | {
      readonly kind: 'answered'
      readonly words: readonly StatusWord[]
      readonly absent: readonly string[]
      readonly left: readonly string[]
    }
  /** The question was accepted; the answer comes by itself later. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'put-off'; readonly fault: Fault; readonly retryAt: number }
  | { readonly kind: 'failed'; readonly fault: Fault; readonly slowDown: boolean }

/** A payment that is asked about. */
export interface AskedPayment {
  readonly id: string
  readonly currency: string
  /** The payment system's own name for it; empty where none is known. */
  readonly theirReference: string
}

/** A payment whose message is posted, so that an answer that repeats it can be held against what was approved. */
export interface PostedPayment extends AskedPayment {
  /** Minor units. */
  readonly amount: number
  readonly payeeAddress: string
}

/** The message that payments left in, as far as a question can name it. */
export interface SentMessage {
  readonly transactionId: string
  readonly messageId: string
  /** What the payment system called it when it took it; empty where no such answer came. */
  readonly correlationId: string
  /** See {@link Opened}; empty where nothing had to be opened. */
  readonly openedAs: string
  /** When it was made, epoch milliseconds: nothing of it can be there before. Null where that is not known. */
  readonly madeAt: number | null
  /** When it was posted last, epoch milliseconds; null where it never was, as far as this office knows. */
  readonly postedAt: number | null
  /** More than one post of it may have been taken. */
  readonly mayHaveComeTwice: boolean
  /** The payments in it, as they were approved. */
  readonly lines: readonly SubmissionLine[]
}

/** What a look-up asks about. */
export interface Question {
  readonly payments: readonly AskedPayment[]
  /** Of a channel that asks by messages: the one that carries all these payments. Else null. */
  readonly message: SentMessage | null
}

/** What became of making room for a message at the payment system. */
export type Opened =
  | { readonly kind: 'opened'; readonly openedAs: string }
  /** `retryAt` when it was put off without a try (line, resting endpoint). */
  | { readonly kind: 'failed'; readonly fault: Fault; readonly retryAt: number | null; readonly slowDown: boolean }

/** Payments of the manager with these references; others are left out. */
export type FindPayments = (references: readonly string[]) => readonly AskedPayment[]

/** What a call from the payment system is worth. */
export type CallbackReading =
  /** Its signature verified. `messageAt`: the time it gives itself, epoch milliseconds; NaN where it gives none. */
  | {
      readonly kind: 'words'
      readonly words: readonly StatusWord[]
      readonly messageAt: number
      /** SHA-256 (hex) of what it says, the same however it is written. */
      readonly digest: string
    }
  /** Something came for these payments that cannot be verified: a reason to ask, nothing else. */
  | { readonly kind: 'trigger'; readonly payments: readonly string[]; readonly code: ErrorCode }
  /** The same about everything in a message of this id. */
  | { readonly kind: 'message-trigger'; readonly messageId: string; readonly code: ErrorCode }
  | { readonly kind: 'refused'; readonly code: ErrorCode }

/** A way to a payment system. Dispatch knows nothing of any one of them beyond this. */
export interface Channel {
  readonly kind: PaymentManager['kind']
  profile(manager: PaymentManager): ChannelProfile
  /**
   * The message of one part: the same for the same submission, settings and time, whenever it is asked.
   *
   * @param at when the money is wanted, epoch milliseconds: "now" the first time the message is made
   * @returns undefined when the submission has no such part
   * @throws OfficeError when an amount cannot be written
   */
  message(submission: Submission, part: PartKey, manager: PaymentManager, at: number): PartMessage | undefined
  /**
   * Makes room for a message where a payment system wants that before it takes one. It moves no money, so it may be done
   * again. Undefined for a manager whose payment system wants nothing of the kind.
   */
  findOpening(
    manager: PaymentManager,
  ): ((part: PartMessage, submission: Submission, signal: AbortSignal) => Promise<Opened>) | undefined
  /** Puts a signed envelope around a message; each call may make another one. `openedAs` is empty where nothing is opened. */
  seal(part: PartMessage, manager: PaymentManager, openedAs: string, signal: AbortSignal): Promise<Envelope | NotSealed>
  /** The message in a stored envelope whose body holds it in the clear. */
  readMessage(envelope: Pick<Envelope, 'body'>): PartMessage['message']
  /** Posts the very bytes under the very headers. */
  post(
    envelope: Pick<Envelope, 'body' | 'headers'>,
    manager: PaymentManager,
    payments: readonly PostedPayment[],
    signal: AbortSignal,
    /** Asked right before the first byte: a code keeps the message here. */
    keptBack?: () => ErrorCode | undefined,
  ): Promise<PostOutcome>
  /** Shows what an endpoint does, and sends money only where it is told to. */
  readonly selfTest: SelfTest
  /** Whether look-ups name the payments, a page at a time, or the messages that they left in. */
  asksBy(manager: PaymentManager): 'payments' | 'messages'
  /** Asks what became of payments; at most one page of them, or those of one message. */
  lookUp(question: Question, manager: PaymentManager, signal: AbortSignal): Promise<LookUpOutcome>
  /** Reads a call that came by itself. Moves nothing, and never throws for what the call holds. */
  readCallback(call: RawCall, manager: PaymentManager, findPayments: FindPayments): Promise<CallbackReading>
}
