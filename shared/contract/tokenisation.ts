import { z } from 'zod'
import type { Connector, ConnectorSettings } from '../model/tokenisation.ts'
import type { OutcomeClass } from '../rules/tokenisation/answer-class.ts'
import type { LocalReason } from '../rules/tokenisation/demographics.ts'
import type { Fault } from './result.ts'

/** Something about a connector's settings: where, what, and whether they can be kept like that. */
export interface ConnectorFinding extends Fault {
  /** Path into the settings: `odk.mapping.0.path`. */
  readonly path: string
  readonly weight: 'error' | 'warning'
  /** Where in the text of a filter or program, in UTF-16 units. */
  readonly offset?: number
  readonly length?: number
}

/** A connector as the screens see it. */
export interface ConnectorView extends ConnectorSettings {
  readonly id: string
  readonly state: Connector['state']
  readonly changedAt: string
  readonly changedBy: string
  /** Whether this office runs it. */
  readonly runsHere: boolean
  /** Installation that does; empty for none. */
  readonly runsAt: string
  /** Signed by an administrator whose own record is trusted. */
  readonly trusted: boolean
  /** Whether the password for ODK Central is in the vault. */
  readonly hasPassword: boolean
  readonly findings: readonly ConnectorFinding[]
  /** Can be started as it is. */
  readonly usable: boolean
  readonly lastRun: RunView | null
  /** When the next run is due, epoch milliseconds; null while none is. */
  readonly nextRunAt: number | null
}

export const runStates = ['choosing', 'sending', 'waiting', 'done', 'stopped', 'failed'] as const
export type RunState = (typeof runStates)[number]

/** How a run began. */
export type RunStart = 'schedule' | 'officer' | 'selection'

/**
 * Where a person stands in a run: `chosen` not sent yet, `sent` waits for the answer; the others are ends. Nobody is left in
 * another place.
 */
export const itemStates = ['chosen', 'sent', 'tokenised', 'refused', 'unanswered', 'skipped'] as const
export type ItemState = (typeof itemStates)[number]

export interface RunCounts {
  readonly people: number
  readonly chosen: number
  readonly sent: number
  readonly tokenised: number
  readonly refused: number
  readonly unanswered: number
  readonly skipped: number
}

export interface RunView {
  readonly id: string
  readonly connectorId: string
  readonly connectorName: string
  readonly state: RunState
  readonly startedBy: RunStart
  /** Who started it; `office` for the schedule. */
  readonly officerId: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly endedAt: number | null
  readonly counts: RunCounts
  /** How many of each class of outcome. */
  readonly classes: Readonly<Partial<Record<OutcomeClass, number>>>
  /** Requests to the seeder, and answers that nobody could be found for. */
  readonly requests: number
  readonly unusable: number
  /** Why it failed, or what it waits for. */
  readonly fault: Fault | null
}

/** One person of a run; no identity number is in it. */
export interface ItemView {
  readonly ref: string
  readonly runId: string
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
  readonly area: string
  readonly state: ItemState
  readonly class: OutcomeClass | ''
  /** The seeder's code, a local reason, or empty. */
  readonly code: string
  readonly reason: LocalReason | ''
  /** What the sentence needs: `fact`, `text` (the ID system's own words). */
  readonly params: Readonly<Record<string, string>>
  readonly tries: number
  /** Epoch milliseconds; null where nothing happens by itself. */
  readonly nextTryAt: number | null
  readonly changedAt: number
}

/** How far the registry has come. Each person is counted once. */
export interface Coverage {
  readonly people: number
  readonly tokenised: number
  /** Have a VID and consent, and wait for a run or an answer. */
  readonly waiting: number
  readonly toCorrect: number
  /** Have a VID, but no consent. */
  readonly noConsent: number
  /** Have neither VID nor token. */
  readonly noVid: number
  /** Tokenised on each of the last days (`YYYY-MM-DD`), oldest first; days without any are left out. */
  readonly days: readonly { readonly day: string; readonly tokenised: number }[]
  readonly areas: readonly { readonly area: string; readonly people: number; readonly tokenised: number }[]
}

/** Two people with the same token: probably one person who is registered twice. */
export interface DuplicateView {
  readonly id: string
  readonly foundAt: number
  readonly tokenType: string
  readonly people: readonly [DuplicatePerson, DuplicatePerson]
  readonly state: 'open' | 'same-person' | 'different-people'
  readonly decidedBy: string
  readonly decidedAt: number | null
  readonly note: string
}

export interface DuplicatePerson {
  readonly registrantId: string
  readonly name: string
  readonly registryNumber: string
  readonly birthdate: string | null
  readonly area: string
  readonly removed: boolean
}

/** A page of a list that goes on after its last row. */
export interface ListPage<T> {
  readonly rows: readonly T[]
  readonly total: number
  /** Hand it in to get the next page; null at the end. */
  readonly next: string | null
}

/** Where an answer can come from here. */
export interface DeliveryAdvice {
  readonly download: { readonly works: boolean; readonly fault: Fault | null }
  readonly office: { readonly works: boolean; readonly fault: Fault | null }
  readonly centre: { readonly works: boolean; readonly fault: Fault | null }
  readonly advised: 'download' | 'office' | 'centre'
  /** What the seeder answered to questions that name nobody, and whether it will do; null while it was not asked. */
  readonly seeder: { readonly reached: boolean; readonly fault: Fault | null } | null
}

/** One of three people, as the connector would send them. Digits of the VID are masked but for the last four. */
export interface TriedPerson {
  readonly registrantId: string
  readonly name: string
  readonly sent: Readonly<Record<string, string>>
  /** Why this person would not be sent. */
  readonly reason: LocalReason | ''
  readonly params: Readonly<Record<string, string>>
  /** What the output format makes of a token, and of a refusal; JSON text, `null` where it gives nothing. */
  readonly withToken: string
  readonly withRefusal: string
}

export interface Trial {
  readonly people: readonly TriedPerson[]
  /** Mapping and program as the seeder is given them. */
  readonly mapping: string
  readonly program: string
  readonly fault: Fault | null
}

export const ItemFilter = z.object({
  runId: z.string().max(64).nullable(),
  state: z.enum(itemStates).nullable(),
  class: z.string().max(20).nullable(),
  after: z.string().max(200).nullable(),
  limit: z.int().min(1).max(500),
})
export type ItemFilter = z.infer<typeof ItemFilter>

/** People of an imported file, by what stands in the way of their token. */
export interface ImportedPeople {
  /** Who can be sent: with a VID, without a token, and with consent. */
  readonly registrantIds: readonly string[]
  readonly tokenised: number
  readonly withoutVid: number
  readonly withoutConsent: number
}

/** Most entries of a list that are looked up at once. */
export const MOST_LISTED = 10_000

/** Who is meant by the entries of a list. */
export interface ListedPeople {
  readonly registrantIds: readonly string[]
  /** Entries that name nobody. */
  readonly unknown: readonly string[]
  /** Entries that name several people. */
  readonly ambiguous: readonly string[]
}
