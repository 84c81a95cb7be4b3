import { failure, type Result, success } from '../../../shared/contract/result.ts'
import type { Answered } from './exchange-types.ts'

const DEEPEST = 64

/** `JSON.parse` as ECMAScript 2026 has it: the reviver also gets the source text of a primitive. */
const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown

export interface JsonOptions {
  /** Numbers under these keys come out as their source text, since `100.0` or 16 digits would not survive a float. */
  readonly numbersAsText?: readonly string[]
}

/**
 * The JSON body of a reply, whatever its declared content type. Amounts come out as the text that was sent.
 * Errors: `http.redirect-refused`, `http.reply-not-json`, `http.reply-too-deep`.
 */
export function jsonOf(answer: Answered, options: JsonOptions = {}): Result<unknown> {
  if (answer.status >= 300 && answer.status < 400) return failure('http.redirect-refused', { host: answer.host })
  return parseJson(answer.body, answer.host, options)
}

/** Strict JSON in UTF-8 (a byte order mark is tolerated), at most 64 levels deep. `host` names the sender in the sentence. */
export function parseJson(bytes: Uint8Array, host: string, options: JsonOptions = {}): Result<unknown> {
  const asText = new Set(options.numbersAsText ?? ['amount'])
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return failure('http.reply-not-json', { host })
  }
  // Looked at before parsing: the walk over the parsed value recurses, and a hostile depth would exhaust the stack.
  if (isTooDeep(text)) return failure('http.reply-too-deep', { host })
  try {
    if (!mayHoldNumbers(text, asText)) return success(JSON.parse(text))
    return success(
      parseWithSource(text, (key, value, { source }) =>
        typeof value === 'number' && asText.has(key) && source !== undefined ? source : value,
      ),
    )
  } catch {
    return failure('http.reply-not-json', { host })
  }
}

/** A reviver takes several times as long as the parsing; it is left out where it would find nothing. */
const mayHoldNumbers = (text: string, keys: ReadonlySet<string>): boolean =>
  // A letter of a key can be written as its code.
  text.includes('\\u') || [...keys].some((key) => new RegExp(`"${key}"\\s*:\\s*[-0-9]`).test(text))

function isTooDeep(text: string): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (inText) {
      if (character === 0x5c) at += 1
      else if (character === 0x22) inText = false
    } else if (character === 0x22) inText = true
    else if (character === 0x7b || character === 0x5b) {
      depth += 1
      if (depth > DEEPEST) return true
    } else if (character === 0x7d || character === 0x5d) depth -= 1
  }
  return false
}
