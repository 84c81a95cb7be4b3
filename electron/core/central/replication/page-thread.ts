import { parentPort } from 'node:worker_threads'
import { type CheckedPage, checkBytes } from './check-page.ts'

/*
 * The checking thread: parses pages of the central server and checks each record against its schema, so that the core
 * thread only has to put them into their tables.
 */
export interface ToChecker {
  readonly id: number
  readonly bytes: Uint8Array
  readonly of: 'changes' | 'rows'
}

export interface FromChecker {
  readonly id: number
  readonly page: CheckedPage | undefined
}

const port = parentPort
if (port === null) throw new Error('pages are checked in a worker thread only')
port.on('message', ({ id, bytes, of }: ToChecker) => {
  port.postMessage({ id, page: checkBytes(bytes, of) } satisfies FromChecker)
})
