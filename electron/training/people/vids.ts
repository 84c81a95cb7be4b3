import type { KnownPerson, ToldAnswer } from '../../peers/mts/identity-system.ts'
import { Chance } from './chance.ts'
import type { InventedPerson } from './people.ts'

/** The VID of an invented person, 16 digits; the same everywhere. */
export function inventVid({ number }: Pick<InventedPerson, 'number'>): string {
  const [serial = '0', member = '0'] = number.replace('P-', '').split('-')
  const chance = new Chance(Math.imul(Number(serial), 15_485_863) + Math.imul(Number(member), 32_452_843))
  return `5${chance.digits(15)}`
}

/** Another VID of the same person, who had it made later: the ID system knows both. */
export const inventSecondVid = ({ number }: Pick<InventedPerson, 'number'>): string =>
  inventVid({ number: `${number}7` })

/** Whether an adult has a VID, and said yes to having it used; most did. */
export const hasVid = (person: InventedPerson): boolean => person.nationalId !== ''
export const gaveConsent = (person: InventedPerson): boolean => placeOf(person) % 9 !== 4

/** Invented people by their number, so that the same ones have the same trouble everywhere. */
const placeOf = ({ number }: InventedPerson): number => Number(number.replaceAll(/\D/g, ''))

/** What the ID system knows of these people; with some of them something is wrong, as everywhere. */
export function knownPeople(people: readonly InventedPerson[]): {
  readonly people: KnownPerson[]
  readonly answers: Record<string, ToldAnswer>
} {
  const known: KnownPerson[] = []
  const answers: Record<string, ToldAnswer> = {}
  for (const person of people) {
    const vid = inventVid(person)
    const place = placeOf(person) % 23
    if (place === 3) answers[vid] = { errors: [{ code: 'IDA-MLC-005', message: 'Expired VID' }] }
    if (place === 7)
      answers[vid] = { errors: [{ code: 'IDA-MLC-018', message: 'VID is not available in the database' }] }
    const dob = place === 15 ? '1970/01/01' : person.birthdate.replaceAll('-', '/')
    known.push({ person: person.number, vids: [vid, inventSecondVid(person)], dob })
  }
  return { people: known, answers }
}
