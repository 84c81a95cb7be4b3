import { CentralError } from './central-error.ts'
import type { Submission } from './submissions.ts'

/*
 * The part of OData's filter language that Central knows: its own fields of a submission, comparisons, `and`, `or`, `not`, and
 * functions of dates.
 */

type Value = string | number | null
type Evaluate<T> = (submission: Submission) => T

interface Token {
  readonly text: string
  readonly at: number
  readonly kind: 'sign' | 'word' | 'text' | 'number' | 'date'
}

const FIELDS: Readonly<Record<string, (submission: Submission, submitterId: number) => Value>> = {
  __id: ({ id }) => id,
  '__system/submissionDate': ({ submissionDate }) => Date.parse(submissionDate),
  '__system/updatedAt': ({ updatedAt }) => (updatedAt === null ? null : Date.parse(updatedAt)),
  '__system/deletedAt': ({ deletedAt }) => (deletedAt === null ? null : Date.parse(deletedAt)),
  '__system/reviewState': ({ reviewState }) => reviewState,
  '__system/submitterId': (_, submitterId) => submitterId,
}

const PARTS: Readonly<Record<string, (date: Date) => number>> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
}

const COMPARISONS: Readonly<Record<string, (one: Value, other: Value) => boolean>> = {
  eq: (one, other) => one === other,
  ne: (one, other) => one !== other,
  lt: (one, other) => one !== null && other !== null && one < other,
  le: (one, other) => one !== null && other !== null && one <= other,
  gt: (one, other) => one !== null && other !== null && one > other,
  ge: (one, other) => one !== null && other !== null && one >= other,
}

/** Whether a filter looks at what was deleted; otherwise deleted submissions are not there. */
export const asksForDeleted = (filter: string): boolean => filter.includes('__system/deletedAt')

/**
 * Reads a filter.
 *
 * @throws CentralError 400.18 for what is no filter, 501.5 for fields of the form
 */
export function readFilter(text: string, submitterId: number): Evaluate<boolean> {
  const tokens = tokensOf(text)
  let next = 0
  const peek = (): Token | undefined => tokens[next]
  const take = (): Token => {
    const token = tokens[next]
    if (token === undefined) throw unreadable(text.length)
    next += 1
    return token
  }
  const expect = (wanted: string): void => {
    const token = take()
    if (token.text !== wanted) throw unreadable(token.at)
  }
  const either = (): Evaluate<boolean> => {
    let left = both()
    while (peek()?.text === 'or') {
      take()
      const [one, other] = [left, both()]
      left = (submission) => one(submission) || other(submission)
    }
    return left
  }
  const both = (): Evaluate<boolean> => {
    let left = single()
    while (peek()?.text === 'and') {
      take()
      const [one, other] = [left, single()]
      left = (submission) => one(submission) && other(submission)
    }
    return left
  }
  const single = (): Evaluate<boolean> => {
    if (peek()?.text === 'not') {
      take()
      const negated = single()
      return (submission) => !negated(submission)
    }
    if (peek()?.text === '(') {
      take()
      const inner = either()
      expect(')')
      return inner
    }
    const one = operand()
    const sign = take()
    const compare = COMPARISONS[sign.text]
    if (compare === undefined) throw unreadable(sign.at - 1)
    const other = operand()
    return (submission) => compare(one(submission), other(submission))
  }
  const operand = (): Evaluate<Value> => {
    const token = take()
    if (token.kind === 'text') return () => token.text
    if (token.kind === 'number') return () => Number(token.text)
    if (token.kind === 'date') return () => Date.parse(token.text)
    if (token.text === 'null') return () => null
    if (peek()?.text === '(') return called(token)
    const field = FIELDS[token.text]
    // A word that nothing follows is no field that is not known: it cannot be read at all.
    if (field === undefined && COMPARISONS[peek()?.text ?? ''] === undefined) {
      throw unreadable(token.at + token.text.length)
    }
    if (field === undefined) throw unknownField(token)
    return (submission) => field(submission, submitterId)
  }
  const called = ({ text: name, at }: Token): Evaluate<Value> => {
    expect('(')
    if (name === 'now') {
      expect(')')
      return () => Date.now()
    }
    const part = PARTS[name]
    if (part === undefined) throw unreadable(at)
    const of = operand()
    expect(')')
    return (submission) => {
      const date = of(submission)
      return typeof date === 'number' ? part(new Date(date)) : null
    }
  }
  const whole = either()
  const left = peek()
  if (left !== undefined) throw unreadable(left.at)
  return whole
}

const unreadable = (at: number): CentralError =>
  new CentralError(
    400.18,
    `The OData filter expression you provided could not be parsed: Unexpected character at ${at}`,
    {
      reason: `Unexpected character at ${at}`,
    },
  )

const unknownField = ({ text, at }: Token): CentralError =>
  new CentralError(
    501.5,
    `The given OData filter expression references fields not supported by this server: ${text} at ${at}`,
    { at, text },
  )

function tokensOf(text: string): Token[] {
  const pattern =
    /\s*(?:([()])|'((?:[^']|'')*)'|(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)|(-?\d+(?:\.\d+)?)|([A-Za-z_$][\w/-]*))/y
  const tokens: Token[] = []
  const end = text.trimEnd().length
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex
    const found = pattern.exec(text)
    if (found === null) throw unreadable(from)
    const [whole, sign, quoted, date, number, word] = found
    const at = from + whole.length - whole.trimStart().length
    if (sign !== undefined) tokens.push({ text: sign, at, kind: 'sign' })
    else if (quoted !== undefined) tokens.push({ text: quoted.replaceAll("''", "'"), at, kind: 'text' })
    else if (date !== undefined) tokens.push({ text: date, at, kind: 'date' })
    else if (number !== undefined) tokens.push({ text: number, at, kind: 'number' })
    else tokens.push({ text: word ?? '', at, kind: 'word' })
  }
  return tokens
}
