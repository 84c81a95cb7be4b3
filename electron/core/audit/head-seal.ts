import { createPublicKey, sign, verify } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { HeadSeal, OfficeDocument } from '../../../shared/model/central.ts'
import type { Store } from '../store/store.ts'
import { openDeviceKey } from '../vault/device-key.ts'

/** What an office says about itself that its device answers for. */
type SealedWord = Pick<OfficeDocument, 'installationId' | 'epoch' | 'sequence' | 'auditHead' | 'reportedAt'>

/** Named, so that a signature over a head is never one over anything else that the key signs. */
const FORMAT = 'g2p-field-office-head-1'

const textOf = ({ installationId, epoch, sequence, auditHead, reportedAt }: SealedWord): Buffer =>
  Buffer.from(canonicalize({ format: FORMAT, installationId, epoch, sequence, auditHead, reportedAt }) as string)

/** The device's word for a head that is told at the central server: Ed25519 over the RFC 8785 form, base64url. */
export function sealHead(store: Store, word: SealedWord): HeadSeal {
  const { privateKey, publicKey } = openDeviceKey(store)
  return { publicKey, signature: sign(null, textOf(word), privateKey).toString('base64url') }
}

/** Whether a head that was told is the word of the device whose key it names. */
export function isSealedHead(word: SealedWord, { publicKey, signature }: HeadSeal): boolean {
  try {
    const key = createPublicKey({ key: { ...publicKey }, format: 'jwk' })
    return verify(null, textOf(word), key, Buffer.from(signature, 'base64url'))
  } catch {
    // What is named there is no key.
    return false
  }
}
