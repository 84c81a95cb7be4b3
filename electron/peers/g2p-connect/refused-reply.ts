import { randomUUID } from 'node:crypto'
import type { RequestEnvelope } from '../../../shared/contract/g2p-connect.ts'
import type { PaymentSystem } from './payment-system.ts'
import { acknowledgement, httpErrors, type Reply, signedReply } from './reply.ts'
import type { Refusal } from './request-check.ts'

/** A request that is refused as a whole, in the words of its mode. */
export function refusedReply(
  system: PaymentSystem,
  envelope: RequestEnvelope | null,
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

function transactionOf(envelope: RequestEnvelope): string {
  const id = envelope.message.transaction_id
  return typeof id === 'string' ? id : ''
}
