import type { RecordKind } from '../model/records.ts'
import type { Fault } from './result.ts'

/** What a contact with the central server brought about, in records. */
export interface SyncResult {
  /** Epoch milliseconds of its end. */
  readonly at: number
  readonly came: number
  readonly went: number
  /** Not taken by the server. */
  readonly refused: number
  /** What ended it early; null when everything was done. */
  readonly fault: Fault | null
}

/** A long exchange under way, in records. */
export interface SyncProgress {
  readonly direction: 'pull' | 'push'
  readonly done: number
  /** Null while the server has not said how many there are. */
  readonly total: number | null
}

/** How the office and its central server stand; in units that officers know. */
export interface CentralStatus {
  /** False where the office works alone; everything below is empty then. */
  readonly configured: boolean
  readonly host: string
  readonly district: string
  /** Epoch milliseconds of the last answer of the server; null before the first. */
  readonly lastContactAt: number | null
  /** What went wrong at the last try; null when it was well. */
  readonly fault: Fault | null
  /** What keeps this office from sending until somebody acts: doubt about the server, the removal guard, revoked, superseded. */
  readonly stopped: Fault | null
  /** Under way now. */
  readonly progress: SyncProgress | null
  /** The district was never fetched whole yet: how far that is. */
  readonly firstFill: { readonly done: number; readonly total: number | null } | null
  readonly lastResult: SyncResult | null
}

/** Records that are not at the central server yet. */
export interface UnsentRecords {
  readonly kinds: Readonly<Partial<Record<RecordKind, number>>>
  readonly total: number
  /** Epoch milliseconds of the change that waits longest; null when none waits. */
  readonly oldestAt: number | null
}

/** Whether one record is at the central server. */
export interface Receipt {
  /** False where the office works alone. */
  readonly configured: boolean
  /** Epoch milliseconds of the server's answer for exactly this version; null when it does not have it yet. */
  readonly at: number | null
}

/** One version of a record in a conflict: who wrote it, and when by the hybrid clock. */
export interface ConflictVersion {
  readonly changedAt: string
  readonly changedBy: string
  readonly officerName: string
}

export interface ConflictField {
  readonly name: string
  readonly base: unknown
  readonly mine: unknown
  readonly theirs: unknown
}

/** Two versions of a record between which an officer decides, or a rule has decided. */
export interface ConflictRow {
  readonly id: string
  readonly kind: RecordKind
  readonly recordId: string
  readonly recordName: string
  /** Epoch milliseconds. */
  readonly foundAt: number
  /** Which version stands until somebody has decided. */
  readonly standing: 'mine' | 'theirs' | 'merged'
  /** `rule`: decided already, and only shown. */
  readonly decidedBy: 'officer' | 'rule'
  readonly mine: ConflictVersion
  readonly theirs: ConflictVersion
  readonly settled: { readonly at: number; readonly officerName: string } | null
  /** Names of the fields that differ. */
  readonly fieldNames: readonly string[]
}

export interface ConflictPage extends ConflictRow {
  readonly fields: readonly ConflictField[]
}

/** What the central server refused to take from here. */
export interface RefusalRow {
  readonly kind: RecordKind
  readonly id: string
  readonly recordName: string
  readonly officerId: string
  readonly officerName: string
  readonly at: number
  readonly fault: Fault
  readonly seen: boolean
}

/** What came from the central server and is not used (yet). */
export interface QuarantineRow {
  readonly documentId: string
  readonly kind: string
  readonly since: number
  /** Waits for something else to arrive, and is tried again by itself. */
  readonly arriving: boolean
  readonly fault: Fault
}

/** Another office of the district as the central server knows it. */
export interface OfficeRow {
  readonly installationId: string
  readonly name: string
  /** This very office. */
  readonly own: boolean
  readonly epoch: number
  /** Epoch milliseconds of its last contact. */
  readonly reportedAt: number
  readonly auditPosition: number
  readonly revoked: { readonly at: number; readonly officerName: string; readonly reason: string } | null
  /** How its audit chain stands against what it reported before. */
  readonly chain: 'whole' | 'cut' | 'forked' | 'unknown'
  /** Epoch milliseconds since when this head is acknowledged. */
  readonly acknowledgedSince: number | null
}

/** A batch that an office has claimed and not finished. */
export interface OpenClaim {
  readonly batchId: string
  /** Empty while the batch itself has not arrived here. */
  readonly name: string
  readonly installationId: string
  readonly officeName: string
  readonly claimedAt: number
  readonly generation: number
  readonly count: number | null
  /** Minor units. */
  readonly sum: number | null
  readonly currency: string
  /** Payments of which nobody knows yet how they ended. */
  readonly open: number | null
  /** Why it cannot be taken over now; null when it can. */
  readonly notReady: Fault | null
}
