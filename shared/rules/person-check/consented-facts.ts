import { normaliseEmail, normalisePhone } from '../contact.ts'
import type { ProposedField } from '../proposed-fields.ts'
import { checkFacts, readDay, readGender } from '../registrant-entry.ts'

/** A fact of a person as a provider said it, in the registry's own form. */
export interface SaidFact {
  readonly field: CheckedField
  readonly value: string
  /** In which language, as the provider names it (OpenID Connect Core 1.0 §5.2); empty where it does not say. */
  readonly language: string
  /** The provider names who stands behind it (`verified_claims` of OpenID Connect for Identity Assurance 1.0). */
  readonly verified: boolean
}

/** Fields of a record about which a provider can say something. */
export type CheckedField = Exclude<ProposedField, 'area'>

/** Standard claims (OpenID Connect Core 1.0 §5.1) → the fields that they are; every other claim is left unread. */
export const claimFields: Readonly<Record<string, CheckedField>> = {
  name: 'name',
  gender: 'gender',
  birthdate: 'birthdate',
  address: 'address',
  phone_number: 'phone',
  email: 'email',
}

export interface ConsentedFacts {
  /** In the order of a record; several of a field where it comes in several languages or is verified beside. */
  readonly facts: readonly SaidFact[]
  /** Fields that were said in a form that nobody can read here. */
  readonly unread: readonly CheckedField[]
}

type Claims = Readonly<Record<string, unknown>>

/**
 * Reads what a person let a provider say. Of everything else in the answer, identity numbers and photographs first of all,
 * nothing comes out.
 *
 * @param today `YYYY-MM-DD`
 */
export function consentedFacts(claims: Claims, today: string): ConsentedFacts {
  const facts: SaidFact[] = []
  const unread = new Set<CheckedField>()
  for (const { claims: said, verified } of layersOf(claims)) {
    for (const [field, text, language] of saidIn(said)) {
      const value = readValue(field, text, today)
      if (value === undefined) unread.add(field)
      else add(facts, { field, value, language, verified: verified || isVouchedFor(said, field) })
    }
  }
  const order = Object.values(claimFields)
  return {
    facts: facts.toSorted((one, other) => order.indexOf(one.field) - order.indexOf(other.field)),
    unread: [...unread].filter((field) => facts.every((fact) => fact.field !== field)),
  }
}

const isVouchedFor = (claims: Claims, field: CheckedField): boolean =>
  (field === 'phone' && claims.phone_number_verified === true) || (field === 'email' && claims.email_verified === true)

/** The same value counts once; what is verified outweighs what is only said. */
function add(facts: SaidFact[], fact: SaidFact): void {
  const known = facts.findIndex(({ field, value }) => field === fact.field && value === fact.value)
  if (known === -1) facts.push(fact)
  else if (fact.verified) facts[known] = { ...fact, language: facts[known]?.language || fact.language }
}

/** The claims themselves, and what `verified_claims` hold, one or several. */
function layersOf(claims: Claims): { readonly claims: Claims; readonly verified: boolean }[] {
  const wrapped = [claims.verified_claims].flat().flatMap((one) => {
    const inner = isRecord(one) && isRecord(one.verification) ? one.claims : undefined
    return isRecord(inner) ? [{ claims: inner, verified: true }] : []
  })
  return [{ claims, verified: false }, ...wrapped]
}

const isRecord = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Field, text and language of each claim that is known here. */
function saidIn(claims: Claims): (readonly [CheckedField, string, string])[] {
  const composed = claims.name === undefined ? composedName(claims) : undefined
  const all = Object.entries(composed === undefined ? claims : { ...claims, name: composed })
  return all.flatMap(([key, value]) => {
    const [claim = '', language = ''] = key.split('#')
    const field = Object.hasOwn(claimFields, claim) ? claimFields[claim] : undefined
    if (field === undefined) return []
    return textsOf(field, value).map(([text, own]) => [field, text, (own || language).slice(0, 20)] as const)
  })
}

/** A name that comes in parts only. */
function composedName(claims: Claims): string | undefined {
  if (Object.keys(claims).some((key) => key.startsWith('name#'))) return undefined
  const parts = [claims.given_name, claims.middle_name, claims.family_name]
  const name = parts.filter((part) => typeof part === 'string' && part.trim() !== '').join(' ')
  return name === '' ? undefined : name
}

/** Texts of a claim with their languages: one text, a list of `{language, value}` as MOSIP writes it, or an address. */
function textsOf(field: CheckedField, value: unknown): (readonly [string, string])[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [[value, '']]
  if (Array.isArray(value)) {
    return value.flatMap((one) =>
      isRecord(one) && typeof one.value === 'string' && one.value.trim() !== ''
        ? [[one.value, typeof one.language === 'string' ? one.language : ''] as const]
        : [],
    )
  }
  const address = field === 'address' && isRecord(value) ? addressText(value) : ''
  return address === '' ? [] : [[address, '']]
}

/** OpenID Connect Core 1.0 §5.1.1: as it is written on an envelope, else from its parts. */
function addressText(address: Claims): string {
  const { formatted, street_address, locality, region, postal_code, country } = address
  const whole = [formatted].filter((text) => typeof text === 'string' && text.trim() !== '')
  const parts = whole.length > 0 ? whole : [street_address, locality, region, postal_code, country]
  return parts.filter((part): part is string => typeof part === 'string' && part.trim() !== '').join('\n')
}

function readValue(field: CheckedField, text: string, today: string): string | undefined {
  switch (field) {
    case 'gender':
      return readGender(text) || undefined
    case 'birthdate':
      return fitting(field, readDay(text, 'dmy'), today)
    case 'phone': {
      const phone = normalisePhone(text)
      return phone.ok ? phone.value : undefined
    }
    case 'email': {
      const email = normaliseEmail(text)
      return email.ok ? email.value : undefined
    }
    default:
      return fitting(field, text, today)
  }
}

/** As it may stand on a record; undefined for what may not. */
function fitting(
  field: 'name' | 'birthdate' | 'address',
  value: string | undefined,
  today: string,
): string | undefined {
  if (value === undefined) return undefined
  const { facts, problems } = checkFacts({ [field]: value } as Partial<Record<typeof field, string>>, today)
  return problems.length > 0 ? undefined : (facts[field] ?? undefined)
}
