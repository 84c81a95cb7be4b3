import { z } from 'zod'
import { AuditHead, DistrictCode, EncryptionKey } from './central.ts'
import { Id, Line } from './record.ts'

/*
 * Changes that travel in a file while there is no line. A file is lines of text: a plain header, parts that only the
 * recipient can open, and a closing that only the recipient can open, with the signature over everything.
 */

/** Of the format; a reader refuses what is newer than it knows. */
export const FILE_VERSION = 1

/** Digest (SHA-256, base64url) of a public key (RFC 7638), by which a file names its recipient. */
export const KeyId = z.string().min(40).max(50)

/** The first line: what a reader needs before it can open anything. Nothing personal is in it. */
export const FileHeader = z.object({
  format: z.literal('g2p-changes'),
  version: z.int().min(1),
  fileId: z.uuid(),
  district: DistrictCode,
  /** The installation that made it. */
  from: Id,
  /** Whose key opens it. */
  to: KeyId,
  /** Epoch milliseconds by the maker's clock. */
  madeAt: z.number(),
  parts: z.int().min(0).max(100_000),
})
export type FileHeader = z.infer<typeof FileHeader>

/** How far one office has what another one wrote. */
export const FarAs = z.object({ epoch: z.int().min(1), sequence: z.int().min(0) })
export type FarAs = z.infer<typeof FarAs>

/** What the exporting officer signs. The digests fix the order and the bytes of all parts. */
export const FileManifest = FileHeader.extend({
  officerId: Id,
  officeName: z.string().max(200),
  epoch: z.int().min(1),
  /** Changes after `after` and up to `upTo` of the maker's store; `after` is what the recipient had acknowledged. */
  sequence: z.object({ after: z.int().min(0), upTo: z.int().min(0) }),
  auditHead: AuditHead,
  /** Key to which answers are encrypted. */
  encryptionKey: EncryptionKey,
  documents: z.int().min(0),
  partDigests: z.array(z.string().min(40).max(50)),
  /** What the maker has of other installations' files. */
  imported: z.record(Id, FarAs),
  /** Digests of the releases of batches in the file. */
  releaseDigests: z.array(z.string().min(40).max(50)),
})
export type FileManifest = z.infer<typeof FileManifest>

/** A batch that one office releases to another, as its officer signs it: after that the giver cannot post it any more. */
export const ReleaseClaims = z.object({
  district: DistrictCode,
  batchId: Id,
  submissionId: Id,
  digest: z.string().length(64),
  fromInstallation: Id,
  toInstallation: Id,
  /** Of the giver's claim at the central server; 0 when it never claimed the batch there. */
  generation: z.int().min(0),
  officerId: Id,
  /** Epoch milliseconds. */
  at: z.number(),
})
export type ReleaseClaims = z.infer<typeof ReleaseClaims>

export const Release = ReleaseClaims.extend({ jws: z.string() })
export type Release = z.infer<typeof Release>

/** What an office hands to others so that they can write to it; a `.g2p-office` file, or the same as text. */
export const OfficeCard = z.object({
  format: z.literal('g2p-office'),
  version: z.literal(1),
  district: DistrictCode,
  /** `centre` is the key of the district itself. */
  installationId: Id,
  officeName: Line.min(1),
  encryptionKey: EncryptionKey,
})
export type OfficeCard = z.infer<typeof OfficeCard>

/** How the centre is named where offices are named by their installation. */
export const CENTRE = 'centre'
