import type { CsvForm } from '../../model/payment-file.ts'

const END = { crlf: '\r\n', lf: '\n' } as const
const MARK = '\ufeff'

/** Whether a cell has to stand in quotes (RFC 4180), whichever delimiter a reader guesses. */
const NEEDS_QUOTES = /[",;\t|\r\n]|^\s|\s$|^$/

const quoted = (cell: string): string => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** A table as text (RFC 4180). Cells come as they are to be read: see `file-row.ts` for those that could be formulas. */
export function writeCsv(
  rows: readonly (readonly string[])[],
  { delimiter, lineEnd, byteOrderMark }: Pick<CsvForm, 'delimiter' | 'lineEnd' | 'byteOrderMark'>,
): string {
  const end = END[lineEnd]
  return (byteOrderMark ? MARK : '') + rows.map((row) => row.map(quoted).join(delimiter) + end).join('')
}
