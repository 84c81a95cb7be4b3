import { fail } from '../../../../shared/contract/result.ts'

/** One row of a table. `row` counts as spreadsheets do (the first is 1, empty ones count); `line` is the line of text it begins at. */
export interface TableRow {
  readonly row: number
  readonly line: number
  readonly cells: readonly string[]
}

/** Longest text of one cell; an unclosed quote would otherwise swallow the rest of the file. */
const CELL_LIMIT = 100_000
const COLUMN_LIMIT = 500

/**
 * Reads comma-separated text as RFC 4180 and the spreadsheets write it, from pieces of any length: quoted cells may hold
 * delimiters, doubled quotes and line ends; lines end in CRLF, LF or CR.
 *
 * @throws OfficeError `registry.file-unclosed-quote`, `registry.cell-too-large`, `registry.file-too-many-columns`
 */
export function* readCsv(pieces: Iterable<string>, delimiter: string): Generator<TableRow> {
  let row = 1
  let line = 1
  let startLine = 1
  let cells: string[] = []
  let cell = ''
  let quoted = false
  /** A quote was just closed or doubled: the next character decides. */
  let afterQuote = false
  let afterReturn = false
  let any = false

  const endCell = (): void => {
    cells.push(cell)
    cell = ''
    afterQuote = false
    if (cells.length > COLUMN_LIMIT) fail('registry.file-too-many-columns', { maximum: COLUMN_LIMIT })
  }
  const endRow = (): TableRow => {
    endCell()
    const finished = { row, line: startLine, cells }
    cells = []
    any = false
    row += 1
    return finished
  }
  const special = new RegExp(`["\\r\\n${delimiter === '|' ? '\\|' : delimiter === '\t' ? '\\t' : delimiter}]`, 'g')

  for (const piece of pieces) {
    let at = 0
    while (at < piece.length) {
      const character = piece.charAt(at)
      if (afterReturn) {
        afterReturn = false
        if (character === '\n') {
          at += 1
          continue
        }
      }
      if (quoted) {
        const end = piece.indexOf('"', at)
        const text = piece.slice(at, end < 0 ? piece.length : end)
        for (let found = text.indexOf('\n'); found >= 0; found = text.indexOf('\n', found + 1)) line += 1
        cell += text
        if (cell.length > CELL_LIMIT) {
          fail(row > 1 ? 'registry.file-unclosed-quote' : 'registry.cell-too-large', { row })
        }
        at = end < 0 ? piece.length : end + 1
        if (end >= 0) {
          quoted = false
          afterQuote = true
        }
        continue
      }
      if (character === '"' && (afterQuote || cell === '')) {
        if (afterQuote) cell += '"'
        quoted = true
        afterQuote = false
        any = true
        at += 1
        continue
      }
      afterQuote = false
      if (character === delimiter) {
        any = true
        endCell()
        at += 1
      } else if (character === '\n' || character === '\r') {
        afterReturn = character === '\r'
        at += 1
        line += 1
        yield endRow()
        startLine = line
      } else {
        special.lastIndex = at + 1
        const next = special.exec(piece)?.index ?? piece.length
        cell += piece.slice(at, next)
        if (cell.length > CELL_LIMIT) fail('registry.cell-too-large', { row })
        any = true
        at = next
      }
    }
  }
  if (quoted) fail('registry.file-unclosed-quote', { row })
  if (any || cell !== '' || cells.length > 0) yield endRow()
}

/** The delimiter that parts the first lines into the most columns of the same number. */
export function detectDelimiter(sample: string): string {
  let best = ','
  let bestScore = 0
  for (const delimiter of [',', ';', '\t', '|']) {
    const widths: number[] = []
    try {
      for (const { cells } of readCsv([sample], delimiter)) {
        if (cells.some((cell) => cell !== '')) widths.push(cells.length)
        if (widths.length === 20) break
      }
    } catch {
      // The sample may end inside a quoted cell; what was read so far decides.
    }
    const width = widths[0] ?? 1
    const score = width > 1 ? widths.filter((other) => other === width).length * Math.log(width) : 0
    if (score > bestScore) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}
