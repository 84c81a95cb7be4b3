import type { Moment } from '../model/record.ts'
import type { RecordOf } from '../model/records.ts'

/*
 * What is left of a record once a person in it was erased: ids, amounts, days and states stay, so that nobody is paid twice and the
 * audit trail still reads; whatever tells who the person was goes. Pure, and the same in every office, at the centre and in
 * tests.
 */

/** Stands where a text must not be empty. */
export const ERASED_TEXT = '—'
const NO_DAY = '1970-01-01'

/** Kinds that hold something of a person, beside identity numbers, whose removal has a moment of its own (`tokenisedAt`). */
export type ErasableKind =
  | 'registrant'
  | 'membership'
  | 'enrolment'
  | 'entitlement'
  | 'consent'
  | 'payment'
  | 'submission'
  | 'observation'
  | 'collection'

/** Whether a registrant was erased. */
export type IsErased = (registrantId: string) => boolean

const forms: { readonly [K in ErasableKind]: (record: RecordOf<K>, isErased: IsErased) => RecordOf<K> } = {
  registrant: (registrant) => ({
    ...registrant,
    removed: true,
    registryNumber: '',
    name: ERASED_TEXT,
    givenName: '',
    familyName: '',
    additionalName: '',
    groupKind: '',
    gender: '',
    birthdate: null,
    deceasedOn: null,
    address: '',
    area: '',
    modeOfPayment: 'cash',
    tags: [],
    phoneNumbers: [],
    emails: [],
    bankAccounts: [],
    registrationDate: NO_DAY,
    importId: '',
  }),
  membership: (membership) => ({ ...membership, removed: true, kinds: [], endedDate: null, importId: '' }),
  enrolment: (enrolment) => ({ ...enrolment, state: 'exited', reason: '', importId: '' }),
  entitlement: (entitlement) => ({ ...entitlement, reason: '', importId: '' }),
  consent: (consent) => ({ ...consent, removed: true, given: false, on: NO_DAY, how: 'paper', note: '' }),
  payment: (payment, isErased) => withoutPayee(payment, isErased(payment.registrantId), isErased(payment.payeeId)),
  submission: (submission, isErased) => ({
    ...submission,
    lines: submission.lines.map((line) => {
      if (!isErased(line.payeeId)) return line
      const { mapped, ...rest } = line
      return { ...rest, payeeName: '', payeeAddress: ERASED_TEXT }
    }),
  }),
  observation: (observation) => ({ ...observation, text: '', payeeAddress: '' }),
  collection: (collection) => ({ ...collection, deputyName: '', deputyRelation: '', witness: '', note: '' }),
}

function withoutPayee(payment: RecordOf<'payment'>, entitled: boolean, payee: boolean): RecordOf<'payment'> {
  const { mapped, ...rest } = payment
  const base = payee ? { ...rest, payeeName: '', payeeAddress: '' } : payment
  return {
    ...base,
    ...(entitled ? { registrantName: '' } : {}),
    reasonText: '',
    // Parameters of sentences can hold what somebody is called or paid on.
    reasonParams: Object.fromEntries(
      Object.entries(payment.reasonParams).map(([name, value]) => [name, typeof value === 'string' ? '' : value]),
    ),
  }
}

/** A record as it is kept once the people in question were erased at a moment. Doing it again changes nothing. */
export function erasedForm<K extends ErasableKind>(
  kind: K,
  record: RecordOf<K>,
  at: Moment,
  isErased: IsErased = () => true,
): RecordOf<K> {
  const known = (record as { erasedAt?: Moment | undefined }).erasedAt
  return { ...forms[kind](record, isErased), erasedAt: known !== undefined && known > at ? known : at }
}

/** The raw message is kept for all people in it or for none; the digest, the ids and what came of it stay. */
export const emptiedTransmission = (transmission: RecordOf<'transmission'>, at: Moment): RecordOf<'transmission'> => ({
  ...transmission,
  body: '',
  headers: {},
  message: '',
  erasedAt: at,
})

