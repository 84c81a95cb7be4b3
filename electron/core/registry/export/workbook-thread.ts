import { parentPort } from 'node:worker_threads'
import writeXlsxFile from 'write-excel-file/node'
import type { ToWorkbook } from './workbook.ts'

/* The workbook thread: takes the rows of one sheet piece by piece, gives the finished file, and ends. */
const port = parentPort
if (port === null) throw new Error('workbooks are made in a worker thread only')

const rows: string[][] = []
port.on('message', (message: ToWorkbook) => {
  if (message.to === 'add') {
    for (const cells of message.rows) rows.push([...cells])
    return
  }
  void writeXlsxFile(rows, { stickyRowsCount: 1 })
    .toBuffer()
    .then((content) => {
      // A copy of its own: what a buffer shares with others cannot be handed over.
      const bytes = new Uint8Array(content)
      port.postMessage(bytes, [bytes.buffer])
      port.close()
    })
})
