import fc from 'fast-check'
import {
  all,
  any,
  condition,
  type Domain,
  type FilterSchema,
  not,
  operators,
  type Value,
} from '../../../../shared/rules/filter/index.ts'

/** A small world with a field of every type, a reference to a person, and from there to a village. */
const village: FilterSchema = {
  record: 'village',
  title: 'name',
  fields: {
    id: { type: 'text', path: 'id' },
    name: { type: 'text', path: 'name' },
    remote: { type: 'boolean', path: 'remote' },
  },
  aliases: {},
}
const person: FilterSchema = {
  record: 'person',
  title: 'name',
  fields: {
    id: { type: 'text', path: 'id' },
    name: { type: 'text', path: 'name' },
    mode_of_payment: { type: 'enum', path: 'modeOfPayment', values: ['cash', 'voucher', 'digital'] },
    is_group: { type: 'boolean', path: 'kind', equals: 'group' },
    birthdate: { type: 'day', path: 'birthdate' },
    tags: { type: 'set', path: 'tags' },
    village_id: { type: 'reference', path: 'villageId', target: () => village },
  },
  aliases: { modeOfPayment: 'mode_of_payment' },
}
export const payment: FilterSchema = {
  record: 'payment',
  title: 'code',
  fields: {
    code: { type: 'text', path: 'code' },
    attempt: { type: 'integer', path: 'attempt' },
    amount: { type: 'amount', path: 'amount', digits: 2 },
    held: { type: 'boolean', path: 'held' },
    due: { type: 'day', path: 'due' },
    state: { type: 'enum', path: 'state', values: ['prepared', 'sent', 'paid'] },
    marks: { type: 'set', path: 'marks' },
    note: { type: 'text', path: 'detail.note' },
    partner_id: { type: 'reference', path: 'personId', target: () => person },
  },
  aliases: { amount_issued: 'amount' },
}

export interface Village {
  id: string
  name: string
  remote: boolean
}
export interface Person {
  id: string
  name: string
  modeOfPayment: string
  kind: string
  birthdate: string | null
  tags: string[]
  villageId: string
}
export interface Payment {
  code: string
  attempt: number | null
  amount: number | null
  held: boolean | null
  due: string | null
  state: string
  marks: string[]
  detail: { note: string | null }
  personId: string
}

/** Few enough values that conditions and records often meet, with what breaks careless comparisons. */
const texts = [
  '',
  'Almaz',
  'ALMAZ',
  'almaz',
  'ÉTÉ',
  'été',
  'e\u0301te\u0301',
  'Straße',
  'STRASSE',
  'ΟΔΟΣ',
  'οδός',
  'İzmir',
  'izmir',
  '50%',
  '50_1',
  'a*b',
  'a?b',
  'a[b]',
  '\\',
  "it's",
  '𐐀b',
  '𐐨B',
  '\uff21',
  'አልማዝ',
  'عَلي',
  '2026-01-01',
  'a\u2028b',
  '😀',
  '\ue000',
]
const text = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: fc.constantFrom('a', 'A', 'é', 'ß', '%', '_', '*', '😀', 'Σ'), maxLength: 5 }),
)
const day = fc.constantFrom('2025-12-31', '2026-01-01', '2026-01-02', '2026-02-28')
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 1, 2, 1.1, 250, 9007199254740991, -0.5))
const ids = ['', 'p1', 'p2', 'p3', 'gone']

/** The first shares its id with a person: a reference must not end at a record of another kind. */
export const villages = fc.tuple(text, fc.boolean(), text).map(([name, remote, other]): Village[] => [
  { id: 'p1', name, remote },
  { id: 'v2', name: other, remote: !remote },
])
export const persons = fc
  .array(
    fc.record({
      name: text,
      modeOfPayment: fc.constantFrom('cash', 'voucher', 'digital'),
      kind: fc.constantFrom('group', 'individual'),
      birthdate: fc.option(day),
      tags: fc.array(
        text.filter((tag) => tag !== ''),
        { maxLength: 3 },
      ),
      villageId: fc.constantFrom('', 'p1', 'v2', 'gone'),
    }),
    { minLength: 3, maxLength: 3 },
  )
  .map((made) => made.map((each, index): Person => ({ id: `p${index + 1}`, ...each })))
export const payments = fc.array(
  fc.record<Payment>({
    code: text,
    attempt: fc.option(number),
    amount: fc.option(fc.constantFrom(0, 1, 110, 100, 25000, 9007199254740991)),
    held: fc.option(fc.boolean()),
    due: fc.option(day),
    state: fc.constantFrom('prepared', 'sent', 'paid', ''),
    marks: fc.array(
      text.filter((mark) => mark !== ''),
      { maxLength: 3 },
    ),
    detail: fc.record({ note: fc.option(text) }),
    personId: fc.constantFrom(...ids),
  }),
  { minLength: 1, maxLength: 12 },
)

