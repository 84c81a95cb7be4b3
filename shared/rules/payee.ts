import type { Membership, MembershipKind, Registrant } from '../model/registrant.ts'
import { type FoundAddress, findPayeeAddress, type PayeeAddressSettings, type PayeeDetails } from './payee-address.ts'
import { type Reason, reason } from './ruling.ts'

/*
 * Who is paid. Individuals are paid themselves. A group is paid through one person, found in this order:
 *
 * 1. its principal recipient: the person the household itself named to receive the money, often not the head;
 * 2. else its head;
 * 3. if that person is dead, gone or cannot be paid, its alternate recipient, where the programme allows one.
 *
 * A principal recipient who has no usable account is never replaced by the head: that would send the money to somebody
 * whom the household chose not to receive it. Two people in one role are never chosen between.
 */

/** The record whose correction solves a problem. */
export interface Fix {
  readonly kind: 'registrant' | 'programme' | 'cycle' | 'manager'
  readonly id: string
}

export interface Member {
  readonly membership: Pick<Membership, 'kinds' | 'startDate' | 'endedDate' | 'removed'>
  readonly registrant: Payable
}

type Payable = Pick<
  Registrant,
  'id' | 'kind' | 'name' | 'deceasedOn' | 'removed' | 'phoneNumbers' | 'emails' | 'bankAccounts'
>

export interface PayeeQuestion {
  readonly registrant: Payable
  /**
   * Of a group: every membership that {@link mayReceive} with the member's own record, ended ones too. Ignored for
   * individuals.
   */
  readonly members: readonly Member[]
  /** Day of payment, `YYYY-MM-DD`. */
  readonly day: string
  readonly alternateRecipientAllowed: boolean
  readonly manager: PayeeAddressSettings & { readonly id: string }
  readonly identityNumbersOf: (registrantId: string) => PayeeDetails['identityNumbers']
  /** What the manager's account mapper said of a person. */
  readonly findMapped?: (registrantId: string, ...question: Parameters<FindMapped>) => ReturnType<FindMapped>
}

type FindMapped = NonNullable<PayeeDetails['findMapped']>

export interface Payee extends Pick<FoundAddress, 'mapped' | 'changedOn'> {
  readonly registrantId: string
  readonly name: string
  readonly role: 'self' | 'principal_recipient' | 'head' | 'alternate_recipient'
  /** Financial address as it goes on the wire. */
  readonly address: string
}

export type PayeeAnswer =
  | { readonly ok: true; readonly value: Payee }
  | { readonly ok: false; readonly error: Reason; readonly fix: Fix }

const no = (error: Reason, registrantId: string): PayeeAnswer => ({
  ok: false,
  error,
  fix: { kind: 'registrant', id: registrantId },
})

/** Whether a membership has begun and not ended; on the day it ends it no longer counts. */
export const isCurrent = (membership: Member['membership'], day: string): boolean =>
  !membership.removed && membership.startDate <= day && (membership.endedDate === null || membership.endedDate > day)

/** In the order in which they are paid. */
export const recipients = [
  'principal_recipient',
  'head',
  'alternate_recipient',
] as const satisfies readonly MembershipKind[]
type Recipient = (typeof recipients)[number]

/** Whether a membership matters for who is paid; the other members' records need not be read. */
export const mayReceive = ({ kinds }: Pick<Membership, 'kinds'>): boolean =>
  recipients.some((role) => kinds.includes(role))

/** The living, current persons in a role, each once. */
function inRole(question: PayeeQuestion, role: Recipient): Payable[] {
  const persons: Payable[] = []
  for (const { membership, registrant } of question.members) {
    if (!membership.kinds.includes(role) || !isCurrent(membership, question.day)) continue
    if (registrant.removed || registrant.deceasedOn !== null || registrant.kind !== 'individual') continue
    if (!persons.some((person) => person.id === registrant.id)) persons.push(registrant)
  }
  return persons
}

