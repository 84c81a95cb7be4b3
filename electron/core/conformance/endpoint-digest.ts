import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'

type Endpoint = Omit<PaymentManager, 'id' | 'changedAt' | 'changedBy' | 'removed' | 'state' | 'signature'>

/**
 * SHA-256 (hex) of what the findings of a self-test hold for: where messages go, in which dialect, and under whose name. What
 * was found for one endpoint says nothing about another.
 */
export function endpointDigest({ paymentEndpointUrl, mode, profile, senderId, receiverId }: Endpoint): string {
  return createHash('sha256')
    .update(canonicalize({ paymentEndpointUrl, mode, profile, senderId, receiverId }) as string)
    .digest('hex')
}
