import type { Condition, Domain, Scalar, Value } from './domain.ts'

/** Control, format and separator characters are written as escapes: a text that looks empty or reversed hides nothing. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu

function escapeHidden(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
  if (short) return short
  const code = character.codePointAt(0) ?? 0
  const hex = (digits: number) => code.toString(16).padStart(digits, '0')
  if (code <= 0xff) return `\\x${hex(2)}`
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`
}

function printScalar(value: Scalar): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(HIDDEN, escapeHidden)}'`
}

const printValue = (value: Value): string =>
  typeof value === 'object' && value !== null ? `[${value.map(printScalar).join(', ')}]` : printScalar(value)

const printCondition = ({ field, operator, value }: Condition): string =>
  `(${printScalar(field)}, '${operator}', ${printValue(value)})`

function printTerm(domain: Domain): string[] {
  switch (domain.kind) {
    case 'condition':
      return [printCondition(domain)]
    case 'constant':
      return [domain.value ? "(1, '=', 1)" : "(0, '=', 1)"]
    case 'not':
      return ["'!'", ...printTerm(domain.term)]
    default: {
      const logic = domain.kind === 'all' ? "'&'" : "'|'"
      return [...domain.terms.slice(1).map(() => logic), ...domain.terms.flatMap(printTerm)]
    }
  }
}

/** The filter as canonical text; {@link parse} reads it back to the same filter. */
export function print(domain: Domain): string {
  if (domain.kind === 'constant' && domain.value) return '[]'
  const terms = domain.kind === 'all' ? domain.terms.flatMap(printTerm) : printTerm(domain)
  return `[${terms.join(', ')}]`
}
