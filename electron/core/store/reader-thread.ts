import { parentPort, workerData } from 'node:worker_threads'
import { OfficeError } from '../../../shared/contract/result.ts'
import { openDatabase, type Statement, translate } from './database.ts'
import { readQueries } from './read-queries.ts'
import type { ReadContext, ReadQuery } from './read-query.ts'
import type { FromReader, ToReader } from './reader.ts'

/*
 * The reading thread: a read-only connection that answers lists, search, totals and exports. Long reads are generators;
 * all that run take turns slice by slice, and a cancelled one is simply not continued.
 */
/** MB of decrypted pages. */
const CACHE = 12

const { file, key } = workerData as { file: string; key: Uint8Array }
const port = parentPort
if (port === null) throw new Error('the reader runs in a worker thread only')

// Each commit of the core makes what is kept here worthless, so it does not have to be much.
const database = openDatabase(file, { bytes: key }, 'read', CACHE)
const statements = new Map<string, Statement>()
const context: ReadContext = {
  database,
  sql(text) {
    let statement = statements.get(text)
    if (statement === undefined) {
      statement = database.prepare(text)
      statements.set(text, statement)
    }
    return statement
  },
}

const running = new Map<number, Generator<number, unknown>>()
let turning = false

const post = (message: FromReader): void => port.postMessage(message)

function answerFault(id: number, error: unknown): void {
  running.delete(id)
  const fault = error instanceof OfficeError ? error.fault : undefined
  post({ id, outcome: 'fault', fault, text: fault === undefined ? String((error as Error).stack ?? error) : '' })
}

/** One slice of each running read, then back to the event loop so that new questions and cancellations are heard. */
function turn(): void {
  for (const [id, read] of running) {
    try {
      const step = translate(() => read.next())
      if (step.done) {
        running.delete(id)
        post({ id, outcome: 'answer', value: step.value })
      } else post({ id, outcome: 'progress', done: step.value })
    } catch (error) {
      answerFault(id, error)
    }
  }
  turning = running.size > 0
  if (turning) setImmediate(turn)
}

port.on('message', (message: ToReader) => {
  if (message.ask === 'close') {
    database.close()
    port.close()
    return
  }
  if (message.ask === 'cancel') {
    running.get(message.id)?.return(undefined)
    running.delete(message.id)
    return
  }
  const query = (readQueries as Readonly<Record<string, ReadQuery<unknown>>>)[message.name]
  try {
    if (query === undefined) throw new Error(`no such read: ${message.name}`)
    const result = translate(() => query(context, message.input))
    if (isGenerator(result)) {
      running.set(message.id, result)
      if (!turning) {
        turning = true
        setImmediate(turn)
      }
    } else post({ id: message.id, outcome: 'answer', value: result })
  } catch (error) {
    answerFault(message.id, error)
  }
})

function isGenerator(value: unknown): value is Generator<number, unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { next?: unknown }).next === 'function'
}

port.postMessage({ id: 0, outcome: 'answer', value: null } satisfies FromReader)
