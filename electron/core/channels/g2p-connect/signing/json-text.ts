/*
 * JSON as it stands on the wire. Signatures cover texts, and a text does not survive parsing: `100.0` becomes `100`, and
 * sixteen digits become others. Values read here keep such numbers as they were written.
 */

/** A number that a float would change, as it was written. */
class NumberText {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown

/** A number with a fraction, an exponent, a negative zero or more digits than a float keeps; a text that looks so does no harm. */
const DELICATE = /(?:^|[:[,\s])(?:-0|-?\d+\.\d+(?:[eE][-+]?\d+)?|-?\d+[eE][-+]?\d+|-?\d{16,})(?=[\s,\]}]|$)/

/** `JSON.parse` that loses no digit. @throws SyntaxError */
export const readExactly = (text: string): unknown =>
  DELICATE.test(text)
    ? parseWithSource(text, (_, value, { source }) =>
        typeof value === 'number' && source !== undefined ? new NumberText(source) : value,
      )
    : JSON.parse(text)

const SURROGATE = /[\ud800-\udfff]/

/** By code points, as Python sorts; UTF-16 units differ from them beyond the basic plane. */
function byCodePoint(one: string, other: string): number {
  const left = [...one]
  const right = [...other]
  for (const [at, character] of left.entries()) {
    const against = right[at]
    if (against === undefined) return 1
    const distance = (character.codePointAt(0) as number) - (against.codePointAt(0) as number)
    if (distance !== 0) return distance
  }
  return left.length - right.length
}

/** Members in the order they were asked for, already written: lists hold many objects of the same few forms. */
interface Form {
  readonly keys: readonly string[]
  readonly written: readonly string[]
}

function formOf(keys: readonly string[]): Form {
  const sorted = [...keys].sort(keys.some((key) => SURROGATE.test(key)) ? byCodePoint : undefined)
  return { keys: sorted, written: sorted.map((key) => `${JSON.stringify(key)}:`) }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean => {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false
  return true
}

/** Compact JSON with the keys of every object in the order of their code points; numbers as they were written. */
export function sortedJson(value: unknown): string {
  let last: { readonly given: readonly string[]; readonly form: Form } | undefined
  const write = (part: unknown): string => {
    if (typeof part === 'string') return JSON.stringify(part)
    if (part === null || typeof part !== 'object') return JSON.stringify(part) ?? 'null'
    if (part instanceof NumberText) return part.source
    if (Array.isArray(part)) return `[${part.map(write).join(',')}]`
    const record = part as Readonly<Record<string, unknown>>
    const given = Object.keys(record)
    if (last === undefined || !isSame(last.given, given)) last = { given, form: formOf(given) }
    const { keys, written } = last.form
    let text = ''
    for (let at = 0; at < keys.length; at += 1) {
      const member = record[keys[at] as string]
      if (member === undefined) continue
      text += text === '' ? '{' : ','
      text += written[at] as string
      text += write(member)
    }
    return text === '' ? '{}' : `${text}}`
  }
  return write(value)
}

/** Everything but printable ASCII as `\uXXXX`, beyond the basic plane as two of them, as Python writes by default. */
export const inAscii = (json: string): string =>
  json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/

/** The one way to write this number, so that `100`, `100.0` and `1e2` are the same and no two others are. */
function normalNumber(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}

const isNumber = (value: unknown): value is number | NumberText =>
  typeof value === 'number' || value instanceof NumberText
const sourceOf = (value: number | NumberText): string => (typeof value === 'number' ? String(value) : value.source)

/** Whether two values that were read exactly mean the same: order of keys aside, numbers by their decimal value. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (isNumber(one) && isNumber(other)) return normalNumber(sourceOf(one)) === normalNumber(sourceOf(other))
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (isNumber(one) || isNumber(other)) return false
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
    return one.every((item, at) => isSameJson(item, other[at]))
  }
  const left = one as Readonly<Record<string, unknown>>
  const right = other as Readonly<Record<string, unknown>>
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
}

/**
 * The members of a JSON object, each as the text it was written in. Where a key stands twice the last one counts, as for
 * every parser in use.
 *
 * @param text valid JSON
 * @returns undefined when it is no object
 */
export function membersOf(text: string): Map<string, string> | undefined {
  const members = new Map<string, string>()
  const open = skipSpace(text, 0)
  if (text[open] !== '{') return undefined
  let at = skipSpace(text, open + 1)
  while (text[at] === '"') {
    const keyEnd = endOfValue(text, at)
    const key = JSON.parse(text.slice(at, keyEnd)) as string
    const begin = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = endOfValue(text, begin)
    members.set(key, text.slice(begin, end))
    at = skipSpace(text, end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return members
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1
  return at
}

/** Where the value that begins here ends. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfString(text, at)
        if (depth === 0) return at + 1
        break
      case 0x7b:
      case 0x5b:
        depth += 1
        break
      case 0x7d:
      case 0x5d:
        if (depth === 0) return at
        depth -= 1
        if (depth === 0) return at + 1
        break
      case 0x2c:
      case 0x20:
      case 0x09:
      case 0x0a:
      case 0x0d:
        if (depth === 0) return at
        break
      default:
    }
  }
  return text.length
}

/** Place of the closing quotation mark. */
function endOfString(text: string, from: number): number {
  let at = from
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at === -1) return text.length
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1
    if (slashes % 2 === 0) return at
  }
}

/** The text without the space between its values. */
export const withoutSpace = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (piece) => (piece.startsWith('"') ? piece : ''))
