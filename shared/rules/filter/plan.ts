import type { Condition, Domain, Operator, Scalar, Span } from './domain.ts'
import { limits } from './domain.ts'
import { excerpt, type Refusal, Refused, refusing } from './error.ts'
import { type Pattern, readPattern } from './pattern.ts'
import {
  type FilterField,
  type FilterSchema,
  findField,
  isLikeness,
  operatorsOf,
  type Route,
  routeOf,
} from './schema.ts'

/*
 * The one meaning of a filter, from which both the evaluation in memory and the SQL are made:
 * - logic has two values: `!` and the negative operators are exact opposites, so a negative operator takes records in
 *   which the field is not set, and `!` before an order comparison does too (Odoo 19; earlier ones leave those out);
 * - "not set" is null, an empty text, or a list without items; 0 and false are values of their own, except that a
 *   boolean that is not set is false;
 * - what is not set is neither less nor greater than anything;
 * - a path through a reference that is not set, or whose record is not there, ends in "not set".
 */

export type OrderOperator = '<' | '<=' | '>' | '>='

/** What is asked of one value. Text values: '' stands for not set. */
export type Test =
  | { readonly kind: 'textIn'; readonly values: readonly string[] }
  | { readonly kind: 'textOrder'; readonly operator: OrderOperator; readonly value: string }
  | { readonly kind: 'textPattern'; readonly pattern: Pattern }
  | { readonly kind: 'numberIn'; readonly values: readonly number[]; readonly unset: boolean }
  | { readonly kind: 'numberOrder'; readonly operator: OrderOperator; readonly value: number }
  | { readonly kind: 'isTrue' }
  | { readonly kind: 'setHas'; readonly values: readonly string[]; readonly empty: boolean }
  | { readonly kind: 'setPattern'; readonly pattern: Pattern }

/** A checked filter, with every `!` moved into the leaves. */
export type Plan =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'leaf'; readonly route: Route; readonly test: Test; readonly negated: boolean }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Plan[] }

const isUnset = (value: Scalar): value is false | null => value === false || value === null
const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'list' : value === null ? 'none' : typeof value === 'string' ? 'text' : typeof value

const emptySpan: Span = { offset: 0, length: 0 }

/** One condition while it is checked against its field. */
interface Checked {
  readonly condition: Condition
  readonly field: FilterField
}

const spanOf = ({ condition }: Checked, item?: number): Span =>
  (item === undefined ? undefined : condition.place?.items[item]) ?? condition.place?.value ?? emptySpan

function wrongValue(checked: Checked, expected: string, value: unknown, item?: number): never {
  throw new Refused('filter.wrong-value', spanOf(checked, item), {
    field: checked.condition.field,
    type: checked.field.type,
    found: kindOf(value),
    // Chooses the sentence: i18next looks for the code with this ending first.
    context: expected,
  })
}

function checkedText(checked: Checked, value: Scalar, item?: number): string {
  if (isUnset(value)) return ''
  if (typeof value !== 'string') wrongValue(checked, 'text', value, item)
  if (value.length > limits.stringLength) {
    throw new Refused('filter.too-long', spanOf(checked, item), { maximum: limits.stringLength })
  }
  // The builder's values have not been through the parser.
  if (value.includes('\0') || !value.isWellFormed()) throw new Refused('filter.bad-text', spanOf(checked, item))
  // Records hold canonical text (`rules/text`); what was typed or pasted here may be decomposed.
  return value.normalize('NFC')
}

/** A value that is compared as a whole: known ones only, where the field knows its values. */
function exactText(checked: Checked, value: Scalar, item?: number): string {
  const { field, condition } = checked
  const text = checkedText(checked, value, item)
  if (text === '') return text
  if (field.type === 'day') {
    const day = new Date(`${text}T00:00:00Z`)
    const real = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
    if (!real)
      throw new Refused('filter.bad-day', spanOf(checked, item), { field: condition.field, value: excerpt(text) })
  }
  const values = field.type === 'enum' || field.type === 'set' ? field.values : undefined
  if (values && !values.includes(text)) {
    throw new Refused('filter.unknown-value', spanOf(checked, item), {
      field: condition.field,
      value: excerpt(text),
      allowed: values.filter((known) => known !== '').join(', '),
    })
  }
  return text
}

/** Moves the decimal point in the written digits, because 1.1 × 100 is not 110 in binary fractions. */
function inMinorUnits(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e')
  return Number(`${mantissa}e${Number(exponent) + digits}`)
}

function checkedNumber(checked: Checked, value: Scalar, item?: number): number | undefined {
  if (isUnset(value)) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) wrongValue(checked, 'number', value, item)
  if (checked.field.type !== 'amount') return value
  const minor = inMinorUnits(value, checked.field.digits)
  if (!Number.isFinite(minor)) {
    throw new Refused('filter.bad-number', spanOf(checked, item), { number: excerpt(String(value)) })
  }
  return minor
}

function checkedBoolean(checked: Checked, value: Scalar, item?: number): boolean {
  if (isUnset(value) || value === 0) return false
  if (value === true || value === 1) return true
  return wrongValue(checked, 'boolean', value, item)
}

/** Reads each value of an equality; a single one is a list of one. */
function mapValues<T>({ condition }: Checked, read: (value: Scalar, item?: number) => T): T[] {
  const { value } = condition
  return Array.isArray(value) ? value.map((each: Scalar, item) => read(each, item)) : [read(value as Scalar)]
}

/** What a condition asks, before its own negation and that of a `!` around it. */
type Question = { readonly test: Test; readonly negated?: boolean } | { readonly constant: boolean }

