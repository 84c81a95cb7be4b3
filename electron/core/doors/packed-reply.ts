import type { BridgeReply } from '../../../shared/contract/bridge.ts'

/**
 * A reply on its way through a door's main thread: already text, so that the thread which serves every window neither reads
 * nor writes what may be large. Only what it needs to find the way stands beside it.
 */
export interface PackedReply {
  readonly id: number
  readonly kind: BridgeReply['kind']
  /** The reply as JSON, without its opening brace and without `id`. */
  readonly rest: string
}

/** To be called where the reply was made. @throws TypeError for what JSON cannot say */
export function packReply(reply: BridgeReply): PackedReply {
  const { id, ...rest } = reply
  return { id, kind: reply.kind, rest: JSON.stringify(rest).slice(1) }
}

/** The reply as JSON under another number. */
export const replyText = ({ rest }: PackedReply, id: number): string => `{"id":${id},${rest}`
