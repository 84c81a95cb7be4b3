import type { KnownPerson } from '../../../electron/peers/mts/identity-system.ts'

/** What is special about a person of a run. */
export type Trouble = 'none' | 'no-consent' | 'unknown-vid' | 'other-birthday' | 'unreadable' | 'not-digits' | 'twin'

/** Somebody of a run. */
export interface ChaosPerson {
  readonly number: string
  readonly name: string
  /** The VIDs that are theirs; the first is on the record at the start. */
  readonly vids: readonly [string, string]
  readonly trouble: Trouble
  /** Who it is for the ID system: two registrants can be one. */
  readonly person: string
}

export const BIRTHDAY = '1976-01-01'

/** Most have no trouble. */
const TROUBLES: readonly (readonly [number, Trouble])[] = [
  [0.08, 'no-consent'],
  [0.14, 'unknown-vid'],
  [0.2, 'other-birthday'],
  [0.24, 'unreadable'],
  [0.28, 'not-digits'],
  [0.34, 'twin'],
]

/** The same people for the same chance. */
export function inventPeople(count: number, random: () => number): ChaosPerson[] {
  const people: ChaosPerson[] = []
  for (let n = 1; n <= count; n += 1) {
    const drawn = random()
    const trouble = TROUBLES.find(([share]) => drawn < share)?.[1] ?? 'none'
    const before = people.at(-1)
    const first = trouble === 'not-digits' ? `ABC${n}` : String(2_014_391_641_000_000 + n)
    people.push({
      number: `P${n}`,
      name: trouble === 'unreadable' ? `Unreadable ${n}` : `Person ${n}`,
      vids: [first, String(7_014_391_641_000_000 + n)],
      trouble,
      person: trouble === 'twin' && before !== undefined ? before.person : `person-${n}`,
    })
  }
  return people
}

/** What the ID system knows of them. */
export const knownPeople = (people: readonly ChaosPerson[]): KnownPerson[] =>
  people
    .filter(({ trouble }) => trouble !== 'unknown-vid')
    .map(({ person, vids, trouble }) => ({
      person,
      vids: [...vids],
      dob: trouble === 'other-birthday' ? '1950/05/05' : BIRTHDAY.replaceAll('-', '/'),
    }))
