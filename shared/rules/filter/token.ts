import { limits, type Span } from './domain.ts'
import { excerpt, Refused } from './error.ts'

export type Token = Span &
  (
    | { readonly kind: '[' | ']' | '(' | ')' | ',' | 'end' }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'constant'; readonly value: boolean | null }
  )

const SPACE = /[ \t\r\n\f]*/y
const CONSTANTS: Readonly<Record<string, boolean | null>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
}
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
/** Python's decimal numbers, and whatever is glued to them, so that `12abc` is one wrong number. */
const NUMBER = /[+-]?(?:\d|\.\d)(?:[eE][+-]|[\p{L}\p{N}_.])*/uy
const WELL_FORMED_NUMBER =
  /^[+-]?(?:(?:0(?:_?0)*|[1-9](?:_?\d)*)|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?)$/
const WHOLE_NUMBER = /^[+-]?[\d_]+$/
const LEADING_ZERO = /^[+-]?0[\d_]*[1-9]/

const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
}

function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ''
}

function readEscape(text: string, offset: number): { value: string; length: number } {
  const letter = text[offset + 1] ?? ''
  const digits = { x: 2, u: 4, U: 8 }[letter]
  if (digits !== undefined) {
    const hex = matchAt(/[0-9a-fA-F]{1,8}/y, text, offset + 2).slice(0, digits)
    const code = Number.parseInt(hex, 16)
    if (hex.length < digits || code > 0x10ffff) {
      const length = 2 + hex.length
      throw new Refused('filter.bad-escape', { offset, length }, { escape: text.slice(offset, offset + length) })
    }
    return { value: String.fromCodePoint(code), length: 2 + digits }
  }
  const octal = matchAt(/[0-7]{1,3}/y, text, offset + 1)
  if (octal) return { value: String.fromCharCode(Number.parseInt(octal, 8)), length: 1 + octal.length }
  if (letter === 'N') throw new Refused('filter.bad-escape', { offset, length: 2 }, { escape: '\\N' })
  const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined
  // Python keeps the backslash of a sequence it does not know; `like` patterns such as '50\%' rest on it.
  return simple === undefined ? { value: '\\', length: 1 } : { value: simple, length: 2 }
}

function readString(text: string, start: number, quoteAt: number): Token {
  const quote = text[quoteAt]
  let value = ''
  let offset = quoteAt + 1
  while (offset < text.length) {
    const character = text[offset] ?? ''
    if (character === quote) {
      const span = { offset: start, length: offset + 1 - start }
      if (value.length > limits.stringLength) {
        throw new Refused('filter.too-long', span, { maximum: limits.stringLength })
      }
      // SQLite cuts text at NUL and replaces half pairs: neither could be compared equally there and here.
      if (value.includes('\0') || !value.isWellFormed()) throw new Refused('filter.bad-text', span)
      return { kind: 'string', value, ...span }
    }
    if (character === '\n' || character === '\r') break
    if (character === '\\' && offset + 1 < text.length) {
      const escaped = readEscape(text, offset)
      value += escaped.value
      offset += escaped.length
    } else {
      value += character
      offset += 1
    }
  }
  throw new Refused('filter.unterminated-text', { offset: start, length: offset - start })
}

function readNumber(text: string, offset: number): Token | undefined {
  const written = matchAt(NUMBER, text, offset)
  if (!written) return undefined
  const span = { offset, length: written.length }
  const whole = WHOLE_NUMBER.test(written)
  const value = Number(written.replaceAll('_', ''))
  if (
    !WELL_FORMED_NUMBER.test(written) ||
    (whole && (LEADING_ZERO.test(written) || !Number.isSafeInteger(value))) ||
    !Number.isFinite(value)
  ) {
    throw new Refused('filter.bad-number', span, { number: excerpt(written) })
  }
  // A negative zero is equal to zero everywhere but in Object.is; there is no use for it here.
  return { kind: 'number', value: value === 0 ? 0 : value, ...span }
}

/** The token at or after `from`, skipping white space; refuses what Python's literals have not. */
export function readToken(text: string, from: number): Token {
  const offset = from + matchAt(SPACE, text, from).length
  const character = text[offset]
  if (character === undefined) return { kind: 'end', offset: text.length, length: 0 }
  switch (character) {
    case '[':
    case ']':
    case '(':
    case ')':
    case ',':
      return { kind: character, offset, length: 1 }
    case "'":
    case '"':
      return readString(text, offset, offset)
  }
  const next = text[offset + 1]
  if ((character === 'u' || character === 'U') && (next === "'" || next === '"')) {
    return readString(text, offset, offset + 1)
  }
  const number = readNumber(text, offset)
  if (number) return number
  const name = matchAt(NAME, text, offset)
  const span = { offset, length: name.length }
  // Python's words, and those of JSON, in which connectors keep their filters.
  if (Object.hasOwn(CONSTANTS, name)) return { kind: 'constant', value: CONSTANTS[name] ?? null, ...span }
  if (name) throw new Refused('filter.unknown-name', span, { name: excerpt(name) })
  const found = String.fromCodePoint(text.codePointAt(offset) ?? 0)
  throw new Refused(
    'filter.unexpected',
    { offset, length: found.length },
    { found, expected: '', context: 'character' },
  )
}
