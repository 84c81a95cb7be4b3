import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { TableRow } from '../registry/import/csv.ts'
import type { SealedFile } from '../registry/import/table.ts'
import { smallHeap } from '../thread-limits.ts'
import type { FromList } from './list-reading-thread.ts'

/** An uploaded list: its heading, and its rows page by page. */
export interface ListFile {
  readonly header: readonly string[]
  pages(): AsyncGenerator<readonly TableRow[]>
}

/**
 * Reads a list in a thread of its own, which ends with `work`.
 *
 * @throws OfficeError of the file: empty, damaged, not a table, too large; and whatever `work` throws
 */
export async function withListFile<T>(file: SealedFile, work: (list: ListFile) => Promise<T>): Promise<T> {
  const entry = import.meta.url.endsWith('.ts') ? './list-reading-thread.ts' : './list-reading-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    workerData: file,
    name: 'list',
    resourceLimits: smallHeap,
  })
  const messages = on(worker, 'message')
  const next = async (): Promise<Exclude<FromList, { from: 'failed' }>> => {
    const { value } = (await messages.next()) as { value: [FromList] }
    const [message] = value
    if (message.from !== 'failed') return message
    throw message.fault === undefined ? new Error(message.text) : new OfficeError(message.fault)
  }
  try {
    const heading = await next()
    return await work({
      header: heading.from === 'heading' ? heading.header : [],
      async *pages() {
        for (;;) {
          worker.postMessage('next')
          const page = await next()
          if (page.from !== 'rows' || page.rows.length === 0) return
          yield page.rows
        }
      },
    })
  } finally {
    await worker.terminate()
  }
}
