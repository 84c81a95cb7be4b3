import type { Fault } from '../../../../shared/contract/result.ts'
import type { RecordKind } from '../../../../shared/model/records.ts'
import type { Store } from '../../store/store.ts'

/** A record of the central server as it came. */
export interface Incoming {
  readonly kind: RecordKind
  readonly id: string
  /** Empty where it did not come from the server itself (changes in a file). */
  readonly rev: string
  readonly deleted: boolean
  /** The fields as they came, not checked; a submission comes whole. */
  readonly record: unknown
  /** It is a leaf that did not win: the server has it, and another version stands there. */
  readonly isLosing?: true
  /** Other leaves that the server holds of it; each is handed in by itself. */
  readonly conflicts: readonly string[]
  /** The version that both sides had last, where whoever hands it in knows; null for none. Left out: by the receipts. */
  readonly base?: object | null
}

export interface MergeContext {
  readonly store: Store
  /** Epoch milliseconds by the server's clock. */
  readonly now: () => number
  /** Records of these batches are other ones by now: what waits for them may go on. Called after they are written. */
  readonly onBatches?: (batchIds: readonly string[]) => void
}

/** What came of a page, in records. */
export interface Applied {
  readonly adopted: number
  readonly merged: number
  readonly conflicts: number
  readonly quarantined: number
  /** The removal guard asks; nothing of what came was applied then. */
  readonly stopped: Fault | null
}

/** What was touched, for what follows from it. */
export interface Touched {
  readonly batches: Set<string>
  /** Registrants whose account, life or household may be another one. */
  readonly people: Set<string>
}
