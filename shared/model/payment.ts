import { z } from 'zod'
import { MappedFrom } from './mapper.ts'
import { Amount, Currency, erasableFields, Id, Line, Moment, recordFields } from './record.ts'

/** Where a payment stands. The table of allowed moves is `rules/payment-life.ts`. */
export const PaymentState = z.enum([
  'prepared',
  'queued',
  'sent',
  'acknowledged',
  'paid',
  'rejected',
  'blocked',
  'unknown',
  'review',
  'reversed',
  'cancelled',
])
export type PaymentState = z.infer<typeof PaymentState>

/**
 * A part of a submission on the wire: its number, and for a part that was too large which half of it, and which half of
 * that (`rules/submission-parts.ts`).
 */
export const PartKey = z.string().regex(/^[1-9]\d{0,5}(?:\.[12]){0,12}$/)
export type PartKey = z.infer<typeof PartKey>

/** One attempt to pay one entitlement. Its id, derived from both, is the `reference_id` on the wire. */
export const Payment = z.object({
  ...recordFields,
  ...erasableFields,
  entitlementId: Id,
  attempt: z.int().min(1),
  cycleId: Id,
  programmeId: Id,
  /** Who is entitled (a person or a group). */
  registrantId: Id,
  registrantName: Line,
  /** The person whose address is paid; empty while nobody can be. */
  payeeId: z.string().max(64),
  payeeName: Line,
  /** Financial address as it goes on the wire, `type:id@provider`; empty while it cannot be made. */
  payeeAddress: z.string().max(256),
  /** Of an address that an account mapper gave. */
  mapped: MappedFrom.optional(),
  batchId: z.string().max(64),
  managerId: Id,
  amount: Amount,
  currency: Currency,
  state: PaymentState,
  /** Why: a code of the payment system (`rjct.payee_fa.invalid`) or of our own pre-flight. */
  reasonCode: z.string().max(80),
  reasonText: z.string().max(999),
  /** What the sentence of one of our own codes needs. */
  reasonParams: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What the payment system says it paid, in minor units; null until it says so. */
  amountPaid: Amount.nullable(),
  /** What the payment system calls it, where it has a name of its own for it; empty until it says so. */
  theirReference: z.string().max(128),
  /** Held by an officer: nothing is sent while true. */
  held: z.boolean(),
  stateAt: Moment,
})
export type Payment = z.infer<typeof Payment>

/** A payment as lists and the replica see it: the address is masked. */
export const PaymentView = Payment.omit({ payeeAddress: true }).extend({ payeeAddressHint: z.string() })
export type PaymentView = z.infer<typeof PaymentView>

/** One part of a submission on the wire. Append-only: the bytes are stored before they leave (I1). */
export const Transmission = z.object({
  ...recordFields,
  ...erasableFields,
  batchId: Id,
  submissionId: Id,
  part: PartKey,
  /** 1 for the first envelope; a renewed signature (I2) makes the next, around the same message. */
  envelope: z.int().min(1),
  messageId: Id,
  transactionId: Id,
  /** SHA-256 (hex) of the canonical `message`, the same for every envelope of a part. */
  messageDigest: z.string().length(64),
  count: z.int().min(1),
  /** When the message was first made, epoch milliseconds: with the submission it makes the same message again. */
  madeAt: z.number(),
  /** What the payment system made room for the message under, where it wants that first; else empty. */
  openedAs: z.string().max(128),
  /** Moment after which the signature is no longer valid, epoch milliseconds; null means it does not expire. */
  validUntil: z.number().nullable(),
  /** The exact body. */
  body: z.string(),
  /** HTTP headers that belong to the body, such as its signature; they go out with it unchanged. */
  headers: z.record(z.string(), z.string()),
  /** The message (JSON) where the body holds it encrypted only; empty otherwise. */
  message: z.string(),
})
export type Transmission = z.infer<typeof Transmission>

/** What happened to one post of a transmission. Append-only; a post without one was cut off and counts as unknown. */
export const Delivery = z.object({
  ...recordFields,
  ...erasableFields,
  transmissionId: Id,
  batchId: Id,
  part: PartKey,
  /** Counts the posts of a part, over all its envelopes. Each has a `posting` before it and an outcome after it. */
  post: z.int().min(1),
  /**
   * `too-large`: refused whole for its size, so the halves of the part go instead. `set-apart`: never left, since payments in it
   * must not go; the halves do, down to where those stand alone.
   */
  outcome: z.enum([
    'posting',
    'never-sent',
    'acknowledged',
    'nack',
    'refused',
    'too-large',
    'set-apart',
    'duplicate',
    'answered',
    'unknown',
  ]),
  httpStatus: z.int().nullable(),
  code: z.string().max(80),
  text: z.string().max(999),
  correlationId: z.string().max(128),
})
export type Delivery = z.infer<typeof Delivery>

/** What a payment system said about one payment. Append-only (I4). */
export const Observation = z.object({
  ...recordFields,
  ...erasableFields,
  paymentId: Id,
  batchId: Id,
  /**
   * `reply` to the send, `lookup`, `callback`, a file of `results`, the `pay-table` that two officers filled in, or
   * `evidence` that they recorded.
   */
  source: z.enum(['reply', 'lookup', 'callback', 'results', 'pay-table', 'evidence', 'office']),
  /** `undecidable`: it has the payment, but nothing that it can be asked will tell what became of it. */
  status: z.enum(['rcvd', 'pdng', 'succ', 'rjct', 'absent', 'reversed', 'undecidable', 'other']),
  code: z.string().max(80),
  text: z.string().max(999),
  amount: Amount.nullable(),
  currency: z.string().max(3),
  payeeAddress: z.string().max(256),
  /** The payment system's own name for the payment; empty where it has none. */
  theirReference: z.string().max(128),
  /** The signature of the message verified. False where the profile does not sign replies. */
  verified: z.boolean(),
  /** The payment system's own timestamp, as it came. */
  theirTime: z.string().max(64),
})
export type Observation = z.infer<typeof Observation>
