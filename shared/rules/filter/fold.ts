// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant
const ASCII = /^[\x00-\x7f]*$/

/** The name under which the store registers {@link fold} with SQLite (one argument, deterministic). */
export const FOLD_FUNCTION = 'filter_fold'

/**
 * Text without its case, for `ilike`: the same for every alphabet, independent of language and of the position in a
 * word, so that a part of a text folds to a part of the folded text (final sigma, capital sharp s, dotted I).
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('ß', 'ss')
    .replaceAll('i\u0307', 'i')
    .normalize('NFC')
}

/** Orders text by code point, as SQLite's BINARY collation does over UTF-8; JavaScript's `<` goes by UTF-16 unit. */
export function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index++) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a === b) continue
    const aIsSurrogate = a >= 0xd800 && a <= 0xdfff
    const bIsSurrogate = b >= 0xd800 && b <= 0xdfff
    if (aIsSurrogate !== bIsSurrogate) return aIsSurrogate ? 1 : -1
    return a - b
  }
  return left.length - right.length
}
