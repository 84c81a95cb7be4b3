import type { CheckedField, SaidFact } from '../rules/person-check/consented-facts.ts'

/** Why it may not be the person of the record who signed in; the officer has to say that it is. */
export const personDoubts = ['name', 'birthdate', 'deceased', 'another-subject', 'known-elsewhere'] as const
export type PersonDoubt = (typeof personDoubts)[number]

/** One field of the record beside what the provider says. */
export interface ComparedFact {
  readonly field: CheckedField
  /** On the record; empty for nothing. */
  readonly current: string
  readonly said: readonly Pick<SaidFact, 'value' | 'language' | 'verified'>[]
}

/** What a registrant let a provider say, held against the record until the officer has decided. */
export interface PersonCheckView {
  readonly id: string
  readonly registrantId: string
  /** Of the provider, as officers know it. */
  readonly provider: string
  /** `changedAt` of the record that it is held against. */
  readonly basedOn: string
  /** Epoch milliseconds; forgotten then. */
  readonly until: number
  readonly facts: readonly ComparedFact[]
  /** Asked for and not said. */
  readonly withheld: readonly CheckedField[]
  /** Said in a form that nobody can read here. */
  readonly unread: readonly CheckedField[]
  readonly doubts: readonly PersonDoubt[]
  /** Others on the registry as whom the same person signed in before. */
  readonly others: readonly { readonly registrantId: string; readonly name: string; readonly registryNumber: string }[]
}

/** When a registrant last showed who they are, and what they let the provider say. */
export interface PersonCheckStanding {
  /** `YYYY-MM-DD`. */
  readonly on: string
  readonly provider: string
  readonly scope: readonly string[]
}
