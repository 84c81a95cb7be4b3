import { type Condition, limits, type Operator, type Span } from './domain.ts'
import { excerpt, Refused } from './error.ts'

/**
 * A field a filter may name. `path` is the record's own property (dots go into nested objects).
 * - `text`: empty text counts as not set, as in Odoo.
 * - `amount`: minor units in the record, written in major units in filters; `digits` is the currency's number of decimals.
 * - `boolean`: not set counts as false. With `equals`, true where the text property has that value (`is_group`).
 * - `day`: `YYYY-MM-DD`, compared as text.
 * - `enum`: one of `values`. `set`: a list of texts; `values` when they are known.
 * - `reference`: the id of a record described by `target`; dotted paths go on there.
 */
export type FilterField =
  | { readonly type: 'text' | 'integer' | 'day'; readonly path: string }
  | { readonly type: 'amount'; readonly path: string; readonly digits: number }
  | { readonly type: 'boolean'; readonly path: string; readonly equals?: string }
  | { readonly type: 'enum'; readonly path: string; readonly values: readonly string[] }
  | { readonly type: 'set'; readonly path: string; readonly values?: readonly string[] }
  | { readonly type: 'reference'; readonly path: string; readonly target: () => FilterSchema }
export type FieldType = FilterField['type']

/** What filters over one kind of record may name. A field that is not here cannot be asked about. */
export interface FilterSchema {
  /** The kind of record: `payment`, `registrant`… */
  readonly record: string
  /** By the name shown in the builder. */
  readonly fields: Readonly<Record<string, FilterField>>
  /** Further names of the same fields. */
  readonly aliases: Readonly<Record<string, string>>
  /** The field in which `like` searches when a reference to this record is compared. */
  readonly title: string
}

const equality: readonly Operator[] = ['=', '!=', 'in', 'not in', '=?']
const order: readonly Operator[] = ['<', '<=', '>', '>=']
const likeness: readonly Operator[] = [
  'ilike',
  'not ilike',
  'like',
  'not like',
  '=ilike',
  'not =ilike',
  '=like',
  'not =like',
]

const allowed: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: [...equality, ...likeness, ...order],
  integer: [...equality, ...order],
  amount: [...equality, ...order],
  boolean: equality,
  day: [...equality, ...order, ...likeness],
  enum: [...equality, ...likeness],
  set: [...equality, ...likeness],
  reference: [...equality, ...likeness],
}

/** The operators that make sense for a type, the most common first. */
export const operatorsOf = (type: FieldType): readonly Operator[] => allowed[type]

export const isLikeness = (operator: Operator): boolean => likeness.includes(operator)

/** The field of that name or alias. */
export function findField(schema: FilterSchema, name: string): FilterField | undefined {
  const own = Object.hasOwn(schema.aliases, name) ? schema.aliases[name] : name
  return own !== undefined && Object.hasOwn(schema.fields, own) ? schema.fields[own] : undefined
}

/** One step of a path: the field, and the kind of record it is read from. */
export interface Step {
  readonly schema: FilterSchema
  readonly field: FilterField
}

/** A field reached through any number of references. */
export interface Route {
  readonly through: readonly (Step & { readonly field: FilterField & { readonly type: 'reference' } })[]
  readonly last: Step
}

/** Follows the condition's dotted path; refuses names that are not there and points at the part that is wrong. */
export function routeOf(schema: FilterSchema, { field: path, place }: Condition): Route {
  const quoted = place?.field ?? { offset: 0, length: 0 }
  const names = path.split('.')
  if (names.length > limits.pathSteps) throw new Refused('filter.too-deep', quoted, { maximum: limits.pathSteps })
  const through: Route['through'][number][] = []
  let current = schema
  let offset = quoted.offset + 1
  for (const [index, name] of names.entries()) {
    // Only a plainly written name can be pointed at inside its quotes; with a prefix or escapes the whole is marked.
    const plain = quoted.length === path.length + 2
    const span: Span = plain && name !== '' ? { offset, length: name.length } : quoted
    // A field of its own may have a dotted name (`reg_ids.id_type`).
    const whole = findField(current, names.slice(index).join('.'))
    if (whole) return { through, last: { schema: current, field: whole } }
    const field = findField(current, name)
    if (!field) {
      const suggestion = nearestName(current, name)
      throw new Refused('filter.unknown-field', span, {
        field: excerpt(name),
        record: current.record,
        suggestion,
        context: suggestion ? 'suggestion' : 'none',
      })
    }
    if (field.type !== 'reference') throw new Refused('filter.not-a-reference', span, { field: excerpt(name) })
    through.push({ schema: current, field })
    current = field.target()
    offset += name.length + 1
  }
  throw new Error('A path has at least one name')
}

/** The known name with the fewest changed letters, if it is near enough to be a slip; else empty. */
function nearestName(schema: FilterSchema, name: string): string {
  if (name.length > 60) return ''
  let best = ''
  let bestDistance = Math.min(3, Math.ceil(name.length / 3)) + 1
  for (const candidate of [...Object.keys(schema.fields), ...Object.keys(schema.aliases)]) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
