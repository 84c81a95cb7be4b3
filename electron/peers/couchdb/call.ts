import type { IncomingMessage } from 'node:http'
import type { UserContext } from './access.ts'
import { badRequest, CouchFault, methodNotAllowed } from './couch-fault.ts'
import type { PeerDatabase } from './database.ts'
import { isObject, type JsonObject } from './drafts.ts'
import type { Server } from './server.ts'
import type { Reply, Stream } from './wire.ts'

/** One request to a database. */
export interface Call {
  readonly server: Server
  readonly database: PeerDatabase
  readonly user: UserContext
  readonly method: string
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly body: Buffer
}

export type Answer = Reply | Stream

/** The body as a JSON object. Errors: 400, 415. */
export function jsonBody({ request, body }: Pick<Call, 'request' | 'body'>): JsonObject {
  const type = request.headers['content-type']
  if (type !== undefined && !type.startsWith('application/json')) {
    throw new CouchFault(415, 'bad_content_type', 'Content-Type must be application/json')
  }
  const parsed = parseJson(body.toString('utf8'))
  if (!isObject(parsed)) throw badRequest('Request body must be a JSON object')
  return parsed
}

/** Errors: 400. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('invalid UTF-8 JSON')
  }
}

/** A list of texts of a body. Errors: 400. */
export function textsOf(body: JsonObject, name: string): readonly string[] {
  const value = body[name]
  if (!Array.isArray(value)) throw badRequest(`\`${name}\` parameter must be an array.`)
  return value.map(String)
}

export const isTrue = (query: URLSearchParams, name: string): boolean => query.get(name) === 'true'

/** A whole number of the query. Errors: 400 `query_parse_error`. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^[0-9]+$/.test(text)) {
    throw new CouchFault(400, 'query_parse_error', `Invalid value for integer: \`${text}\``)
  }
  return Number(text)
}

/** A JSON value of the query, by any of its names. Errors: 400 `query_parse_error`. */
export function jsonOfQuery(query: URLSearchParams, ...names: readonly string[]): unknown {
  for (const name of names) {
    const text = query.get(name)
    if (text === null) continue
    try {
      return JSON.parse(text)
    } catch {
      throw new CouchFault(400, 'bad_request', 'invalid_json')
    }
  }
  return undefined
}

/** Errors: 405. */
export function allow(call: Pick<Call, 'method'>, ...methods: readonly string[]): void {
  if (!methods.includes(call.method)) throw methodNotAllowed(methods.join(','))
}
