import type { Domain } from './domain.ts'
import type { Refusal } from './error.ts'
import { compareText } from './fold.ts'
import { patternTest } from './pattern.ts'
import { type OrderOperator, type Plan, planOf, type Test } from './plan.ts'
import type { FilterSchema, Route } from './schema.ts'

/** Finds the record a reference points to; undefined when it is not there. */
export type Resolve = (record: string, id: string) => object | undefined

type Read = (record: unknown) => unknown

function property(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name)
    ? (from as Record<string, unknown>)[name]
    : undefined
}

function reader(path: string): Read {
  const names = path.split('.')
  const [only = ''] = names
  if (names.length === 1) return (record) => property(record, only)
  return (record) => names.reduce<unknown>(property, record)
}

function routeReader({ through, last }: Route, resolve: Resolve | undefined): Read {
  return through.reduceRight<Read>((rest, { field }) => {
    const id = reader(field.path)
    const kind = field.target().record
    return (record) => {
      const value = id(record)
      return typeof value === 'string' && value !== '' ? rest(resolve?.(kind, value)) : undefined
    }
  }, reader(last.field.path))
}

function inOrder(operator: OrderOperator, compared: number): boolean {
  switch (operator) {
    case '<':
      return compared < 0
    case '<=':
      return compared <= 0
    case '>':
      return compared > 0
    case '>=':
      return compared >= 0
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')
const asTexts = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function valueTest(test: Test): (value: unknown) => boolean {
  switch (test.kind) {
    case 'textIn': {
      const wanted = new Set(test.values)
      return (value) => wanted.has(asText(value))
    }
    case 'textOrder':
      return (value) => {
        const text = asText(value)
        return text !== '' && inOrder(test.operator, compareText(text, test.value))
      }
    case 'textPattern': {
      const matches = patternTest(test.pattern)
      return (value) => matches(asText(value))
    }
    case 'numberIn': {
      const wanted = new Set(test.values)
      return (value) => (typeof value === 'number' ? wanted.has(value) : test.unset)
    }
    case 'numberOrder':
      return (value) => typeof value === 'number' && inOrder(test.operator, value - test.value)
    case 'isTrue':
      return (value) => value === true
    case 'setHas': {
      const wanted = new Set<unknown>(test.values)
      return (value) => {
        const items = asTexts(value)
        return items.length === 0 ? test.empty : items.some((item) => wanted.has(item))
      }
    }
    case 'setPattern': {
      const matches = patternTest(test.pattern)
      return (value) => asTexts(value).some((item) => matches(asText(item)))
    }
  }
}

function planTest(plan: Plan, resolve: Resolve | undefined): (record: unknown) => boolean {
  switch (plan.kind) {
    case 'constant':
      return () => plan.value
    case 'leaf': {
      const read = routeReader(plan.route, resolve)
      const test = valueTest(plan.test)
      return plan.negated ? (record) => !test(read(record)) : (record) => test(read(record))
    }
    default: {
      const tests = plan.parts.map((part) => planTest(part, resolve))
      return plan.kind === 'all'
        ? (record) => tests.every((test) => test(record))
        : (record) => tests.some((test) => test(record))
    }
  }
}

/**
 * Turns a filter into a test to be run over many records; checks it first. `resolve` is asked once per record for each
 * reference on a dotted path.
 */
export function prepare(
  domain: Domain,
  schema: FilterSchema,
  resolve?: Resolve,
): { readonly ok: true; readonly test: (record: object) => boolean } | Refusal {
  const planned = planOf(domain, schema)
  return planned.ok ? { ok: true, test: planTest(planned.plan, resolve) } : planned
}
