import { fail } from '../../../../../shared/contract/result.ts'
import type { ResultColumns } from '../../../../../shared/model/payment-file.ts'
import { type ResultLine, type ResultsFile, statusOfWord } from '../../../../../shared/rules/payment-file/results.ts'
import { fromSpreadsheet } from '../../../../../shared/rules/text.ts'
import { openTable, type SealedFile } from '../../../registry/import/table.ts'

const same = (one: string): string => one.trim().normalize('NFC').toLowerCase()

/** Where a column stands; undefined where the settings name none. @throws OfficeError `files.results-no-column`, `files.results-column-twice` */
function placeOf(header: readonly string[], heading: string): number | undefined {
  if (heading === '') return undefined
  const places = header.flatMap((found, place) => (same(found) === same(heading) ? [place] : []))
  if (places.length > 1) fail('files.results-column-twice', { column: heading })
  return places[0] ?? fail('files.results-no-column', { column: heading })
}

/**
 * Reads results out of a table (CSV or a workbook) by the columns that the manager names.
 *
 * @throws OfficeError `files.results-*`, `registry.file-*`, `registry.cell-too-large`
 */
export async function readResultsTable(file: SealedFile, columns: ResultColumns): Promise<ResultsFile> {
  const { header, rows } = await openTable(file, {})
  const place = {
    reference: placeOf(header, columns.reference),
    status: placeOf(header, columns.status),
    amount: placeOf(header, columns.amount),
    payee: placeOf(header, columns.payee),
    currency: placeOf(header, columns.currency),
    code: placeOf(header, columns.code),
    text: placeOf(header, columns.text),
    theirReference: placeOf(header, columns.theirReference),
    time: placeOf(header, columns.time),
  }
  const lines: ResultLine[] = []
  for (const { row, cells } of rows()) {
    const at = (where: number | undefined): string =>
      where === undefined ? '' : fromSpreadsheet((cells[where] ?? '').trim())
    lines.push({
      line: row,
      reference: at(place.reference),
      status: statusOfWord(at(place.status), columns),
      code: at(place.code),
      text: at(place.text),
      amount: at(place.amount),
      currency: at(place.currency),
      payee: at(place.payee),
      theirReference: at(place.theirReference),
      theirTime: at(place.time),
    })
  }
  if (lines.length === 0) fail('files.results-no-lines')
  return { form: 'table', messages: [], lines, whole: null }
}
