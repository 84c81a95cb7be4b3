import { createHmac, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { VoucherClaim } from '../../../../shared/rules/payment-file/voucher.ts'

/** Bytes of the check value: ten make 16 characters, too many to guess. */
const LENGTH = 10
const BASE_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function base32(bytes: Uint8Array): string {
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let left = (bytes.length * 8) / 5; left > 0; left -= 1) {
    text = `${BASE_32[Number(bits & 31n)]}${text}`
    bits >>= 5n
  }
  return text
}

/** The key of the check values, derived from the key that signs the files, so that there is no second one to keep. */
function checkKey(signingKey: KeyObject): Buffer {
  const secret = signingKey.export({ format: 'der', type: 'pkcs8' })
  return Buffer.from(hkdfSync('sha256', secret, '', 'g2p-field-office voucher', 32))
}

/** Makes the check values of vouchers: the same for the same payment as long as the key is the same. */
export function voucherChecks(signingKey: KeyObject): (reference: string) => string {
  const key = checkKey(signingKey)
  return (reference) => base32(createHmac('sha256', key).update(reference.toLowerCase()).digest().subarray(0, LENGTH))
}

/** Whether a voucher was made with this key. */
export const isGenuine = ({ reference, check }: VoucherClaim, signingKey: KeyObject): boolean =>
  timingSafeEqual(Buffer.from(voucherChecks(signingKey)(reference)), Buffer.from(check.padEnd(16).slice(0, 16)))
