import type { CentralStatus } from '../../../electron/core/central/central.ts'
import type { BatchState } from '../../../shared/model/batch.ts'
import type { CentralSettings } from '../../../shared/model/central.ts'
import type { PaymentState } from '../../../shared/model/payment.ts'
import type { CoreCall, CoreStart } from '../messages.ts'
import type { DistrictKit, OfficerInKit } from './district-kit.ts'

export type FurnishOffice = Pick<DistrictKit, 'root' | 'records'> & {
  readonly name: string
  /** Officers who are known here; all of them have their key on this laptop. */
  readonly officers: readonly OfficerInKit[]
}

/** Which line is cut. */
export type Line = 'centre' | 'payments'

/** From the driver. `call` goes through the API as the officer. */
export type ToOffice =
  | { readonly do: 'start'; readonly start: CoreStart }
  | { readonly do: 'furnish'; readonly id: number; readonly furnish: FurnishOffice }
  | {
      readonly do: 'join'
      readonly id: number
      readonly officer: string
      readonly settings: CentralSettings
      readonly password: string
    }
  | CoreCall
  | { readonly do: 'jump'; readonly ahead: number }
  | { readonly do: 'cut-line'; readonly line: Line; readonly cut: boolean }
  | { readonly do: 'sync'; readonly id: number }
  /** A copy of the store, as a backup makes it. */
  | { readonly do: 'copy'; readonly id: number; readonly file: string }
  | { readonly do: 'state'; readonly id: number }
  | { readonly do: 'content'; readonly id: number }
  | { readonly do: 'close' }

export interface PaymentInOffice {
  readonly id: string
  readonly entitlementId: string
  readonly batchId: string
  readonly state: PaymentState
  readonly held: boolean
  readonly reasonCode: string
}

export interface BatchInOffice {
  readonly id: string
  readonly state: BatchState
  readonly held: boolean
  readonly attention: string
  readonly makers: readonly string[]
  readonly submission: { readonly id: string; readonly digest: string } | null
  /** Installation that holds it, as far as it is known here. */
  readonly claimedBy: string | null
}

/** What officers of an office can see. */
export interface OfficeState {
  readonly installationId: string
  /** A restored, copied or moved store. */
  readonly doubt: string
  readonly clock: string
  /** The central server is not the one that was known. */
  readonly serverDoubt: string
  /** What keeps this office from sending, by the server. */
  readonly findings: readonly string[]
  readonly central: Pick<CentralStatus, 'phase' | 'fault' | 'lastReport'>
  readonly payments: readonly PaymentInOffice[]
  readonly batches: readonly BatchInOffice[]
  readonly jobs: readonly {
    readonly id: string
    readonly kind: string
    readonly key: string
    readonly state: string
    readonly code: string
    readonly params: string
  }[]
  readonly conflicts: readonly {
    readonly id: string
    readonly decidedBy: 'officer' | 'rule'
    readonly fields: readonly string[]
  }[]
  readonly refusals: readonly { readonly kind: string; readonly id: string }[]
  readonly removalsAsked: boolean
  readonly quarantined: readonly { readonly document: string; readonly code: string; readonly arriving: boolean }[]
  /** Documents about which the server's refusal or another version was ever shown here. */
  readonly shown: readonly string[]
  /** Documents that the server does not have as they are here. */
  readonly unsent: readonly string[]
  /** Entries of the audit trail, by action. */
  readonly audit: Readonly<Record<string, number>>
}

/** Everything of an office that travels, as text by kind and id, and what it works out for itself. */
export interface OfficeContent {
  readonly records: Readonly<Record<string, string>>
  readonly derived: Readonly<Record<string, string>>
}