/** As {@link emptiedTransmission}: what the payment system wrote beside its code. */
export const emptiedDelivery = (delivery: RecordOf<'delivery'>, at: Moment): RecordOf<'delivery'> => ({
  ...delivery,
  text: '',
  erasedAt: at,
})

interface Erasable {
  readonly erasedAt?: Moment | undefined
}

const erasedAtOf = (version: object | undefined): Moment => (version as Erasable | undefined)?.erasedAt ?? ''

const merging: ReadonlySet<string> = new Set<ErasableKind>([
  'registrant',
  'membership',
  'enrolment',
  'entitlement',
  'consent',
  'payment',
])

export interface InStep<T> {
  readonly base: T | undefined
  readonly mine: T
  readonly theirs: T
  /** Which sides did not know of the erasure. */
  readonly behind: { readonly mine: boolean; readonly theirs: boolean }
}

/**
 * Versions of one record as if all of them knew of the latest erasure that one of them knows of, so that none brings anything
 * back when they are merged.
 */
export function inStepWithErasure<T extends object>(
  kind: string,
  versions: { readonly base: T | undefined; readonly mine: T; readonly theirs: T },
): InStep<T> {
  const { base, mine, theirs } = versions
  const [mineAt, theirsAt] = [erasedAtOf(mine), erasedAtOf(theirs)]
  const at = mineAt > theirsAt ? mineAt : theirsAt
  const behind = { mine: mineAt < at, theirs: theirsAt < at }
  if (at === '' || !merging.has(kind)) return { ...versions, behind: { mine: false, theirs: false } }
  if (kind === 'payment') {
    const [one, other] = [mine, theirs] as unknown as [RecordOf<'payment'>, RecordOf<'payment'>]
    const entitled = one.registrantName === '' || other.registrantName === ''
    const payee = isPayeeGone(one) || isPayeeGone(other)
    const raise = (version: T): T =>
      ({ ...withoutPayee(version as unknown as RecordOf<'payment'>, entitled, payee), erasedAt: at }) as unknown as T
    return { base: base && raise(base), mine: raise(mine), theirs: raise(theirs), behind }
  }
  const raise = (version: T): T =>
    erasedAtOf(version) < at
      ? (erasedForm(kind as 'registrant', version as unknown as RecordOf<'registrant'>, at) as unknown as T)
      : version
  return { base: base && raise(base), mine: raise(mine), theirs: raise(theirs), behind }
}

const isPayeeGone = ({ erasedAt, payeeId, payeeName, payeeAddress }: RecordOf<'payment'>): boolean =>
  erasedAt !== undefined && payeeId !== '' && payeeName === '' && payeeAddress === ''

/** Fields of records that are written once which an erasure may take out. */
const taken: Readonly<Record<string, ReadonlySet<string>>> = {
  transmission: new Set(['body', 'headers', 'message', 'erasedAt']),
  delivery: new Set(['text', 'erasedAt']),
  observation: new Set(['text', 'payeeAddress', 'erasedAt']),
  collection: new Set(['deputyName', 'deputyRelation', 'witness', 'note', 'erasedAt']),
}

/** What of a record that is written once stands whatever is erased; undefined for kinds of which nothing is. */
export function lastingPart(kind: string, record: object): object | undefined {
  if (kind === 'submission') {
    const { erasedAt, lines, ...head } = record as RecordOf<'submission'>
    return {
      ...head,
      lines: lines?.map(({ payeeName, payeeAddress, mapped, ...line }) => line),
    }
  }
  const gone = taken[kind]
  return gone && Object.fromEntries(Object.entries(record).filter(([field]) => !gone.has(field)))
}

/** Whether one of two versions of a record that is written once knows of an erasure, and they say the same beside that. */
export const differInErasureOnly = (
  kind: string,
  one: object,
  other: object,
  isSame: (one: unknown, other: unknown) => boolean,
): boolean => {
  if (erasedAtOf(one) === erasedAtOf(other)) return false
  const [left, right] = [lastingPart(kind, one), lastingPart(kind, other)]
  return left !== undefined && isSame(left, right)
}
