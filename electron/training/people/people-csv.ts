import { type InventedHousehold, inventHouseholds } from './people.ts'

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`

const HOUSEHOLD_HEADER = [
  'Household number',
  'Household name',
  'Area',
  'Address',
  'Mode of payment',
  'Head number',
  'Head given name',
  'Head family name',
  'Head gender',
  'Head birthdate',
  'Head phone',
  'Head account number',
  'Head IBAN',
  'Head BIC',
  'Head bank',
]
const PERSON_HEADER = [
  'Registry number',
  'Given name',
  'Family name',
  'Gender',
  'Birthdate',
  'Address',
  'Area',
  'Mode of payment',
  'Phone',
  'Email',
  'Account number',
  'IBAN',
  'BIC',
  'Bank',
  'National ID',
]

const householdCells = ({
  number,
  name,
  area,
  address,
  modeOfPayment,
  members: [head],
}: InventedHousehold): string[] =>
  head === undefined
    ? []
    : [
        number,
        name,
        area,
        address,
        modeOfPayment,
        head.number,
        head.givenName,
        head.familyName,
        head.gender,
        head.birthdate,
        head.phone,
        head.accountNumber,
        head.iban,
        head.bic,
        head.bankName,
      ]

interface Amount {
  readonly count: number
  readonly seed?: number
  readonly from?: number
}

/** A file of households with their heads, one row each, in pieces. */
export function* householdsCsv(amount: Amount): Generator<string> {
  yield line(HOUSEHOLD_HEADER)
  for (const household of inventHouseholds(amount)) yield line(householdCells(household))
}

/** A file of persons, one row each, in pieces: the heads of as many households. */
export function* personsCsv(amount: Amount): Generator<string> {
  yield line(PERSON_HEADER)
  for (const { area, address, modeOfPayment, members } of inventHouseholds({ ...amount, mostMembers: 0 })) {
    for (const { number, givenName, familyName, gender, birthdate, ...person } of members) {
      const { phone, email, accountNumber, iban, bic, bankName, nationalId } = person
      const facts = [number, givenName, familyName, gender, birthdate, address, area, modeOfPayment]
      yield line([...facts, phone, email, accountNumber, iban, bic, bankName, nationalId])
    }
  }
}
