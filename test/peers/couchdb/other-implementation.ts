import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'

/** As far as it is used here; neither package brings types. */
interface PouchFactory {
  defaults(options: { readonly prefix: string }): PouchFactory
}
type ExpressPouch = (pouch: PouchFactory, options: { readonly mode: string }) => RequestListener

const require = createRequire(import.meta.url)

export interface OtherServer {
  readonly origin: string
  close(): Promise<void>
}

/** Starts express-pouchdb, another implementation of the same protocol, over LevelDB. */
export async function startExpressPouch(): Promise<OtherServer> {
  const directory = mkdtempSync(join(tmpdir(), 'express-pouchdb-'))
  const pouch = require('pouchdb') as PouchFactory
  const expressPouch = require('express-pouchdb') as ExpressPouch
  const server = createServer(expressPouch(pouch.defaults({ prefix: directory + sep }), { mode: 'minimumForPouchDB' }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
