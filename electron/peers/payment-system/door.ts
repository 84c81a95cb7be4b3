import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault, RequestKind } from './behaviour.ts'
import type { PaymentSystem } from './payment-system.ts'
import { httpErrors, type Reply } from './reply.ts'
import type { Arrived } from './security/security.ts'
import { readBody, send, sendHalf, sendMalformed } from './wire.ts'

/** One request that a protocol knows. */
export interface Route {
  readonly kind: Exclude<RequestKind, 'token'>
  /** `POST` where nothing is said. */
  readonly method?: 'GET' | 'POST'
  /** Does what is asked; when it returns, what was accepted stands in the ledger's file. */
  readonly carryOut: (system: PaymentSystem, arrived: Arrived, fault: Fault | null) => Reply
  /** What is said instead where a fault is about the protocol's own words; undefined where it is not. */
  readonly misanswer: (system: PaymentSystem, arrived: Arrived, fault: Fault) => Reply | undefined
}

/** What a payment system speaks: its paths, and what is done there. */
export interface Protocol {
  readonly routes: Readonly<Record<string, Route>>
  readonly keysPath: string
  readonly tokenPath: string
}

/** Answers one request of the protocol, or fails as it was told to. */
export async function answerProtocol(
  protocol: Protocol,
  system: PaymentSystem,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (path === protocol.keysPath) {
    system.traffic.keys += 1
    return send(response, { status: 200, body: { keys: system.security.keys.published() } })
  }
  const route = path === protocol.tokenPath ? 'token' : protocol.routes[path]
  if (route === undefined) return send(response, httpErrors(404, 'err.request.not_found', 'No such path.'))
  const method = (route === 'token' ? undefined : route.method) ?? 'POST'
  if (request.method !== method) return send(response, httpErrors(405, 'err.request.bad', `Use ${method}.`))
  const kind = route === 'token' ? 'token' : route.kind
  system.traffic[kind] += 1
  const fault = system.faults.next(kind)
  if (fault !== null) system.traffic.faults += 1
  const dropped = fault?.do === 'drop' ? fault.when : null
  if (dropped === 'before-reading') return void request.socket.destroy()
  const body = await readBody(request)
  if (dropped === 'before-accepting') return void request.socket.destroy()
  const reply = answer(system, request, route, body, fault)
  if (dropped === 'after-accepting') return void request.socket.destroy()
  if (dropped === 'mid-reply') return sendHalf(response, reply)
  if (fault?.do === 'malformed') return sendMalformed(response, reply, fault.form)
  if (fault?.do === 'answer-late') {
    const timer = setTimeout(() => send(response, reply), fault.after)
    response.on('close', () => clearTimeout(timer))
    return
  }
  send(response, reply)
}

function answer(
  system: PaymentSystem,
  request: IncomingMessage,
  route: Route | 'token',
  body: string,
  fault: Fault | null,
): Reply {
  const now = system.clock.now()
  if (route === 'token') {
    return fault?.do === 'http-error'
      ? httpError(fault)
      : system.authorisation.issueToken(body, now, request.headers.authorization)
  }
  if (!system.authorisation.isAllowed(request.headers, now)) {
    return httpErrors(401, 'err.request.unauthorized', 'The token is missing, wrong or expired.')
  }
  const arrived: Arrived = {
    body,
    httpSignature: request.headers.signature?.toString(),
    headers: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ),
    query: new URL(request.url ?? '', 'http://127.0.0.1').searchParams,
  }
  const accepts = fault === null || !('accepted' in fault) || fault.accepted
  const truth = accepts ? route.carryOut(system, arrived, fault) : null
  if (fault?.do === 'http-error') return httpError(fault)
  const misanswer = fault === null ? undefined : route.misanswer(system, arrived, fault)
  return misanswer ?? truth ?? { status: 200, body: {} }
}

function httpError(fault: Extract<Fault, { do: 'http-error' }>): Reply {
  const reply = httpErrors(fault.status, fault.code, 'As told.')
  return fault.retryAfter === null ? reply : { ...reply, headers: { 'retry-after': String(fault.retryAfter) } }
}
