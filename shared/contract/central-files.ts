import type { Fault } from './result.ts'

/** Somebody to whom changes can go in a file. */
export interface RecipientRow {
  /** `centre` for the district's own key. */
  readonly installationId: string
  readonly officeName: string
  /** Epoch milliseconds. */
  readonly addedAt: number
  /** What two people compare by voice. */
  readonly fingerprint: string
}

/** What a verified file says of itself. */
export interface FileSummary {
  readonly officeName: string
  readonly officerName: string
  /** Epoch milliseconds by the maker's clock. */
  readonly madeAt: number
  readonly documents: number
  /** Batches that it releases to this office. */
  readonly batches: number
  /** Everything in it is here already. */
  readonly known: boolean
}

/** What a file brought, in records. */
export interface FileResult {
  readonly adopted: number
  readonly merged: number
  /** For an officer to decide. */
  readonly conflicts: number
  readonly quarantined: number
  /** Here already, or older than what is here. */
  readonly known: number
  /** Batches that were released to this office. */
  readonly releases: number
  /** The removal guard asks an administrator; the rest of the file waits. */
  readonly stopped: Fault | null
}

/** A file that is being written or read, or was last. */
export interface FilesWork {
  readonly id: string
  readonly kind: 'export' | 'import'
  readonly running: boolean
  /** Records of an export, parts of an import. */
  readonly done: number
  readonly total: number | null
  /** Why it ended early. */
  readonly fault: Fault | null
  readonly exported: { readonly records: number; readonly bytes: number } | null
  readonly imported: FileResult | null
}
