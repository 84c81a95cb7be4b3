import type { Registrant } from '../../model/registrant.ts'
import type { OdkSettings, SubmissionTarget } from '../../model/tokenisation.ts'
import { normaliseEmail, normalisePhone } from '../contact.ts'
import { type Problem, problem, readDay, readGender } from '../registrant-entry.ts'

/** What a submission is, beside what was filled in. */
export interface SubmissionNames {
  /** `__id`: stays when it is edited. */
  readonly submissionId: string
  /** `meta.instanceID`: another one with each edit. */
  readonly instanceId: string
  /** ISO 8601. */
  readonly submittedAt: string
  /** Of the last edit or review; empty for none. */
  readonly updatedAt: string
}

/** What a form says of a person, in the registry's own words; null where it was not asked or not answered. */
export interface SubmittedFacts {
  readonly registryNumber: string | null
  readonly name: string | null
  readonly givenName: string | null
  readonly familyName: string | null
  readonly additionalName: string | null
  readonly gender: Registrant['gender'] | null
  readonly birthdate: string | null
  readonly address: string | null
  readonly area: string | null
  readonly phone: string | null
  readonly email: string | null
}

/** A submission as the registry reads it. */
export interface SubmittedPerson extends SubmissionNames {
  readonly facts: SubmittedFacts
  /** Digits; null where there is none. */
  readonly vid: string | null
  /** `given` where the question about it was answered as it has to be. */
  readonly consent: 'given' | 'refused' | 'unasked'
  readonly problems: readonly Problem[]
}

type Tree = Readonly<Record<string, unknown>>

/** The two names and times of a row of Central's; undefined where it is no submission. */
export function findNames(row: unknown): SubmissionNames | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  const { __id: submissionId, meta, __system: system } = row as Tree
  const instanceId = (meta as Tree | undefined)?.instanceID
  const { submissionDate, updatedAt } = (system ?? {}) as Tree
  if (typeof submissionId !== 'string' || typeof submissionDate !== 'string') return undefined
  return {
    submissionId,
    instanceId: typeof instanceId === 'string' ? instanceId : submissionId,
    submittedAt: submissionDate,
    updatedAt: typeof updatedAt === 'string' ? updatedAt : '',
  }
}

/** The newest moment that rows name, of submission, edit or review; ISO 8601, null for none. */
export function newestOf(rows: readonly SubmissionNames[]): string | null {
  const moments = rows.flatMap(({ submittedAt, updatedAt }) => [submittedAt, updatedAt]).filter((text) => text !== '')
  return moments.reduce<string | null>((newest, moment) => (newest === null || moment > newest ? moment : newest), null)
}

/**
 * Reads a row by a mapping (question with dots → field of the registry). A field that several questions fill takes all of their
 * answers; an address one below the other, anything else with spaces.
 *
 * @param country ISO 3166 alpha-2, for phone numbers without a country
 */
export function readSubmission(
  row: unknown,
  names: SubmissionNames,
  { mapping, consentAnswers }: Pick<OdkSettings, 'mapping' | 'consentAnswers'>,
  country?: string,
): SubmittedPerson {
  const problems: Problem[] = []
  const textOf = (target: SubmissionTarget): string | null => {
    const answers = mapping.filter((entry) => entry.target === target).map(({ path }) => answerText(row, path))
    const given = answers.filter((answer) => answer !== null && answer !== '')
    return given.length === 0 ? null : given.join(target === 'address' ? '\n' : ' ')
  }
  const read = <T>(
    target: SubmissionTarget,
    reader: (text: string) => T | undefined,
    code: Problem['code'],
  ): T | null => {
    const text = textOf(target)
    if (text === null) return null
    const value = reader(text)
    if (value === undefined) problems.push(problem(target, code))
    return value ?? null
  }
  const vid = textOf('vid')?.replaceAll(/[\s-]/g, '') ?? null
  const answer = textOf('consent')?.trim().toLowerCase()
  const facts: SubmittedFacts = {
    registryNumber: textOf('registryNumber'),
    name: textOf('name'),
    givenName: textOf('givenName'),
    familyName: textOf('familyName'),
    additionalName: textOf('additionalName'),
    gender: read('gender', readGender, 'registry.bad-gender'),
    birthdate: read('birthdate', (text) => readDay(text, 'dmy'), 'registry.bad-day'),
    address: textOf('address'),
    area: textOf('area'),
    phone: read('phone', (text) => okValue(normalisePhone(text, country)), 'phone.not-valid'),
    email: read('email', (text) => okValue(normaliseEmail(text)), 'email.bad-format'),
  }
  return {
    ...names,
    facts,
    vid: vid === '' ? null : vid,
    consent:
      answer === undefined || answer === ''
        ? 'unasked'
        : consentAnswers.some((one) => one.trim().toLowerCase() === answer)
          ? 'given'
          : 'refused',
    problems,
  }
}

const okValue = <T>(ruling: { readonly ok: true; readonly value: T } | { readonly ok: false }): T | undefined =>
  ruling.ok ? ruling.value : undefined

/** Plain answers only: places, files and repeats are no text. */
function answerText(row: unknown, path: string): string | null {
  let value: unknown = row
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    value = (value as Tree)[step]
  }
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'number' && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? String(value) : null
}
