import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Cycle, Enrolment, Entitlement, Programme } from '../../../shared/model/programme.ts'
import type { IdentityNumber, Membership, Registrant } from '../../../shared/model/registrant.ts'
import { mayReceive, type PayeeAnswer, recipients, resolvePayee } from '../../../shared/rules/payee.ts'
import type { KnownMapped, MapperQuestion } from '../../../shared/rules/payee-address.ts'
import type { PreparedPayment } from '../../../shared/rules/preflight.ts'
import { mappedAnswersOf } from '../mapper/answers.ts'
import type { ReadContext } from '../store/read-query.ts'

/** An entitlement with everybody who matters for paying it, as the registry has them now. */
export interface ExaminedEntitlement {
  readonly entitlement: Entitlement
  readonly registrant: Registrant
  readonly enrolment: EnrolmentFacts | null
  readonly payee: PayeeAnswer
  /** Of the entitlement, and of whoever is paid (I7). */
  readonly makers: readonly string[]
  /**
   * Everything that was looked at: the ids of the entitlement, of its registrant and of whoever may receive for it, of the
   * memberships and identity numbers that were read, and the row of the enrolment. While none of these records is written
   * anew, and none comes to belong to one of these people, another examination finds the same.
   */
  readonly madeOf: readonly (string | number)[]
}

/** What a payment and its pre-flight are made of; the records themselves need not be kept for all payments of a cycle. */
export interface ExaminedFacts extends Omit<PreparedPayment, 'paymentId'> {
  readonly registrantName: string
  readonly makers: readonly string[]
}

type EnrolmentFacts = Pick<Enrolment, 'state' | 'removed'>

interface EnrolmentRow extends Pick<Enrolment, 'registrantId' | 'state'> {
  readonly row: number
  readonly removed: number
}

export interface ExaminationSettings {
  readonly programme: Programme
  readonly cycle: Cycle
  readonly manager: PaymentManager
  /** Day of payment, `YYYY-MM-DD`. */
  readonly day: string
}

/** The identity number that a payee's address is, or is asked for by; undefined where none is needed. */
export const identityTypeOf = ({ payeeIdType, regIdTypeForPayeeId, mapper }: PaymentManager): string | undefined =>
  payeeIdType === 'reg_id' ? regIdTypeForPayeeId : payeeIdType === 'mapper' ? mapper?.idType : undefined

/** Hears of everybody whose account the manager's mapper has to name, and what it said of them. */
export type OnMapped = (registrantId: string, question: MapperQuestion, known: KnownMapped | undefined) => void

const parse = <T>(bodies: readonly string[]): T[] => bodies.map((body) => JSON.parse(body) as T)

function group<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [item])
    else known.push(item)
  }
  return groups
}

const byIds = (table: string, column: string): string =>
  `SELECT body FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`

/** Most members of a household never receive for it: their memberships are passed over by a mere search of their text. */
const MAY_RECEIVE = `(${recipients.map((role) => `instr(body, '"${role}"') > 0`).join(' OR ')})`

/**
 * Resolves the payee of each entitlement: one query per kind of record for the whole slice, whatever its size.
 * Entitlements whose registrant is not (yet) in the store are left out; they cannot be judged.
 */
export function examine(
  { sql }: Pick<ReadContext, 'sql'>,
  entitlements: readonly Entitlement[],
  { programme, manager, day }: ExaminationSettings,
  onMapped: OnMapped = () => undefined,
): ExaminedEntitlement[] {
  const read = <T>(query: string, ids: readonly string[], ...more: string[]): T[] =>
    ids.length === 0
      ? []
      : parse<T>(
          sql(query)
            .pluck()
            .all(JSON.stringify(ids), ...more) as string[],
        )

  const holders = [...new Set(entitlements.map(({ registrantId }) => registrantId))]
  const registrants = new Map(read<Registrant>(byIds('registrant', 'id'), holders).map((r) => [r.id, r]))
  const groups = holders.filter((id) => registrants.get(id)?.kind === 'group')
  const memberships = read<Membership>(`${byIds('membership', 'group_id')} AND ${MAY_RECEIVE}`, groups).filter(
    mayReceive,
  )
  const missing = [...new Set(memberships.map(({ individualId }) => individualId))].filter((id) => !registrants.has(id))
  for (const member of read<Registrant>(byIds('registrant', 'id'), missing)) registrants.set(member.id, member)
  const identityType = identityTypeOf(manager)
  const identities =
    identityType === undefined
      ? []
      : read<IdentityNumber>(
          `${byIds('identity_number', 'registrant_id')} AND type = ?`,
          [...registrants.keys()],
          identityType,
        )
  const answerOf =
    manager.payeeIdType === 'mapper' && manager.mapper !== undefined
      ? mappedAnswersOf(sql, manager.id, manager.mapper, [...registrants.keys()])
      : () => undefined
  // All that is asked of an enrolment stands in its index.
  const enrolments = sql(
    `SELECT rowid AS row, registrant_id AS registrantId, state, removed FROM enrolment
     WHERE registrant_id IN (SELECT value FROM json_each(?)) AND programme_id = ?`,
  ).all(JSON.stringify(holders), programme.id) as EnrolmentRow[]

  const membersOf = group(memberships, ({ groupId }) => groupId)
  const identitiesOf = group(identities, ({ registrantId }) => registrantId)
  const enrolmentsOf = group(enrolments, ({ registrantId }) => registrantId)

  const examined: ExaminedEntitlement[] = []
  for (const entitlement of entitlements) {
    const registrant = registrants.get(entitlement.registrantId)
    if (registrant === undefined) continue
    const mayReceiveFor = membersOf.get(registrant.id) ?? []
    const members = mayReceiveFor.flatMap((membership) => {
      const member = registrants.get(membership.individualId)
      return member === undefined ? [] : [{ membership, registrant: member }]
    })
    const enrolled = enrolmentsOf.get(registrant.id) ?? []
    const enrolment = enrolled.at(-1)
    const people = [registrant.id, ...mayReceiveFor.map(({ individualId }) => individualId)]
    const payee = resolvePayee({
      registrant,
      members,
      day,
      alternateRecipientAllowed: programme.alternateRecipientAllowed,
      manager,
      identityNumbersOf: (id) => identitiesOf.get(id) ?? [],
      findMapped(id, question) {
        const known = answerOf(id, question)
        onMapped(id, question, known)
        return known
      },
    })
    const paid = payee.ok ? registrants.get(payee.value.registrantId) : undefined
    examined.push({
      entitlement,
      registrant,
      payee,
      makers: [...new Set([...(entitlement.makers ?? []), ...(paid?.makers ?? [])])],
      enrolment: enrolment === undefined ? null : { state: enrolment.state, removed: enrolment.removed === 1 },
      madeOf: [
        entitlement.id,
        ...people,
        ...mayReceiveFor.map(({ id }) => id),
        ...people.flatMap((id) => (identitiesOf.get(id) ?? []).map((number) => number.id)),
        ...enrolled.map(({ row }) => row),
      ],
    })
  }
  return examined
}

export function factsOf({ entitlement, registrant, enrolment, payee, makers }: ExaminedEntitlement): ExaminedFacts {
  const { id, state, amount, currency } = entitlement
  const { removed, deceasedOn } = registrant
  return {
    registrantName: registrant.name,
    entitlement: { id, state, amount, currency },
    registrant: { id: registrant.id, removed, deceasedOn },
    enrolment,
    payee,
    makers,
  }
}
