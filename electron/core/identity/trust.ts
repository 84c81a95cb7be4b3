import { fail } from '../../../shared/contract/result.ts'
import { type Officer, PublicKey } from '../../../shared/model/officer.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findSigner, isSignedBy, officerClaims, paymentManagerClaims } from './signatures.ts'

const MARK = 'trust-root'
const ROOT = 'trust-root'
/** Longer chains of administrators who made administrators are refused rather than walked. */
const LONGEST_CHAIN = 10

export const setTrustRoot = (transaction: Transaction, key: PublicKey): void =>
  transaction.mark(MARK, JSON.stringify(key))

export function findTrustRoot(store: Store): PublicKey | undefined {
  const mark = store.findMark(MARK)
  return mark === undefined ? undefined : PublicKey.parse(JSON.parse(mark))
}

/** Whether the officer's record is signed by the trust root, or by an administrator whose own record is. */
export async function isTrustedOfficer(store: Store, officer: Officer, depth = 0): Promise<boolean> {
  return isTrusted(store, 'officer', officerClaims(officer), officer.signature, officer.id, depth)
}

export const isTrustedManager = (store: Store, manager: PaymentManager): Promise<boolean> =>
  isTrusted(store, 'payment-manager', paymentManagerClaims(manager), manager.signature, undefined, 0)

/** @throws OfficeError `identity.signature-invalid` */
export async function checkTrustedOfficer(store: Store, officer: Officer): Promise<void> {
  if (!(await isTrustedOfficer(store, officer))) fail('identity.signature-invalid', { kind: 'officer' })
}

/** @throws OfficeError `identity.signature-invalid` */
export async function checkTrustedManager(store: Store, manager: PaymentManager): Promise<void> {
  if (!(await isTrustedManager(store, manager))) fail('identity.signature-invalid', { kind: 'paymentManager' })
}

async function isTrusted(
  store: Store,
  kind: 'officer' | 'payment-manager',
  claims: unknown,
  jws: string,
  ownId: string | undefined,
  depth: number,
): Promise<boolean> {
  const signer = findSigner(jws)
  if (signer === undefined || signer === ownId || depth >= LONGEST_CHAIN) return false
  if (signer === ROOT) {
    const root = findTrustRoot(store)
    return root !== undefined && isSignedBy(kind, claims, jws, ROOT, root)
  }
  const administrator = store.find('officer', signer)
  if (administrator === undefined || !administrator.roles.includes('administrator')) return false
  if (!(await isSignedBy(kind, claims, jws, signer, administrator.signingKey))) return false
  return isTrustedOfficer(store, administrator, depth + 1)
}
