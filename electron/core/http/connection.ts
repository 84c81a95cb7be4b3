import { createHash } from 'node:crypto'
import { request as plainRequest } from 'node:http'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSecure, createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { ClientCertificate, HttpClock, ProxyDecision } from './exchange-types.ts'
import { connectFault, lineEvidence } from './network-fault.ts'

/** Where and how to connect. */
export interface Route {
  readonly url: URL
  readonly proxy: ProxyDecision
  readonly certificateAuthority: string
  readonly clientCertificate: ClientCertificate | null
}

/** No connection was made, so no byte of any request left. */
export class ConnectFailure extends Error {
  readonly code: ErrorCode
  readonly line: 'down' | 'maybe' | 'up'

  constructor(code: ErrorCode, line: 'down' | 'maybe' | 'up', cause?: unknown) {
    super(code, { cause })
    this.code = code
    this.line = line
  }
}

/** Two routes with the same key may share a kept connection. */
export function routeKey(route: Route): string {
  const trust = `${route.certificateAuthority}\n${route.clientCertificate?.certificate ?? ''}`
  const proxy = route.proxy === null ? '' : `${route.proxy.host}:${route.proxy.port}`
  return `${route.url.origin} ${proxy} ${createHash('sha256').update(trust).digest('hex')}`
}

/** `127.0.0.0/8`, `::1` and `localhost`: reached whether the line is up or not. */
export function isLoopback(hostname: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]' || hostname === 'localhost'
}

/**
 * Opens a connection that is ready for a request: name found, connected, proxy passed, certificate verified. It is opened
 * before any request exists on it, which is what makes a failure here proof that nothing was sent.
 * @throws ConnectFailure
 */
export async function openConnection(route: Route, timeLimit: number, signal: AbortSignal, clock: HttpClock) {
  const opened: Socket[] = []
  const stop = Promise.withResolvers<never>()
  const callOff = clock.after(timeLimit, () =>
    stop.reject(Object.assign(new Error('connect'), { code: 'CONNECT_TIME_LIMIT' })),
  )
  const cancel = (): void => stop.reject(new ConnectFailure('http.cancelled', 'up'))
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  let secure = false
  try {
    const context = route.url.protocol === 'https:' ? secureContext(route) : null
    const first = route.proxy ?? { host: bareHost(route.url), port: portOf(route.url) }
    let socket = await Promise.race([
      establish(connectPlain({ ...first, noDelay: true }), 'connect', opened),
      stop.promise,
    ])
    if (context === null) return socket
    if (route.proxy !== null) await Promise.race([passProxy(socket, route), stop.promise])
    secure = true
    const host = bareHost(route.url)
    const name = isIP(host) === 0 ? { servername: host } : {}
    const wrapped = connectSecure({
      socket,
      host,
      ...name,
      secureContext: context,
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
    })
    socket = await Promise.race([establish(wrapped, 'secureConnect', opened), stop.promise])
    return socket
  } catch (error) {
    for (const socket of opened) socket.destroy()
    if (error instanceof ConnectFailure) throw error
    throw new ConnectFailure(connectFault(error, secure), lineEvidence(error), error)
  } finally {
    callOff()
    signal.removeEventListener('abort', cancel)
    stop.promise.catch(() => undefined)
  }
}

function establish(socket: Socket, ready: 'connect' | 'secureConnect', opened: Socket[]): Promise<Socket> {
  opened.push(socket)
  return new Promise((resolve, reject) => {
    // The error listener stays: an error between two owners of the socket must not end the process.
    socket.on('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    socket.once(ready, () => resolve(socket))
  })
}

/** Asks the proxy for a tunnel; only its own `CONNECT` line travels, never the request. */
function passProxy(socket: Socket, route: Route): Promise<void> {
  return new Promise((resolve, reject) => {
    const target = `${route.url.hostname}:${portOf(route.url)}`
    const authorization = route.proxy?.authorization
    const asked = plainRequest({
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
      createConnection: () => socket,
    })
    const refused = (): void => reject(new ConnectFailure('http.proxy-refused', 'up'))
    asked.once('connect', (reply) => (reply.statusCode === 200 ? resolve() : refused()))
    asked.once('response', refused)
    asked.once('error', reject)
    asked.end()
  })
}

const contexts = new Map<string, SecureContext>()
const KEPT_CONTEXTS = 32

function secureContext(route: Route): SecureContext {
  const { certificateAuthority, clientCertificate } = route
  const key = createHash('sha256')
    .update(JSON.stringify([certificateAuthority, clientCertificate]))
    .digest('hex')
  const known = contexts.get(key)
  if (known !== undefined) return known
  try {
    const context = createSecureContext({
      ca: certificateAuthority === '' ? trustedBySystem() : certificateAuthority,
      minVersion: 'TLSv1.2',
      ...(clientCertificate === null ? {} : { cert: clientCertificate.certificate, key: clientCertificate.key }),
    })
    if (contexts.size >= KEPT_CONTEXTS) contexts.clear()
    contexts.set(key, context)
    return context
  } catch (error) {
    throw new ConnectFailure('http.own-certificate-unusable', 'up', error)
  }
}

let systemAuthorities: string[] | null = null

function trustedBySystem(): string[] {
  systemAuthorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  return systemAuthorities
}

/** Hostname as the socket wants it: IPv6 without its brackets. */
function bareHost(url: URL): string {
  return url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}
