/*
 * How the hub reads an upload: line by line, with no knowledge of quotes.
 */

/** The file in a form: from behind the head of the part to the first blank line or the end of the part, trimmed. */
export function fileIn(body: string): string | undefined {
  const lines = body.split(/\r?\n/)
  const boundary = lines[0] ?? ''
  const head = lines.findIndex((line) => /^content-disposition:.*name="data"/i.test(line))
  if (head < 0) return undefined
  const start = lines.indexOf('', head) + 1
  if (start === 0) return undefined
  const kept: string[] = []
  for (const line of lines.slice(start)) {
    if (line.trim() === '' || line.startsWith(boundary)) break
    kept.push(line)
  }
  return kept.join('\n').trim()
}

const COLUMNS = new Set([
  'id',
  'request_id',
  'payment_mode',
  'payer_identifier_type',
  'payer_identifier',
  'payee_identifier_type',
  'payee_identifier',
  'amount',
  'currency',
  'note',
  'account_number',
  'program_shortcode',
  'cycle',
  'payee_dfsp_id',
  'batch_id',
])

export interface FileRow {
  readonly requestId: string
  readonly mode: string
  readonly payer: string
  readonly payeeType: string
  readonly payee: string
  readonly amount: string
  readonly currency: string
}

/** Every named column must be known; a missing one is not noticed. */
export const hasKnownColumns = (csv: string): boolean =>
  (csv.split('\n')[0] ?? '').split(',').every((column) => COLUMNS.has(column.trim()))

/** Rows by the place of their cells, whatever the header says: a comma within a cell moves all that follow. */
export const rowsIn = (csv: string): FileRow[] =>
  csv
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, requestId = '', mode = '', , payer = '', payeeType = '', payee = '', amount = '', currency = ''] =
        line.split(',')
      return { requestId, mode, payer, payeeType, payee, amount, currency }
    })

/** Later rows with the same key leave the file. */
export const duplicateKeyOf = ({ payee, payeeType, amount, currency }: FileRow): string =>
  `${payee}${payeeType}${amount}${currency}`
