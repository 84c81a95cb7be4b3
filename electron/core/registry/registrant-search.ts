import { sortName } from '../store/collections.ts'
import type { ReadContext } from '../store/read-query.ts'

/** Most registrants that a search gives; whoever gets so many types another letter. */
export const SEARCH_LIMIT = 500
/** Candidates taken from the word index before they are put in order. */
const CANDIDATES = 2_000

export interface Found {
  readonly rows: readonly number[]
  /** There are more than were given. */
  readonly more: boolean
}

/** Words as the index of words parts them. */
export const wordsOf = (text: string): string[] => sortName(text).match(/[\p{L}\p{N}\p{Mn}\p{Co}]+/gu) ?? []

const LAST = '\u{10ffff}'

/**
 * Search as you type over names and registry numbers, best first: numbers and names that begin with the text, then
 * names in which every word begins a word. The work is bounded whatever was typed: one letter never walks the registry.
 */
export function searchRegistrants(context: ReadContext, text: string, kind: 'individual' | 'group' | undefined): Found {
  const words = wordsOf(text)
  if (words.length === 0) return { rows: [], more: false }
  const rows = new Set<number>()
  const add = (found: readonly unknown[]): void => {
    for (const row of found) rows.add(row as number)
  }
  const typed = text.trim()
  for (const number of new Set([typed, typed.toUpperCase()])) {
    add(
      context
        .sql(
          `SELECT rowid FROM registrant INDEXED BY registrant_number
           WHERE registry_number >= ? AND registry_number < ? AND removed = 0 ORDER BY registry_number LIMIT 50`,
        )
        .pluck()
        .all(number, number + LAST),
    )
  }
  const start = sortName(text)
  const ofKind = kind === undefined ? '' : 'AND kind = ?'
  add(
    context
      .sql(
        `SELECT rowid FROM registrant INDEXED BY ${kind === undefined ? 'registrant_list' : 'registrant_kind_list'}
         WHERE removed = 0 ${ofKind} AND sort_name >= ? AND sort_name < ? ORDER BY sort_name LIMIT ?`,
      )
      .pluck()
      .all(...(kind === undefined ? [] : [kind]), start, start + LAST, SEARCH_LIMIT + 1),
  )
  const long = words.filter((word) => [...word].length > 1)
  if (long.length > 0 && rows.size <= SEARCH_LIMIT) add(byWords(context, words, long))
  let found = [...rows]
  if (kind !== undefined && found.length > 0) found = keepKind(context, found, kind)
  return { rows: found.slice(0, SEARCH_LIMIT), more: found.length > SEARCH_LIMIT }
}

/** Rows in whose names each word begins a word. Single letters are compared here: the index would give half the registry. */
function byWords(context: ReadContext, words: readonly string[], long: readonly string[]): number[] {
  const query = long.map((word) => `"${word}"*`).join(' AND ')
  const candidates = context
    .sql('SELECT rowid FROM registrant_search WHERE registrant_search MATCH ? LIMIT ?')
    .pluck()
    .all(query, words.length > long.length ? CANDIDATES : SEARCH_LIMIT + 1) as number[]
  const letters = words.filter((word) => !long.includes(word))
  const named = context
    .sql('SELECT rowid AS row, sort_name AS name FROM registrant WHERE rowid IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(candidates)) as { row: number; name: string }[]
  return named
    .filter(({ name }) => {
      const parts = letters.length === 0 ? [] : wordsOf(name)
      return letters.every((letter) => parts.some((part) => part.startsWith(letter)))
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.row - b.row))
    .map(({ row }) => row)
}

function keepKind(context: ReadContext, rows: readonly number[], kind: string): number[] {
  const kept = new Set(
    context
      .sql('SELECT rowid FROM registrant WHERE rowid IN (SELECT value FROM json_each(?)) AND kind = ?')
      .pluck()
      .all(JSON.stringify(rows), kind) as number[],
  )
  return rows.filter((row) => kept.has(row))
}
