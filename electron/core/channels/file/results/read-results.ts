import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { OfficeError } from '../../../../../shared/contract/result.ts'
import type { ResultsFile } from '../../../../../shared/rules/payment-file/results.ts'
import { smallHeap } from '../../../thread-limits.ts'
import type { FromResults, ReadingOrder } from './results-reading-thread.ts'

/**
 * Reads a file of results in a thread of its own.
 *
 * @throws OfficeError of the file: `files.results-*`, `registry.file-*`
 */
export async function readResults(order: ReadingOrder): Promise<ResultsFile> {
  const entry = import.meta.url.endsWith('.ts') ? './results-reading-thread.ts' : './results-reading-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    workerData: order,
    name: 'results',
    resourceLimits: smallHeap,
  })
  try {
    const [message] = (await once(worker, 'message')) as [FromResults]
    if (message.from === 'read') return message.results
    throw message.fault === undefined ? new Error(message.text) : new OfficeError(message.fault)
  } finally {
    await worker.terminate()
  }
}
