import { randomUUID } from 'node:crypto'
import type { PeerRequest, Refusal } from '../payment-system/envelope-check.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { acknowledgement, httpErrors, type Reply, signedReply } from '../payment-system/reply.ts'

/** A request that is refused as a whole, in the words of its mode. */
export function refusedReply(
  system: PaymentSystem,
  envelope: PeerRequest | null,
  mode: 'async' | 'sync',
  refusal: Refusal,
): Reply {
  if (mode === 'async') {
    return acknowledgement(system, 'ERR', randomUUID(), { code: refusal.ack, message: refusal.text })
  }
  // Without a readable header there is nothing to answer to.
  if (envelope === null) return httpErrors(400, refusal.header, refusal.text)
  const wish = {
    action: `on-${envelope.header.action}`,
    status: 'rjct',
    code: refusal.header,
    text: refusal.text,
    total: 0,
    completed: 0,
  }
  return signedReply(system, envelope.header, wish, {
    transaction_id: transactionOf(envelope),
    disbursements_status: [],
  })
}

function transactionOf({ message }: PeerRequest): string {
  const id =
    typeof message === 'object' && message !== null && 'transaction_id' in message ? message.transaction_id : ''
  return typeof id === 'string' ? id : ''
}
