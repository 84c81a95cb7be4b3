import type { Fault } from '../../../shared/contract/result.ts'
import type { Submission } from '../../../shared/model/batch.ts'
import type { Observation } from '../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'

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
  readonly part: number
  readonly transactionId: string
  readonly messageId: string
  readonly count: number
  readonly message: Readonly<Record<string, unknown>>
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

/** What a payment system says about one payment. */
export type StatusWord = Pick<
  Observation,
  'paymentId' | 'status' | 'code' | 'text' | 'amount' | 'currency' | 'payeeAddress' | 'verified' | 'theirTime'
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
}

/** A way to a payment system. Dispatch knows nothing of any one of them beyond this. */
export interface Channel {
  readonly kind: PaymentManager['kind']
  profile(manager: PaymentManager): ChannelProfile
  /**
   * The message of one part, counted from 1: the same for the same submission, settings and time, whenever it is asked.
   *
   * @param at when the money is wanted, epoch milliseconds: "now" the first time the message is made
   * @returns undefined when the submission has no such part
   * @throws OfficeError when an amount cannot be written
   */
  message(submission: Submission, part: number, manager: PaymentManager, at: number): PartMessage | undefined
  /** Puts a signed envelope around a message; each call may make another one. */
  seal(part: PartMessage, manager: PaymentManager): Promise<Envelope>
  /** Posts the very bytes under the very headers. */
  post(
    envelope: Pick<Envelope, 'body' | 'headers'>,
    manager: PaymentManager,
    payments: readonly AskedPayment[],
    signal: AbortSignal,
  ): Promise<PostOutcome>
  /** Asks what became of payments; at most one page of references. */
  lookUp(payments: readonly AskedPayment[], manager: PaymentManager, signal: AbortSignal): Promise<LookUpOutcome>
}
