import papaparse from 'papaparse'
import { householdsCsv } from '../../electron/training/people/people-csv.ts'

/** What the tour's file holds, counted while it was written. */
export interface PeopleFile {
  readonly name: string
  readonly content: Buffer
  /** Households that can be taken. */
  readonly good: number
  /** Rows with a mistake for which the wizard has to refuse them. */
  readonly refused: number
  /** Registry numbers of the first and the last household. */
  readonly first: string
  readonly last: string
  /** Registry number of a household so near to the first that everybody up to it fits on two pages. */
  readonly few: string
  /** Households whose head has no telephone, so that they cannot be paid. */
  readonly withoutPhone: number
}

/** Far behind the households that the training office and its practice files have. */
const FROM = 20_001
const WITHOUT_PHONE = 12
const FEW = 40

/** A file of invented households with the mistakes that files have: some rows cannot be taken, some people not be paid. */
export function peopleFile(households: number): PeopleFile {
  const text = [...householdsCsv({ count: households, seed: 11, from: FROM })].join('')
  const [header = [], ...rows] = papaparse.parse<string[]>(text, { skipEmptyLines: true }).data
  const at = (heading: string): number => header.indexOf(heading)
  const change = (row: readonly string[] | undefined, changes: Readonly<Record<string, string>>): string[] =>
    (row ?? []).map((cell, column) => changes[header[column] ?? ''] ?? cell)

  for (let index = 0; index < WITHOUT_PHONE; index += 1) {
    const row = 10 + Math.floor((index * (rows.length - 20)) / WITHOUT_PHONE)
    rows[row] = change(rows[row], { 'Head phone': '' })
  }
  const number = (row: number): string => rows[row]?.[at('Household number')] ?? ''
  const flawed = [
    // The same household twice in the file.
    [...(rows[3] ?? [])],
    change(rows[4], { 'Household number': 'H-900001', 'Head number': 'P-900001-0', 'Head birthdate': '2011-02-30' }),
    change(rows[5], {
      'Household number': 'H-900002',
      'Head number': 'P-900002-0',
      'Head IBAN': 'GB82WEST12345698765433',
    }),
    change(rows[6], {
      'Household number': 'H-900003',
      'Head number': 'P-900003-0',
      'Head given name': '',
      'Head family name': '',
    }),
    change(rows[8], { 'Household number': '', 'Head number': 'P-900004-0' }),
    change(rows[9], { 'Household number': 'H-900005', 'Head number': 'P-900005-0', 'Head phone': '12' }),
  ]
  const middle = Math.floor(rows.length / 2)
  const all = [...rows.slice(0, middle), ...flawed, ...rows.slice(middle)]
  return {
    name: 'households.csv',
    content: Buffer.from(papaparse.unparse([header, ...all], { newline: '\r\n' })),
    good: rows.length,
    refused: flawed.length,
    first: number(0),
    last: number(rows.length - 1),
    few: number(Math.min(FEW, rows.length) - 1),
    withoutPhone: WITHOUT_PHONE,
  }
}
