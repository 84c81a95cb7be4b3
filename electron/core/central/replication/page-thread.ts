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

/** Documents come in portions, so that taking them in never holds the core thread up; what else the page says comes last. */
export type FromChecker =
  | { readonly id: number; readonly documents: CheckedPage['documents'] }
  | { readonly id: number; readonly rest: Omit<CheckedPage, 'documents'> | undefined }

const PORTION = 500

const port = parentPort
if (port === null) throw new Error('pages are checked in a worker thread only')
port.on('message', ({ id, bytes, of }: ToChecker) => {
  const post = (message: FromChecker): void => port.postMessage(message)
  const page = checkBytes(bytes, of)
  if (page === undefined) return post({ id, rest: undefined })
  const { documents, ...rest } = page
  for (let at = 0; at < documents.length; at += PORTION) post({ id, documents: documents.slice(at, at + PORTION) })
  post({ id, rest })
})
