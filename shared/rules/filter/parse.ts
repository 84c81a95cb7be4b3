import {
  all,
  any,
  type Condition,
  condition,
  type Domain,
  everything,
  limits,
  not,
  nothing,
  type Operator,
  operators,
  type Scalar,
  type Span,
  type Value,
} from './domain.ts'
import { excerpt, type Refusal, Refused, refusing } from './error.ts'
import { readToken, type Token } from './token.ts'

const otherNames: ReadonlyMap<string, Operator> = new Map([
  ['<>', '!='],
  ['==', '='],
])
const unsupported: ReadonlySet<string> = new Set(['child_of', 'parent_of', 'any', 'not any'])

type Term = { readonly logic: '&' | '|' | '!'; readonly span: Span } | Condition | (Domain & { kind: 'constant' })

/** Walks the text token by token; the grammar needs no recursion, so nesting cannot exhaust the stack. */
class Reader {
  readonly text: string
  #next = 0

  constructor(text: string) {
    this.text = text
  }

  take(): Token {
    const token = readToken(this.text, this.#next)
    this.#next = token.offset + token.length
    return token
  }

  expect(kind: Token['kind'], expected: string): Token {
    const token = this.take()
    if (token.kind !== kind) this.refuse(token, expected)
    return token
  }

  /** `expected` is a sign, or one of the words below; `context` chooses the sentence (i18next). */
  refuse(token: Token, expected: string): never {
    const context = ['value', 'field', 'operator', 'condition', 'end'].includes(expected) ? expected : 'sign'
    if (token.kind === 'end') throw new Refused('filter.unexpected-end', token, { expected, context })
    const found = excerpt(this.text.slice(token.offset, token.offset + token.length))
    throw new Refused('filter.unexpected', token, { found, expected, context })
  }
}

const isScalar = (token: Token): token is Token & { value: Scalar } =>
  token.kind === 'string' || token.kind === 'number' || token.kind === 'constant'

interface ReadValue {
  readonly value: Value
  readonly span: Span
  readonly items: readonly Span[]
}

function readValue(reader: Reader): ReadValue {
  const open = reader.take()
  if (isScalar(open)) return { value: open.value, span: open, items: [] }
  if (open.kind !== '[' && open.kind !== '(') reader.refuse(open, 'value')
  const close = open.kind === '[' ? ']' : ')'
  const values: Scalar[] = []
  const items: Span[] = []
  let commas = 0
  let token = reader.take()
  while (token.kind !== close) {
    if (!isScalar(token)) reader.refuse(token, 'value')
    if (values.length === limits.listLength) {
      throw new Refused('filter.too-many-values', token, { maximum: limits.listLength })
    }
    values.push(token.value)
    items.push({ offset: token.offset, length: token.length })
    token = reader.take()
    if (token.kind === ',') {
      commas += 1
      token = reader.take()
    } else if (token.kind !== close) reader.refuse(token, `, ${close}`)
  }
  const span = { offset: open.offset, length: token.offset + 1 - open.offset }
  const [only] = values
  // In Python ('cash') is a text in brackets; only ('cash',) is a tuple.
  if (close === ')' && values.length === 1 && commas === 0 && only !== undefined)
    return { value: only, span, items: [] }
  return { value: values, span, items }
}

function readOperator(reader: Reader): { operator: Operator; span: Span } {
  const token = reader.expect('string', 'operator')
  const span = { offset: token.offset, length: token.length }
  const written = token.kind === 'string' ? token.value : ''
  const name = written.trim().toLowerCase().replace(/\s+/g, ' ')
  const operator = otherNames.get(name) ?? operators.find((known) => known === name)
  if (operator) return { operator, span }
  const code = unsupported.has(name) ? 'filter.unsupported-operator' : 'filter.unknown-operator'
  throw new Refused(code, span, { operator: excerpt(written) })
}

function readCondition(reader: Reader, close: ')' | ']'): Term {
  const field = reader.take()
  if (field.kind !== 'string' && field.kind !== 'number') reader.refuse(field, 'field')
  reader.expect(',', ',')
  const { operator, span } = readOperator(reader)
  reader.expect(',', ',')
  const { value, span: valueSpan, items } = readValue(reader)
  let end = reader.take()
  if (end.kind === ',') end = reader.take()
  if (end.kind !== close) reader.refuse(end, close)
  if (field.kind === 'string') {
    const fieldSpan = { offset: field.offset, length: field.length }
    return condition(field.value, operator, value, { field: fieldSpan, operator: span, value: valueSpan, items })
  }
  // Odoo's two constant terms: (1, '=', 1) and (0, '=', 1).
  if (operator === '=' && value === 1 && field.value === 1) return everything
  if (operator === '=' && value === 1 && field.value === 0) return nothing
  return reader.refuse(field, 'field')
}

function readTerms(reader: Reader): Term[] {
  const terms: Term[] = []
  let conditions = 0
  reader.expect('[', '[')
  let token = reader.take()
  while (token.kind !== ']') {
    if (token.kind === 'string') {
      const logic = token.value
      if (logic !== '&' && logic !== '|' && logic !== '!') {
        throw new Refused('filter.unknown-logic', token, { found: excerpt(logic) })
      }
      terms.push({ logic, span: { offset: token.offset, length: token.length } })
    } else if (token.kind === '(' || token.kind === '[') {
      conditions += 1
      if (conditions > limits.conditions) {
        throw new Refused('filter.too-many-conditions', token, { maximum: limits.conditions })
      }
      terms.push(readCondition(reader, token.kind === '(' ? ')' : ']'))
    } else reader.refuse(token, 'condition')
    token = reader.take()
    if (token.kind === ',') token = reader.take()
    else if (token.kind !== ']') reader.refuse(token, ', ]')
  }
  const end = reader.take()
  if (end.kind !== 'end') reader.refuse(end, 'end')
  return terms
}

/** Prefix notation is read from the right with a stack; what is left over at the top level belongs together by "and". */
function build(terms: readonly Term[]): Domain {
  const stack: { domain: Domain; depth: number }[] = []
  for (const term of terms.toReversed()) {
    if (!('logic' in term)) {
      stack.push({ domain: term, depth: 1 })
      continue
    }
    const { logic, span } = term
    const left = stack.pop()
    const right = logic === '!' ? left : stack.pop()
    if (!left || !right) throw new Refused('filter.missing-term', span, { operator: logic })
    const domain = logic === '!' ? not(left.domain) : (logic === '&' ? all : any)([left.domain, right.domain])
    const kind = logic === '&' ? 'all' : 'any'
    const depth =
      logic === '!'
        ? left.depth + (left.domain.kind === 'not' ? -1 : 1)
        : Math.max(
            ...[left, right].map((operand) => (operand.domain.kind === kind ? operand.depth : operand.depth + 1)),
          )
    if (depth > limits.depth) throw new Refused('filter.too-deep', span, { maximum: limits.depth })
    stack.push({ domain, depth })
  }
  return all(stack.toReversed().map(({ domain }) => domain))
}

/**
 * Reads a filter in Odoo's domain syntax: a Python literal list of conditions and prefix operators. Nothing is
 * evaluated; the answer says what is wrong and where. White space alone is no filter; `[]` takes everything.
 */
export function parse(text: string): { readonly ok: true; readonly domain: Domain } | Refusal {
  return refusing(() => {
    if (text.length > limits.textLength) {
      const span = { offset: limits.textLength, length: text.length - limits.textLength }
      throw new Refused('filter.too-long', span, { maximum: limits.textLength })
    }
    return { ok: true, domain: build(readTerms(new Reader(text))) }
  })
}