function planEquality(checked: Checked): Question {
  const { field } = checked
  switch (field.type) {
    case 'boolean': {
      const wanted = new Set(mapValues(checked, (value, item) => checkedBoolean(checked, value, item)))
      if (wanted.size !== 1) return { constant: wanted.size === 2 }
      const test: Test = field.equals === undefined ? { kind: 'isTrue' } : { kind: 'textIn', values: [field.equals] }
      return { test, negated: wanted.has(false) }
    }
    case 'integer':
    case 'amount': {
      const numbers = mapValues(checked, (value, item) => checkedNumber(checked, value, item))
      const values = [...new Set(numbers.filter((value) => value !== undefined))]
      const unset = numbers.includes(undefined)
      return values.length === 0 && !unset ? { constant: false } : { test: { kind: 'numberIn', values, unset } }
    }
    default: {
      const texts = new Set(mapValues(checked, (value, item) => exactText(checked, value, item)))
      if (texts.size === 0) return { constant: false }
      if (field.type !== 'set') return { test: { kind: 'textIn', values: [...texts] } }
      const empty = texts.delete('')
      return { test: { kind: 'setHas', values: [...texts], empty } }
    }
  }
}

function planOrder(checked: Checked, operator: OrderOperator): Question {
  const { condition, field } = checked
  const value = condition.value
  if (typeof value === 'object' && value !== null) return wrongValue(checked, 'single', value)
  const numeric = field.type === 'integer' || field.type === 'amount'
  if (isUnset(value) || value === '') return wrongValue(checked, numeric ? 'number' : field.type, value)
  if (numeric) {
    const number = checkedNumber(checked, value)
    if (number !== undefined) return { test: { kind: 'numberOrder', operator, value: number } }
  }
  return { test: { kind: 'textOrder', operator, value: exactText(checked, value) } }
}

function planLikeness(checked: Checked, operator: Operator): Question {
  const { condition, field } = checked
  const value = condition.value
  if (typeof value === 'object' && value !== null) return wrongValue(checked, 'text', value)
  const written = checkedText(checked, value)
  const whole = operator.includes('=')
  if (written === '') {
    if (!whole) return { constant: true }
    return {
      test: field.type === 'set' ? { kind: 'setHas', values: [], empty: true } : { kind: 'textIn', values: [''] },
    }
  }
  const pattern = readPattern(written, whole, operator.includes('ilike'))
  return { test: { kind: field.type === 'set' ? 'setPattern' : 'textPattern', pattern } }
}

function planCondition(schema: FilterSchema, condition: Condition, negated: boolean): Plan {
  let route = routeOf(schema, condition)
  const { field } = route.last
  const { operator } = condition
  if (!operatorsOf(field.type).includes(operator)) {
    throw new Refused('filter.wrong-operator', condition.place?.operator ?? emptySpan, {
      field: condition.field,
      type: field.type,
      operator,
      allowed: operatorsOf(field.type).join(', '),
    })
  }
  if (field.type === 'reference' && isLikeness(operator)) {
    const target = field.target()
    const title = findField(target, target.title)
    if (!title) throw new Error(`${target.record} has no field ${target.title}`)
    route = { through: [...route.through, { ...route.last, field }], last: { schema: target, field: title } }
  }
  const checked = { condition, field: route.last.field }
  const isList = Array.isArray(condition.value)
  const opposite = operator === '!=' || operator.startsWith('not ')
  let question: Question
  switch (operator) {
    case '=?':
      if (isList) wrongValue(checked, 'single', condition.value)
      question = condition.value === false || condition.value === null ? { constant: true } : planEquality(checked)
      break
    case '=':
    case '!=':
      if (isList) wrongValue(checked, 'single', condition.value)
      question = planEquality(checked)
      break
    case 'in':
    case 'not in':
      if (!isList) wrongValue(checked, 'list', condition.value)
      question = planEquality(checked)
      break
    case '<':
    case '<=':
    case '>':
    case '>=':
      question = planOrder(checked, operator)
      break
    default:
      question = planLikeness(checked, operator)
  }
  const flipped = negated !== opposite
  if ('constant' in question) return { kind: 'constant', value: question.constant !== flipped }
  return { kind: 'leaf', route, test: question.test, negated: flipped !== (question.negated ?? false) }
}

function planDomain(schema: FilterSchema, domain: Domain, negated: boolean): Plan {
  switch (domain.kind) {
    case 'constant':
      return { kind: 'constant', value: domain.value !== negated }
    case 'condition':
      return planCondition(schema, domain, negated)
    case 'not':
      return planDomain(schema, domain.term, !negated)
    default: {
      const kind = (domain.kind === 'all') === negated ? 'any' : 'all'
      const decides = kind === 'any'
      const parts = domain.terms.map((term) => planDomain(schema, term, negated))
      if (parts.some((part) => part.kind === 'constant' && part.value === decides)) {
        return { kind: 'constant', value: decides }
      }
      const open = parts.filter((part) => part.kind !== 'constant')
      const [only] = open
      if (!only) return { kind: 'constant', value: !decides }
      return open.length === 1 ? only : { kind, parts: open }
    }
  }
}

/** Checks a filter against the records it is meant for and settles what it means. */
export const planOf = (domain: Domain, schema: FilterSchema): { readonly ok: true; readonly plan: Plan } | Refusal =>
  refusing(() => ({ ok: true, plan: planDomain(schema, domain, false) }))

/** Whether every field, operator and value of the filter fits the record; if not, what is wrong and where. */
export function check(domain: Domain, schema: FilterSchema): { readonly ok: true } | Refusal {
  const planned = planOf(domain, schema)
  return planned.ok ? { ok: true } : planned
}
