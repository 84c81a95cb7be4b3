import { z } from 'zod'
import { RequestHeader, ZonedTime } from '../../../shared/contract/g2p-connect.ts'
import type { PaymentSystem } from './payment-system.ts'
import type { Arrived, OpenedBody } from './security/security.ts'

/** Any request before its message is looked at. */
export const PeerRequest = z.object({ signature: z.string().nullish(), header: RequestHeader, message: z.unknown() })
export type PeerRequest = z.infer<typeof PeerRequest>

/** Why a request as a whole is refused: § AckErrorCode for the asynchronous mode, § header reason for the synchronous one. */
export interface Refusal {
  readonly ack: string
  readonly header: string
  readonly text: string
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  /** `envelope` is null where not even the header could be read. */
  | { readonly ok: false; readonly refusal: Refusal; readonly envelope: PeerRequest | null }

/** Parses a body and checks envelope, header and signature; the message itself comes later. */
export function checkEnvelope(
  system: PaymentSystem,
  arrived: Arrived,
  actions: readonly string[] | 'any',
): Checked<PeerRequest> {
  let raw: { header?: unknown; message?: unknown }
  try {
    raw = JSON.parse(arrived.body)
  } catch {
    return { ok: false, envelope: null, refusal: badRequest('The body is not JSON.') }
  }
  const opened = typeof raw === 'object' && raw !== null ? system.security.open(raw) : undefined
  const parsed = PeerRequest.safeParse(opened === undefined ? raw : { ...raw, message: opened.message })
  if (!parsed.success) return { ok: false, envelope: null, refusal: badRequest(explain(parsed.error.issues)) }
  const envelope = parsed.data
  const refusal =
    checkHeader(system, envelope.header, actions) ??
    (opened === undefined ? NOT_OPENED : checkSignature(system, arrived, opened))
  return refusal === null ? { ok: true, value: envelope } : { ok: false, envelope, refusal }
}

const NOT_OPENED: Refusal = {
  ack: 'err.encryption.invalid',
  header: 'err.encryption.invalid',
  text: 'The message is not encrypted as it should be.',
}

/** A request whose shape is wrong. */
export function badRequest(text: string): Refusal {
  return { ack: 'err.request.bad', header: 'err.request.bad', text }
}

function checkHeader(system: PaymentSystem, header: RequestHeader, actions: readonly string[] | 'any'): Refusal | null {
  const { senderIds, receiverId } = system.options
  const both = (code: string, text: string): Refusal => ({ ack: code, header: code, text })
  if (header.version !== '1.0.0') {
    return { ack: 'err.version.not_supported', header: 'rjct.version.invalid', text: 'Only version 1.0.0 is spoken.' }
  }
  if (!ZonedTime.safeParse(header.message_ts).success) {
    const text = 'message_ts needs a date, a time and a zone.'
    return { ack: 'err.request.bad', header: 'rjct.message_ts.invalid', text }
  }
  if (actions !== 'any' && !actions.includes(header.action)) {
    return { ack: 'err.request.bad', header: 'rjct.action.not_supported', text: 'Another action belongs here.' }
  }
  if (senderIds.length > 0 && !senderIds.includes(header.sender_id)) {
    return both('err.sender_id.invalid', 'This sender is not known.')
  }
  if (header.receiver_id !== undefined && header.receiver_id !== receiverId) {
    return both('err.receiver_id.invalid', 'Somebody else is meant.')
  }
  return null
}

function checkSignature(system: PaymentSystem, arrived: Arrived, { covered }: OpenedBody): Refusal | null {
  if (!system.options.signatures.required) return null
  const verdict = system.security.verify(arrived, covered, Date.now())
  if (verdict === 'valid') return null
  return { ack: `err.signature.${verdict}`, header: `err.signature.${verdict}`, text: 'The signature does not verify.' }
}

/** Where in the message the trouble is; names of members only, never values. */
export function explain(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`)
    .join('; ')
    .slice(0, 999)
}
