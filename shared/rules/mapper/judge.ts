import { type Reason, type Ruling, reason } from '../ruling.ts'

/*
 * What a mapper's answer means for each person who was asked about. Answers come shuffled, the failed ones first, some twice
 * and some not at all; they are told apart by the reference of the question and by nothing else.
 */

/** A person who is asked about. */
export interface AskedPerson {
  /** Of this question alone. */
  readonly reference: string
  /** By which the mapper knows the person. */
  readonly id: string
}

/** One item of an answer, from whichever generation of the protocol. */
export interface MapperItem {
  readonly reference: string
  readonly status: string
  /** Empty where there is none. */
  readonly code: string
  /** Whom it says it is about; null where it does not say. */
  readonly id: string | null
  /** The account: a text or an object; null where there is none. */
  readonly account: unknown
  /** Code of the provider, named beside the account; empty where it is not. */
  readonly provider: string
}

/** What is known about a person's account. */
export type Mapped =
  | { readonly kind: 'linked'; readonly address: string; readonly provider: string }
  /** The mapper says that there is no account that could be paid. */
  | { readonly kind: 'none'; readonly why: Reason }
  /** It said nothing of the person, or nothing that can be relied on. */
  | { readonly kind: 'unresolved'; readonly why: Reason }

const RESOLVED: ReadonlySet<string> = new Set(['', 'succ.id.active', 'succ.fa.active'])
const NOT_LINKED: ReadonlySet<string> = new Set([
  'succ.id.not_found',
  'succ.fa.not_found',
  'succ.fa.not_linked_to_id',
  'rjct.id.not_found',
  'rjct.fa.not_found',
  'rjct.fa.not_linked_to_id',
])
const INACTIVE: ReadonlySet<string> = new Set(['succ.id.inactive', 'succ.fa.inactive'])

const isNothing = (account: unknown): boolean => account === null || account === undefined || account === ''

type AddressOf = (item: MapperItem) => Ruling<{ readonly address: string; readonly provider: string }>

function judgeItem(item: MapperItem, asked: AskedPerson, addressOf: AddressOf): Mapped {
  const unresolved = (why: Reason): Mapped => ({ kind: 'unresolved', why })
  const { status, code, id, account } = item
  if (id !== null && id !== '' && id !== asked.id) return unresolved(reason('mapper.other-person'))
  if (status === 'rcvd' || status === 'pdng') return unresolved(reason('mapper.unanswered'))
  if ((status === 'succ' || status === 'rjct') && NOT_LINKED.has(code)) {
    return isNothing(account)
      ? { kind: 'none', why: reason('mapper.not-linked') }
      : unresolved(reason('mapper.contradicts-itself'))
  }
  if (status === 'succ' && INACTIVE.has(code)) return { kind: 'none', why: reason('mapper.inactive') }
  if (status !== 'succ' || !RESOLVED.has(code)) return unresolved(reason('mapper.refused', { code: code || status }))
  if (isNothing(account)) return unresolved(reason('mapper.no-account-told'))
  const address = addressOf(item)
  return address.ok ? { kind: 'linked', ...address.value } : unresolved(address.error)
}

/**
 * Judges an answer: one verdict for each person asked about, by reference. Whoever it says nothing of is unresolved, and so is
 * whoever it speaks of twice; items under references that nobody asked by concern nobody.
 */
export function judgeAnswer(
  asked: readonly AskedPerson[],
  items: readonly MapperItem[],
  addressOf: AddressOf,
): ReadonlyMap<string, Mapped> {
  const said = Map.groupBy(items, ({ reference }) => reference)
  return new Map(
    asked.map((person): [string, Mapped] => {
      const [item, ...others] = said.get(person.reference) ?? []
      if (item === undefined) return [person.reference, { kind: 'unresolved', why: reason('mapper.unanswered') }]
      if (others.length > 0) return [person.reference, { kind: 'unresolved', why: reason('mapper.answered-twice') }]
      return [person.reference, judgeItem(item, person, addressOf)]
    }),
  )
}
