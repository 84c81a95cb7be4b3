import { membershipId, registrantId } from '../../../shared/model/ids.ts'
import type { Membership, MembershipKind, Registrant } from '../../../shared/model/registrant.ts'
import { Chance } from './chance.ts'
import { type Place, places } from './places.ts'

/*
 * Invented people: nobody of them exists. The same seed gives the same households everywhere, so that training, tests,
 * measurements and screenshots speak of the same ones.
 */

export interface InventedPerson {
  readonly number: string
  readonly givenName: string
  readonly familyName: string
  readonly gender: 'female' | 'male'
  readonly birthdate: string
  readonly phone: string
  readonly accountNumber: string
  readonly iban: string
  readonly bic: string
  readonly bankName: string
  readonly email: string
  readonly nationalId: string
  readonly kinds: readonly MembershipKind[]
}

export interface InventedHousehold {
  readonly number: string
  readonly name: string
  readonly area: string
  readonly address: string
  readonly modeOfPayment: Registrant['modeOfPayment']
  /** The first is the head. */
  readonly members: readonly InventedPerson[]
}

const two = (value: number): string => String(value).padStart(2, '0')

/** An IBAN with right check digits; the account part is invented. */
function inventIban(country: string, bban: string): string {
  const asNumbers = `${bban}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return `${country}${two(98 - Number(BigInt(asNumbers) % 97n))}${bban}`
}

function inventPerson(
  chance: Chance,
  place: Place,
  number: string,
  familyName: string,
  years: readonly [from: number, to: number],
  kinds: readonly MembershipKind[],
): InventedPerson {
  const gender = chance.happens(0.55) ? 'female' : 'male'
  const adult = years[1] <= 2008
  const account = adult ? `10${chance.digits(9)}` : ''
  const { bank } = place
  return {
    number,
    givenName: chance.pick(gender === 'female' ? place.women : place.men),
    familyName,
    gender,
    birthdate: `${chance.whole(...years)}-${two(chance.whole(1, 12))}-${two(chance.whole(1, 28))}`,
    phone: adult ? `${place.phone[0]}${chance.digits(place.phone[1])}` : '',
    accountNumber: account,
    iban: adult && bank.iban !== undefined ? inventIban(bank.iban[0], `WADI${chance.digits(bank.iban[1] - 4)}`) : '',
    bic: adult ? bank.bic : '',
    bankName: adult ? bank.name : '',
    email: adult && chance.happens(0.15) ? `person.${number.toLowerCase()}@example.org` : '',
    nationalId: adult ? `ID${number.replace(/\D/g, '')}` : '',
    kinds,
  }
}

/**
 * Invents households one after the other; `from` skips to a number so that several files do not overlap.
 * Household `n` is the same whatever `from` and `count` are.
 */
export function* inventHouseholds(options: {
  readonly count: number
  readonly seed?: number
  readonly from?: number
  /** Members beside the head: 0 to this many; 4 by default. */
  readonly mostMembers?: number
}): Generator<InventedHousehold> {
  const { count, seed = 1, from = 1, mostMembers = 4 } = options
  for (let index = from; index < from + count; index++) {
    const chance = new Chance(Math.imul(seed, 7_919) + Math.imul(index, 104_729))
    const place = chance.pick(places)
    const familyName = chance.pick(place.families)
    const serial = String(index).padStart(6, '0')
    const head = inventPerson(chance, place, `P-${serial}-0`, familyName, [1945, 2003], ['head'])
    const members = [head]
    for (let other = 1; other <= chance.whole(0, mostMembers); other++) {
      const kinds: MembershipKind[] = [other === 1 ? chance.pick(['spouse', 'alternate_recipient']) : 'child']
      const years = other === 1 ? ([1950, 2003] as const) : ([2009, 2025] as const)
      members.push(inventPerson(chance, place, `P-${serial}-${other}`, familyName, years, kinds))
    }
    yield {
      number: `H-${serial}`,
      name: `${familyName} (${head.givenName})`,
      area: chance.pick(place.areas),
      address: `${place.street} ${chance.whole(1, 240)}`,
      modeOfPayment: chance.happens(0.85) ? 'digital' : chance.pick(['cash', 'voucher']),
      members,
    }
  }
}

type NewRecord<R> = Omit<R, 'changedAt' | 'changedBy'>

/** A household as the records of the registry. */
export function toRecords(
  household: InventedHousehold,
  day: string,
): { readonly registrants: NewRecord<Registrant>[]; readonly memberships: NewRecord<Membership>[] } {
  const groupId = registrantId(household.number)
  const common = {
    removed: false,
    deceasedOn: null,
    address: household.address,
    area: household.area,
    modeOfPayment: household.modeOfPayment,
    tags: [],
    registrationDate: day,
    importId: '',
    additionalName: '',
  }
  const group: NewRecord<Registrant> = {
    ...common,
    id: groupId,
    kind: 'group',
    registryNumber: household.number,
    name: household.name,
    givenName: '',
    familyName: '',
    groupKind: 'household',
    gender: '',
    birthdate: null,
    phoneNumbers: [],
    emails: [],
    bankAccounts: [],
  }
  const persons = household.members.map((person): NewRecord<Registrant> => {
    const mark = (what: string) => ({ id: `${person.number}-${what}`, preferred: true, disabled: false })
    return {
      ...common,
      id: registrantId(person.number),
      kind: 'individual',
      registryNumber: person.number,
      name: `${person.givenName} ${person.familyName}`,
      givenName: person.givenName,
      familyName: person.familyName,
      groupKind: '',
      gender: person.gender,
      birthdate: person.birthdate,
      phoneNumbers: person.phone === '' ? [] : [{ ...mark('phone'), number: person.phone }],
      emails: person.email === '' ? [] : [{ ...mark('email'), address: person.email }],
      bankAccounts:
        person.accountNumber === ''
          ? []
          : [
              {
                ...mark('account'),
                accountNumber: person.accountNumber,
                iban: person.iban,
                bic: person.bic,
                bankName: person.bankName,
              },
            ],
    }
  })
  const memberships = household.members.map((person): NewRecord<Membership> => {
    const individualId = registrantId(person.number)
    return {
      id: membershipId(groupId, individualId, day),
      removed: false,
      groupId,
      individualId,
      kinds: [...person.kinds],
      startDate: day,
      endedDate: null,
      importId: '',
    }
  })
  return { registrants: [group, ...persons], memberships }
}
