import { Worker } from 'node:worker_threads'
import { OfficeError } from '../../../../shared/contract/result.ts'
import { smallHeap } from '../../thread-limits.ts'

export type ToWorkbook =
  | { readonly to: 'add'; readonly rows: readonly (readonly string[])[] }
  | { readonly to: 'finish' }

/**
 * Makes an XLSX file of pieces of rows on a thread of its own: packing some ten thousand rows takes seconds.
 *
 * @throws OfficeError `api.cancelled` when `signal` is aborted, and whatever `pieces` throws
 */
export async function makeWorkbook(
  pieces: AsyncIterable<readonly (readonly string[])[]>,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const entry = import.meta.url.endsWith('.ts') ? './workbook-thread.ts' : './workbook-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), { name: 'workbook', resourceLimits: smallHeap })
  const finished = Promise.withResolvers<Uint8Array>()
  finished.promise.catch(() => undefined)
  const cancel = (): void => finished.reject(new OfficeError({ code: 'api.cancelled', params: {} }))
  const post = (message: ToWorkbook): void => worker.postMessage(message)
  worker.on('message', finished.resolve)
  worker.on('error', finished.reject)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    for await (const rows of pieces) post({ to: 'add', rows })
    post({ to: 'finish' })
    return Buffer.from((await finished.promise).buffer)
  } finally {
    signal?.removeEventListener('abort', cancel)
    await worker.terminate()
  }
}
