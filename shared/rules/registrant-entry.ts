import type { ErrorCode } from '../contract/errors.ts'
import type { MembershipKind, ModeOfPayment, Registrant } from '../model/registrant.ts'
import { cleanLine, cleanLines } from './text.ts'

/*
 * From what people type or bring in files to the facts of a registrant: the same rules for forms and imports. Each
 * problem names the field it stands at, so that a form can show it there and an import can put it into the row's reasons.
 */

/** What is wrong with one field: a code of the catalogue and what its sentence needs. Never the value itself. */
export interface Problem {
  readonly field: string
  readonly code: ErrorCode
  readonly params: Readonly<Record<string, string | number>>
}

export const problem = (field: string, code: ErrorCode, params: Problem['params'] = {}): Problem => ({
  field,
  code,
  params,
})

/** The facts of a registrant that an officer types in a form; contacts and identity numbers have commands of their own. */
export type RegistrantFacts = Pick<
  Registrant,
  | 'registryNumber'
  | 'name'
  | 'givenName'
  | 'familyName'
  | 'additionalName'
  | 'groupKind'
  | 'gender'
  | 'birthdate'
  | 'address'
  | 'area'
  | 'modeOfPayment'
  | 'tags'
  | 'registrationDate'
>
export const factFields = [
  'registryNumber',
  'name',
  'givenName',
  'familyName',
  'additionalName',
  'groupKind',
  'gender',
  'birthdate',
  'address',
  'area',
  'modeOfPayment',
  'tags',
  'registrationDate',
] as const satisfies readonly (keyof RegistrantFacts)[]

const LINE_LIMITS = {
  registryNumber: 64,
  name: 200,
  givenName: 200,
  familyName: 200,
  additionalName: 200,
  groupKind: 40,
  area: 200,
} as const
const ADDRESS_LIMIT = 500
export const TAG_LIMIT = 50
const TAG_LENGTH = 40
/** Nobody alive was born before. */
const EARLIEST_DAY = '1880-01-01'

/** The shown name of a person: as given, else composed from its parts. */
export const composeName = (
  facts: Pick<RegistrantFacts, 'name' | 'givenName' | 'additionalName' | 'familyName'>,
): string =>
  facts.name !== ''
    ? facts.name
    : [facts.givenName, facts.additionalName, facts.familyName].filter((part) => part !== '').join(' ')

/**
 * Cleans and checks facts. `today` (`YYYY-MM-DD`) bounds the days. The facts that come back are fit for the store when
 * there are no problems.
 */
export function checkFacts<F extends Partial<RegistrantFacts>>(
  facts: F,
  today: string,
): { readonly facts: F; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const clean: Record<string, unknown> = { ...facts }
  for (const [field, maximum] of Object.entries(LINE_LIMITS)) {
    const value = clean[field]
    if (typeof value !== 'string') continue
    const line = cleanLine(value, maximum)
    clean[field] = line.text
    for (const { code, params } of line.problems) problems.push(problem(field, code, params))
  }
  if (facts.address !== undefined) {
    const lines = cleanLines(facts.address, ADDRESS_LIMIT)
    clean.address = lines.text
    for (const { code, params } of lines.problems) problems.push(problem('address', code, params))
  }
  if (facts.tags !== undefined) {
    const tags = facts.tags.map((tag) => cleanLine(tag, TAG_LENGTH))
    for (const { code, params } of tags.flatMap((tag) => tag.problems)) problems.push(problem('tags', code, params))
    clean.tags = [...new Set(tags.map((tag) => tag.text).filter((tag) => tag !== ''))]
    if ((clean.tags as string[]).length > TAG_LIMIT) {
      problems.push(problem('tags', 'registry.too-many-tags', { maximum: TAG_LIMIT }))
    }
  }
  if (clean.name === '' && problems.every(({ field }) => field !== 'name')) {
    problems.push(problem('name', 'registry.name-missing'))
  }
  for (const field of ['birthdate', 'registrationDate'] as const) {
    const day = facts[field]
    if (day === undefined || day === null) continue
    if (!isDay(day)) problems.push(problem(field, 'registry.bad-day'))
    else if (day > today) problems.push(problem(field, 'registry.day-in-future'))
    else if (day < EARLIEST_DAY) problems.push(problem(field, 'registry.day-too-early'))
  }
  return { facts: clean as F, problems }
}

/** Whether a text is a calendar day that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

export type DayOrder = 'ymd' | 'dmy' | 'mdy'

const ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xe50, 0x1040, 0x17e0]
/** Digits of any common script as ASCII digits. */
export const asciiDigits = (text: string): string =>
  /^[ -~]*$/.test(text)
    ? text
    : text.replace(/\p{Nd}/gu, (digit) => {
        const code = digit.codePointAt(0) ?? 0
        const zero = ZEROS.find((start) => code >= start && code <= start + 9)
        return zero === undefined ? digit : String(code - zero)
      })

