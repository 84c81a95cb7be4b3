import type { Fault } from '../../../../shared/contract/result.ts'
import type { IdentityNumber, Membership, Registrant } from '../../../../shared/model/registrant.ts'
import type { ConsentWay } from '../../../../shared/model/tokenisation.ts'
import type { ImportMapping, ImportSubject } from '../../../../shared/rules/import-columns.ts'
import type { DayOrder, Problem, RegistrantFacts } from '../../../../shared/rules/registrant-entry.ts'
import type { PreparedRecord } from '../../store/prepared-record.ts'
import type { Transaction } from '../../store/store.ts'
import type { CheckedContact } from '../contact-commands.ts'
import type { ContactKey } from '../contact-keys.ts'
import type { IdentityEntry } from '../identity-commands.ts'
import type { MembershipEntry } from '../membership-commands.ts'
import type { Encoding } from './decode.ts'
import type { RowConsent } from './row-consent.ts'
import type { StagedRows, StageFile } from './staged-rows.ts'
import type { Reading, SealedFile } from './table.ts'

/** How a file is to be understood. */
export interface ImportOptions extends Reading {
  readonly subject: ImportSubject
  readonly mapping: ImportMapping
  readonly dayOrder: DayOrder
  /** ISO 3166 alpha-2: completes phone numbers without a country code. */
  readonly country?: string | undefined
  /** Rows whose registrant is on the registry already: leave them, or bring them up to date. */
  readonly existing: 'skip' | 'update'
  /** Type of identity numbers for which the file has no column. */
  readonly identityType?: string | undefined
  /** Enrol everybody of the file directly. */
  readonly programmeId?: string | undefined
  /** How the consents of the file were said; on paper where nothing is chosen. */
  readonly consentHow?: ConsentWay | undefined
}

/** A row that was not taken, or was taken with a warning. */
export interface RowProblem {
  readonly row: number
  readonly line: number
  readonly taken: boolean
  readonly cells: readonly string[]
  readonly reasons: readonly Problem[]
}

/** A new record of a row, ready for its table. */
export type RowInsert =
  | {
      readonly kind: 'registrant'
      readonly number: string
      readonly prepared: PreparedRecord<'registrant'>
      readonly keys: readonly ContactKey[]
      readonly consent: RowConsent | undefined
    }
  | {
      readonly kind: 'membership'
      readonly prepared: PreparedRecord<'membership'>
      readonly entry: MembershipEntry & { readonly id: string }
    }
  | {
      readonly kind: 'identityNumber'
      readonly prepared: PreparedRecord<'identityNumber'>
      readonly identity: { readonly type: string; readonly value: string; readonly registrantId: string }
    }

/** What a row changes in a record that is there already. */
export type RowUpdate =
  | {
      readonly kind: 'registrant'
      readonly id: string
      readonly facts: Partial<RegistrantFacts> & { readonly deceasedOn?: string | null }
      readonly contacts: readonly CheckedContact[]
      readonly identity: IdentityEntry | undefined
      readonly consent: RowConsent | undefined
      /** It had been removed and comes back. */
      readonly revive: boolean
    }
  | { readonly kind: 'membership'; readonly draft: Omit<Membership, 'changedAt' | 'changedBy'> }
  | { readonly kind: 'identityNumber'; readonly draft: Omit<IdentityNumber, 'changedAt' | 'changedBy'> }

/** Everything that one row of the file does; it is applied as a whole or not at all. */
export interface RowWork {
  readonly row: number
  readonly line: number
  /** As they stand in the file, as JSON: one text crosses threads faster than many. */
  readonly cells: string
  readonly inserts: readonly RowInsert[]
  readonly updates: readonly RowUpdate[]
  /** Whom to enrol when the import enrols: the person of the row, or the household. */
  readonly enrol: { readonly id: string; readonly kind: Registrant['kind'] } | undefined
}

/** What the file holds, before anything is read into the registry. */
export interface Inspection {
  readonly format: 'csv' | 'xlsx'
  readonly encoding: Encoding | ''
  readonly delimiter: string
  readonly header: readonly string[]
  /** The first rows as they stand in the file. */
  readonly sample: readonly { readonly row: number; readonly cells: readonly string[] }[]
  readonly rows: number
}

