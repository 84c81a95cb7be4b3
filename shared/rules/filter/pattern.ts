import { fold } from './fold.ts'

/** A `like` pattern, read once. `folded` patterns are compared with folded text. */
export type Pattern =
  | { readonly kind: 'contains' | 'equals'; readonly folded: boolean; readonly text: string }
  /** Items are single code points, `'one'` (`_`) or `'many'` (`%`). */
  | { readonly kind: 'wildcards'; readonly folded: boolean; readonly items: readonly PatternItem[] }
export type PatternItem = { readonly literal: string } | 'one' | 'many'

const ESCAPED_OR_WILDCARD = /\\([\s\S])|[%_]/gu

/**
 * Reads a pattern: `%` any text, `_` one character, a backslash takes the next character as it is (a last one stands for
 * itself). `whole` patterns (`=like`) cover the whole text, the others any part of it.
 */
export function readPattern(written: string, whole: boolean, folded: boolean): Pattern {
  const literal = (text: string) => (folded ? fold(text) : text)
  const parts: ('one' | 'many' | { text: string })[] = []
  const addText = (text: string) => {
    const last = parts.at(-1)
    if (typeof last === 'object') last.text += text
    else if (text) parts.push({ text })
  }
  let from = 0
  for (const match of written.matchAll(ESCAPED_OR_WILDCARD)) {
    addText(written.slice(from, match.index))
    if (match[1] !== undefined) addText(match[1])
    else if (match[0] === '_') parts.push('one')
    else if (parts.at(-1) !== 'many') parts.push('many')
    from = match.index + match[0].length
  }
  addText(written.slice(from))
  const [first, ...others] = parts
  if (!first) return { kind: whole ? 'equals' : 'contains', text: '', folded }
  if (typeof first === 'object' && others.length === 0) {
    return { kind: whole ? 'equals' : 'contains', text: literal(first.text), folded }
  }
  const items = parts.flatMap((part): PatternItem[] =>
    typeof part === 'object' ? Array.from(literal(part.text), (character) => ({ literal: character })) : [part],
  )
  if (!whole) {
    if (items[0] !== 'many') items.unshift('many')
    if (items.at(-1) !== 'many') items.push('many')
  }
  return { kind: 'wildcards', items, folded }
}

function matchItems(characters: readonly string[], items: readonly PatternItem[]): boolean {
  let at = 0
  let item = 0
  // Only the latest `many` is ever taken back, which keeps the work within length × length.
  let manyItem = -1
  let manyAt = 0
  while (at < characters.length) {
    const current = items[item]
    if (current === 'many') {
      manyItem = item
      manyAt = at
      item += 1
    } else if (current === 'one' || (current !== undefined && current.literal === characters[at])) {
      at += 1
      item += 1
    } else if (manyItem >= 0) {
      manyAt += 1
      at = manyAt
      item = manyItem + 1
    } else return false
  }
  while (items[item] === 'many') item += 1
  return item === items.length
}

/** The test of one text against the pattern, ready to be run many times. */
export function patternTest(pattern: Pattern): (text: string) => boolean {
  const prepared = pattern.folded ? fold : (text: string) => text
  if (pattern.kind === 'wildcards') return (text) => matchItems(Array.from(prepared(text)), pattern.items)
  if (pattern.kind === 'contains') return (text) => prepared(text).includes(pattern.text)
  return (text) => prepared(text) === pattern.text
}

/** The same pattern for SQLite's GLOB, which keeps case and counts code points, as `matchItems` does. */
export const globOf = (items: readonly PatternItem[]): string =>
  items
    .map((item) => {
      if (item === 'many') return '*'
      if (item === 'one') return '?'
      return '*?['.includes(item.literal) ? `[${item.literal}]` : item.literal
    })
    .join('')
