import { type Reason, reason } from './ruling.ts'

/*
 * Hygiene of text that people type or import. What nobody can see or mean is put right quietly (canonical form, outer
 * and doubled spaces, a byte-order mark, soft hyphens, direction marks); what could deceive a reader or break a file is
 * refused with a reason, and `text` then shows what would remain.
 */

export interface CleanText {
  readonly text: string
  readonly problems: readonly Reason[]
}

/** Length limit of `Line` in the model, in UTF-16 units. */
const LINE_LIMIT = 200
const PLAIN_LINE = /^[!-~]+(?: [!-~]+)*$/

const SPACES = /[\t\p{Zs}]+/gu
// Direction marks have no glyph and move no letters of one script; they come with names copied from contacts and chats.
const QUIETLY_DROPPED = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff]/gu
// Embeddings, overrides and isolates can show a name or number in another order than it is stored.
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/gu
const LINE_BREAKS = /[\n\r\v\f\u0085\u2028\u2029]+/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufff9-\ufffb]/gu
// Deprecated format characters and tag characters: no script needs them in a name.
const INVISIBLE = /[\u206a-\u206f\u115f\u1160\u3164\uffa0\u{e0000}-\u{e0fff}]/gu
// Lone surrogates, non-characters and the mark that a decoder leaves when a file was read in the wrong encoding.
const BROKEN = /[\ufffd\ufffe\uffff\ufdd0-\ufdef\p{Cs}]/gu
const JOINERS = /[\u200c\u200d]/gu
const LETTER_OR_MARK = /^[\p{L}\p{M}]$/u

/** Joiners belong to Persian, Sinhala, Malayalam and others, where they follow a letter or mark; elsewhere they only hide. */
function keepMeantJoiners(text: string): string {
  const kept = text.replace(JOINERS, (joiner, at: number) => {
    const before = text.charAt(at - 1)
    return before > '\u02ff' && LETTER_OR_MARK.test(before) ? joiner : ''
  })
  // A letter and its accent that only a joiner kept apart become one letter, behind which the next joiner hides.
  return kept === text ? text : keepMeantJoiners(kept.normalize('NFC'))
}

function cutTo(text: string, maximum: number): string {
  const cut = text.slice(0, maximum)
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)).trimEnd()
}

function clean(text: string, maximum: number, lineBreaks: 'kept' | 'refused'): CleanText {
  const problems: Reason[] = []
  // Far too long is not worth scanning in full; canonical form shortens a text threefold at most.
  const scanned = text.length > maximum * 4 + 1000 ? text.slice(0, maximum * 4 + 1000) : text
  let result = scanned.replace(BROKEN, '')
  if (result !== scanned) problems.push(reason('text.broken-character'))

  const drop = (pattern: RegExp, problem: Reason, instead = '') => {
    const next = result.replace(pattern, instead)
    if (next !== result) problems.push(problem)
    result = next
  }
  result = result.normalize('NFC').replace(QUIETLY_DROPPED, '')
  drop(CONTROLS, reason('text.control-character'))
  drop(BIDI_CONTROLS, reason('text.bidi-control'))
  drop(INVISIBLE, reason('text.invisible-character'))
  // What was dropped may have stood between a letter and its accent.
  result = keepMeantJoiners(result.normalize('NFC'))
  if (lineBreaks === 'kept') {
    result = result
      .split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/)
      .map((line) => line.replace(SPACES, ' ').trim())
      .join('\n')
  } else {
    result = result.trim()
    drop(LINE_BREAKS, reason('text.line-break'), ' ')
    result = result.replace(SPACES, ' ')
  }
  result = result.trim()
  if (result.length > maximum) {
    problems.push(reason('text.too-long', { maximum }))
    result = cutTo(result, maximum)
  }
  return { text: result, problems }
}

/** One line, such as a name: line breaks inside it are refused. `maximum` in UTF-16 units. */
export function cleanLine(text: string, maximum = LINE_LIMIT): CleanText {
  if (text.length <= maximum && (text === '' || PLAIN_LINE.test(text))) return { text, problems: [] }
  return clean(text, maximum, 'refused')
}

/** Several lines, such as a postal address: line ends are kept as `\n`. `maximum` in UTF-16 units. */
export function cleanLines(text: string, maximum: number): CleanText {
  if (text.length <= maximum && (text === '' || PLAIN_LINE.test(text))) return { text, problems: [] }
  return clean(text, maximum, 'kept')
}

const FORMULA_START = /^'*[=+\-@\t\r\n＝＋－＠]/
const MARKED_FORMULA_START = /^'+[=+\-@\t\r\n＝＋－＠]/

/** A cell that no spreadsheet takes for a formula: such texts get an apostrophe in front. {@link fromSpreadsheet} takes it off. */
export const spreadsheetSafe = (text: string): string => (FORMULA_START.test(text) ? `'${text}` : text)

/** The exact inverse of {@link spreadsheetSafe}; leaves every other text as it is. */
export const fromSpreadsheet = (text: string): string => (MARKED_FORMULA_START.test(text) ? text.slice(1) : text)
