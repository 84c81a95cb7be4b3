import type { Registrant } from '../../model/registrant.ts'
import { findPath, type MtsMapping, mappingKeys, requiredFacts, valueOn } from './mapping.ts'

/** Facts of a registrant that a connector can send, under the names of OpenG2P's registry. */
export const sendableFields = [
  'id',
  'name',
  'given_name',
  'additional_name',
  'addl_name',
  'family_name',
  'birthdate',
  'gender',
  'address',
  'area',
  'email',
  'phone',
] as const
export type SendableField = (typeof sendableFields)[number]

export const isSendableField = (field: string): field is SendableField =>
  (sendableFields as readonly string[]).includes(field)

/** One person as it is sent; strings only, since MTS breaks on anything else. */
export type AuthData = Readonly<Record<string, string>>

/** Why somebody is not sent, each with its sentence; `fact` and `field` of its parameters name what is wrong. */
export const localReasons = [
  'no-consent',
  'no-vid',
  'vid-not-digits',
  'vid-length',
  'no-mapped-part',
  'bad-birthdate',
  'half-imported',
  'removed',
  'deceased',
  'is-group',
  'has-token',
  'answered-before',
  'waits',
] as const
export type LocalReason = (typeof localReasons)[number]

type Person = Pick<
  Registrant,
  | 'name'
  | 'givenName'
  | 'familyName'
  | 'additionalName'
  | 'gender'
  | 'birthdate'
  | 'address'
  | 'area'
  | 'phoneNumbers'
  | 'emails'
>

const GENDERS = { female: 'female', male: 'male', other: 'others', '': '' } as const

/** The one that is used, as text; empty where there is none. */
function preferred<T extends { readonly preferred: boolean; readonly disabled: boolean }>(
  all: readonly T[],
): T | undefined {
  const usable = all.filter(({ disabled }) => !disabled)
  return usable.find((one) => one.preferred) ?? usable[0]
}

/** A fact of a person as MTS wants it: dates as YYYY/MM/DD, gender as male, female, others. */
function factOf(person: Person, field: SendableField, ref: string): string {
  switch (field) {
    case 'id':
      return ref
    case 'name':
      return person.name
    case 'given_name':
      return person.givenName === '' && person.additionalName === '' && person.familyName === ''
        ? person.name // Who is known by one name that nobody has split is sent under it.
        : person.givenName
    case 'additional_name':
    case 'addl_name':
      return person.additionalName
    case 'family_name':
      return person.familyName
    case 'birthdate':
      return person.birthdate?.replaceAll('-', '/') ?? ''
    case 'gender':
      return GENDERS[person.gender]
    case 'address':
      return person.address
    case 'area':
      return person.area
    case 'email':
      return preferred(person.emails)?.address ?? ''
    case 'phone':
      return preferred(person.phoneNumbers)?.number ?? ''
  }
}

/**
 * What is sent of a person: the listed facts that have a value, the VID under `vid`, and the office's own opaque reference
 * (also as `id`, so that an output format may name it). The registry's own number never leaves.
 */
export function authDataOf(person: Person, fields: readonly string[], vid: string, ref: string): AuthData {
  const sent: Record<string, string> = { g2pRef: ref }
  for (const field of fields) {
    if (!isSendableField(field)) continue
    const value = factOf(person, field, ref).trim()
    if (value !== '') sent[field] = value
  }
  sent.vid = vid
  return sent
}

export interface LocalFinding {
  readonly reason: LocalReason
  readonly params: Readonly<Record<string, string>>
}

/** Digits of a VID, or of a UIN in its place. */
const VID_DIGITS = { least: 10, most: 32 }

/** What MTS or the ID system would refuse without looking, found here first; undefined where nothing is. */
export function findVidFault(vid: string): LocalFinding | undefined {
  if (!/^\d+$/.test(vid)) return { reason: 'vid-not-digits', params: {} }
  if (vid.length < VID_DIGITS.least || vid.length > VID_DIGITS.most) return { reason: 'vid-length', params: {} }
  return undefined
}

/** Checks a person as it would be sent; undefined where it can be. */
export type LocalCheck = (sent: unknown) => LocalFinding | undefined

/** The check of people under a mapping, which is read once for all of them. */
export function localCheckOf(mapping: MtsMapping): LocalCheck {
  const pathOf = (key: string): readonly string[] => findPath(key) ?? [key]
  const facts = requiredFacts.map((fact) => {
    const keys = mappingKeys(mapping).filter((one) => one.fact === fact)
    return { fact, paths: keys.map(({ key }) => pathOf(key)) }
  })
  const [vidPath, dobPath] = [pathOf(mapping.vid), pathOf(mapping.dob)]
  return (sent) => {
    for (const { fact, paths } of facts) {
      const parts = paths.map((path) => valueOn(sent, path)).filter((value) => value !== null && value !== '')
      if (parts.some((value) => typeof value !== 'string') || parts.length === 0) {
        if (fact === 'vid') return { reason: 'no-vid', params: {} }
        return { reason: 'no-mapped-part', params: { fact } }
      }
    }
    const vid = findVidFault(String(valueOn(sent, vidPath)))
    if (vid !== undefined) return vid
    return isBirthdate(String(valueOn(sent, dobPath))) ? undefined : { reason: 'bad-birthdate', params: {} }
  }
}

/** Whether MTS reads it as a day: `1976-01-01`, `1976-1-1`, `1976/01/01`. */
function isBirthdate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text) ?? []
  if (year === '') return false
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
}
