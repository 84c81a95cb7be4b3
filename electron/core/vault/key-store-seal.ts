import { fail } from '../../../shared/contract/result.ts'
import type { KeyStore } from '../doors/key-store.ts'

/** The store's key as the key store of the system has sealed it. */
interface SealedByStore {
  readonly backEnd: string
  /** Base64. */
  readonly sealed: string
}

/**
 * Seals a key by the key store of the system, and opens it again before it is relied on.
 *
 * @throws OfficeError `vault.key-store-missing`, `vault.key-store-refused`
 */
export async function sealInKeyStore(keyStore: KeyStore, key: Uint8Array): Promise<SealedByStore> {
  const backEnd = (await keyStore.findBackEnd()) ?? fail('vault.key-store-missing')
  let sealed: Uint8Array
  try {
    sealed = await keyStore.seal(Buffer.from(key).toString('base64'))
  } catch (error) {
    return fail('vault.key-store-refused', {}, error)
  }
  const made = { backEnd, sealed: Buffer.from(sealed).toString('base64') }
  const opened = await openFromKeyStore(keyStore, made.backEnd, made.sealed)
  if (!Buffer.from(opened).equals(key)) fail('vault.key-store-refused')
  return made
}

/**
 * @throws OfficeError `vault.key-store-missing` when the system has none (any more), `vault.key-store-other` ({wanted}) when it
 *   has another one, `vault.key-store-refused` when it does not open what it had sealed
 */
export async function openFromKeyStore(keyStore: KeyStore, backEnd: string, sealed: string): Promise<Uint8Array> {
  const found = (await keyStore.findBackEnd()) ?? fail('vault.key-store-missing')
  if (found !== backEnd) fail('vault.key-store-other', { wanted: backEnd })
  try {
    const key = Buffer.from(await keyStore.open(Buffer.from(sealed, 'base64')), 'base64')
    if (key.length === 32) return key
  } catch (error) {
    return fail('vault.key-store-refused', {}, error)
  }
  return fail('vault.key-store-refused')
}
