import { allow, type Call, isTrue, jsonBody, jsonOfQuery, textsOf, wholeNumber } from './call.ts'
import { CouchFault } from './couch-fault.ts'
import type { PeerDatabase } from './database.ts'
import type { JsonObject } from './drafts.ts'
import type { DocumentRow } from './storage.ts'
import { textOfRow } from './stored-document.ts'
import type { Reply } from './wire.ts'

/** What of a listing is asked for; the body of a POST says the same words as the query. */
interface Asked {
  readonly keys: readonly string[] | undefined
  readonly start: unknown
  readonly end: unknown
  readonly inclusiveEnd: boolean
  readonly descending: boolean
  readonly limit: number
  readonly skip: number
  readonly documents: boolean
  readonly conflicts: boolean
}

const NO_LIMIT = 4_294_967_296

/** `/{db}/_all_docs`. */
export function answerAllDocuments(call: Call, designsOnly = false): Reply {
  allow(call, 'GET', 'POST', 'HEAD')
  const asked = read(call)
  const { database } = call
  const rows = asked.keys === undefined ? inRange(database, asked, designsOnly) : byKeys(database, asked)
  return {
    status: 200,
    body: `{"total_rows":${database.count},"offset":${asked.keys === undefined ? asked.skip : null},"rows":[\n${rows.join(',\n')}\n]}\n`,
  }
}

function read(call: Call): Asked {
  const query = new URLSearchParams(call.query)
  const body: JsonObject = call.method === 'POST' && call.body.length > 0 ? jsonBody(call) : {}
  for (const [name, value] of Object.entries(body)) {
    if (name !== 'keys') query.set(name, JSON.stringify(value))
  }
  const inQuery = jsonOfQuery(query, 'keys')
  const key = jsonOfQuery(query, 'key')
  const keys =
    body.keys === undefined && inQuery === undefined ? undefined : textsOf({ keys: body.keys ?? inQuery }, 'keys')
  return {
    keys,
    start: key ?? jsonOfQuery(query, 'startkey', 'start_key'),
    end: key ?? jsonOfQuery(query, 'endkey', 'end_key'),
    inclusiveEnd: query.get('inclusive_end') !== 'false',
    descending: isTrue(query, 'descending'),
    limit: wholeNumber(query, 'limit') ?? NO_LIMIT,
    skip: wholeNumber(query, 'skip') ?? 0,
    documents: isTrue(query, 'include_docs'),
    conflicts: isTrue(query, 'conflicts'),
  }
}

function byKeys(database: PeerDatabase, asked: Asked): string[] {
  const { keys = [], skip, limit, descending } = asked
  const wanted = descending ? [...keys].reverse() : keys
  return wanted.slice(skip, skip + limit).map((key) => {
    const row = database.row(key)
    return row === undefined ? `{"key":${JSON.stringify(key)},"error":"not_found"}` : rowText(row, asked)
  })
}

function inRange(database: PeerDatabase, asked: Asked, designsOnly: boolean): string[] {
  const { start, end, descending, inclusiveEnd, limit, skip } = asked
  const conditions = ['AND deleted = 0']
  const values: unknown[] = []
  const bound = (comparison: string, value: unknown): void => {
    if (value === undefined) return
    conditions.push(`AND id ${comparison} ?`)
    values.push(keyText(value))
  }
  bound(descending ? '<=' : '>=', start)
  bound(`${descending ? '>' : '<'}${inclusiveEnd ? '=' : ''}`, end)
  if (designsOnly) conditions.push("AND id >= '_design/' AND id < '_design0'")
  if (start !== undefined && end !== undefined && isReversed(keyText(start), keyText(end), descending)) {
    throw new CouchFault(
      400,
      'query_parse_error',
      `No rows can match your key range, reverse your start_key and end_key or set descending=${!descending}`,
    )
  }
  const tail = `ORDER BY id ${descending ? 'DESC' : ''} LIMIT ? OFFSET ?`
  return database.rows(conditions.join(' '), tail, ...values, limit, skip).map((row) => rowText(row, asked))
}

/** What is no text lies before every text, except lists and objects, which lie behind. */
const keyText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' && value !== null ? '\u{10ffff}' : ''

function isReversed(start: string, end: string, descending: boolean): boolean {
  const order = Buffer.compare(Buffer.from(start), Buffer.from(end))
  return descending ? order < 0 : order > 0
}

function rowText(row: DocumentRow, { documents, conflicts }: Asked): string {
  const key = JSON.stringify(row.id)
  const isDeleted = row.deleted === 1
  const doc = documents ? `,"doc":${isDeleted ? 'null' : textOfRow(row, conflicts)}` : ''
  return `{"id":${key},"key":${key},"value":{"rev":"${row.rev}"${isDeleted ? ',"deleted":true' : ''}}${doc}}`
}
