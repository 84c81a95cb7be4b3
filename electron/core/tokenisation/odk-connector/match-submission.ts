import type { Registrant } from '../../../../shared/model/registrant.ts'
import type { MatchingRule } from '../../../../shared/model/tokenisation.ts'
import { composeName } from '../../../../shared/rules/registrant-entry.ts'
import {
  type DoubtReason,
  decideMatch,
  type Found,
  type MatchVerdict,
} from '../../../../shared/rules/tokenisation/matching.ts'
import type { SubmittedFacts, SubmittedPerson } from '../../../../shared/rules/tokenisation/submission.ts'
import { areUnlike } from '../../registry/look-alikes.ts'
import { sortName } from '../../store/collections.ts'
import type { Statement } from '../../store/database.ts'

type Sql = { sql(text: string): Statement }

const MOST = 20

/** The name that a form gives somebody, from its parts where it asks for those; empty for none. */
export const submittedName = ({ name, givenName, additionalName, familyName }: SubmittedFacts): string =>
  composeName({
    name: name ?? '',
    givenName: givenName ?? '',
    additionalName: additionalName ?? '',
    familyName: familyName ?? '',
  })

/** Whose a submission is, by what the registry holds now. */
export function matchSubmission(
  from: Sql,
  person: SubmittedPerson,
  { matching, vidType }: { readonly matching: readonly MatchingRule[]; readonly vidType: string },
): MatchVerdict {
  const found = matching.map((rule): Found => ({ rule, people: peopleBy(from, rule, person, vidType) }))
  const verdict = decideMatch(found)
  if (verdict.verdict === 'new') {
    // Without the rule for identity numbers another person's number must not be given twice.
    const owners = peopleBy(from, 'identity', person, vidType)
    return owners.length === 0 ? verdict : { verdict: 'doubtful', reason: 'contradiction', people: owners }
  }
  if (verdict.verdict === 'doubtful') return verdict
  const reason = findContradiction(from, verdict.registrantId, person, vidType)
  return reason === undefined ? verdict : { verdict: 'doubtful', reason, people: [verdict.registrantId] }
}

/** Why a submission can hardly be of a registrant, although a rule says so. */
export function findContradiction(
  from: Sql,
  registrantId: string,
  { facts, vid }: SubmittedPerson,
  vidType: string,
): DoubtReason | undefined {
  const body = from.sql('SELECT body FROM registrant WHERE id = ?').pluck().get(registrantId) as string | undefined
  if (body === undefined) return 'contradiction'
  const known = JSON.parse(body) as Registrant
  if (known.removed || known.kind !== 'individual' || known.deceasedOn !== null) return 'contradiction'
  const { birthdate } = facts
  if (birthdate !== null && known.birthdate !== null && birthdate !== known.birthdate) return 'contradiction'
  const name = submittedName(facts)
  if (name !== '' && areUnlike(name, known.name)) return 'contradiction'
  const other = from
    .sql('SELECT value FROM identity_number WHERE registrant_id = ? AND type = ? AND removed = 0')
    .pluck()
    .get(registrantId, vidType) as string | undefined
  return vid !== null && other !== undefined && other !== vid ? 'contradiction' : undefined
}

function peopleBy(from: Sql, rule: MatchingRule, { facts, vid }: SubmittedPerson, vidType: string): string[] {
  const living = "removed = 0 AND kind = 'individual'"
  const ids = (text: string, ...values: readonly string[]): string[] =>
    from
      .sql(`${text} LIMIT ${MOST}`)
      .pluck()
      .all(...values) as string[]
  switch (rule) {
    case 'identity':
      return vid === null
        ? []
        : ids('SELECT registrant_id FROM identity_number WHERE type = ? AND value = ? AND removed = 0', vidType, vid)
    case 'registry-number':
      return facts.registryNumber === null || facts.registryNumber === ''
        ? []
        : ids(`SELECT id FROM registrant WHERE registry_number = ? AND ${living}`, facts.registryNumber)
    case 'name-and-birthdate': {
      const name = submittedName(facts)
      if (name === '' || facts.birthdate === null) return []
      return ids(
        `SELECT id FROM registrant WHERE sort_name = ? AND birthdate = ? AND ${living}`,
        sortName(name),
        facts.birthdate,
      )
    }
    case 'phone':
      return facts.phone === null
        ? []
        : ids(
            `SELECT registrant_id FROM contact_key WHERE kind = 'phone' AND value = ?
             AND registrant_id IN (SELECT id FROM registrant WHERE ${living})`,
            facts.phone,
          )
  }
}
