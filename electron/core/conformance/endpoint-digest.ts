import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'

/** Where messages of a manager go, in which dialect, and under whose name. */
export type Endpoint = Pick<
  PaymentManager,
  'paymentEndpointUrl' | 'mode' | 'profile' | 'senderId' | 'receiverId' | 'paymentHub'
>

/** SHA-256 (hex) of what the findings of a self-test hold for: what was found for one endpoint says nothing about another. */
export function endpointDigest(endpoint: Endpoint): string {
  const { paymentEndpointUrl, mode, profile, senderId, receiverId, paymentHub } = endpoint
  const tenant = paymentHub === undefined ? {} : { tenant: paymentHub.tenant }
  return createHash('sha256')
    .update(canonicalize({ paymentEndpointUrl, mode, profile, senderId, receiverId, ...tenant }) as string)
    .digest('hex')
}
