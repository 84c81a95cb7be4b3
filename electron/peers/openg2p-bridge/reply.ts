import type { RequestHeader } from '../../../shared/contract/g2p-connect.ts'
import type { PeerRequest, Refusal } from '../payment-system/envelope-check.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { httpErrors, type Reply, signedReply } from '../payment-system/reply.ts'

/** What was asked was done. */
export const done = (system: PaymentSystem, header: RequestHeader, message: unknown): Reply =>
  signedReply(system, header, { action: header.action, status: 'succ', total: 0, completed: 0 }, message)

/** A business error: HTTP 200, `rjct`, and the code where others have the sentence. Nothing was done. */
export const rejected = (system: PaymentSystem, header: RequestHeader, code: string, message: unknown = null): Reply =>
  signedReply(system, header, { action: header.action, status: 'rjct', text: code, total: 0, completed: 0 }, message)

/** A request whose header or signature is not accepted. */
export function refused(system: PaymentSystem, envelope: PeerRequest | null, refusal: Refusal): Reply {
  if (envelope === null) return httpErrors(400, 'G2P-REQ-102', refusal.text)
  const code = refusal.header.startsWith('err.signature') ? 'rjct.jwt.invalid' : refusal.header
  return rejected(system, envelope.header, code)
}