/**
 * A day as people write it, as `YYYY-MM-DD`; undefined when it is none. Year first is always understood; with the year
 * last, `order` says which of the other two is the day. A time behind it is cut off.
 */
export function readDay(text: string, order: DayOrder): string | undefined {
  if (isDay(text)) return text
  const plain = asciiDigits(text.trim()).replace(/[T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/, '')
  const match = /^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})$/.exec(plain) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(plain)
  if (match === null) return undefined
  const [first = '', second = '', third = ''] = match.slice(1)
  const yearFirst = first.length === 4
  if (!yearFirst && third.length !== 4) return undefined
  const [year, month, day] = yearFirst
    ? [first, second, third]
    : order === 'mdy'
      ? [third, first, second]
      : [third, second, first]
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(written) ? written : undefined
}

type Words<T extends string> = Readonly<Record<T, readonly string[]>>

/** Words of the four languages of our forms, beside the codes themselves. */
const genders: Words<'female' | 'male' | 'other'> = {
  female: ['f', 'female', 'woman', 'femme', 'féminin', 'feminin', 'mujer', 'femenino', 'أنثى', 'انثى', 'امرأة', 'ሴት'],
  male: ['m', 'male', 'man', 'h', 'homme', 'masculin', 'hombre', 'masculino', 'ذكر', 'رجل', 'ወንድ'],
  other: ['o', 'x', 'other', 'autre', 'otro', 'otra', 'آخر', 'اخر'],
}
const modes: Words<ModeOfPayment> = {
  cash: ['cash', 'espèces', 'especes', 'efectivo', 'نقد', 'نقدا', 'نقدي'],
  voucher: ['voucher', 'bon', 'coupon', 'vale', 'قسيمة'],
  digital: ['digital', 'bank', 'mobile', 'numérique', 'numerique', 'banque', 'banco', 'رقمي', 'بنك'],
}
const kinds: Words<MembershipKind> = {
  head: [
    'head',
    'head of household',
    'chef',
    'chef de ménage',
    'chef de menage',
    'jefe',
    'jefe de hogar',
    'jefa',
    'رب الأسرة',
    'رب الاسرة',
  ],
  principal_recipient: [
    'principal recipient',
    'principal',
    'bénéficiaire principal',
    'receptor principal',
    'المستلم الرئيسي',
  ],
  alternate_recipient: ['alternate recipient', 'alternate', 'suppléant', 'receptor alterno', 'المستلم البديل'],
  spouse: ['spouse', 'wife', 'husband', 'époux', 'épouse', 'conjoint', 'esposo', 'esposa', 'cónyuge', 'زوج', 'زوجة'],
  child: ['child', 'son', 'daughter', 'enfant', 'fils', 'fille', 'hijo', 'hija', 'ابن', 'ابنة', 'طفل'],
  parent: ['parent', 'father', 'mother', 'père', 'mère', 'padre', 'madre', 'أب', 'أم', 'والد', 'والدة'],
  other: ['other', 'member', 'relative', 'autre', 'membre', 'otro', 'miembro', 'آخر', 'عضو'],
}

const answers: Words<'yes' | 'no'> = {
  yes: ['y', 'true', '1', 'given', 'oui', 'o', 'vrai', 'sí', 'si', 's', 'نعم', 'موافق', 'موافقة', 'አዎ'],
  no: ['n', 'false', '0', 'refused', 'withdrawn', 'non', 'faux', 'لا', 'غير موافق', 'غير موافقة', 'አይ'],
}

const indexed = <T extends string>(words: Words<T>): ReadonlyMap<string, T> =>
  new Map(
    Object.entries<readonly string[]>(words).flatMap(([code, list]) =>
      [code.replaceAll('_', ' '), ...list].map((word) => [word, code as T]),
    ),
  )
const genderWords = indexed(genders)
const modeWords = indexed(modes)
const kindWords = indexed(kinds)
const answerWords = indexed(answers)

const asWord = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s-]+/g, ' ')

/** '' stays ''; undefined when the word is unknown. */
export const readGender = (text: string): Registrant['gender'] | undefined =>
  text.trim() === '' ? '' : genderWords.get(asWord(text))
export const readModeOfPayment = (text: string): ModeOfPayment | undefined => modeWords.get(asWord(text))

/** Whether consent is given; null when nothing is said, undefined when the word is neither yes nor no. */
export function readConsent(text: string): boolean | null | undefined {
  if (text.trim() === '') return null
  const word = answerWords.get(asWord(asciiDigits(text)))
  return word === undefined ? undefined : word === 'yes'
}

/** Kinds of a membership in one cell, parted by comma, semicolon, slash, plus or bar; undefined when one is unknown. */
export function readMembershipKinds(text: string): MembershipKind[] | undefined {
  const read = text
    .split(/[,;/|+،]/)
    .filter((part) => part.trim() !== '')
    .map((part) => kindWords.get(asWord(part)))
  return read.includes(undefined) ? undefined : [...new Set(read as MembershipKind[])]
}
