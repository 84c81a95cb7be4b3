import { z } from 'zod'
import type { CallerKind, CallRefusal, RawCall } from '../../callbacks/caller.ts'
import { parseJson } from '../../http/json.ts'
import type { CallbackReading } from '../channel.ts'

/** What the hub calls about a batch; `clientCorrelationId` is the upload's `X-CorrelationID`. It signs nothing. */
const Progress = z.looseObject({ clientCorrelationId: z.string().min(1).max(128) })

const STATUS: Readonly<Record<CallRefusal, number>> = { 'too-large': 413, 'too-many': 429, 'not-kept': 503 }
const ANSWER = { contentType: 'application/json', body: '{}' } as const

/** Progress of a batch, told by Payment Hub: only ever a reason to ask. */
export const paymentHubCaller: CallerKind = {
  kind: 'payment-hub',
  largestBody: 100_000,
  findPath: (method, path) => (path === '' && (method === 'POST' || method === 'PUT') ? 'progress' : undefined),
  answer: (call) => ({ keep: read(call) !== undefined, reply: { status: 200, ...ANSWER } }),
  refuse: (why) => ({ status: STATUS[why], ...ANSWER }),
}

function read({ body }: RawCall): z.infer<typeof Progress> | undefined {
  const json = parseJson(body, '')
  return json.ok ? Progress.safeParse(json.value).data : undefined
}

/** Never a word about money, whatever it says. */
export function readHubCallback(call: RawCall): CallbackReading {
  const progress = read(call)
  if (progress === undefined) return { kind: 'refused', code: 'callback.not-understood' }
  return { kind: 'message-trigger', messageId: progress.clientCorrelationId, code: 'callback.not-signed' }
}
