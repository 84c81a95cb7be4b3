import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RequestHeader } from '../../../shared/contract/g2p-connect.ts'
import type { Fault, RequestKind } from './behaviour.ts'
import { postCallback } from './callback.ts'
import { disburse } from './disburse.ts'
import { PATHS } from './paths.ts'
import type { PaymentSystem } from './payment-system.ts'
import { acknowledgement, httpErrors, type Reply, signedReply } from './reply.ts'
import type { Arrived } from './security/security.ts'
import { status } from './status.ts'
import { readBody, send, sendHalf, sendMalformed } from './wire.ts'

type Mode = 'async' | 'sync'
interface Path {
  readonly kind: RequestKind
  readonly mode: Mode
}

const ROUTES: Readonly<Record<string, Path | 'keys'>> = {
  [PATHS.keys]: 'keys',
  [PATHS.disburse]: { kind: 'disburse', mode: 'async' },
  [PATHS.syncDisburse]: { kind: 'disburse', mode: 'sync' },
  [PATHS.status]: { kind: 'status', mode: 'async' },
  [PATHS.syncStatus]: { kind: 'status', mode: 'sync' },
  [PATHS.token]: { kind: 'token', mode: 'sync' },
}

/** Answers one request of the protocol, or fails as it was told to. */
export async function answerProtocol(
  system: PaymentSystem,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = ROUTES[(request.url ?? '').split('?')[0] ?? '']
  if (path === undefined) return send(response, httpErrors(404, 'err.request.not_found', 'No such path.'))
  if (path === 'keys') {
    system.traffic.keys += 1
    return send(response, { status: 200, body: { keys: system.security.keys.published() } })
  }
  if (request.method !== 'POST') return send(response, httpErrors(405, 'err.request.bad', 'Use POST.'))
  system.traffic[path.kind] += 1
  const fault = system.faults.next(path.kind)
  if (fault !== null) system.traffic.faults += 1
  const dropped = fault?.do === 'drop' ? fault.when : null
  if (dropped === 'before-reading') return void request.socket.destroy()
  const body = await readBody(request)
  if (dropped === 'before-accepting') return void request.socket.destroy()
  const reply = answer(system, request, path, body, fault)
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

function answer(system: PaymentSystem, request: IncomingMessage, path: Path, body: string, fault: Fault | null): Reply {
  const now = system.clock.now()
  if (path.kind === 'token') {
    return fault?.do === 'http-error' ? httpError(fault) : system.authorisation.issueToken(body, now)
  }
  if (!system.authorisation.isAllowed(request.headers, now)) {
    return httpErrors(401, 'err.request.unauthorized', 'The token is missing, wrong or expired.')
  }
  const arrived: Arrived = { body, httpSignature: request.headers.signature?.toString() }
  const accepts = fault === null || !('accepted' in fault) || fault.accepted
  const truth = accepts ? carryOut(system, path, arrived, fault) : null
  if (fault?.do === 'http-error') return httpError(fault)
  if (fault?.do === 'acknowledge') {
    const error = fault.code === '' ? undefined : { code: fault.code, message: 'As told.' }
    return acknowledgement(system, fault.ack, randomUUID(), error)
  }
  if (fault?.do === 'reject-message') return rejectMessage(system, body, fault.code)
  return truth ?? { status: 200, body: {} }
}

function carryOut(system: PaymentSystem, path: Path, arrived: Arrived, fault: Fault | null): Reply {
  if (path.kind === 'disburse') return disburse(system, arrived, path.mode, fault)
  const { reply, callback } = status(system, arrived, path.mode, fault)
  if (callback !== null) postCallback(callback.uri, callback.body)
  return reply
}

function httpError(fault: Extract<Fault, { do: 'http-error' }>): Reply {
  const reply = httpErrors(fault.status, fault.code, 'As told.')
  return fault.retryAfter === null ? reply : { ...reply, headers: { 'retry-after': String(fault.retryAfter) } }
}

function rejectMessage(system: PaymentSystem, body: string, code: string): Reply {
  const raw: { header?: unknown; message?: { transaction_id?: unknown } } = JSON.parse(body)
  const header = RequestHeader.parse(raw.header)
  const wish = { action: `on-${header.action}`, status: 'rjct', code, text: 'As told.', total: 0, completed: 0 }
  return signedReply(system, header, wish, { transaction_id: raw.message?.transaction_id, disbursements_status: [] })
}