/** A line of the preview: how the first rows would look on the registry. */
export interface PreviewRow {
  readonly row: number
  readonly name: string
  readonly registryNumber: string
  readonly does: 'add' | 'update' | 'skip' | 'refuse'
  /** What the row says about consent, where it says anything of somebody who is not left as they are. */
  readonly consent: 'given' | 'refused' | null
  readonly reasons: readonly Problem[]
}

export interface ImportCounts {
  readonly rows: number
  /** Rows that are new, change something, are there already, are refused; and rows taken with a warning. */
  readonly added: number
  readonly updated: number
  readonly skipped: number
  readonly refused: number
  readonly warned: number
}

/** What every piece of a new row tells, so that its row can be found when one piece does not fit any more. */
interface OfRow {
  readonly row: number
}

/** New records of many rows, of one kind and in the order in which their tables take them fastest; or rows as a whole. */
export type ImportSlice =
  | { readonly of: 'rows'; readonly pieces: readonly RowWork[] }
  | {
      readonly of: 'registrants'
      readonly pieces: readonly (OfRow & {
        readonly line: number
        readonly cells: string
        readonly number: string
        readonly prepared: PreparedRecord<'registrant'>
        readonly consent: RowConsent | undefined
      })[]
    }
  | {
      readonly of: 'identityNumbers'
      readonly pieces: readonly (OfRow & Omit<RowInsert & { kind: 'identityNumber' }, 'kind'>)[]
    }
  | {
      readonly of: 'memberships'
      readonly pieces: readonly (OfRow & { readonly prepared: PreparedRecord<'membership'> })[]
    }
  | { readonly of: 'contactKeys'; readonly pieces: readonly (OfRow & ContactKey & { readonly id: string })[] }
  | { readonly of: 'enrolments'; readonly pieces: readonly (OfRow & { readonly id: string })[] }

export type ImportTask =
  | { readonly task: 'inspect'; readonly file: SealedFile; readonly reading: Reading }
  | {
      readonly task: 'check'
      readonly file: SealedFile
      readonly options: ImportOptions
      readonly importId: string
      readonly today: string
      /** Rows in the file, for the size of what is staged. */
      readonly rows: number
      readonly stage: StageFile
      readonly store: { readonly file: string; readonly key: Uint8Array }
    }
  | {
      readonly task: 'run'
      readonly stage: StageFile
      readonly staged: StagedRows
      readonly enrols: boolean
      readonly store: { readonly file: string; readonly key: Uint8Array }
    }

/** From the core to the import thread: go on with the next slice; fold the journal back into the store's file. */
export type ToImport = { readonly to: 'next' } | { readonly to: 'checkpoint' }

export type FromImport =
  | { readonly from: 'inspected'; readonly inspection: Inspection }
  /** Of a check: what was found in some more rows. */
  | { readonly from: 'checking'; readonly problems: readonly RowProblem[]; readonly counts: ImportCounts }
  | {
      readonly from: 'checked'
      readonly counts: ImportCounts
      readonly preview: readonly PreviewRow[]
      readonly staged: StagedRows
    }
  /** Of a run: rows of a portion follow whose pieces come in the slices until the next such message. */
  | { readonly from: 'portion' }
  /** `share` of all work is done once this slice is. */
  | { readonly from: 'slice'; readonly slice: ImportSlice; readonly share: number }
  | { readonly from: 'checkpointed' }
  | { readonly from: 'done' }
  | { readonly from: 'failed'; readonly fault: Fault | undefined; readonly text: string }

/** What a programme does for an import that enrols; given by the programmes. */
export interface ImportEnrolment {
  /** Before the import: whether this programme takes registrants of this kind. @throws OfficeError */
  check(programmeId: string, kind: Registrant['kind']): void
  /** Inside the import's transaction. Undo removes enrolments by their `importId`. */
  enrol(
    transaction: Transaction,
    input: { programmeId: string; registrantId: string; day: string; importId: string },
  ): void
}
