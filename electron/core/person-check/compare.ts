import type { ComparedFact, PersonCheckView, PersonDoubt } from '../../../shared/contract/person-check.ts'
import { identityNumberId } from '../../../shared/model/ids.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import type { CheckedField, ConsentedFacts } from '../../../shared/rules/person-check/consented-facts.ts'
import { identityNumbersOf, tokenisedBefore } from '../registry/identity-commands.ts'
import { areUnlike } from '../registry/look-alikes.ts'
import { factOf } from '../registry/proposed-facts.ts'
import type { Statement } from '../store/database.ts'
import type { Transaction } from '../store/store.ts'

type Sql = { sql(text: string): Statement }

/** Who signed in, as the provider knows them, and of what it was asked. */
export interface ShownPerson {
  readonly provider: { readonly id: string; readonly name: string }
  readonly issuer: string
  readonly subject: string
  /** Type of identity number under which the subject is kept. */
  readonly subjectType: string
  readonly asked: readonly CheckedField[]
}

/** Field by field, in the order of a record; fields of which nothing was said are left out. */
export function comparedFacts(registrant: Registrant, { facts }: ConsentedFacts): ComparedFact[] {
  const fields = [...new Set(facts.map(({ field }) => field))]
  return fields.map((field) => ({
    field,
    current: factOf(registrant, field),
    said: facts
      .filter((fact) => fact.field === field)
      .map(({ value, language, verified }) => ({ value, language, verified })),
  }))
}

/** What stands against its being the person of the record. */
export function doubtsAbout(
  from: Sql,
  registrant: Registrant,
  person: ShownPerson,
  { facts }: ConsentedFacts,
): PersonDoubt[] {
  const said = (field: CheckedField): string[] => facts.filter((fact) => fact.field === field).map(({ value }) => value)
  const [names, days] = [said('name'), said('birthdate')]
  const known = subjectOf(from, registrant.id, person)
  const doubts: Readonly<Record<PersonDoubt, boolean>> = {
    name: names.length > 0 && names.every((name) => areUnlike(name, registrant.name)),
    birthdate: days.length > 0 && registrant.birthdate !== null && !days.includes(registrant.birthdate),
    deceased: registrant.deceasedOn !== null,
    'another-subject': known !== undefined && known !== person.subject,
    'known-elsewhere': othersWith(from, registrant.id, person).length > 0,
  }
  return (Object.keys(doubts) as PersonDoubt[]).filter((doubt) => doubts[doubt])
}

/** Everybody else on the registry as whom the same person signed in. */
export const othersWith = (
  from: Sql,
  registrantId: string,
  { subjectType, subject }: Pick<ShownPerson, 'subjectType' | 'subject'>,
): PersonCheckView['others'] =>
  from
    .sql(
      `SELECT r.id AS registrantId, r.name, r.registry_number AS registryNumber
       FROM identity_number i JOIN registrant r ON r.id = i.registrant_id AND r.removed = 0
       WHERE i.type = ? AND i.value = ? AND i.registrant_id <> ? AND i.removed = 0 ORDER BY r.name, r.id LIMIT 20`,
    )
    .all(subjectType, subject, registrantId) as PersonCheckView['others']

const subjectOf = (from: Sql, registrantId: string, { subjectType }: ShownPerson): string | undefined =>
  identityNumbersOf(from, registrantId).find(({ type, removed }) => type === subjectType && !removed)?.value

/** Keeps by what the provider knows the person: an identity number of a type of its own. */
export function keepSubject(transaction: Transaction, registrantId: string, person: ShownPerson): void {
  if (subjectOf(transaction, registrantId, person) === person.subject) return
  const id = identityNumberId(registrantId, person.subjectType)
  transaction.put('identityNumber', {
    id,
    removed: false,
    registrantId,
    type: person.subjectType,
    value: person.subject,
    status: 'valid',
    expiresOn: null,
    importId: '',
    ...tokenisedBefore(transaction.find('identityNumber', id)),
  })
}
