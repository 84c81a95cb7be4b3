import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { PublicKey } from '../../../shared/model/officer.ts'
import type { Store, Transaction } from '../store/store.ts'
import { type SealedBox, seal, unseal } from '../vault/sealing.ts'
import { findSealedSecret, putSealedSecret } from '../vault/secrets.ts'

const purpose = (officerId: string): string => `officer key ${officerId}`

/** A new Ed25519 key pair for an officer, the private half sealed under the PIN and never kept open. */
export async function makeOfficerKey(
  officerId: string,
  pin: string,
): Promise<{ readonly signingKey: PublicKey; readonly sealed: SealedBox; readonly privateKey: KeyObject }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  return {
    signingKey: { kty: 'OKP', crv: 'Ed25519', x: x as string },
    sealed: await sealOfficerKey(officerId, privateKey, pin),
    privateKey,
  }
}

/** @throws OfficeError `identity.weak-pin` */
export async function sealOfficerKey(officerId: string, privateKey: KeyObject, pin: string): Promise<SealedBox> {
  if (!isPinStrongEnough(pin)) fail('identity.weak-pin')
  return seal(privateKey.export({ format: 'der', type: 'pkcs8' }), pin, purpose(officerId))
}

export const storeOfficerKey = (transaction: Transaction, officerId: string, sealed: SealedBox): void =>
  putSealedSecret(transaction, 'officer-key', officerId, sealed)

/** At least six digits, not all the same and not a plain run up or down. */
export function isPinStrongEnough(pin: string): boolean {
  if (!/^\d{6,12}$/.test(pin)) return false
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])))
  return !(steps.size === 1 && [0, 1, -1].includes([...steps][0] as number))
}

interface Failures {
  readonly count: number
  readonly last: number
}

/** No wait for three wrong PINs, then 5 s, doubling to at most an hour. */
const waitAfter = (count: number): number => (count < 3 ? 0 : Math.min(3_600_000, 5_000 * 2 ** (count - 3)))

/**
 * Opens an officer's signing key with the PIN. Wrong tries are counted in the store, so that a restart does not reset
 * the wait.
 *
 * @throws OfficeError `identity.wrong-pin`, `identity.too-many-tries` ({seconds}), `identity.no-key`
 */
export async function openOfficerKey(store: Store, officerId: string, pin: string, now = Date.now): Promise<KeyObject> {
  const sealed = findSealedSecret(store, 'officer-key', officerId) ?? fail('identity.no-key')
  const mark = `pin-failures:${officerId}`
  const failures = JSON.parse(store.findMark(mark) ?? '{"count":0,"last":0}') as Failures
  const wait = failures.last + waitAfter(failures.count) - now()
  // A clock set back must not lengthen the wait beyond what one failure costs.
  if (wait > 0)
    fail('identity.too-many-tries', { seconds: Math.ceil(Math.min(wait, waitAfter(failures.count)) / 1000) })

  // Counted before the guess is tried, so that a crash in between is no free guess.
  const counted: Failures = { count: failures.count + 1, last: now() }
  store.housekeeping((_, setMark) => setMark(mark, JSON.stringify(counted)))
  const content = (await unseal(sealed, pin, purpose(officerId))) ?? fail('identity.wrong-pin')
  store.housekeeping((_, setMark) => setMark(mark, JSON.stringify({ count: 0, last: 0 })))
  return createPrivateKey({ key: content, format: 'der', type: 'pkcs8' })
}