/** Says of a group without a living head what became of it, so that the officer knows what to mend. */
function whyNoHead(question: PayeeQuestion): PayeeAnswer {
  const heads = question.members.filter(({ membership }) => membership.kinds.includes('head') && !membership.removed)
  const current = heads.find(({ membership }) => isCurrent(membership, question.day))?.registrant
  const group = question.registrant.id
  if (current?.removed) return no(reason('payee.head-removed'), group)
  if (current !== undefined && current.deceasedOn !== null) return no(reason('payee.head-deceased'), group)
  return no(reason(heads.length > 0 && current === undefined ? 'payee.head-ended' : 'payee.no-head'), group)
}

const CONFIGURATION = new Set<Reason['code']>([
  'address.bad-prefix',
  'address.bad-suffix',
  'address.no-identity-type',
  'mapper.no-settings',
  'mapper.bad-id-template',
  'mapper.provider-unlisted',
  'mapper.kind-not-paid',
])

/** The mapper may still name an account once it is asked. */
const isToAsk = ({ code }: Reason): boolean => code === 'mapper.not-asked' || code === 'mapper.asked-long-ago'

/** Only of these words of a mapper it is certain that the person has no account. */
const hasNone = ({ code }: Reason): boolean => code === 'mapper.not-linked' || code === 'mapper.inactive'

const usesIdentity = ({ payeeIdType }: PayeeAddressSettings): boolean =>
  payeeIdType === 'reg_id' || payeeIdType === 'mapper'

function addressed(question: PayeeQuestion, person: Payable, role: Payee['role']): PayeeAnswer {
  const { manager, day } = question
  const details = {
    registrant: person,
    identityNumbers: usesIdentity(manager) ? question.identityNumbersOf(person.id) : [],
    findMapped: (asked: Parameters<FindMapped>[0]) => question.findMapped?.(person.id, asked),
  }
  const found = findPayeeAddress(manager, details, day)
  if (found.ok) return { ok: true, value: { registrantId: person.id, name: person.name, role, ...found.value } }
  const fix: Fix = CONFIGURATION.has(found.error.code)
    ? { kind: 'manager', id: manager.id }
    : { kind: 'registrant', id: person.id }
  return { ok: false, error: found.error, fix }
}

/** The person whom the group itself would have paid, or why there is none. */
function nominated(question: PayeeQuestion): PayeeAnswer {
  const group = question.registrant.id
  const [principal, ...otherPrincipals] = inRole(question, 'principal_recipient')
  if (otherPrincipals.length > 0) {
    return no(reason('payee.several-principals', { count: otherPrincipals.length + 1 }), group)
  }
  if (principal !== undefined) return addressed(question, principal, 'principal_recipient')
  const [head, ...otherHeads] = inRole(question, 'head')
  if (otherHeads.length > 0) return no(reason('payee.several-heads', { count: otherHeads.length + 1 }), group)
  return head === undefined ? whyNoHead(question) : addressed(question, head, 'head')
}

/** The payee of a registrant on a day with the financial address to pay, or the reason and the record to mend. */
export function resolvePayee(question: PayeeQuestion): PayeeAnswer {
  const { registrant } = question
  if (registrant.removed) return no(reason('payee.removed'), registrant.id)
  if (registrant.kind === 'individual') {
    if (registrant.deceasedOn !== null) return no(reason('payee.deceased'), registrant.id)
    return addressed(question, registrant, 'self')
  }
  const first = nominated(question)
  if (first.ok || !question.alternateRecipientAllowed) return first
  const { code } = first.error
  // Who has an account with the mapper, or may have one, is not replaced because that could not be found out.
  if (code.startsWith('mapper.') && !hasNone(first.error)) return first
  if (first.fix.kind === 'manager' || code === 'payee.several-heads' || code === 'payee.several-principals')
    return first
  const [alternate, ...others] = inRole(question, 'alternate_recipient')
  if (alternate === undefined) return first
  if (others.length > 0) {
    return no(reason('payee.several-alternates', { count: others.length + 1 }), registrant.id)
  }
  const second = addressed(question, alternate, 'alternate_recipient')
  // If neither can be paid, the first person's record is the one to mend.
  return second.ok || isToAsk(second.error) ? second : first
}