const unset = fc.constantFrom(false, null)
const listOrOne = (item: fc.Arbitrary<string | number | boolean | null>): fc.Arbitrary<Value> =>
  fc.oneof(item, fc.array(fc.oneof({ weight: 5, arbitrary: item }, unset), { maxLength: 4 }))
const likeText = fc.oneof(
  text,
  fc.constantFrom(
    '%',
    '_',
    '%a%',
    'a\\%',
    '_l%',
    '%\\',
    '%_%_%',
    'É%',
    'σ',
    '%ς',
    '50\\%',
    'a?b%',
    '%?b',
    'a[b]%',
    '_[b]',
    '%*b',
    'a^%',
    '[a-b]%',
  ),
)

const operatorsOf = { equal: ['=', '!=', 'in', 'not in', '=?'], order: ['<', '<=', '>', '>='] } as const
const likes = operators.filter((operator) => operator.includes('like'))
const of = (fields: readonly string[], chosen: readonly (typeof operators)[number][], value: fc.Arbitrary<Value>) =>
  fc.tuple(fc.constantFrom(...fields), fc.constantFrom(...chosen), value).map(([field, operator, made]): Domain => {
    const wantsList = operator === 'in' || operator === 'not in'
    const one = Array.isArray(made) ? (made[0] ?? null) : (made as Exclude<Value, readonly unknown[]>)
    return condition(field, operator, wantsList && !Array.isArray(made) ? [one] : wantsList ? made : one)
  })

const textFields = ['code', 'note', 'partner_id.name', 'partner_id.village_id.name', 'partner_id.id']
const setFields = ['marks', 'partner_id.tags']
const dayFields = ['due', 'partner_id.birthdate']
const numberFields = ['attempt', 'amount', 'amount_issued']
const booleanFields = ['held', 'partner_id.is_group', 'partner_id.village_id.remote']

/** Conditions that fit {@link payment}. */
export const conditions = fc.oneof(
  of([...textFields, ...setFields], operatorsOf.equal, listOrOne(fc.oneof(text, unset))),
  of(
    textFields,
    operatorsOf.order,
    text.filter((value) => value !== ''),
  ),
  of(
    [...textFields, ...setFields, ...dayFields, 'state', 'partner_id', 'partner_id.village_id'],
    likes,
    fc.oneof({ weight: 8, arbitrary: likeText }, unset),
  ),
  of(dayFields, operatorsOf.equal, listOrOne(fc.oneof(day, unset))),
  of(dayFields, operatorsOf.order, day),
  of(numberFields, operatorsOf.equal, listOrOne(fc.oneof(number, unset))),
  of(numberFields, operatorsOf.order, number),
  of(booleanFields, operatorsOf.equal, listOrOne(fc.constantFrom(true, false, null, 0, 1))),
  of(['state'], operatorsOf.equal, listOrOne(fc.oneof(fc.constantFrom('prepared', 'sent', 'paid', ''), unset))),
  of(
    ['partner_id.mode_of_payment', 'partner_id.modeOfPayment'],
    operatorsOf.equal,
    listOrOne(fc.oneof(fc.constantFrom('cash', 'digital'), unset)),
  ),
  of(
    ['partner_id', 'partner_id.village_id'],
    operatorsOf.equal,
    listOrOne(fc.oneof(fc.constantFrom('p1', 'p2', 'v2', 'gone', ''), unset)),
  ),
)

/** Filters that fit {@link payment}, in canonical shape. */
export const domains: fc.Arbitrary<Domain> = fc.letrec<{ domain: Domain }>((tie) => ({
  domain: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: conditions },
    { weight: 1, arbitrary: fc.boolean().map((value): Domain => ({ kind: 'constant', value })) },
    { weight: 2, arbitrary: fc.array(tie('domain'), { maxLength: 4 }).map(all) },
    { weight: 2, arbitrary: fc.array(tie('domain'), { maxLength: 4 }).map(any) },
    { weight: 2, arbitrary: tie('domain').map(not) },
  ),
})).domain

/** The same filter without the places that the parser adds. */
export function withoutPlaces(domain: Domain): Domain {
  switch (domain.kind) {
    case 'condition':
      return condition(domain.field, domain.operator, domain.value)
    case 'not':
      return { kind: 'not', term: withoutPlaces(domain.term) }
    case 'constant':
      return domain
    default:
      return { kind: domain.kind, terms: domain.terms.map(withoutPlaces) }
  }
}
