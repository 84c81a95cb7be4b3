import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './database.ts'

/* Folds the store's journal back into its file while the core thread is free; see `journal.ts`. */
const { file, key } = workerData as { file: string; key: Uint8Array }
const port = parentPort
if (port === null) throw new Error('the journal is folded in a worker thread only')

const database = openDatabase(file, { bytes: key }, 'write', 2)
port.on('message', (message: 'fold' | 'close') => {
  if (message === 'fold') {
    database.pragma('wal_checkpoint(PASSIVE)')
    port.postMessage('folded')
    return
  }
  database.close()
  port.close()
})
