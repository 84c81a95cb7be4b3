/** A value of a condition. `false` and `null` both stand for "not set", as `False` and `None` do in Odoo. */
export type Scalar = string | number | boolean | null
export type Value = Scalar | readonly Scalar[]

export const operators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not in',
  'like',
  'not like',
  'ilike',
  'not ilike',
  '=like',
  'not =like',
  '=ilike',
  'not =ilike',
  '=?',
] as const
export type Operator = (typeof operators)[number]

/** A stretch of the filter's text, in UTF-16 units. */
export interface Span {
  readonly offset: number
  readonly length: number
}

/** Where the parts of a condition stand in the text; conditions made by the builder have none. */
export interface Place {
  readonly field: Span
  readonly operator: Span
  readonly value: Span
  /** One per item when the value is a list. */
  readonly items: readonly Span[]
}

export interface Condition {
  readonly kind: 'condition'
  /** A field's name, or a path through references: `partner_id.mode_of_payment`. */
  readonly field: string
  readonly operator: Operator
  readonly value: Value
  readonly place?: Place
}

/** A filter. Made by {@link parse} or by {@link all}, {@link any}, {@link not}, which keep it in one canonical shape. */
export type Domain =
  | Condition
  /** `true` takes every record (`[]`), `false` none (`[(0, '=', 1)]`). */
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'all' | 'any'; readonly terms: readonly Domain[] }
  | { readonly kind: 'not'; readonly term: Domain }

export const everything = { kind: 'constant', value: true } as const satisfies Domain
export const nothing = { kind: 'constant', value: false } as const satisfies Domain

function join(kind: 'all' | 'any', terms: readonly Domain[]): Domain {
  const flat = terms.flatMap((term) => (term.kind === kind ? term.terms : [term]))
  const only = flat.length === 1 ? flat[0] : undefined
  if (only) return only
  if (flat.length === 0) return kind === 'all' ? everything : nothing
  return { kind, terms: flat }
}

/** Every term holds; without terms it takes everything. */
export const all = (terms: readonly Domain[]): Domain => join('all', terms)

/** At least one term holds; without terms it takes nothing. */
export const any = (terms: readonly Domain[]): Domain => join('any', terms)

/** The exact opposite: every record is either in a filter or in its `not`, also where a field is not set. */
export const not = (term: Domain): Domain => (term.kind === 'not' ? term.term : { kind: 'not', term })

/** A condition in Odoo's own normal form: `=` with a list means `in`, `in` with a truth value means `=`. */
export function condition(field: string, operator: Operator, value: Value, place?: Place): Condition {
  let normal = operator
  if (Array.isArray(value)) {
    if (operator === '=') normal = 'in'
    if (operator === '!=') normal = 'not in'
  } else if (typeof value === 'boolean' || value === null) {
    if (operator === 'in') normal = '='
    if (operator === 'not in') normal = '!='
  }
  return { kind: 'condition', field, operator: normal, value, ...(place ? { place } : {}) }
}

/** More than any person writes; keeps parsing, evaluation and SQLite's own limits far away from each other. */
export const limits = {
  textLength: 20_000,
  conditions: 300,
  depth: 64,
  listLength: 5_000,
  stringLength: 1_000,
  pathSteps: 5,
} as const
