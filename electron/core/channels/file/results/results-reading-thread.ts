import { TextDecoder } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import { type Fault, fail, OfficeError } from '../../../../../shared/contract/result.ts'
import type { PaymentFileSettings } from '../../../../../shared/model/payment-file.ts'
import type { ResultsFile } from '../../../../../shared/rules/payment-file/results.ts'
import { readSealed } from '../../../registry/import/sealed-file.ts'
import type { SealedFile } from '../../../registry/import/table.ts'
import { readPain002 } from './read-pain-002.ts'
import { readResultsTable } from './read-table.ts'

export interface ReadingOrder {
  readonly file: SealedFile
  readonly results: PaymentFileSettings['results']
}

export type FromResults =
  | { readonly from: 'read'; readonly results: ResultsFile }
  | { readonly from: 'failed'; readonly fault: Fault | undefined; readonly text: string }

const HTML = /^\s*<(?:!doctype\s+html|html|head|body)\b/i

/** How the text of a file begins, whatever its encoding: enough to tell a table from a report and from a web page. */
function beginning(file: SealedFile): string {
  for (const piece of readSealed(file.path, file.key)) {
    return Buffer.from(piece.subarray(0, 2_000))
      .toString('latin1')
      .replaceAll('\0', '')
      .replace(/^(?:ï»¿|ÿþ|þÿ)/, '')
  }
  return ''
}

/** The text of a report: UTF-8, or UTF-16 with its mark. @throws OfficeError `files.results-encoding` */
function* decoded(file: SealedFile): Generator<string> {
  let decoder: TextDecoder | undefined
  try {
    for (const piece of readSealed(file.path, file.key)) {
      decoder ??= new TextDecoder(
        piece[0] === 0xff && piece[1] === 0xfe
          ? 'utf-16le'
          : piece[0] === 0xfe && piece[1] === 0xff
            ? 'utf-16be'
            : 'utf-8',
        { fatal: true },
      )
      yield decoder.decode(piece, { stream: true })
    }
    yield decoder?.decode() ?? ''
  } catch (error) {
    if (error instanceof TypeError) fail('files.results-encoding')
    throw error
  }
}

async function read({ file, results }: ReadingOrder): Promise<ResultsFile> {
  const start = beginning(file)
  if (HTML.test(start)) fail('files.results-html')
  return /^\s*</.test(start)
    ? readPain002(decoded(file), results.paidStatuses)
    : await readResultsTable(file, results.columns)
}

const port = parentPort
if (port === null) throw new Error('results are read in a worker thread only')
const post = (message: FromResults): void => port.postMessage(message)
try {
  post({ from: 'read', results: await read(workerData as ReadingOrder) })
} catch (error) {
  const fault = error instanceof OfficeError ? error.fault : undefined
  post({ from: 'failed', fault, text: fault === undefined ? String((error as Error).stack ?? error) : '' })
}
