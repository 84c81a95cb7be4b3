import { Worker } from 'node:worker_threads'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import type { BackupFound } from '../../../shared/model/backup.ts'
import { smallHeap } from '../thread-limits.ts'
import type { LookTask } from './look-at-folder.ts'
import type { Made, MakeTask } from './make-backup.ts'
import type { Rekeyed, RekeyTask } from './rekeyed-copy.ts'
import type { Restored, RestoreTask } from './restore-backup.ts'

/** The backups at a place that somebody names, to put one of them back. */
interface FindTask {
  readonly task: 'find'
  readonly place: string
}

export type BackupTask = MakeTask | LookTask | FindTask | RestoreTask | RekeyTask
export type BackupValue = Made | Restored | Rekeyed | readonly BackupFound[]

export type BackupAnswer =
  | { readonly outcome: 'done'; readonly value: BackupValue }
  | { readonly outcome: 'fault'; readonly fault: Fault | undefined; readonly text: string }

type OutcomeOf<T extends BackupTask> = T extends MakeTask
  ? Made
  : T extends RestoreTask
    ? Restored
    : T extends RekeyTask
      ? Rekeyed
      : readonly BackupFound[]

/**
 * Does one task on a thread of its own, which ends with it. Aborting ends it between two steps of its own; what it has left
 * unfinished is cleared by the next one.
 *
 * @throws OfficeError those of the task; `api.cancelled`
 */
export async function runBackupTask<T extends BackupTask>(task: T, signal?: AbortSignal): Promise<OutcomeOf<T>> {
  const cancelled = (): OfficeError => new OfficeError({ code: 'api.cancelled', params: {} })
  if (signal?.aborted) throw cancelled()
  const entry = import.meta.url.endsWith('.ts') ? './backup-thread.ts' : './backup-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    workerData: task,
    name: 'backup',
    resourceLimits: smallHeap,
  })
  const { promise, resolve, reject } = Promise.withResolvers<OutcomeOf<T>>()
  worker.on('message', (answer: BackupAnswer) => {
    if (answer.outcome === 'done') resolve(answer.value as OutcomeOf<T>)
    else reject(answer.fault === undefined ? new Error(answer.text) : new OfficeError(answer.fault))
  })
  worker.on('error', reject)
  // After an answer this changes nothing any more.
  worker.on('exit', () => reject(cancelled()))
  const end = (): void => void worker.terminate()
  signal?.addEventListener('abort', end, { once: true })
  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', end)
    await worker.terminate()
  }
}
