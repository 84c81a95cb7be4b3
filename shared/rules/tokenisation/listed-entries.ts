/** Longest entry of a list: that of an identity number. */
const LONGEST = 128

/**
 * Reads a list of people: one to a line, the first column where there are several, with or without quotes. The same entry counts
 * once, empty lines not at all.
 */
export function listedEntries(text: string): string[] {
  const entries = text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .map((line) => /^\s*(?:"((?:[^"]|"")*)"|([^,;\t]*))/.exec(line))
    .map((cell) => (cell?.[1]?.replaceAll('""', '"') ?? cell?.[2] ?? '').normalize('NFC').trim().slice(0, LONGEST))
  return [...new Set(entries.filter((entry) => entry !== ''))]
}
