import { existsSync, statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { OfficeError } from '../../../../shared/contract/result.ts'
import { smallerHeap } from '../../thread-limits.ts'
import type { FromImport, ImportTask, ToImport } from './import-types.ts'

/** A run holds a portion and no more; with little room before it, what is left of the last portion is collected sooner. */
const portionHeap = { ...smallerHeap, maxOldGenerationSizeMb: 256 } as const

/** Something that can be ended while it runs; nothing to end while it does not. */
export interface Stoppable {
  stop: (() => void) | undefined
}

/** What can be asked of the import thread while it works. */
export interface ImportThread {
  /** Has it fold the journal of the store back once that has so many bytes; returns when it is done. */
  foldJournal(from: number): Promise<void>
}

/**
 * Runs one task on a thread of its own. Messages are dealt with one after the other; `onMessage` says when the task is through.
 *
 * @param storeFile the store whose journal may have to be folded
 * @param stoppable gets its `stop` for as long as the thread works
 * @throws OfficeError `api.cancelled` once stopped, `registry.file-too-large`, and what the task or `onMessage` failed with
 */
export async function converse(
  task: ImportTask,
  storeFile: string,
  stoppable: Stoppable,
  onMessage: (message: FromImport, thread: ImportThread) => Promise<boolean>,
): Promise<void> {
  const entry = import.meta.url.endsWith('.ts') ? './import-thread.ts' : './import-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    workerData: task,
    name: 'import',
    resourceLimits: task.task === 'run' ? portionHeap : smallerHeap,
  })
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => undefined)
  stoppable.stop = () => ended.reject(new OfficeError({ code: 'api.cancelled', params: {} }))
  let checkpointed: (() => void) | undefined
  const post = (message: ToImport): void => worker.postMessage(message)
  const thread: ImportThread = {
    async foldJournal(from) {
      const journal = `${storeFile}-wal`
      if (!existsSync(journal) || statSync(journal).size < from) return
      await new Promise<void>((resolve, reject) => {
        checkpointed = resolve
        ended.promise.then(resolve, reject)
        post({ to: 'checkpoint' })
      })
    },
  }
  let queue = Promise.resolve()
  worker.on('message', (message: FromImport) => {
    if (message.from === 'checkpointed') return checkpointed?.()
    if (message.from === 'failed') {
      return ended.reject(message.fault === undefined ? new Error(message.text) : new OfficeError(message.fault))
    }
    queue = queue
      .then(async () => {
        if (await onMessage(message, thread)) ended.resolve()
        else if (message.from === 'slice' || message.from === 'checking') post({ to: 'next' })
      })
      .catch(ended.reject)
  })
  worker.on('error', (error) => {
    const tooLarge = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ended.reject(tooLarge ? new OfficeError({ code: 'registry.file-too-large', params: {} }) : error)
  })
  try {
    await ended.promise
  } finally {
    stoppable.stop = undefined
    await queue
    await worker.terminate()
  }
}
