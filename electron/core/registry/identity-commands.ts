import { fail } from '../../../shared/contract/result.ts'
import { identityNumberId } from '../../../shared/model/ids.ts'
import type { IdentityNumber } from '../../../shared/model/registrant.ts'
import { isDay, type Problem, problem } from '../../../shared/rules/registrant-entry.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import type { Statement } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { refuseHalfImported } from './half-imported.ts'

export interface IdentityEntry {
  readonly type: string
  readonly value: string
  readonly status: IdentityNumber['status']
  readonly expiresOn: string | null
}

/** The identity numbers of a registrant, removed ones too. */
export function identityNumbersOf(from: { sql(text: string): Statement }, registrantId: string): IdentityNumber[] {
  const bodies = from
    .sql('SELECT body FROM identity_number WHERE registrant_id = ? ORDER BY type')
    .pluck()
    .all(registrantId) as string[]
  return bodies.map((body) => JSON.parse(body) as IdentityNumber)
}

/** The identity numbers of these registrants that were not removed, by registrant; one statement for all of them. */
export function standingNumbersOf(
  from: { sql(text: string): Statement },
  registrantIds: readonly string[],
): Map<string, IdentityNumber[]> {
  const bodies = from
    .sql(
      `SELECT n.body FROM json_each(?) p CROSS JOIN identity_number n ON n.registrant_id = p.value AND n.removed = 0
       ORDER BY p.id, n.type`,
    )
    .pluck()
    .all(JSON.stringify(registrantIds)) as string[]
  const found = new Map<string, IdentityNumber[]>()
  for (const body of bodies) {
    const number = JSON.parse(body) as IdentityNumber
    const known = found.get(number.registrantId)
    if (known === undefined) found.set(number.registrantId, [number])
    else known.push(number)
  }
  return found
}

/** Cleans an identity number; numbers are compared without spaces. */
export function checkIdentity(entry: IdentityEntry): {
  readonly entry: IdentityEntry
  readonly problems: readonly Problem[]
} {
  const type = cleanLine(entry.type, 40)
  const value = cleanLine(entry.value.replaceAll(/\s+/g, ''), 128)
  const problems = [
    ...type.problems.map(({ code, params }) => problem('type', code, params)),
    ...value.problems.map(({ code, params }) => problem('value', code, params)),
  ]
  if (type.text === '') problems.push(problem('type', 'registry.identity-type-missing'))
  if (value.text === '') problems.push(problem('value', 'registry.identity-missing'))
  if (entry.expiresOn !== null && !isDay(entry.expiresOn)) problems.push(problem('expiresOn', 'registry.bad-day'))
  return { entry: { ...entry, type: type.text, value: value.text }, problems }
}

/** What an entry has to carry on, so that it stands against the number's own removal. */
export const tokenisedBefore = (before: IdentityNumber | undefined): Pick<IdentityNumber, 'tokenisedAt'> =>
  before?.tokenisedAt === undefined ? {} : { tokenisedAt: before.tokenisedAt }

/** Whether an entry brings a number back that was given up for a token. */
const reopens = (before: IdentityNumber | undefined): boolean => before?.removed === true && before.value === ''

/** Whether somebody else on the registry has this identity number. */
export const isIdentityTaken = (
  from: { sql(text: string): Statement },
  { type, value }: Pick<IdentityEntry, 'type' | 'value'>,
  registrantId: string,
): boolean =>
  from
    .sql('SELECT 1 FROM identity_number WHERE type = ? AND value = ? AND registrant_id <> ? AND removed = 0')
    .pluck()
    .get(type, value, registrantId) !== undefined

/**
 * Sets a registrant's identity number of a type: one per type. Status and expiry alone change when `value` is empty.
 * The value stays in its sealed record; the audit trail names the type only.
 */
export function setIdentity(
  store: Store,
  officerId: string,
  registrantId: string,
  input: IdentityEntry,
): { readonly problems: readonly Problem[] } {
  return store.transaction(officerId, (transaction) => {
    const registrant = transaction.get('registrant', registrantId)
    if (registrant.removed) fail('registry.is-removed')
    refuseHalfImported((text) => transaction.sql(text), registrant)
    const id = identityNumberId(registrantId, cleanLine(input.type, 40).text)
    const before = transaction.find('identityNumber', id)
    const given = input.value.trim() === '' && before !== undefined && !before.removed ? before.value : input.value
    const { entry, problems } = checkIdentity({ ...input, value: given })
    if (problems.length > 0) return { problems }
    if (isIdentityTaken(transaction, entry, registrantId))
      return { problems: [problem('value', 'registry.identity-taken')] }
    transaction.put('identityNumber', {
      id,
      removed: false,
      registrantId,
      ...entry,
      importId: before?.removed === false ? before.importId : '',
      ...tokenisedBefore(before),
    })
    transaction.audit({
      action: 'registrant.identity-set',
      subjectKind: 'registrant',
      subjectId: registrantId,
      detail: { type: entry.type, status: entry.status, ...(reopens(before) ? { reopened: true } : {}) },
    })
    return { problems: [] }
  })
}

/** Takes an identity number off a registrant. */
export function removeIdentity(store: Store, officerId: string, registrantId: string, id: string): void {
  store.transaction(officerId, (transaction) => {
    const current = transaction.get('identityNumber', id)
    if (current.registrantId !== registrantId) fail('store.not-found', { kind: 'identityNumber' })
    refuseHalfImported((text) => transaction.sql(text), current)
    if (current.removed) return
    const { changedAt, changedBy, ...before } = current
    transaction.put('identityNumber', { ...before, removed: true })
    transaction.audit({
      action: 'registrant.identity-removed',
      subjectKind: 'registrant',
      subjectId: registrantId,
      detail: { type: current.type },
    })
  })
}
