/*
 * What a person's result means for the officer (MTS 1.1.0's own codes and those of the MOSIP ID system that it hands on).
 */

export const outcomeClasses = [
  /** Data or mapping: correct the record. */
  'data',
  /** Wrong or unknown VID: correct it. */
  'identifier',
  /** Deactivated, expired or inactive: the person needs a new VID. */
  'new-vid',
  /** The ID system knows other demographics; the text names the field. */
  'demographics',
  /** The ID system or the seeder could not be asked; by itself again later. */
  'later',
  /** This one record makes the seeder fail. */
  'unreadable',
  /** The connector's output format gave nothing, or something else than the token. */
  'format',
  /** The record here is another one than the one that was sent, or the answer speaks of another VID. */
  'mismatch',
  /** No answer came in time. */
  'unanswered',
  /** Not sent: a local reason. */
  'local',
] as const
export type OutcomeClass = (typeof outcomeClasses)[number]

/** From the worst: of several errors of one person the worst counts. */
const WORST_FIRST: readonly OutcomeClass[] = ['new-vid', 'identifier', 'demographics', 'data', 'later']

const CODES: readonly (readonly [RegExp, OutcomeClass])[] = [
  [/^ATS-REQ-100$/, 'later'],
  [/^ATS-REQ-0(?:0[1-9]|1[0-5])$/, 'data'],
  [/^IDA-MLC-(?:003|005|012)$/, 'new-vid'],
  [/^IDA-IDV-005$/, 'new-vid'],
  [/^IDA-MLC-(?:002|004|009|018)$/, 'identifier'],
  [/^IDA-IDV-101$/, 'identifier'],
  [/^IDA-DEA-/, 'demographics'],
  [/^(?:AUT_BAS_001|IDA-MLC-101)$/, 'later'],
]

export interface RecordError {
  readonly code: string
  readonly text: string
}

const SEVERAL = /(?:^|,)([A-Z]+-[A-Z]+-\d+)::/g

/** The errors of one person; ATS-REQ-103 carries several in its text (`CODE::text,CODE::text`). */
export function recordErrors(code: string, text: string): RecordError[] {
  if (code !== 'ATS-REQ-103') return [{ code, text }]
  const found = [...text.matchAll(SEVERAL)]
  if (found.length === 0) return [{ code, text }]
  return found.map((match, index) => ({
    code: match[1] as string,
    text: text.slice(match.index + match[0].length, found[index + 1]?.index ?? text.length),
  }))
}

const classOfCode = (code: string, status: string): OutcomeClass =>
  CODES.find(([pattern]) => pattern.test(code))?.[1] ?? (status === 'invalid' ? 'data' : 'later')

/** The class of a refusal, and the error that decides it. */
export function classOfRefusal(
  status: string,
  code: string,
  text: string,
): { readonly class: OutcomeClass; readonly error: RecordError } {
  const errors = recordErrors(code, text).map((error) => ({ class: classOfCode(error.code, status), error }))
  const worst = WORST_FIRST.map((one) => errors.find((error) => error.class === one)).find(Boolean)
  return worst ?? { class: 'later', error: { code, text } }
}

/** Which demographic fact an error of the ID system speaks of; empty where it names none. */
export function namedFact(text: string): '' | 'name' | 'gender' | 'dob' | 'phoneNumber' | 'emailId' | 'fullAddress' {
  const said = text.toLowerCase()
  if (/\bname\b/.test(said)) return 'name'
  if (/\bgender\b/.test(said)) return 'gender'
  if (/\bdob\b|birth|\bage\b/.test(said)) return 'dob'
  if (/phone/.test(said)) return 'phoneNumber'
  if (/e-?mail/.test(said)) return 'emailId'
  return /address/.test(said) ? 'fullAddress' : ''
}

/** Whether a person of this class is sent again without anybody correcting anything. */
export const isTriedAgain = (outcome: OutcomeClass): boolean => outcome === 'later' || outcome === 'unanswered'

/** Minutes until somebody who could not be answered is sent again, after so many tries: an hour, doubling up to a week. */
export const pauseAfter = (tries: number): number => Math.min(60 * 2 ** Math.max(0, tries - 1), 7 * 24 * 60)
