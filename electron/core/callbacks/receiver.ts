import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { performance } from 'node:perf_hooks'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { CallerKind, CallReply, RawCall } from './caller.ts'
import { type Rate, RateLimit } from './rate-limit.ts'
import { readBody } from './read-body.ts'
import { type CallbackRoute, findRoute, splitPath } from './secret-paths.ts'

export interface ReceiverLimits {
  readonly connections: number
  /** Milliseconds for the head of a request, for the whole of it, and between two signs of life. */
  readonly head: number
  readonly whole: number
  readonly idle: number
  readonly perAddress: Rate
  readonly perPath: Rate
}

export const usualLimits: ReceiverLimits = {
  connections: 64,
  head: 10_000,
  whole: 30_000,
  idle: 15_000,
  perAddress: { perMinute: 600, burst: 200 },
  perPath: { perMinute: 300, burst: 100 },
}

/** Bytes of all headers together, and how many of them. */
const HEAD = { size: 16_384, count: 100 }

export interface ReceiverOptions {
  readonly bindAddress: string
  /** 0 takes a free one. */
  readonly port: number
  /** PEM. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
  readonly callers: ReadonlyMap<string, CallerKind>
  readonly routes: () => readonly CallbackRoute[]
  /** Keeps a call durably; `full` when there is no room. The caller is answered after that. */
  readonly keep: (call: RawCall, route: CallbackRoute) => 'kept' | 'full' | Promise<'kept' | 'full'>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Gets faults that are nobody's refusal. */
  readonly report: (error: unknown) => void
  readonly limits?: Partial<ReceiverLimits>
}

export interface Receiver {
  readonly port: number
  close(): Promise<void>
}

/**
 * Listens for calls from outside. Whoever does not know a secret path learns nothing: everything else is "not found", with
 * the same bytes.
 *
 * @throws OfficeError `callback.port-taken`, `callback.port-forbidden`, `callback.address-gone`,
 * `callback.certificate-unusable`
 */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const limits = { ...usualLimits, ...options.limits }
  const elapsed = () => performance.now()
  const desk: Desk = {
    options,
    byAddress: new RateLimit(limits.perAddress, elapsed),
    byPath: new RateLimit(limits.perPath, elapsed),
    byKind: new Map(),
  }
  const server = createListener(options, limits, (request, response) => {
    takeCall(desk, request, response).catch((error: unknown) => {
      options.report(error)
      if (response.headersSent) response.destroy()
      else send(response, NOTHING)
    })
  })
  server.maxConnections = limits.connections
  server.maxHeadersCount = HEAD.count
  server.timeout = limits.idle
  await listen(server, options)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function createListener(
  { tls }: ReceiverOptions,
  limits: ReceiverLimits,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const settings: ServerOptions = {
    headersTimeout: limits.head,
    requestTimeout: limits.whole,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: Math.min(1_000, limits.head),
    maxHeaderSize: HEAD.size,
  }
  if (tls === null) return createServer(settings, handler)
  try {
    return createSecureServer({ ...settings, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, handler)
  } catch (error) {
    return fail('callback.certificate-unusable', {}, error)
  }
}

async function listen(server: Server, { bindAddress, port }: ReceiverOptions): Promise<void> {
  server.listen(port, bindAddress)
  try {
    await once(server, 'listening')
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EADDRINUSE':
        return fail('callback.port-taken', { port }, error)
      case 'EACCES':
        return fail('callback.port-forbidden', { port }, error)
      case 'EADDRNOTAVAIL':
      case 'EINVAL':
        return fail('callback.address-gone', { address: bindAddress }, error)
      default:
        throw error
    }
  }
}

interface Desk {
  readonly options: ReceiverOptions
  readonly byAddress: RateLimit
  readonly byPath: RateLimit
  readonly byKind: Map<string, RateLimit>
}

