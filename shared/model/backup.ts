import { z } from 'zod'
import { Moment } from './record.ts'

/** The form of a backup's folder; a newer one is refused by name. */
export const BACKUP_FORMAT = 1

/** How many backups stay: the newest of so many days, weeks and months on which there were any. */
export const BackupKeep = z.object({
  daily: z.int().min(1).max(31),
  weekly: z.int().min(0).max(52),
  monthly: z.int().min(0).max(120),
})
export type BackupKeep = z.infer<typeof BackupKeep>

/** What an administrator chose; without a folder no backup is made. */
export const BackupSettings = z.object({
  folder: z.string().max(1_000),
  everyHours: z
    .int()
    .min(1)
    .max(24 * 7),
  keep: BackupKeep,
})
export type BackupSettings = z.infer<typeof BackupSettings>

export const usualBackupSettings: BackupSettings = {
  folder: '',
  everyHours: 24,
  keep: { daily: 7, weekly: 4, monthly: 12 },
}

const FileDigest = z.object({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

/** What a backup says about itself. Nothing in it is personal: it lies unsealed beside the sealed files. */
export const BackupManifest = z.object({
  format: z.literal(BACKUP_FORMAT),
  /** Number of the store's newest migration. */
  schema: z.int().min(1),
  installationId: z.string().min(1),
  epoch: z.int(),
  officeName: z.string(),
  /** Code of the district at the central server; empty in an office that works alone. */
  district: z.string(),
  /** When the copy was begun, epoch milliseconds. */
  madeAt: z.int(),
  /** The store's change sequence and its newest moment, empty in a store without any change. */
  sequence: z.int(),
  moment: z.union([Moment, z.literal('')]),
  /** The newest audit row (`position:hash`). */
  auditHead: z.string(),
  counts: z.object({ registrants: z.int(), programmes: z.int(), batches: z.int(), payments: z.int() }),
  files: z.object({ store: FileDigest, keys: FileDigest }),
  /** Over everything above, under a key that only the store's key gives. */
  seal: z.base64url(),
})
export type BackupManifest = z.infer<typeof BackupManifest>

/** A whole backup as lists show it. */
export interface BackupFound {
  /** Its own folder. */
  readonly path: string
  readonly manifest: Omit<BackupManifest, 'seal' | 'files'> & { readonly bytes: number }
}
