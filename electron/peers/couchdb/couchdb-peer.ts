import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { PeerDatabase, RefusedWrite } from './database.ts'
import { answer } from './door.ts'
import type { Faults } from './faults.ts'
import { CouchdbPeerOptions, type CouchdbPeerOptionsInput } from './peer-options.ts'
import { type HeldRequest, Server } from './server.ts'
import { type Snapshot, Storage } from './storage.ts'

/** What went over the connections, bytes as they were on the wire. */
export interface Traffic {
  readonly requests: number
  readonly received: number
  readonly sent: number
}

/** A server that speaks a subset of CouchDB's protocol, over SQLite. */
export interface CouchdbPeer {
  readonly origin: string
  readonly port: number
  /** Told apart from another server by this; a replaced one has a new one. */
  readonly uuid: () => string
  readonly databases: ReadonlyMap<string, PeerDatabase>
  /** What goes wrong with requests. */
  readonly faults: Faults
  /** Requests so far. */
  readonly requests: () => number
  readonly traffic: () => Traffic
  /** Requests that wait for their answer, as they were told to. */
  readonly held: ReadonlySet<HeldRequest>
  /** Writes that validate functions refused. */
  readonly refused: readonly RefusedWrite[]
  /** While set, every request is answered with this status. */
  fail(status: number | null): void
  /** Ends all sessions. */
  endSessions(): void
  /** Closes port and file; connections end. */
  stop(): Promise<void>
  /** Opens both again after `stop`, on the same port. */
  start(): Promise<void>
  restart(): Promise<void>
  /** Everything as it is now, for `rollBack`. */
  snapshot(): Snapshot
  /** A restart with the content of before, as after a restored backup. */
  rollBack(snapshot: Snapshot): Promise<void>
  /** A restart with nothing: another server at the same address. */
  replace(): Promise<void>
  close(): Promise<void>
}

/** Starts it on the loopback address. */
export async function startCouchdbPeer(given: CouchdbPeerOptionsInput): Promise<CouchdbPeer> {
  const options = CouchdbPeerOptions.parse(given)
  const server = new Server(options)
  const counted = new Counter()
  let http = await listen(server, counted, options.port)
  const { port } = http.address() as AddressInfo
  const stop = (): Promise<void> => shut(http)
  const start = async (content?: Snapshot): Promise<void> => {
    server.reopen(content)
    http = await listen(server, counted, port)
  }
  const restart = async (content?: Snapshot): Promise<void> => {
    await stop()
    await start(content)
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    uuid: () => server.storage.uuid,
    databases: server.databases,
    faults: server.faults,
    held: server.held,
    refused: server.refused,
    requests: () => counted.traffic().requests,
    traffic: () => counted.traffic(),
    fail(status) {
      server.faults.clear()
      if (status !== null) server.faults.add({ do: 'status', status, times: null })
    },
    endSessions: () => server.storage.renewSecret(),
    stop,
    start: () => start(),
    restart: () => restart(),
    snapshot: () => server.snapshot(),
    rollBack: (snapshot) => restart(snapshot),
    replace: () => restart(emptyContent()),
    async close() {
      await stop()
      server.close()
    },
  }
}

function emptyContent(): Snapshot {
  const empty = new Storage(undefined)
  const content = empty.snapshot()
  empty.close()
  return content
}

async function listen(server: Server, counted: Counter, port: number): Promise<HttpServer> {
  const http = createServer((request, response) => {
    counted.request()
    answer(server, request, response).catch((error: unknown) => {
      // A client that hangs up while it is heard is everyday life here; anything else is our own fault and must show.
      if (!request.destroyed || request.complete) console.error('couchdb peer:', error)
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end('{"error":"unknown_error","reason":"see the log"}')
    })
  })
  // A slow line takes its time.
  http.requestTimeout = 0
  http.headersTimeout = 0
  http.keepAliveTimeout = 60_000
  http.on('connection', (socket) => counted.socket(socket))
  http.listen(port, '127.0.0.1')
  await once(http, 'listening')
  return http
}

async function shut(http: HttpServer): Promise<void> {
  if (!http.listening) return
  const closed = once(http, 'close')
  http.close()
  http.closeAllConnections()
  await closed
}

class Counter {
  readonly #open = new Set<Socket>()
  #requests = 0
  #received = 0
  #sent = 0

  request(): void {
    this.#requests += 1
  }

  socket(socket: Socket): void {
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#received += socket.bytesRead
      this.#sent += socket.bytesWritten
    })
  }

  traffic(): Traffic {
    const open = [...this.#open]
    return {
      requests: this.#requests,
      received: open.reduce((sum, { bytesRead }) => sum + bytesRead, this.#received),
      sent: open.reduce((sum, { bytesWritten }) => sum + bytesWritten, this.#sent),
    }
  }
}
