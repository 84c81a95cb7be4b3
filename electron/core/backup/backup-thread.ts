import { parentPort, workerData } from 'node:worker_threads'
import { OfficeError } from '../../../shared/contract/result.ts'
import { findBackups } from './backup-folder.ts'
import type { BackupAnswer, BackupTask, BackupValue } from './backup-worker.ts'
import { lookAtFolder } from './look-at-folder.ts'
import { makeBackup } from './make-backup.ts'
import { makeRekeyedCopy } from './rekeyed-copy.ts'
import { restoreBackup } from './restore-backup.ts'

/* One task of backups is done, then the thread ends; see `backup-worker.ts`. */
const port = parentPort
if (port === null) throw new Error('backups are made in a worker thread only')

const task = workerData as BackupTask

function done(): BackupValue {
  switch (task.task) {
    case 'make':
      return makeBackup(task)
    case 'look':
      return lookAtFolder(task)
    case 'find':
      return findBackups(task.place)
    case 'restore':
      return restoreBackup(task)
    case 'rekey':
      return makeRekeyedCopy(task)
  }
}

function answer(): BackupAnswer {
  try {
    return { outcome: 'done', value: done() }
  } catch (error) {
    if (error instanceof OfficeError) return { outcome: 'fault', fault: error.fault, text: '' }
    return { outcome: 'fault', fault: undefined, text: error instanceof Error ? error.name : String(error) }
  }
}

port.postMessage(answer())
