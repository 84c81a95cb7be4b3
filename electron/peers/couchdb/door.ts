import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { isServerAdmin, requireMember, requireServerAdmin } from './access.ts'
import { type Answer, type Call, jsonBody } from './call.ts'
import { badRequest, CouchFault, methodNotAllowed } from './couch-fault.ts'
import { answerDatabase } from './database-door.ts'
import type { FaultRule } from './faults.ts'
import type { Server } from './server.ts'
import { answerSession, type Caller, callerOf } from './sessions.ts'
import { USERS, userDocumentId } from './users.ts'
import { type Reply, readBody, send } from './wire.ts'

/** Answers one request, or does not, where a fault is told to meet it. */
export async function answer(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fault = server.faults.take(request.method ?? 'GET', request.url ?? '/')
  if (fault?.do === 'cut-before') {
    request.socket.destroy()
    return
  }
  const reply = await work(server, request, fault)
  if (fault?.do === 'delay') await wait(fault.delay)
  if (fault?.do === 'hold-after') await hold(server, request, fault.delay)
  if (fault?.do === 'cut-after') {
    request.socket.destroy()
    return
  }
  if (typeof reply === 'function') return reply(response, { 'content-type': 'application/json' })
  const isWrite = request.method !== 'GET' && reply.status === 201
  const given = fault?.do === 'quorum-missed' && isWrite ? { ...reply, status: 202 } : reply
  await send(request, response, given, { compress: server.options.compressReplies, cut: fault?.do === 'cut-within' })
}

async function work(server: Server, request: IncomingMessage, fault: FaultRule | undefined): Promise<Answer> {
  try {
    const body = await readBody(request, server.options.maxRequestSize)
    if (fault?.do === 'status') return toldStatus(fault)
    if (fault?.do === 'hold-before') await hold(server, request, fault.delay)
    return await route(server, request, body)
  } catch (error) {
    if (!(error instanceof CouchFault)) throw error
    return { status: error.status, body: { error: error.error, reason: error.reason } }
  }
}

/** Who asked may be gone when it goes on. */
async function hold(server: Server, request: IncomingMessage, delay: number): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const held = { user: callerOf(server, request).user.name ?? '', method, url }
  server.held.add(held)
  await wait(delay)
  server.held.delete(held)
}

const toldStatus = ({ status, retryAfter }: FaultRule): Reply => ({
  status,
  body: { error: 'told', reason: 'As told.' },
  ...(retryAfter === null ? {} : { headers: { 'retry-after': String(retryAfter) } }),
})

async function route(server: Server, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const parts = url.pathname.split('/').filter((part) => part !== '')
  const [name, ...rest] = parts.map(decode)
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
  if (name === '_session') return answerSession(server, request, body)
  const caller = callerOf(server, request)
  const reply =
    name === undefined || (name.startsWith('_') && !server.databases.has(name))
      ? answerServer(server, caller, method, name, url.searchParams)
      : await answerNamed(server, caller, name, rest, { request, body, method, query: url.searchParams })
  return withCookie(reply, caller)
}

function withCookie(reply: Answer, { renewed }: Caller): Answer {
  if (renewed === undefined) return reply
  if (typeof reply === 'function') {
    return (response, headers) => reply(response, { ...headers, 'set-cookie': renewed })
  }
  return { ...reply, headers: { ...reply.headers, 'set-cookie': renewed } }
}

function answerServer(
  server: Server,
  { user }: Caller,
  method: string,
  name: string | undefined,
  query: URLSearchParams,
): Reply {
  if (method !== 'GET') throw methodNotAllowed('GET,HEAD')
  switch (name) {
    case undefined: {
      const { version } = server.options
      const { uuid } = server.storage
      const vendor = { name: 'G2P Field Office' }
      return { status: 200, body: { couchdb: 'Welcome', version, uuid, features: [], vendor } }
    }
    case '_up':
      return { status: 200, body: { status: 'ok', seeds: {} } }
    case '_uuids': {
      const count = Math.min(1000, Number(query.get('count') ?? 1))
      return { status: 200, body: { uuids: Array.from({ length: count }, () => randomUUID().replaceAll('-', '')) } }
    }
    case '_all_dbs':
      requireServerAdmin(user)
      return { status: 200, body: [...server.databases.keys()].sort() }
    default:
      throw new CouchFault(404, 'not_found', 'Database does not exist.')
  }
}

type Request = Pick<Call, 'request' | 'body' | 'method' | 'query'>

async function answerNamed(
  server: Server,
  { user }: Caller,
  name: string,
  rest: readonly string[],
  request: Request,
): Promise<Answer> {
  if (rest.length === 0 && request.method === 'PUT') {
    requireServerAdmin(user)
    server.create(name)
    return { status: 201, body: { ok: true } }
  }
  const database = server.get(name)
  if (rest.length === 0 && request.method === 'DELETE') {
    requireServerAdmin(user)
    server.remove(name)
    return { status: 200, body: { ok: true } }
  }
  const call: Call = { server, database, user, ...request }
  // Whoever is no server admin sees of the users himself alone.
  const isOwn = name === USERS && user.name !== null && rest.length === 1 && rest[0] === userDocumentId(user.name)
  if (!isOwn) requireMember(user, database.security)
  if (isOwn && !isServerAdmin(user) && request.method !== 'GET') keepRoles(call, rest[0] ?? '')
  return answerDatabase(call, rest)
}

/** A user may change his password, not what he may do. */
function keepRoles(call: Call, id: string): void {
  const before = call.database.find(id)?.roles
  if (call.method !== 'PUT' || JSON.stringify(jsonBody(call).roles) !== JSON.stringify(before)) {
    throw new CouchFault(403, 'forbidden', 'Only _admin may edit roles')
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw badRequest('Invalid escape in the address')
  }
}
