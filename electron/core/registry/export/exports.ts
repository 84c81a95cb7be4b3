import { fail } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Reader } from '../../store/reader.ts'
import type { Store } from '../../store/store.ts'
import type { RegistrantList } from '../registrant-list.ts'
import type { Order } from '../registrant-order.ts'
import { makeWorkbook } from './workbook.ts'

/** Most rows of a workbook; longer lists go into CSV, which can be of any length. */
export const WORKBOOK_ROWS = 50_000
/** Rows of one piece of a CSV export. */
const PIECE_ROWS = 2_000
/** Bytes of one piece of a workbook. */
const PIECE_BYTES = 750_000
/** An export that nobody fetches is forgotten after this many milliseconds. */
const KEPT_FOR = 600_000

interface Export {
  readonly officerId: string
  readonly contacts: boolean
  readonly rows: Int32Array
  /** The finished workbook; CSV is made piece by piece. */
  readonly workbook: Buffer | undefined
  readonly timer: NodeJS.Timeout
}

export interface ExportPiece {
  /** UTF-8 text or a workbook's bytes, base64. */
  readonly content: string
  readonly done: number
  readonly last: boolean
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
/** Cells as CSV lines; every spreadsheet opens them, and so does our own import. */
export const toCsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')

/** Lists on their way out. What an export holds is fixed when it begins; each begin is audited. */
export class Exports {
  readonly #store: Store
  readonly #reader: Reader
  readonly #exports = new Map<string, Export>()

  constructor(store: Store, reader: Reader) {
    this.#store = store
    this.#reader = reader
  }

  /** @throws OfficeError `registry.export-too-large`, and those of the filter */
  async begin(
    officerId: string,
    input: RegistrantList & { readonly order: Order; readonly format: 'csv' | 'xlsx'; readonly contacts: boolean },
    signal: AbortSignal | undefined,
  ): Promise<{ readonly id: string; readonly rows: number }> {
    const { format, contacts, ...list } = input
    const rows = await this.#reader.run('registry.exportRows', list, { signal })
    if (format === 'xlsx' && rows.length > WORKBOOK_ROWS) fail('registry.export-too-large', { maximum: WORKBOOK_ROWS })
    const workbook = format === 'xlsx' ? await this.#workbook(rows, contacts, signal) : undefined
    const id = newId()
    this.#store.transaction(officerId, (transaction) =>
      transaction.audit({
        action: 'registry.exported',
        subjectKind: 'registry',
        subjectId: id,
        detail: { rows: rows.length, format, contacts },
      }),
    )
    const timer = setTimeout(() => this.#exports.delete(id), KEPT_FOR)
    timer.unref()
    this.#exports.set(id, { officerId, contacts, rows, workbook, timer })
    return { id, rows: rows.length }
  }

  /** The piece from `done` on (rows of CSV, bytes of a workbook). @throws OfficeError `registry.upload-gone` */
  async piece(officerId: string, id: string, done: number, signal: AbortSignal | undefined): Promise<ExportPiece> {
    const open = this.#exports.get(id)
    if (open === undefined || open.officerId !== officerId) return fail('registry.upload-gone')
    const { rows, contacts, workbook } = open
    if (workbook !== undefined) {
      const piece = workbook.subarray(done, done + PIECE_BYTES)
      return this.#passed(id, piece, done + piece.length, workbook.length)
    }
    const cells = await this.#reader.run(
      'registry.exportCells',
      { rows: rows.slice(done, done + PIECE_ROWS), contacts, header: done === 0 },
      { signal },
    )
    // Spreadsheets take UTF-8 for what it is by its mark only.
    const text = (done === 0 ? '\ufeff' : '') + toCsv(cells)
    return this.#passed(id, Buffer.from(text), Math.min(rows.length, done + PIECE_ROWS), rows.length)
  }

  close(): void {
    for (const { timer } of this.#exports.values()) clearTimeout(timer)
    this.#exports.clear()
  }

  #passed(id: string, content: Buffer, done: number, of: number): ExportPiece {
    const last = done >= of
    if (last) {
      clearTimeout(this.#exports.get(id)?.timer)
      this.#exports.delete(id)
    }
    return { content: content.toString('base64'), done, last }
  }

  #workbook(rows: Int32Array, contacts: boolean, signal: AbortSignal | undefined): Promise<Buffer> {
    const reader = this.#reader
    async function* pieces(): AsyncGenerator<string[][]> {
      for (let at = 0; at === 0 || at < rows.length; at += PIECE_ROWS) {
        const piece = { rows: rows.slice(at, at + PIECE_ROWS), contacts, header: at === 0 }
        yield await reader.run('registry.exportCells', piece, { signal })
      }
    }
    return makeWorkbook(pieces(), signal)
  }
}
