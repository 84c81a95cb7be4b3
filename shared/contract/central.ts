import type { Role } from '../model/officer.ts'
import type { RecordKind } from '../model/records.ts'
import type { Fault } from './result.ts'

/** What a contact with the central server brought about, in records. */
export interface SyncResult {
  readonly came: number
  readonly went: number
  /** Not taken by the server. */
  readonly refused: number
  /** New conflicts that wait for an officer. */
  readonly conflicts: number
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
  /** What waits for an administrator before this office goes on: doubt about the server, the removal guard, revoked, superseded. */
  readonly stopped: readonly Fault[]
  /** Under way now. */
  readonly phase: 'idle' | 'pulling' | 'pushing'
  /** The district was never fetched whole yet: how far that is. */
  readonly firstFill: { readonly done: number; readonly total: number } | null
  readonly lastResult: SyncResult | null
}

/** What is not at the central server yet. */
export interface UnsentRecords {
  /** Batches of which something is not there. */
  readonly batches: number
  /** Registrants, persons and groups. */
  readonly people: number
  readonly others: number
  /** Epoch milliseconds of the change that waits longest; null when none waits. */
  readonly oldestAt: number | null
}

/** What an officer has to look at, beside what stops the office. */
export interface CentralWaiting {
  /** Two versions of a record between which nobody has decided. */
  readonly conflicts: number
  /** Not taken by the server and not looked at yet. */
  readonly refusals: number
  /** Not taken by the server, looked at or not: they are not there. */
  readonly refused: number
  /** Came and are not used. */
  readonly quarantined: number
}

/** All that every screen shows of the central server. */
export interface CentralOverview {
  readonly status: CentralStatus
  /** Null until it was counted. */
  readonly unsent: UnsentRecords | null
  readonly waiting: CentralWaiting
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
  readonly earlier: unknown
  readonly later: unknown
}

/** Two versions of a record between which an officer decides, or a rule has decided. */
export interface ConflictRow {
  readonly id: string
  readonly kind: RecordKind
  readonly recordId: string
  readonly recordName: string
  /** When this office found or heard of it, epoch milliseconds. */
  readonly foundAt: number
  /** Which version stands until somebody has decided. */
  readonly standing: 'earlier' | 'later' | 'merged'
  /** `rule`: decided already, and only shown. */
  readonly decidedBy: 'officer' | 'rule'
  /** By the moments of the two. */
  readonly earlier: ConflictVersion
  readonly later: ConflictVersion
  readonly settled: { readonly at: number; readonly officerName: string } | null
  /** Names of the fields that differ. */
  readonly fieldNames: readonly string[]
}

/** Who decides between two versions: whoever may change such a record. */
export const decidingRole = (kind: RecordKind): Role => (kind === 'programme' ? 'administrator' : 'clerk')

/** What an officer let stand, in whichever office. */
export interface ConflictDecision {
  /** Epoch milliseconds. */
  readonly at: number
  readonly officerName: string
  readonly chosen: Readonly<Record<string, 'earlier' | 'later'>>
}

export interface ConflictPage extends ConflictRow {
  readonly fields: readonly ConflictField[]
  /** The newest first. More than one in an open conflict: they were made apart and say different things. */
  readonly decisions: readonly ConflictDecision[]
  /** Of the record's amounts, which are minor units; null where it has none. */
  readonly currency: string | null
  /** What the ids that stand in the fields are called. */
  readonly names: Readonly<Record<string, string>>
}

/** What is said beside the records and travels in documents of its own. */
export const sideKinds = ['evidence', 'resendApproval', 'conflict', 'conflictSettlement'] as const
export type SideKind = (typeof sideKinds)[number]

/** What the central server refused to take from here. */
export interface RefusalRow {
  readonly kind: RecordKind | SideKind
  readonly id: string
  /** The record on whose page it is found: its own, or the one that it is about; null where that is not here. */
  readonly about: { readonly kind: RecordKind; readonly id: string } | null
  /** Offered anew at each contact; what is not waits for a change. */
  readonly offeredAgain: boolean
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
  /** As the record that came says; empty where it says nothing that can be read. */
  readonly recordName: string
  /** Who wrote it; empty for the office itself, and for somebody who is not known here. */
  readonly officerName: string
  readonly since: number
  /** Waits for something else to arrive, and is tried again by itself. */
  readonly arriving: boolean
  readonly fault: Fault
}
