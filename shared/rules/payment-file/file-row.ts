import type { Submission, SubmissionLine } from '../../model/batch.ts'
import type { FileColumn, FileField } from '../../model/payment-file.ts'
import { parseFinancialAddress } from '../financial-address.ts'
import { decimalAmount } from '../money.ts'
import { type Reason, type Ruling, reason, refused, ruled } from '../ruling.ts'
import { spreadsheetSafe } from '../text.ts'
import { digitsOf } from './file-name.ts'

/** What a row says beside its line. */
export type RowFrame = Pick<Submission, 'programmeName' | 'cycleName' | 'payerAddress' | 'payerName' | 'currency'> & {
  readonly note: string
}

/** Longest note in a file. */
const LONGEST_NOTE = 140

/** What a payment is for, in one line. */
export const noteOf = ({ cycleName, programmeName }: Pick<Submission, 'cycleName' | 'programmeName'>): string =>
  [...`Payment for ${cycleName} under ${programmeName}`].slice(0, LONGEST_NOTE).join('')

/** Cells that a machine compares letter by letter: an apostrophe in front of them would make another account of it. */
const EXACT: ReadonlySet<FileField> = new Set<FileField>([
  'reference',
  'end_to_end_id',
  'payee_address',
  'payee_id',
  'payee_provider',
  'payer_address',
  'payer_id',
  'amount',
  'index',
  'number',
])

/** A phone number with its plus is read as a number by spreadsheets, which harms nobody. */
const HARMLESS = /^\+?\d+$/

/** Whether a spreadsheet could take an address, or the account or phone in it, for a formula. */
export const looksLikeFormula = (text: string): boolean => spreadsheetSafe(text) !== text && !HARMLESS.test(text)

interface Parts {
  readonly type: string
  readonly id: string
  readonly provider: string
}

const partsOf = (address: string): Parts => {
  const parsed = parseFinancialAddress(address)
  return parsed.ok ? parsed.value : { type: '', id: address, provider: '' }
}

function cellOf(
  { field, text }: FileColumn,
  line: SubmissionLine,
  place: number,
  frame: RowFrame,
  amount: string,
): string {
  switch (field) {
    case 'index':
      return String(place)
    case 'number':
      return String(place + 1)
    case 'reference':
      return line.paymentId
    case 'end_to_end_id':
      return digitsOf(line.paymentId)
    case 'payee_name':
      return line.payeeName
    case 'payee_address':
      return line.payeeAddress
    case 'payee_type':
      return partsOf(line.payeeAddress).type
    case 'payee_id':
      return partsOf(line.payeeAddress).id
    case 'payee_provider':
      return partsOf(line.payeeAddress).provider
    case 'payer_name':
      return frame.payerName
    case 'payer_address':
      return frame.payerAddress
    case 'payer_type':
      return partsOf(frame.payerAddress).type
    case 'payer_id':
      return partsOf(frame.payerAddress).id
    case 'amount':
      return amount
    case 'currency':
      return frame.currency
    case 'programme':
      return frame.programmeName
    case 'cycle':
      return frame.cycleName
    case 'note':
      return frame.note
    case 'text':
      return text
  }
}

/**
 * The cells of one payment. Texts that a spreadsheet would take for a formula get an apostrophe in front; references,
 * addresses and amounts are never changed: where one of them could be a formula there is no row.
 *
 * @param place counted from 0
 */
export function fileRow(
  columns: readonly FileColumn[],
  line: SubmissionLine,
  place: number,
  frame: RowFrame,
): Ruling<string[]> {
  const amount = decimalAmount(line.amount, frame.currency)
  if (!amount.ok) return amount
  const row: string[] = []
  for (const column of columns) {
    const cell = cellOf(column, line, place, frame, amount.value)
    if (EXACT.has(column.field) && looksLikeFormula(cell)) return refused('file.looks-like-formula')
    row.push(EXACT.has(column.field) ? cell : spreadsheetSafe(cell))
  }
  return ruled(row)
}

/** Why an address cannot stand in the columns that name it; undefined where it can. */
export function addressCellObstacle(
  columns: readonly FileColumn[],
  whose: 'payee' | 'payer',
  address: string,
): Reason | undefined {
  const { id, provider } = partsOf(address)
  const cells = { address, id, provider }
  const isUnfit = (Object.keys(cells) as (keyof typeof cells)[]).some(
    (part) => columns.some(({ field }) => field === `${whose}_${part}`) && looksLikeFormula(cells[part]),
  )
  return isUnfit ? reason('file.looks-like-formula') : undefined
}

/** All the ways in which results may name the payee of an address: as it was approved, and the account or phone in it. */
export function payeeNames(address: string): readonly string[] {
  const { type, id, provider } = partsOf(address)
  return [address, id, `${type}:${id}`, `${id}@${provider}`]
}
