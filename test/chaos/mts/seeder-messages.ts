import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import type { CoreStart } from '../messages.ts'
import type { ChaosPerson } from './people.ts'

/** What the office of a run is made of. */
export interface SeederFurnish {
  readonly settings: Pick<ConnectorSettings, 'mtsUrl' | 'delivery' | 'chunkSize' | 'callback'>
  /** Where its receiver listens; 0 for none. */
  readonly port: number
  readonly people: readonly ChaosPerson[]
}

/** From the driver. */
export type ToSeederCore =
  | { readonly do: 'start'; readonly start: CoreStart }
  | { readonly do: 'furnish'; readonly id: number; readonly furnish: SeederFurnish }
  /** Runs the connector for these people, or for everybody who is due. */
  | { readonly do: 'run'; readonly id: number; readonly numbers: readonly string[] | null }
  /** Somebody gets another VID on the record. */
  | { readonly do: 'set-vid'; readonly id: number; readonly number: string; readonly vid: string }
  | { readonly do: 'state'; readonly id: number; readonly vids: readonly string[] }
  | { readonly do: 'jump'; readonly ahead: number }
  | { readonly do: 'cut-line'; readonly cut: boolean }
  | { readonly do: 'close' }

export interface PersonNow {
  readonly number: string
  readonly token: string | null
  readonly vid: string | null
  /** The newest word about the person: `refused`, `skipped`, `unanswered`, `tokenised`, or empty. */
  readonly state: string
  /** Class and code of the reason. */
  readonly reason: string
}

export interface SeederStateNow {
  readonly people: readonly PersonNow[]
  /** Runs that have not ended. */
  readonly openRuns: number
  /** Of the VIDs that were asked about, those that stand anywhere in the store. */
  readonly found: readonly string[]
  readonly duplicates: number
}
