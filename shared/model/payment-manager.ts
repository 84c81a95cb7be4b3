import { z } from 'zod'
import { Authentication, HeaderName } from './authentication.ts'
import { MapperSettings } from './mapper.ts'
import { Encryption, ReceiverKey, ReplySigning, Signing } from './message-security.ts'
import { PaymentFileSettings } from './payment-file.ts'
import { PaymentHubSettings } from './payment-hub.ts'
import { editableFields, Id, Line, signedFields } from './record.ts'

export const PayeeIdType = z.enum(['bank_acc_no', 'bank_acc_iban', 'phone', 'email', 'reg_id', 'mapper'])
export type PayeeIdType = z.infer<typeof PayeeIdType>

/**
 * Most payments in one message. What belongs to one message is written in one transaction on the core's thread: 1,000 take
 * about 50 ms there, 5,000 some 350 ms, in which no officer would get an answer.
 */
export const LARGEST_PART = 1000

/** An ordered batching rule (OpenG2P `g2p.payment.batch.tag`). The filter is the Odoo domain syntax; `[]` takes everyone. */
export const BatchTag = z.object({
  id: Id,
  name: Line.min(1),
  filter: z.string().max(4000),
  maximumBatchSize: z.int().min(1).max(10_000),
})
export type BatchTag = z.infer<typeof BatchTag>

/**
 * How an amount is written on the wire, within G2P Connect's pattern (1 to 13 digits, a point, 1 or 2 digits):
 * `two-decimals` always has two (`100.00`); `currency-digits` has as many as the currency, at least one (`100.00` ETB,
 * `100.0` UGX); `shortest` has no zero that can be left out (`100.0`, `100.5`, `100.55`), as the Odoo module writes.
 */
export const AmountsFormat = z.enum(['two-decimals', 'currency-digits', 'shortest'])
export type AmountsFormat = z.infer<typeof AmountsFormat>

/** A header that goes with every request to the payment system; nothing secret, since approvals and screens show it. */
export const ExtraHeader = z.object({ name: HeaderName, value: z.string().regex(/^[\x20-\x7e]{1,500}$/) })
export type ExtraHeader = z.infer<typeof ExtraHeader>

/** Which way a look-up names payments (§ Status, `attribute_type`); by correlation where the receiver gave such an id. */
export const StatusBy = z.enum(['reference_id_list', 'transaction_id', 'correlation_id'])
export type StatusBy = z.infer<typeof StatusBy>

/** Whether each payment says when it is wanted: optional in the specification, required by some receivers. */
export const ScheduledTimestamp = z.enum(['always', 'never'])
export type ScheduledTimestamp = z.infer<typeof ScheduledTimestamp>

/**
 * How payments of a programme are sent: the settings, without secrets (OpenG2P
 * `g2p.program.payment.manager.g2p.connect`, reference section 1.1, and what it lacked).
 */
export const PaymentManager = z.object({
  ...editableFields,
  ...signedFields,
  /** The way to pay; what only one of them has is in a part of its own, which the others lack. */
  kind: z.enum(['g2p-connect', 'payment-hub', 'file']),
  paymentHub: PaymentHubSettings.optional(),
  paymentFile: PaymentFileSettings.optional(),
  /** What kind of receiver it is; one of the profiles that the channel knows (`channels/g2p-connect/profiles`). */
  profile: z.string().min(1).max(40),
  name: Line.min(1),
  state: z.enum(['active', 'suspended']),
  /** Make batches by itself when a cycle is approved. */
  createBatch: z.boolean(),
  batchTags: z.array(BatchTag).min(1),
  payeeIdType: PayeeIdType,
  /** Which identity number type is the address, when `payeeIdType` is `reg_id`. */
  regIdTypeForPayeeId: z.string().max(40),
  payeePrefix: z.string().max(40),
  payeeSuffix: z.string().max(80),
  /** Who is asked for payees' accounts, when `payeeIdType` is `mapper`. */
  mapper: MapperSettings.optional(),
  /** Where messages go; of Payment Hub, where files are uploaded. Empty of a manager that pays by files, which go nowhere. */
  paymentEndpointUrl: z.union([z.url(), z.literal('')]),
  /** Where is asked; of Payment Hub, the base of its operations app (`https://host/api/v1`). */
  statusEndpointUrl: z.union([z.url(), z.literal('')]),
  /** Where room is made for a message before it is sent, and where what came of that is asked; empty where unused. */
  envelopeUrl: z.union([z.url(), z.literal('')]),
  envelopeStatusUrl: z.union([z.url(), z.literal('')]),
  /** Seconds, both calls. */
  apiTimeout: z.int().min(1).max(300),
  /** ISO 639-3. */
  locale: z.string().regex(/^[a-z]{3}$/),
  payerAddress: z.string().max(256),
  payerName: Line,
  senderId: z.string().max(200),
  senderUri: z.union([z.url(), z.literal('')]),
  receiverId: z.string().max(200),
  mode: z.enum(['async', 'sync']),
  /** Payments in one message. */
  partSize: z.int().min(1).max(LARGEST_PART),
  amountsFormat: AmountsFormat,
  scheduledTimestamp: ScheduledTimestamp,
  statusBy: StatusBy,
  statusAction: z.string().min(1).max(40),
  statusCheckActive: z.boolean(),
  /** Minutes; the shortest pause between look-ups, which slow down with age. */
  statusCheckInterval: z.int().min(1).max(1440),
  statusPageSize: z.int().min(1).max(5_000),
  /** Odoo domain over batches; `[]` lets every approved batch through. */
  sendFilter: z.string().max(4000),
  sendAutomatically: z.boolean(),
  authentication: Authentication,
  /** SHA-256 fingerprint (hex) of the certificate of the vault that this office shows (mutual TLS); empty for none. */
  clientCertificate: z.union([z.string().regex(/^[0-9a-f]{64}$/), z.literal('')]),
  extraHeaders: z.array(ExtraHeader).max(20),
  signing: Signing,
  /** What replies and callbacks must carry to count; `none` where the receiver does not sign. */
  replySigning: ReplySigning,
  /** Public key that signs replies; null where the receiver does not sign or publishes its keys. */
  receiverKey: ReceiverKey.nullable(),
  /** Where the receiver publishes its keys (`/.well-known/jwks.json`); empty where it does not. */
  receiverJwksUrl: z.union([z.url(), z.literal('')]),
  encryption: Encryption,
  /** The receiver has shown that it never pays a reference twice; without it nothing is sent again by itself (I3). */
  duplicateProtectionProven: z.boolean(),
  /** Reason codes that are refusals before acceptance: no money moved (I5). */
  noMoneyMovedCodes: z.array(z.string().max(80)),
  /** Extra certificate authority (PEM) of the endpoint; empty for the system's. */
  certificateAuthority: z.string().max(20_000),
  /** Compact JWS (EdDSA) by an administrator over `PaymentManagerClaims`. */
  signature: z.string(),
})
export type PaymentManager = z.infer<typeof PaymentManager>

export const PaymentManagerClaims = PaymentManager.omit({ signature: true, changedAt: true, changedBy: true })
export type PaymentManagerClaims = z.infer<typeof PaymentManagerClaims>
