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

/** Keys that an object would not keep in the order they were given to it: array indices, and the prototype's name. */
const UNRULY = /^\d|^__proto__$/

/** Keys as an object gives them and as they are written; lists hold many objects of one form. */
interface Form {
  readonly given: readonly string[]
  readonly sorted: readonly string[]
  readonly unruly: boolean
  /** They are given as they are written. */
  readonly inOrder: boolean
}

function formOf(given: readonly string[]): Form {
  const sorted = [...given].sort(given.some((key) => SURROGATE.test(key)) ? byCodePoint : undefined)
  return { given, sorted, unruly: given.some((key) => UNRULY.test(key)), inOrder: isSame(given, sorted) }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean => {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false
  return true
}

/** The same value with sorted keys, itself where it has them; undefined when no object can hold it so. */
function inKeyOrder(value: object): object | undefined {
  let last: Form | undefined
  let holds = true
  const ordered = (item: unknown): unknown => (typeof item === 'object' && item !== null ? order(item) : item)
  const orderList = (list: readonly unknown[]): readonly unknown[] => {
    let changed: unknown[] | undefined
    for (let at = 0; at < list.length; at += 1) {
      const item = list[at]
      const other = ordered(item)
      if (other !== item) changed ??= list.slice(0, at)
      changed?.push(other)
    }
    return changed ?? list
  }
  const order = (part: object): object => {
    if (Array.isArray(part)) return orderList(part)
    const given = Object.keys(part)
    if (last === undefined || !isSame(last.given, given)) last = formOf(given)
    if (last.unruly || part instanceof NumberText) holds = false
    const { sorted, inOrder } = last
    const record = part as Readonly<Record<string, unknown>>
    let changed: Record<string, unknown> | undefined = inOrder ? undefined : {}
    for (let at = 0; at < sorted.length; at += 1) {
      const key = sorted[at] as string
      const member = record[key]
      const other = ordered(member)
      if (other !== member && changed === undefined) {
        changed = {}
        for (const before of sorted.slice(0, at)) changed[before] = record[before]
      }
      if (changed !== undefined) changed[key] = other
    }
    return changed ?? part
  }
  const whole = order(value)
  return holds ? whole : undefined
}

/** Compact JSON with the keys of every object in the order of their code points; numbers as they were written. */
export function sortedJson(value: unknown): string {
  // The engine writes much faster than any code of ours, where it can.
  const ordered = typeof value === 'object' && value !== null ? inKeyOrder(value) : value
  return ordered === undefined ? writeSorted(value) : JSON.stringify(ordered)
}

function writeSorted(value: unknown): string {
  if (value instanceof NumberText) return value.source
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(writeSorted).join(',')}]`
  const record = value as Readonly<Record<string, unknown>>
  const members = formOf(Object.keys(record)).sorted.filter((key) => record[key] !== undefined)
  return `{${members.map((key) => `${JSON.stringify(key)}:${writeSorted(record[key])}`).join(',')}}`
}

const escapes: string[] = []
const escaped = (code: number): string => {
  escapes[code] ??= `\\u${code.toString(16).padStart(4, '0')}`
  return escapes[code]
}

/** Everything but printable ASCII as `\uXXXX`, beyond the basic plane as two of them, as Python writes by default. */
export const inAscii = (json: string): string =>
  json.replace(/[^ -~]+/g, (run) => {
    let text = ''
    for (let at = 0; at < run.length; at += 1) text += escaped(run.charCodeAt(at))
    return text
  })

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
