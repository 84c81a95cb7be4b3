import { randomUUID, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Draft, PeerDatabase } from './databases.ts'

export interface CouchdbPeerOptions {
  readonly port?: number
  readonly user: string
  readonly password: string
}

/** A server that speaks a subset of CouchDB's protocol, in memory. */
export interface CouchdbPeer {
  readonly origin: string
  readonly databases: ReadonlyMap<string, PeerDatabase>
  /** Requests so far. */
  readonly requests: () => number
  /** While set, every request is answered with this status. */
  fail(status: number | null): void
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const LARGEST_REQUEST = 64_000_000

const said = (status: number, error: string, reason: string): Answer => ({ status, body: { error, reason } })
const missing = said(404, 'not_found', 'missing')
const conflict = said(409, 'conflict', 'Document update conflict.')

/** Starts it on the loopback address. */
export async function startCouchdbPeer({ port = 0, user, password }: CouchdbPeerOptions): Promise<CouchdbPeer> {
  const databases = new Map<string, PeerDatabase>()
  const uuid = randomUUID()
  let requests = 0
  let failing: number | null = null
  const server = createServer((request, response) => {
    requests += 1
    answer(databases, uuid, { user, password }, failing, request)
      .then((given) => send(response, given))
      .catch(() => send(response, said(400, 'bad_request', 'invalid UTF-8 JSON')))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    databases,
    requests: () => requests,
    fail(status) {
      failing = status
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  databases: Map<string, PeerDatabase>,
  uuid: string,
  account: Pick<CouchdbPeerOptions, 'user' | 'password'>,
  failing: number | null,
  request: IncomingMessage,
): Promise<Answer> {
  const body = await readJson(request)
  if (failing !== null) return said(failing, 'told', 'As told.')
  if (!isAllowed(request.headers.authorization, account)) {
    return said(401, 'unauthorized', 'Name or password is incorrect.')
  }
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const [name, ...rest] = url.pathname.split('/').filter((part) => part !== '')
  if (name === undefined) return { status: 200, body: { couchdb: 'Welcome', version: '3.4.2', uuid } }
  const method = request.method ?? 'GET'
  if (rest.length === 0 && method !== 'POST') return onDatabase(databases, method, name)
  const database = databases.get(name)
  if (database === undefined) return said(404, 'not_found', 'Database does not exist.')
  const id = rest.map(decodeURIComponent).join('/')
  switch (id) {
    case '':
      return write(database, String((body as Draft)._id ?? randomUUID().replaceAll('-', '')), body as Draft)
    case '_all_docs':
      return { status: 200, body: allDocuments(database, url.searchParams, body) }
    case '_changes':
      return { status: 200, body: changes(database, url.searchParams) }
    case '_bulk_docs':
      return { status: 201, body: bulk(database, body) }
    default:
      return onDocument(database, method, id, url.searchParams, body)
  }
}

function onDatabase(databases: Map<string, PeerDatabase>, method: string, name: string): Answer {
  const known = databases.get(name)
  if (method === 'PUT') {
    if (known !== undefined)
      return said(412, 'file_exists', 'The database could not be created, the file already exists.')
    databases.set(name, new PeerDatabase())
    return { status: 201, body: { ok: true } }
  }
  if (known === undefined) return said(404, 'not_found', 'Database does not exist.')
  if (method === 'DELETE') {
    databases.delete(name)
    return { status: 200, body: { ok: true } }
  }
  return { status: 200, body: { db_name: name, doc_count: known.count, update_seq: String(known.sequence) } }
}

function onDocument(database: PeerDatabase, method: string, id: string, query: URLSearchParams, body: unknown): Answer {
  const found = database.find(id)
  if (method === 'PUT') return write(database, id, body as Draft)
  if (found === undefined) return missing
  if (method === 'DELETE') return write(database, id, { _rev: query.get('rev') ?? '', _deleted: true }, 200)
  return { status: 200, body: found }
}

function write(database: PeerDatabase, id: string, draft: Draft, status = 201): Answer {
  const rev = database.put(id, draft)
  return rev === undefined ? conflict : { status, body: { ok: true, id, rev } }
}

function bulk(database: PeerDatabase, body: unknown): unknown[] {
  const { docs } = body as { docs: Draft[] }
  return docs.map((draft) => {
    const id = String(draft._id ?? randomUUID().replaceAll('-', ''))
    const rev = database.put(id, draft)
    return rev === undefined ? { id, error: 'conflict', reason: 'Document update conflict.' } : { ok: true, id, rev }
  })
}

function allDocuments(database: PeerDatabase, query: URLSearchParams, body: unknown): unknown {
  const given = (name: string): string | undefined => {
    const text = query.get(name)
    return text === null ? undefined : (JSON.parse(text) as string)
  }
  const [from, to] = [given('startkey') ?? given('start_key'), given('endkey') ?? given('end_key')]
  const keys = (body as { keys?: string[] } | undefined)?.keys
  const all = database.all()
  const wanted = all.filter(
    ({ _id }) =>
      (keys === undefined || keys.includes(_id)) &&
      (from === undefined || _id >= from) &&
      (to === undefined || _id <= to),
  )
  const rows = wanted.slice(Number(query.get('skip') ?? 0)).slice(0, Number(query.get('limit') ?? wanted.length))
  const withDocuments = query.get('include_docs') === 'true'
  return {
    total_rows: all.length,
    offset: 0,
    rows: rows.map((document) => ({
      id: document._id,
      key: document._id,
      value: { rev: document._rev },
      ...(withDocuments ? { doc: document } : {}),
    })),
  }
}

function changes(database: PeerDatabase, query: URLSearchParams): unknown {
  const all = database.changes(Number.parseInt(query.get('since') ?? '0', 10))
  const page = all.slice(0, Number(query.get('limit') ?? all.length))
  const withDocuments = query.get('include_docs') === 'true'
  return {
    results: page.map(({ seq, id, rev, deleted }) => ({
      seq: String(seq),
      id,
      changes: [{ rev }],
      ...(deleted ? { deleted } : {}),
      ...(withDocuments ? { doc: database.find(id) ?? { _id: id, _rev: rev, _deleted: true } } : {}),
    })),
    last_seq: String(page.at(-1)?.seq ?? database.sequence),
    pending: all.length - page.length,
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST_REQUEST) throw new Error('the request is too large')
    chunks.push(chunk)
  }
  return length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

function isAllowed(
  header: string | undefined,
  { user, password }: Pick<CouchdbPeerOptions, 'user' | 'password'>,
): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
