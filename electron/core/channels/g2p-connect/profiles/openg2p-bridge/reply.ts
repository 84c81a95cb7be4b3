import { BridgeReply } from '../../../../../../shared/contract/openg2p-bridge.ts'
import type { Fault } from '../../../../../../shared/contract/result.ts'
import { isAnswerWithBody, lacksSignature, limited, type Reading, replyFault } from '../../reading.ts'

/** A reply of the bridge with HTTP 2xx, as far as its header says. */
export type HeardReply =
  | { readonly kind: 'fine'; readonly message: unknown; readonly theirTime: string }
  /** `rjct`: nothing of the request was done. */
  | { readonly kind: 'rejected'; readonly code: string; readonly message: unknown }
  | { readonly kind: 'not-understood'; readonly fault: Fault }
  /** Another HTTP status. */
  | { readonly kind: 'no-reply' }

/** Business errors are HTTP 200 with `rjct` in the header; their code stands where others have the sentence. */
export function hear(reading: Omit<Reading, 'payments'>): HeardReply {
  const { answer, opened } = reading
  const notUnderstood = (fault: Fault): HeardReply => ({ kind: 'not-understood', fault })
  if (!isAnswerWithBody(answer)) return { kind: 'no-reply' }
  if (!opened.ok) return notUnderstood(opened.error)
  const reply = BridgeReply.safeParse(opened.value.value)
  if (!reply.success) return notUnderstood(replyFault('channel.reply-not-understood', answer))
  if (lacksSignature({ ...reading, payments: [] })) return notUnderstood(replyFault('channel.reply-not-signed', answer))
  const { header, message } = reply.data
  const code = header.status_reason_code || header.status_reason_message
  switch (header.status.toLowerCase()) {
    case 'succ':
      return { kind: 'fine', message, theirTime: limited(header.message_ts, 64) }
    case 'rjct':
      return { kind: 'rejected', code: limited(code, 80), message }
    default:
      return notUnderstood(replyFault('channel.reply-not-understood', answer))
  }
}
