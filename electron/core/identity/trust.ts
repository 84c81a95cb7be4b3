import { fail } from '../../../shared/contract/result.ts'
import { type Officer, PublicKey } from '../../../shared/model/officer.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { SignInProvider } from '../../../shared/model/sign-in-provider.ts'
import type { Connector } from '../../../shared/model/tokenisation.ts'
import type { Store, Transaction } from '../store/store.ts'
import {
  connectorClaims,
  findSigner,
  isSignedBy,
  officerClaims,
  paymentManagerClaims,
  providerClaims,
} from './signatures.ts'

const MARK = 'trust-root'
/** How a signature names the trust root instead of an officer. */
export const ROOT = 'trust-root'
/** Longer chains of administrators who made administrators are refused rather than walked. */
const LONGEST_CHAIN = 10

export type SignedOfficer = Omit<Officer, 'changedAt' | 'changedBy'>
export type SignedManager = Omit<PaymentManager, 'changedAt' | 'changedBy'>
export type SignedConnector = Omit<Connector, 'changedAt' | 'changedBy'>
export type SignedProvider = Omit<SignInProvider, 'changedAt' | 'changedBy'>

/** Against what signatures are checked: an office's store, or what it would be after a change. */
export interface TrustSource {
  readonly root: PublicKey | undefined
  findOfficer(id: string): SignedOfficer | undefined
}

export const setTrustRoot = (transaction: Transaction, key: PublicKey): void =>
  transaction.mark(MARK, JSON.stringify(key))

export function findTrustRoot(store: Pick<Store, 'findMark'>): PublicKey | undefined {
  const mark = store.findMark(MARK)
  return mark === undefined ? undefined : PublicKey.parse(JSON.parse(mark))
}

export const trustOf = (store: Pick<Store, 'find' | 'findMark'>): TrustSource => ({
  root: findTrustRoot(store),
  findOfficer: (id) => store.find('officer', id),
})

/** Whether the officer's record is signed by the trust root, or by an administrator whose own record is. */
export const isOfficerTrustedIn = (source: TrustSource, officer: SignedOfficer): Promise<boolean> =>
  isTrusted(source, 'officer', officerClaims(officer), officer.signature, officer.id, 0)

export const isManagerTrustedIn = (source: TrustSource, manager: SignedManager): Promise<boolean> =>
  isTrusted(source, 'payment-manager', paymentManagerClaims(manager), manager.signature, undefined, 0)

export const isConnectorTrustedIn = (source: TrustSource, connector: SignedConnector): Promise<boolean> =>
  isTrusted(source, 'connector', connectorClaims(connector), connector.signature, undefined, 0)

export const isProviderTrustedIn = (source: TrustSource, provider: SignedProvider): Promise<boolean> =>
  isTrusted(source, 'sign-in-provider', providerClaims(provider), provider.signature, undefined, 0)

export const isTrustedProvider = (
  store: Pick<Store, 'find' | 'findMark'>,
  provider: SignInProvider,
): Promise<boolean> => isProviderTrustedIn(trustOf(store), provider)

export const isTrustedConnector = (store: Pick<Store, 'find' | 'findMark'>, connector: Connector): Promise<boolean> =>
  isConnectorTrustedIn(trustOf(store), connector)

export const isTrustedOfficer = (store: Store, officer: Officer): Promise<boolean> =>
  isOfficerTrustedIn(trustOf(store), officer)

export const isTrustedManager = (store: Store, manager: PaymentManager): Promise<boolean> =>
  isManagerTrustedIn(trustOf(store), manager)

/**
 * Judges the record as it was signed, not the one at hand: whoever stands in for somebody is handed about with more roles, whoever
 * came in by PIN perhaps with fewer.
 *
 * @throws OfficeError `identity.signature-invalid`
 */
export async function checkTrustedOfficer(store: Store, { id }: Pick<Officer, 'id'>): Promise<void> {
  const trusted = await isTrustedOfficer(store, store.get('officer', id))
  if (!trusted) fail('identity.signature-invalid', { context: 'officer' })
}

/** @throws OfficeError `identity.signature-invalid` */
export async function checkTrustedManager(store: Store, manager: PaymentManager): Promise<void> {
  if (!(await isTrustedManager(store, manager))) fail('identity.signature-invalid', { context: 'manager' })
}

/** What an officer's signature is called: whoever holds the trust root's key signs as the trust root. */
export function signerName(source: Pick<TrustSource, 'root'>, officer: Pick<Officer, 'id' | 'signingKey'>): string {
  return source.root?.x === officer.signingKey.x ? ROOT : officer.id
}

async function isTrusted(
  source: TrustSource,
  kind: 'officer' | 'payment-manager' | 'connector' | 'sign-in-provider',
  claims: unknown,
  jws: string,
  ownId: string | undefined,
  depth: number,
): Promise<boolean> {
  const signer = findSigner(jws)
  if (signer === undefined || signer === ownId || depth >= LONGEST_CHAIN) return false
  if (signer === ROOT) return source.root !== undefined && isSignedBy(kind, claims, jws, ROOT, source.root)
  const administrator = source.findOfficer(signer)
  if (administrator === undefined || !administrator.roles.includes('administrator')) return false
  // A key that a reset has just made counts only once somebody has confirmed it.
  if (administrator.state === 'unapproved') return false
  if (!(await isSignedBy(kind, claims, jws, signer, administrator.signingKey))) return false
  return isTrusted(
    source,
    'officer',
    officerClaims(administrator),
    administrator.signature,
    administrator.id,
    depth + 1,
  )
}
