import type { ReplicaName } from '../model/replica.ts'
import type { Problem } from '../rules/registrant-entry.ts'
import type { Fault } from './result.ts'

/* What travels between the replica of a screen and the store. */

/** Where a pull stands: the last change that it has. Several records share one change of the store. */
export interface Checkpoint {
  readonly seq: number
  readonly id: string
}

/** A document as it crosses; `_deleted` means: not (or no longer) there. A record that people removed carries `removed`. */
export interface ReplicatedDocument {
  readonly id: string
  readonly _deleted: boolean
  readonly [field: string]: unknown
}

export interface PullAnswer {
  readonly documents: readonly ReplicatedDocument[]
  readonly checkpoint: Checkpoint
  /** There is more behind the checkpoint. */
  readonly more: boolean
}

/** A pushed edit that was not taken. The document goes back to the store's version; nothing of it was saved. */
export interface Refusal {
  readonly collection: string
  readonly id: string
  readonly fault: Fault
  /** The fields that were edited. */
  readonly fields: readonly string[]
  /** What is wrong field by field, where it is known. */
  readonly problems: readonly Problem[]
}

export interface PushRow {
  readonly assumedMasterState?: Readonly<Record<string, unknown>> | null | undefined
  readonly newDocumentState: Readonly<Record<string, unknown>>
}

export interface PushAnswer {
  /** The store's version of every document that does not now stand there as it was pushed. */
  readonly masters: readonly ReplicatedDocument[]
  readonly refusals: readonly Refusal[]
}

/** Said over the stream: at the start, `opened` (nothing is pinned yet), then which collections have something new. */
export interface StreamEvent {
  readonly opened: boolean
  readonly collections: readonly ReplicaName[]
}

/** Seals the replica at rest: AES-GCM-256, base64. `id` names the key without telling it. */
export interface ReplicaKey {
  readonly id: string
  readonly key: string
}

/** Documents asked for or pinned in one call at most. */
export const PAGE_LIMIT = 500
