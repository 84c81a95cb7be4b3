import type { Demographics } from './identity-system.ts'
import { crashed } from './mts-error.ts'
import { memberOf } from './output-format.ts'
import { pythonType } from './python.ts'

/** Where in a record what is asked about lies. */
export interface Mapping {
  readonly vid: string
  readonly name: readonly string[]
  readonly gender: string
  readonly dob: string
  readonly phoneNumber: string
  readonly emailId: string
  readonly fullAddress: readonly string[]
}

export const defaultMapping: Mapping = {
  vid: 'vid',
  name: ['name'],
  gender: 'gender',
  dob: 'dob',
  phoneNumber: 'phoneNumber',
  emailId: 'emailId',
  fullAddress: ['fullAddress'],
}

/** One record as MTS keeps it: what it will ask, or why it will not. */
export type KeptRecord =
  | { readonly input: object; readonly asks: Demographics }
  | { readonly input: object; readonly errorCode: string; readonly errorMessage: string }

const errors = {
  'ATS-REQ-003': 'name is not provided',
  'ATS-REQ-004': 'gender is empty',
  'ATS-REQ-006': 'date of birth is empty',
  'ATS-REQ-008': 'address is empty',
  'ATS-REQ-009': 'vid or its mapping not present',
  'ATS-REQ-010': 'name or its mapping not present',
  'ATS-REQ-011': 'gender or its mapping not present',
  'ATS-REQ-012': 'dateOfBirth or its mapping not present',
  'ATS-REQ-015': 'fullAddress or its mapping not present',
} as const

/**
 * Reads a record by a mapping; presence alone is checked.
 *
 * @throws MtsError 500 for values of types that the service does not reckon with: nothing of the request is processed then
 */
export async function keepRecord(input: object, mapping: Mapping): Promise<KeptRecord> {
  const refused = (errorCode: keyof typeof errors): KeptRecord => ({
    input,
    errorCode,
    errorMessage: errors[errorCode],
  })
  const vid = await memberOf(input, mapping.vid)
  if (vid === null || vid === '') return refused('ATS-REQ-009')
  const name = joined(await Promise.all(mapping.name.map((entry) => memberOf(input, entry))), ' ')
  if (name === null) return refused('ATS-REQ-010')
  if (name === '') return refused('ATS-REQ-003')
  const gender = measured(await memberOf(input, mapping.gender))
  if (gender === null) return refused('ATS-REQ-011')
  if (gender === '') return refused('ATS-REQ-004')
  const dob = measured(await memberOf(input, mapping.dob))
  if (dob === null) return refused('ATS-REQ-012')
  if (dob === '') return refused('ATS-REQ-006')
  const fullAddress = joined(await Promise.all(mapping.fullAddress.map((entry) => memberOf(input, entry))), ', ')
  if (fullAddress === null) return refused('ATS-REQ-015')
  if (fullAddress === '') return refused('ATS-REQ-008')
  const phoneNumber = asText(await memberOf(input, mapping.phoneNumber), 'phoneNumber')
  const emailId = asText(await memberOf(input, mapping.emailId), 'emailId')
  const asks = { name, gender, dob: normalisedDob(dob), phoneNumber, emailId, fullAddress }
  return { input, asks: { vid: asText(vid, 'vid') ?? '', ...asks } }
}

/** What the record's own VID is said to be where nobody was asked: whatever stands at the top under that name. */
export function statedVid(input: object): string | null {
  const value = (input as Record<string, unknown>).vid
  return value === null || value === undefined ? null : String(value)
}

function joined(parts: readonly unknown[], between: string): string | null {
  const present = parts.filter((part) => part !== null)
  if (present.length === 0) return null
  const filled = present.filter((part) => part !== '')
  const wrong = filled.findIndex((part) => typeof part !== 'string')
  if (wrong >= 0) throw crashed(`sequence item ${wrong}: expected str instance, ${pythonType(filled[wrong])} found`)
  return filled.join(between)
}

function measured(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value
  throw crashed(`object of type '${pythonType(value)}' has no len()`)
}

function asText(value: unknown, name: string): string | null {
  if (value === null) return null
  if (typeof value === 'object') {
    throw crashed(`1 validation error for AuthTokenBaseModel\n${name}\n  str type expected (type=type_error.str)`)
  }
  return String(value)
}

/** `YYYY/M/D` and `YYYY-M-D` become `YYYY/MM/DD`; anything else goes on as it is. */
function normalisedDob(text: string): string {
  const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return text
  return `${year}/${month.padStart(2, '0')}/${day.padStart(2, '0')}`
}
