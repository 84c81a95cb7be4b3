import { Agent, type ClientRequest, type IncomingMessage, request as nodeRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { ConnectFailure, openConnection, type Route, routeKey } from './connection.ts'
import type { Answered, HttpClock, HttpRequest } from './exchange-types.ts'
import { exchangeFault } from './network-fault.ts'

/** How one exchange ended, before anybody draws conclusions about line and endpoint. */
export type Exchange =
  | {
      readonly end: 'answered'
      readonly answer: Answered
      /** Wall clock and elapsed time when the head of the reply arrived, and how long after the request was written. */
      readonly headAt: number
      readonly headElapsed: number
      readonly roundTrip: number
    }
  | { readonly end: 'never-sent'; readonly code: ErrorCode; readonly line: 'down' | 'maybe' | 'up' }
  | { readonly end: 'maybe-sent'; readonly code: ErrorCode; readonly status: number | null }

/** Connections that are kept open between requests which do not ask for a fresh one. */
export interface KeptConnections {
  agentFor(route: Route, timeLimit: number): Agent
  close(): void
}

const IDLE_CONNECTIONS = 4
const IDLE_MILLISECONDS = 20_000

export function createKeptConnections(clock: HttpClock): KeptConnections {
  const agents = new Map<string, Agent>()
  const closing = new AbortController()
  return {
    agentFor(route, timeLimit) {
      const key = routeKey(route)
      const known = agents.get(key)
      if (known !== undefined) return known
      const agent = new Agent({ keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS, timeout: IDLE_MILLISECONDS })
      agent.createConnection = (_options, callback) => {
        openConnection(route, timeLimit, closing.signal, clock).then(
          (socket) => callback?.(null, socket),
          (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
        )
        return undefined
      }
      agents.set(key, agent)
      return agent
    },
    close() {
      closing.abort()
      for (const agent of agents.values()) agent.destroy()
      agents.clear()
    },
  }
}

/**
 * Does one request and waits for the whole reply. The connection is made and verified first; the request is written only
 * into a finished connection. So everything that fails before the hand-over is `never-sent`, and everything after it is
 * `maybe-sent`, even where no byte may in truth have left: in doubt a payment counts as sent.
 */
export async function exchange(
  request: HttpRequest,
  route: Route,
  signal: AbortSignal,
  kept: KeptConnections,
  clock: HttpClock,
): Promise<Exchange> {
  const { connect, total } = request.timeLimit
  const connectLimit = Math.min(connect, total)
  if (request.freshConnection !== true) {
    const agent = kept.agentFor(route, connectLimit)
    return converse(request, route, { agent }, { connect: connectLimit, total }, signal, clock)
  }
  const began = clock.elapsed()
  let socket: Socket | null = null
  try {
    socket = await openConnection(route, connectLimit, signal, clock)
    const keptBack = request.keptBack?.()
    if (keptBack !== undefined) throw new ConnectFailure(keptBack, 'up')
    const left = Math.max(0, total - (clock.elapsed() - began))
    return await converse(request, route, { socket }, { connect: left, total: left }, signal, clock)
  } catch (error) {
    socket?.destroy()
    if (error instanceof ConnectFailure) return neverSent(error)
    throw error
  }
}

const neverSent = (failure: ConnectFailure): Exchange => ({
  end: 'never-sent',
  code: failure.code,
  line: failure.line,
})

type Carrier = { readonly socket: Socket } | { readonly agent: Agent }

function converse(
  request: HttpRequest,
  route: Route,
  carrier: Carrier,
  limit: { readonly connect: number; readonly total: number },
  signal: AbortSignal,
  clock: HttpClock,
): Promise<Exchange> {
  const socket = 'socket' in carrier ? carrier.socket : null
  if (signal.aborted || socket?.destroyed === true) {
    socket?.destroy()
    return Promise.resolve(
      neverSent(new ConnectFailure(signal.aborted ? 'http.cancelled' : 'http.not-reachable', 'up')),
    )
  }
  return new Promise((resolve) => {
    let written = clock.elapsed()
    let status: number | null = null
    let settled = false
    // With a connection of its own the request counts as on its way from here; a kept one is handed over by its agent,
    // which tells so before the first byte is written.
    let handedOver = socket !== null
    const outgoing = prepare(request, route, carrier)
    const settle = (result: Exchange): void => {
      if (settled) return
      settled = true
      callOffQuiet()
      callOffConnect()
      callOffTotal()
      signal.removeEventListener('abort', cancel)
      if (result.end !== 'answered') outgoing.destroy()
      resolve(result)
    }
    const lose = (code: ErrorCode, line: 'maybe' | 'up' = 'up'): void =>
      settle(handedOver ? { end: 'maybe-sent', code, status } : { end: 'never-sent', code, line })
    const cancel = (): void => lose('http.cancelled')
    let callOffQuiet = (): void => undefined
    const { quiet } = request.timeLimit
    const moved = (): void => {
      if (quiet === undefined || settled) return
      callOffQuiet()
      callOffQuiet = clock.after(quiet, () => lose('http.timed-out'))
    }
    const callOffTotal = clock.after(limit.total, () => lose('http.timed-out'))
    const callOffConnect = handedOver
      ? () => undefined
      : clock.after(limit.connect, () => handedOver || lose('http.timed-out', 'maybe'))
    signal.addEventListener('abort', cancel, { once: true })

    outgoing.on('socket', () => {
      handedOver = true
      written = clock.elapsed()
      moved()
    })
    outgoing.on('error', (error) => {
      if (error instanceof ConnectFailure && !handedOver) settle(neverSent(error))
      else lose(exchangeFault(error))
    })
    outgoing.on('close', () => lose('http.connection-lost'))
    outgoing.on('upgrade', (_reply, upgraded) => {
      upgraded.destroy()
      lose('http.reply-garbled')
    })
    outgoing.on('response', (reply) => {
      const code = reply.statusCode ?? 0
      status = code
      const headAt = clock.now()
      const headElapsed = clock.elapsed()
      const roundTrip = headElapsed - written
      moved()
      reply.on('data', moved)
      collect(reply, request, lose, (body) => {
        const headers = flatten(reply)
        const answer: Answered = { outcome: 'answered', status: code, headers, body, host: route.url.host }
        settle({ end: 'answered', answer, headAt, headElapsed, roundTrip })
      })
    })
    outgoing.end(request.body)
  })
}

/** The request with its headers, not yet written anywhere. */
function prepare(request: HttpRequest, route: Route, carrier: Carrier): ClientRequest {
  const { url, proxy } = route
  const throughProxy = proxy !== null && url.protocol === 'http:'
  const length = request.body === undefined ? 0 : Buffer.byteLength(request.body)
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  const proxyAuthorization = throughProxy ? proxy.authorization : undefined
  return nodeRequest({
    method: request.method,
    path: throughProxy ? url.origin + url.pathname + url.search : url.pathname + url.search,
    host: url.hostname,
    headers: {
      ...request.headers,
      ...(proxyAuthorization === undefined ? {} : { 'proxy-authorization': proxyAuthorization }),
      host: url.host,
      'accept-encoding': request.acceptsGzip === true ? 'gzip' : 'identity',
      ...(hasBody ? { 'content-length': String(length) } : {}),
    },
    ...('socket' in carrier ? { createConnection: () => carrier.socket } : { agent: carrier.agent }),
  })
}

/** Reads the body and gives up as soon as it is too long, so that memory stays bounded whatever the other side sends. */
function collect(
  reply: IncomingMessage,
  { maximumReply: maximum, acceptsGzip }: Pick<HttpRequest, 'maximumReply' | 'acceptsGzip'>,
  lose: (code: ErrorCode) => void,
  done: (body: Uint8Array) => void,
): void {
  const encoding = reply.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && !(acceptsGzip === true && encoding === 'gzip')) {
    lose('http.reply-garbled')
    return
  }
  if (Number(reply.headers['content-length'] ?? 0) > maximum) {
    lose('http.reply-too-large')
    return
  }
  const chunks: Buffer[] = []
  let length = 0
  reply.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > maximum) lose('http.reply-too-large')
    else chunks.push(chunk)
  })
  reply.on('error', (error) => lose(exchangeFault(error)))
  reply.on('end', () => (reply.complete ? done(Buffer.concat(chunks)) : lose('http.connection-lost')))
}

function flatten(reply: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(reply.headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}
