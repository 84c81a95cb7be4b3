import { readSheet } from 'read-excel-file/node'
import { fail } from '../../../../shared/contract/result.ts'
import { fromSpreadsheet } from '../../../../shared/rules/text.ts'
import { detectDelimiter, readCsv, type TableRow } from './csv.ts'
import { decodeText, detectEncoding, type Encoding } from './decode.ts'
import { readSealed } from './sealed-file.ts'

/** Where an uploaded file lies, and the key that opens it. */
export interface SealedFile {
  readonly path: string
  readonly key: Uint8Array
  readonly name: string
}

/** How a file is to be read; what is not given is found out. */
export interface Reading {
  readonly encoding?: Encoding | undefined
  readonly delimiter?: string | undefined
}

/** An opened table: how it was read, its heading, and the rows below it. */
export interface Table {
  readonly format: 'csv' | 'xlsx'
  readonly encoding: Encoding | ''
  readonly delimiter: string
  readonly header: readonly string[]
  /** Rows below the heading that are not empty; can be asked for once. */
  rows(): Generator<TableRow>
}

/** Uncompressed size to which a workbook may grow; an archive can hide a thousand times its own size. */
const WORKBOOK_LIMIT = 400_000_000

function isEmpty({ cells }: TableRow): boolean {
  return cells.every((cell) => cell.trim() === '')
}

/** @throws OfficeError of the file: empty, damaged, not a table, too large */
export async function openTable(file: SealedFile, reading: Reading): Promise<Table> {
  const pieces = () => readSealed(file.path, file.key)
  let start: Buffer | undefined
  for (const piece of pieces()) {
    start = piece
    break
  }
  if (start === undefined || start.length === 0) return fail('registry.file-empty')
  const isArchive = start.length > 4 && start.readUInt32LE(0) === 0x04034b50
  return isArchive ? openWorkbook(Buffer.concat([...pieces()])) : openText(pieces, reading)
}

function openText(pieces: () => Iterable<Uint8Array>, reading: Reading): Table {
  const encoding = reading.encoding ?? detectEncoding(pieces)
  let delimiter = reading.delimiter
  if (delimiter === undefined) {
    let sample = ''
    for (const text of decodeText(pieces(), encoding)) {
      sample += text
      if (sample.length > 65_536) break
    }
    delimiter = detectDelimiter(sample.slice(0, 65_536))
  }
  const all = readCsv(decodeText(pieces(), encoding), delimiter)
  return { format: 'csv', encoding, delimiter, ...headed(all) }
}

async function openWorkbook(content: Buffer): Promise<Table> {
  if (unpackedSize(content) > WORKBOOK_LIMIT) fail('registry.file-too-large')
  const sheet = await readSheet(content).catch((error: unknown) => fail('registry.file-damaged', {}, error))
  function* rows(): Generator<TableRow> {
    for (const [index, cells] of sheet.entries()) {
      yield { row: index + 1, line: index + 1, cells: cells.map(cellText) }
      // Large sheets are given back piece by piece.
      sheet[index] = []
    }
  }
  return { format: 'xlsx', encoding: '', delimiter: '', ...headed(rows()) }
}

/** What the archive's directory says it unpacks to. */
function unpackedSize(archive: Buffer): number {
  let sum = 0
  for (let at = archive.indexOf('PK\u0001\u0002', 0, 'latin1'); at >= 0 && at + 28 <= archive.length; ) {
    sum += archive.readUInt32LE(at + 24)
    at = archive.indexOf('PK\u0001\u0002', at + 46, 'latin1')
  }
  return sum
}

/** Marks a number that a spreadsheet has rounded: its last digits are lost. */
export const INEXACT = '\ufffd'

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? INEXACT : cell.toISOString().slice(0, 10)
  if (typeof cell === 'number') {
    return Number.isFinite(cell) && Math.abs(cell) <= Number.MAX_SAFE_INTEGER ? String(cell) : INEXACT
  }
  return String(cell)
}

/** @throws OfficeError `registry.file-no-rows` when there is no heading */
function headed(all: Generator<TableRow>): Pick<Table, 'header' | 'rows'> {
  let header: readonly string[] | undefined
  for (;;) {
    const { value, done } = all.next()
    if (done) break
    if (isEmpty(value)) continue
    header = value.cells.map((cell) => cell.trim().slice(0, 200))
    break
  }
  if (header === undefined) return fail('registry.file-no-rows')
  return {
    header,
    *rows() {
      for (const row of all) if (!isEmpty(row)) yield { ...row, cells: row.cells.map(fromSpreadsheet) }
    },
  }
}
