import { sign } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Store } from '../store/store.ts'
import { openDeviceKey } from '../vault/device-key.ts'
import { keyIdOf } from '../vault/signing-keys.ts'
import { type KnownHead, NO_PREVIOUS } from './audit-log.ts'

/** What the last line of an export calls itself. */
const FORMAT = 'g2p-field-office-audit-1'

export interface Sealed {
  /** The entry before the first line; position 0 before the first entry. */
  readonly after: KnownHead
  /** The entry of the last line. */
  readonly head: KnownHead
  readonly officerId: string
  /** Epoch milliseconds. */
  readonly exportedAt: number
}

/** An entry as the trail has it now; an empty hash where it is gone. */
export function headAt(store: Pick<Store, 'sql'>, position: number): KnownHead {
  if (position === 0) return { position, hash: NO_PREVIOUS }
  const hash = store.sql('SELECT hash FROM audit WHERE position = ?').pluck().get(position) as string | undefined
  return { position, hash: hash ?? '' }
}

/**
 * The last line of an export: what it holds, from which installation, and an Ed25519 signature (base64url) by the device's
 * key over the RFC 8785 form of the line without `signature`.
 */
export async function sealLine(store: Store, { after, head, officerId, exportedAt }: Sealed): Promise<string> {
  const { privateKey, publicKey } = openDeviceKey(store)
  const said = {
    format: FORMAT,
    installationId: store.installationId,
    officeName: store.findMark('office-name') ?? '',
    exportedAt: new Date(exportedAt).toISOString(),
    officerId,
    after,
    head,
    keyId: await keyIdOf(publicKey),
    publicKey,
  }
  const signature = sign(null, Buffer.from(canonicalize(said) as string), privateKey).toString('base64url')
  return `${canonicalize({ ...said, signature })}\n`
}
