import { constants, createHash, createPublicKey, publicDecrypt } from 'node:crypto'
import type { PublicKey } from '../payment-system/security/security-options.ts'

/** Whether the header was made over these headers and this text with the tenant's key. */
export function isSigned(
  signature: string,
  { correlationId, tenant, csv }: { readonly correlationId: string; readonly tenant: string; readonly csv: string },
  keys: readonly PublicKey[],
): boolean {
  const digest = createHash('sha3-256').update(`${correlationId}:${tenant}:${csv}`).digest('hex')
  return keys.some((jwk) => {
    try {
      const key = createPublicKey({ key: jwk, format: 'jwk' })
      const opened = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(signature, 'base64'))
      return opened.toString('ascii') === digest
    } catch {
      // Not made with this key.
      return false
    }
  })
}
