import { z } from 'zod'
import { PublicKey } from './officer.ts'
import { Id, Line } from './record.ts'

/** A district's name at the central server; part of its databases' names. */
export const DistrictCode = z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/)

/** Which central server this office works with. The password is a secret of its own. */
export const CentralSettings = z.object({
  /** Of the server, without database and without credentials. */
  url: z.url({ protocol: /^https?$/ }).max(500),
  district: DistrictCode,
  user: z.string().min(1).max(100),
  /** PEM; empty trusts the machine's own authorities. */
  certificateAuthority: z.string().max(20_000).default(''),
  /** Minutes between two contacts while nothing here asks for one earlier. */
  everyMinutes: z.int().min(1).max(1_440).default(5),
})
export type CentralSettings = z.infer<typeof CentralSettings>

/** Position and hash of an office's audit chain. */
export const AuditHead = z.object({ position: z.int().min(0), hash: z.string().max(64) })
export type AuditHead = z.infer<typeof AuditHead>

const documentFields = { _id: z.string(), _rev: z.string().optional() }

/** An X25519 public key as JWK (RFC 8037): changes in a file are encrypted to it. */
export const EncryptionKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  x: z.string().min(40).max(50),
})
export type EncryptionKey = z.infer<typeof EncryptionKey>

/** What an office had told before its store was restored to an older state, and who confirmed that; never taken back. */
export const RestoreReport = z.object({
  /** The epoch that began with it. */
  epoch: z.int().min(2),
  sequence: z.int().min(0),
  head: AuditHead,
  officerId: Id,
  at: z.number(),
  /** Tells the write of one confirmation from that of another copy of the same office. */
  token: z.string().default(''),
})
export type RestoreReport = z.infer<typeof RestoreReport>

/** The word of an office's device for the head that it tells: its public key and an Ed25519 signature, base64url. */
export const HeadSeal = z.object({ publicKey: PublicKey, signature: z.string().max(100) })
export type HeadSeal = z.infer<typeof HeadSeal>

/** How a laptop stands in the claims database: which epoch of its store may send, and how far its audit chain was told. */
export const OfficeDocument = z.object({
  ...documentFields,
  type: z.literal('office'),
  installationId: Id,
  officeName: Line,
  epoch: z.int().min(1),
  /** The store's change sequence at the last contact. */
  sequence: z.int().min(0),
  auditHead: AuditHead,
  /** The head that stood here before; a chain that was cut or forked cannot name it. */
  previousHead: AuditHead.nullable(),
  /** Absent of offices that told it before devices had keys. */
  headSeal: HeadSeal.optional(),
  /** Only with one more of these may the head and the sequence go back. */
  restores: z.array(RestoreReport).default([]),
  /** Epoch milliseconds by the server's clock. */
  reportedAt: z.number(),
  encryptionKey: EncryptionKey.nullable(),
  revoked: z.object({ by: Id, at: z.number(), reason: Line }).nullable(),
  /** The CouchDB user who wrote it. */
  by: z.string(),
})
export type OfficeDocument = z.infer<typeof OfficeDocument>

/** Who sends a batch (I6). Never expires; a take-over or a hand-over raises the generation. */
export const BatchClaimDocument = z.object({
  ...documentFields,
  type: z.literal('batch'),
  batchId: Id,
  submissionId: Id,
  digest: z.string().max(64),
  installationId: Id,
  officeName: Line,
  epoch: z.int().min(1),
  generation: z.int().min(1),
  state: z.enum(['claimed', 'held', 'cancelled']),
  /** All payments of the submission are claimed too; before that nothing of it leaves, and it may still go back. */
  whole: z.boolean().default(false),
  claimedAt: z.number(),
  by: z.string(),
  takeOver: z.object({ fromInstallation: Id, officerId: Id, reason: Line, jws: z.string() }).optional(),
  handOver: z.object({ fromInstallation: Id, toInstallation: Id, officerId: Id, jws: z.string() }).optional(),
})
export type BatchClaimDocument = z.infer<typeof BatchClaimDocument>

/** Which batch pays an entitlement's attempt (I6). The id is the payment's, the same on every laptop. */
export const PaymentClaimDocument = z.object({
  ...documentFields,
  type: z.literal('payment'),
  paymentId: Id,
  batchId: Id,
  installationId: Id,
  claimedAt: z.number(),
  by: z.string(),
  /** The batch that held it was cancelled or goes without it. */
  released: z.boolean(),
})
export type PaymentClaimDocument = z.infer<typeof PaymentClaimDocument>

/** What the district is, made by `central:setup`; every office checks that it belongs to it. */
export const DistrictDocument = z.object({
  ...documentFields,
  type: z.literal('district'),
  code: DistrictCode,
  districtId: z.string(),
  trustRoot: PublicKey.nullable(),
  /** The centre's own key: changes that offices write to it in a file are encrypted to it. */
  fileKey: EncryptionKey.optional(),
  schemaVersion: z.int().min(1),
})
export type DistrictDocument = z.infer<typeof DistrictDocument>

/** The databases of a district. */
export const districtDatabases = (district: string): { records: string; claims: string; inbox: string } => ({
  records: `g2p-${district}`,
  claims: `g2p-${district}-claims`,
  inbox: `g2p-${district}-inbox`,
})