const NOTHING: CallReply = { status: 404, contentType: 'text/plain', body: '' }
const TOO_MANY: CallReply = { status: 429, contentType: 'text/plain', body: '' }
/** Seconds after which a call that could not be kept is worth repeating. */
const KEPT_LATER = 60

/** Kinds with a rate of their own have their own limit. */
function limitOf({ byPath, byKind }: Desk, { kind, rate }: CallerKind): RateLimit {
  if (rate === undefined) return byPath
  const limit = byKind.get(kind) ?? new RateLimit(rate, () => performance.now())
  byKind.set(kind, limit)
  return limit
}

async function takeCall(desk: Desk, request: IncomingMessage, response: ServerResponse) {
  const { options, byAddress } = desk
  const called = findCalled(options, request)
  // Whoever knows a path on which many calls come is no guesser.
  if (called?.kind.rate === undefined) {
    const pause = byAddress.take(request.socket.remoteAddress ?? '')
    if (pause > 0) return turnAway(request, response, later(TOO_MANY, pause))
  }
  if (called === undefined) return turnAway(request, response, NOTHING)
  const { route, kind, path } = called
  const first = { id: newId(), cameAt: options.now() }
  const pathPause = limitOf(desk, kind).take(`${route.caller}:${route.owner}`)
  if (pathPause > 0) return turnAway(request, response, later(kind.refuse('too-many', first), pathPause))
  const body = await readBody(request, kind.largestBody)
  if (body === 'too-large') return turnAway(request, response, kind.refuse('too-large', first))
  // Whoever hangs up in the middle gets no answer.
  if (body === 'broken-off') return void response.destroy()
  const call: RawCall = {
    ...first,
    caller: route.caller,
    owner: route.owner,
    path,
    method: request.method ?? '',
    headers: headersOf(request),
    body,
  }
  const { keep, reply } = kind.answer(call)
  if (keep && (await isKept(options, call, route)) !== 'kept') {
    return send(response, later(kind.refuse('not-kept', first), KEPT_LATER))
  }
  send(response, reply)
}

/** Whose path it is, and what is called there; undefined for everything else. */
function findCalled({ routes, callers }: ReceiverOptions, request: IncomingMessage) {
  const parts = splitPath(request.url ?? '')
  const route = parts === undefined ? undefined : findRoute(routes(), parts.secret)
  const kind = route === undefined ? undefined : callers.get(route.caller)
  const path = kind?.findPath(request.method ?? '', parts?.rest ?? '')
  return route === undefined || kind === undefined || path === undefined ? undefined : { route, kind, path }
}

async function isKept(
  { keep, report }: ReceiverOptions,
  call: RawCall,
  route: CallbackRoute,
): Promise<'kept' | 'full'> {
  try {
    return await keep(call, route)
  } catch (error) {
    // The caller has to hear that it must come again; a fault of the catalogue (disk full, line down) needs no report.
    if (!(error instanceof OfficeError)) report(error)
    return 'full'
  }
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )

const later = (reply: CallReply, seconds: number): CallReply => ({
  ...reply,
  headers: { ...reply.headers, 'retry-after': String(seconds) },
})

function send(response: ServerResponse, { status, headers, contentType, body }: CallReply): void {
  response.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** Milliseconds in which the rest of a request that nobody reads may still come. */
const LINGER = 1_000

/** Answers a request whose body nobody reads: what still comes is thrown away for a moment, so that the answer arrives. */
function turnAway(request: IncomingMessage, response: ServerResponse, reply: CallReply): void {
  if (request.complete || request.headers['content-length'] === '0') {
    send(response, reply)
    return
  }
  const { status, headers, contentType, body } = reply
  const length = Buffer.byteLength(body)
  response.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': length, connection: 'close' })
  response.flushHeaders()
  if (length > 0) response.write(body)
  const timer = setTimeout(() => response.destroy(), LINGER)
  const end = (): void => void response.end()
  request.on('end', end).on('error', end).resume()
  response.on('close', () => clearTimeout(timer))
}
