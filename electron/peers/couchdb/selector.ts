import { badRequest } from './couch-fault.ts'
import { isObject, type JsonObject } from './drafts.ts'

/** Whether a document fits a Mango selector: fields with dots, comparisons, `$in`, `$exists`, `$and`, `$or`, `$not`. */
export function matches(selector: JsonObject, document: JsonObject): boolean {
  return Object.entries(selector).every(([name, wanted]) => {
    switch (name) {
      case '$and':
        return partsOf(wanted).every((part) => matches(part, document))
      case '$or':
        return partsOf(wanted).some((part) => matches(part, document))
      case '$nor':
        return !partsOf(wanted).some((part) => matches(part, document))
      case '$not':
        return isObject(wanted) && !matches(wanted, document)
      default:
        if (name.startsWith('$')) throw badRequest(`Invalid operator: ${name}`)
        return fits(valueAt(document, name), wanted)
    }
  })
}

function partsOf(value: unknown): JsonObject[] {
  if (!Array.isArray(value)) throw badRequest('Argument must be an array')
  return value.filter(isObject)
}

function fits(value: unknown, wanted: unknown): boolean {
  if (!isObject(wanted) || !Object.keys(wanted).every((name) => name.startsWith('$'))) {
    return isObject(wanted) && isObject(value) ? matches(wanted, value) : compare(value, wanted) === 0
  }
  return Object.entries(wanted).every(([operator, operand]) => holds(operator, value, operand))
}

function holds(operator: string, value: unknown, operand: unknown): boolean {
  if (operator === '$exists') return (value !== undefined) === operand
  if (operator === '$ne') return value !== undefined && compare(value, operand) !== 0
  if (operator === '$not') return !fits(value, operand)
  if (value === undefined) return false
  switch (operator) {
    case '$eq':
      return compare(value, operand) === 0
    case '$gt':
      return compare(value, operand) > 0
    case '$gte':
      return compare(value, operand) >= 0
    case '$lt':
      return compare(value, operand) < 0
    case '$lte':
      return compare(value, operand) <= 0
    case '$in':
      return Array.isArray(operand) && operand.some((one) => compare(value, one) === 0)
    case '$nin':
      return Array.isArray(operand) && !operand.some((one) => compare(value, one) === 0)
    case '$regex':
      return typeof value === 'string' && new RegExp(String(operand)).test(value)
    default:
      throw badRequest(`Invalid operator: ${operator}`)
  }
}

/** The value of a field such as `claim.state`. */
export function valueAt(document: JsonObject, path: string): unknown {
  let value: unknown = document
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined
  return value
}

/** Order over all JSON values: null, false, true, numbers, texts, lists, objects. */
export function compare(one: unknown, other: unknown): number {
  const [rank, otherRank] = [rankOf(one), rankOf(other)]
  if (rank !== otherRank) return rank - otherRank
  if (typeof one === 'number' && typeof other === 'number') return one - other
  if (typeof one === 'string' && typeof other === 'string') return one === other ? 0 : one < other ? -1 : 1
  const [text, otherText] = [JSON.stringify(one) ?? '', JSON.stringify(other) ?? '']
  return text === otherText ? 0 : text < otherText ? -1 : 1
}

function rankOf(value: unknown): number {
  if (value === undefined) return -1
  if (value === null) return 0
  if (typeof value === 'boolean') return value ? 2 : 1
  if (typeof value === 'number') return 3
  if (typeof value === 'string') return 4
  return Array.isArray(value) ? 5 : 6
}
