import type { AckStatus } from '../../../../shared/contract/g2p-connect.ts'
import type { CallerKind, CallRefusal, CallReply, RawCall } from '../../callbacks/caller.ts'
import { parseJson } from '../../http/json.ts'

/** What a payment system calls: `/on-disburse`, `/disburse/txn/on-status`, or the bare address with either. */
export type CallbackPath = 'on-disburse' | 'on-status' | 'any'

/** The specification's paths, and the shorter ones that an office tells. */
const PATHS: Readonly<Record<string, CallbackPath>> = {
  '': 'any',
  'on-disburse': 'on-disburse',
  'disburse/on-disburse': 'on-disburse',
  'on-status': 'on-status',
  'txn/on-status': 'on-status',
  'disburse/txn/on-status': 'on-status',
}

const REFUSALS: Readonly<
  Record<CallRefusal, { readonly status: number; readonly code: string; readonly text: string }>
> = {
  'too-large': { status: 413, code: 'err.request.bad', text: 'The message is too large.' },
  'too-many': { status: 429, code: 'err.request.too_many_requests', text: 'Too many messages.' },
  'not-kept': { status: 503, code: 'err.service.unavailable', text: 'Send it again later.' },
}

/**
 * Callbacks of a G2P Connect payment system (§ `/on-disburse`, § `/disburse/txn/on-status`), each answered with the
 * specification's acknowledgement. `ACK` says that the message is here, not that anybody believes it.
 */
export const g2pConnectCaller: CallerKind = {
  kind: 'g2p-connect',
  largestBody: 2_000_000,
  findPath: (method, path) => (method === 'POST' && Object.hasOwn(PATHS, path) ? PATHS[path] : undefined),
  answer(call) {
    const parsed = parseJson(call.body, '')
    const value: unknown = parsed.ok ? parsed.value : undefined
    const header = isObject(value) ? value.header : undefined
    if (isObject(header)) return { keep: true, reply: acknowledge(200, 'ACK', call) }
    const error = { code: 'err.request.bad', message: 'This is not a G2P Connect message.' }
    return { keep: false, reply: acknowledge(200, 'ERR', call, error) }
  },
  refuse(why, call) {
    const { status, code, text } = REFUSALS[why]
    return acknowledge(status, 'ERR', call, { code, message: text })
  },
}

/** § AckResponse. */
function acknowledge(
  status: number,
  ack: AckStatus,
  { id, cameAt }: Pick<RawCall, 'id' | 'cameAt'>,
  error?: { readonly code: string; readonly message: string },
): CallReply {
  const message = {
    ack_status: ack,
    timestamp: new Date(cameAt).toISOString(),
    correlation_id: id,
    ...(error === undefined ? {} : { error }),
  }
  return { status, contentType: 'application/json', body: JSON.stringify({ message }) }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
