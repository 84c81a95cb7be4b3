import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createHttp, type Http } from './http/http.ts'
import { Sessions } from './identity/sessions.ts'
import { Runs } from './programmes/runs.ts'
import { openReader, type Reader } from './store/reader.ts'
import { Store } from './store/store.ts'

/** What an open office consists of; features take what they need from it. */
export interface Office {
  readonly directory: string
  /** Invented people and built-in peers; nothing real can be reached. */
  readonly training: boolean
  readonly store: Store
  readonly reader: Reader
  readonly sessions: Sessions
  /** The only way out to the network. */
  readonly http: Http
  /** Long work on programmes and cycles. */
  readonly runs: Runs
  close(): Promise<void>
}

export interface OpenOfficeOptions {
  readonly directory: string
  readonly key: Uint8Array
  readonly training: boolean
  /** The only origins the office may reach; every one when left out. */
  readonly allowedOrigins?: () => readonly string[]
}

/** Opens the store and the services over it, in order; closing goes the other way. */
export async function openOffice(options: OpenOfficeOptions): Promise<Office> {
  const { directory, key, training, allowedOrigins } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'office.db')
  const store = new Store({ file, key: { bytes: key } })
  try {
    const reader = await openReader(file, key)
    const runs = new Runs()
    const http = createHttp(allowedOrigins === undefined ? {} : { allowedOrigins })
    return {
      directory,
      training,
      store,
      reader,
      sessions: new Sessions(store),
      http,
      runs,
      async close() {
        await runs.close()
        http.close()
        await reader.close()
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}
