import type { ServerResponse } from 'node:http'
import { type Answer, allow, type Call, isTrue, jsonBody, textsOf, wholeNumber } from './call.ts'
import { badRequest } from './couch-fault.ts'
import type { PeerDatabase } from './database.ts'
import { isObject, type JsonObject } from './drafts.ts'
import { revisionOf } from './revisions.ts'
import { matches } from './selector.ts'
import type { DocumentRow } from './storage.ts'
import { textOfRow, treeOf } from './stored-document.ts'

interface Asked {
  readonly since: number
  readonly limit: number
  readonly descending: boolean
  readonly documents: boolean
  readonly conflicts: boolean
  readonly allBranches: boolean
  /** Only these; undefined for all. */
  readonly ids: readonly string[] | undefined
  readonly selector: JsonObject | undefined
}

interface Page {
  readonly text: string
  readonly isEmpty: boolean
}

const NO_LIMIT = 4_294_967_296
const LONGEST_WAIT = 60_000

/** `/{db}/_changes`, at once or when there is something (`feed=longpoll`). */
export function answerChanges(call: Call): Answer {
  allow(call, 'GET', 'POST', 'HEAD')
  const { database, query } = call
  const feed = query.get('feed') ?? 'normal'
  if (feed !== 'normal' && feed !== 'longpoll') throw badRequest(`The feed ${feed} is not spoken here`)
  const asked = read(call)
  const page = pageOf(database, asked)
  if (feed === 'normal' || !page.isEmpty) return { status: 200, body: page.text }
  const timeout = Math.min(wholeNumber(query, 'timeout') ?? LONGEST_WAIT, LONGEST_WAIT)
  return (response, headers) => poll(database, asked, response, headers, { timeout, heartbeat: heartbeatOf(query) })
}

/** Milliseconds; undefined for none. */
function heartbeatOf(query: URLSearchParams): number | undefined {
  const text = query.get('heartbeat')
  if (text === null || text === 'false') return undefined
  return text === 'true' ? LONGEST_WAIT : Math.max(1, wholeNumber(query, 'heartbeat') ?? LONGEST_WAIT)
}

async function poll(
  database: PeerDatabase,
  asked: Asked,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  { timeout, heartbeat }: { readonly timeout: number; readonly heartbeat: number | undefined },
): Promise<void> {
  response.writeHead(200, headers)
  response.flushHeaders()
  const over = new AbortController()
  response.once('close', () => over.abort())
  // Who asks for heartbeats waits as long as it takes.
  const end = heartbeat === undefined ? setTimeout(() => over.abort(), timeout) : undefined
  const beat = heartbeat === undefined ? undefined : setInterval(() => response.write('\n'), heartbeat)
  try {
    let page = pageOf(database, asked)
    while (page.isEmpty && !over.signal.aborted && !database.isGone) {
      await database.nextChange(over.signal)
      // Whoever asked may have gone because the whole server ends.
      if (!database.isGone && !response.destroyed) page = pageOf(database, asked)
    }
    if (!response.destroyed) response.end(page.text)
  } finally {
    clearTimeout(end)
    clearInterval(beat)
  }
}

function read(call: Call): Asked {
  const { query, database, method, body } = call
  const filter = query.get('filter')
  const given = method === 'POST' && body.length > 0 ? jsonBody(call) : {}
  if (filter !== null && filter !== '_doc_ids' && filter !== '_selector') {
    throw badRequest(`The filter ${filter} is not spoken here`)
  }
  return {
    since: sinceOf(database, query.get('since')),
    // As CouchDB does: nothing at all is never asked for.
    limit: Math.max(1, wholeNumber(query, 'limit') ?? NO_LIMIT),
    descending: isTrue(query, 'descending'),
    documents: isTrue(query, 'include_docs'),
    conflicts: isTrue(query, 'conflicts'),
    allBranches: query.get('style') === 'all_docs',
    ids: filter === '_doc_ids' ? textsOf(given, 'doc_ids') : undefined,
    selector: filter === '_selector' && isObject(given.selector) ? given.selector : undefined,
  }
}

/** A sequence of another database of the same name counts as none: everything is told anew. */
function sinceOf(database: PeerDatabase, text: string | null): number {
  if (text === null || text === '' || text === '0') return 0
  if (text === 'now') return database.sequence
  const parts = /^"?([0-9]+)(?:-(.+?))?"?$/.exec(text)
  if (parts === null) throw badRequest("Malformed sequence supplied in 'since' parameter.")
  return parts[2] === undefined || parts[2] === database.origin ? Number(parts[1]) : 0
}

function pageOf(database: PeerDatabase, asked: Asked): Page {
  const found = rowsOf(database, asked)
  const last = found.rows.at(-1)?.seq
  const lastSeq = last !== undefined && found.pending > 0 ? last : found.end
  const results = found.rows.map((row) => rowText(database, row, asked)).join(',\n')
  return {
    isEmpty: found.rows.length === 0,
    text: `{"results":[\n${results}\n],\n"last_seq":"${database.sequenceText(lastSeq)}","pending":${found.pending}}\n`,
  }
}

interface Found {
  readonly rows: readonly DocumentRow[]
  /** Rows behind the page. */
  readonly pending: number
  /** Where the page ends when nothing is behind it. */
  readonly end: number
}

function rowsOf(database: PeerDatabase, asked: Asked): Found {
  const { since, limit, descending, ids, selector } = asked
  const order = `ORDER BY seq ${descending ? 'DESC' : ''}`
  if (ids === undefined && selector === undefined) {
    const rows = database.rows('AND seq > ?', `${order} LIMIT ?`, since, limit)
    const pending = rows.length < limit ? 0 : database.pendingAfter(since, rows, descending)
    return { rows, pending, end: descending ? (rows.at(-1)?.seq ?? since) : database.sequence }
  }
  const all =
    ids === undefined
      ? database.rows('AND seq > ?', order, since)
      : ids
          .flatMap((id) => database.row(id) ?? [])
          .filter(({ seq }) => seq > since)
          .sort((one, other) => (descending ? other.seq - one.seq : one.seq - other.seq))
  const fitting =
    selector === undefined
      ? all
      : all.filter((row) => matches(selector, JSON.parse(textOfRow(row, false)) as JsonObject))
  const rows = fitting.slice(0, limit)
  return { rows, pending: fitting.length - rows.length, end: database.sequence }
}

function rowText(database: PeerDatabase, row: DocumentRow, { documents, conflicts, allBranches }: Asked): string {
  const revs = allBranches && row.others !== null ? treeOf(row).map(revisionOf) : [row.rev]
  const changes = revs.map((rev) => `{"rev":"${rev}"}`).join(',')
  const deleted = row.deleted === 1 ? ',"deleted":true' : ''
  const doc = documents ? `,"doc":${textOfRow(row, conflicts)}` : ''
  return `{"seq":"${database.sequenceText(row.seq)}","id":${JSON.stringify(row.id)},"changes":[${changes}]${deleted}${doc}}`
}
