import { z } from 'zod'
import { MappedFrom } from './mapper.ts'
import { Amount, Currency, erasableFields, Id, Line, Moment, recordFields } from './record.ts'

/** Worked out from submissions, decisions, claim, deliveries and payments (`rules/batch-life.ts`); stored for lists only. */
export const BatchState = z.enum([
  'open',
  'submitted',
  'approved',
  'returned',
  'lapsed',
  'queued',
  'claimed',
  'sending',
  'following',
  'settled',
  'cancelled',
])
export type BatchState = z.infer<typeof BatchState>

/** A set of payments that is approved and sent together. */
export const Batch = z.object({
  ...recordFields,
  name: Line.min(1),
  cycleId: Id,
  programmeId: Id,
  managerId: Id,
  tagName: Line,
  currency: Currency,
  count: z.int().min(0),
  sum: Amount,
  /** Everybody who prepared, submitted, or edited amounts or addresses in it: none of them may approve (I7). */
  makers: z.array(Id),
  state: BatchState,
  held: z.boolean(),
  heldReason: z.string().max(200),
  cancelledReason: z.string().max(200),
  /** Number of the latest submission; 0 before the first. */
  submissionNumber: z.int().min(0),
  stateAt: Moment,
  /** A sentence code of the error catalogue when the batch needs attention; empty otherwise. */
  attention: z.string().max(80),
  /** What that sentence needs. */
  attentionParams: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** The submission with this number, and all before it, went back by themselves: others pay some of it. Never falls. */
  sentBack: z.int().min(0).optional(),
})
export type Batch = z.infer<typeof Batch>

/** One payment of a submission, frozen. Order matters: it is the order on the wire. */
export const SubmissionLine = z.object({
  paymentId: Id,
  entitlementId: Id,
  attempt: z.int().min(1),
  registrantId: Id,
  payeeId: Id,
  payeeName: Line,
  payeeAddress: z.string().min(1).max(256),
  mapped: MappedFrom.optional(),
  amount: Amount,
})
export type SubmissionLine = z.infer<typeof SubmissionLine>

/** The frozen batch: what was approved is what is sent. Append-only. */
export const Submission = z.object({
  ...recordFields,
  ...erasableFields,
  batchId: Id,
  number: z.int().min(1),
  programmeId: Id,
  programmeName: Line,
  cycleId: Id,
  cycleName: Line,
  managerId: Id,
  /** Digest (SHA-256, hex) of the manager's settings that decide where the money goes. */
  managerDigest: z.string().length(64),
  channel: z.string().max(40),
  payerAddress: z.string().max(256),
  payerName: Line,
  currency: Currency,
  count: z.int().min(1),
  sum: Amount,
  /** Payments in each part on the wire. */
  partSize: z.int().min(1),
  /** The place of each part's first line, where parts are not all of one size (`rules/payment-channels.ts`). */
  partStarts: z.array(z.int().min(0)).min(1).optional(),
  submittedBy: Id,
  makers: z.array(Id),
  lines: z.array(SubmissionLine).min(1),
  /** SHA-256 (hex) over the canonical JSON of all the above that money depends on; what a decision signs. */
  digest: z.string().length(64),
})
export type Submission = z.infer<typeof Submission>

/** An approver's word on one submission. Append-only; `jws` is EdDSA over {@link DecisionClaims}. */
export const Decision = z.object({
  ...recordFields,
  batchId: Id,
  submissionId: Id,
  submissionNumber: z.int().min(1),
  digest: z.string().length(64),
  officerId: Id,
  verdict: z.enum(['approve', 'return']),
  reason: z.string().max(500),
  /** Wall clock of the decision, epoch milliseconds; it lapses 7 days later if nothing was claimed. */
  decidedAt: z.number(),
  jws: z.string(),
})
export type Decision = z.infer<typeof Decision>

/** What the JWS of a decision signs. */
export const DecisionClaims = Decision.pick({
  batchId: true,
  submissionId: true,
  submissionNumber: true,
  digest: true,
  officerId: true,
  verdict: true,
  reason: true,
  decidedAt: true,
})
export type DecisionClaims = z.infer<typeof DecisionClaims>

/** The right to send a batch (I6): made once before the first byte leaves, never expires. */
export const Claim = z.object({
  ...recordFields,
  batchId: Id,
  submissionId: Id,
  installationId: Id,
  epoch: z.int().min(1),
  generation: z.int().min(1),
  /** Who claimed it at the central server, and when by its clock (epoch milliseconds); absent of a sole office's claim. */
  officeName: Line.optional(),
  claimedAt: z.number().optional(),
  /** Taken over from this installation, which may have posted until then. */
  takenFrom: Id.optional(),
})
export type Claim = z.infer<typeof Claim>
