import { parentPort, workerData } from 'node:worker_threads'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import type { TableRow } from '../registry/import/csv.ts'
import { openTable, type SealedFile } from '../registry/import/table.ts'

/** From the thread: the heading first, then a page of rows for each `next`, an empty one at the end. */
export type FromList =
  | { readonly from: 'heading'; readonly header: readonly string[] }
  | { readonly from: 'rows'; readonly rows: readonly TableRow[] }
  | { readonly from: 'failed'; readonly fault: Fault | undefined; readonly text: string }

/*
 * Reads an uploaded list page by page, so that decoding and parsing keep the core thread free.
 */
const PAGE = 500
const port = parentPort
if (port === null) throw new Error('lists are read in a worker thread only')
const post = (message: FromList): void => port.postMessage(message)

function failed(error: unknown): void {
  const fault = error instanceof OfficeError ? error.fault : undefined
  post({ from: 'failed', fault, text: fault === undefined ? String((error as Error).stack ?? error) : '' })
}

try {
  const table = await openTable(workerData as SealedFile, {})
  const rows = table.rows()
  port.on('message', () => {
    try {
      const page: TableRow[] = []
      while (page.length < PAGE) {
        const { value, done } = rows.next()
        if (done) break
        page.push(value)
      }
      post({ from: 'rows', rows: page })
    } catch (error) {
      failed(error)
    }
  })
  post({ from: 'heading', header: table.header })
} catch (error) {
  failed(error)
}
