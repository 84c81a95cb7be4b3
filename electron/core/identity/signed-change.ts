import type { KeyObject } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { editionOf } from '../../../shared/model/record.ts'
import type { SignInProvider } from '../../../shared/model/sign-in-provider.ts'
import type { Connector } from '../../../shared/model/tokenisation.ts'
import type { Store, Transaction } from '../store/store.ts'
import { openOfficerKey } from './officer-keys.ts'
import { connectorClaims, officerClaims, paymentManagerClaims, providerClaims, signClaims } from './signatures.ts'
import {
  checkTrustedOfficer,
  isConnectorTrustedIn,
  isManagerTrustedIn,
  isOfficerTrustedIn,
  isProviderTrustedIn,
  ROOT,
  type SignedConnector,
  type SignedManager,
  type SignedOfficer,
  type SignedProvider,
  signerName,
  type TrustSource,
  trustOf,
} from './trust.ts'

/** An administrator with the signing key open, for one command. */
export interface Signatory {
  readonly officer: Officer
  readonly name: string
  readonly key: KeyObject
}

/**
 * Opens the administrator's key for signing officers, payment managers and connectors.
 *
 * @throws OfficeError `identity.wrong-pin`, `identity.too-many-tries`, `identity.signature-invalid`
 */
export async function openSignatory(store: Store, officer: Officer, pin: string): Promise<Signatory> {
  await checkTrustedOfficer(store, officer)
  const key = await openOfficerKey(store, officer.id, pin)
  return { officer, name: signerName(trustOf(store), officer), key }
}

/** The signing after the one that made `before`. */
const nextEdition = (before: { readonly edition?: number | undefined } | undefined): number =>
  editionOf(before ?? {}) + 1

/** @param before the record as it stands; undefined for a new one */
export async function signOfficer(
  { name, key }: Signatory,
  officer: SignedOfficer,
  before: SignedOfficer | undefined,
): Promise<SignedOfficer> {
  const signed = { ...officer, edition: nextEdition(before) }
  return { ...signed, signature: await signClaims('officer', officerClaims(signed), name, key) }
}

/** @param before the record as it stands; undefined for a new one */
export async function signManager(
  { name, key }: Signatory,
  manager: SignedManager,
  before: SignedManager | undefined,
): Promise<SignedManager> {
  const signed = { ...manager, edition: nextEdition(before) }
  return { ...signed, signature: await signClaims('payment-manager', paymentManagerClaims(signed), name, key) }
}

/** @param before the record as it stands; undefined for a new one */
export async function signConnector(
  { name, key }: Signatory,
  connector: SignedConnector,
  before: SignedConnector | undefined,
): Promise<SignedConnector> {
  const signed = { ...connector, edition: nextEdition(before) }
  return { ...signed, signature: await signClaims('connector', connectorClaims(signed), name, key) }
}

/** @param before the record as it stands; undefined for a new one */
export async function signProvider(
  { name, key }: Signatory,
  provider: SignedProvider,
  before: SignedProvider | undefined,
): Promise<SignedProvider> {
  const signed = { ...provider, edition: nextEdition(before) }
  return { ...signed, signature: await signClaims('sign-in-provider', providerClaims(signed), name, key) }
}

/** Records to write together, and what they were when the signatures were made. */
export interface SignedChange {
  readonly officers: readonly SignedOfficer[]
  readonly managers: readonly SignedManager[]
  readonly connectors: readonly SignedConnector[]
  readonly providers: readonly SignedProvider[]
  readonly basis: ReadonlyMap<string, string>
}

/**
 * Signs a changed officer. What this officer had signed as an administrator would no longer verify once the key is
 * another or the role is gone: the signatory signs it again, so that nobody's work is lost with somebody's PIN.
 *
 * @throws OfficeError `identity.would-break-trust` when a record cannot be kept trusted that way
 */
export async function signChangedOfficer(
  store: Store,
  signatory: Signatory,
  changed: SignedOfficer,
): Promise<SignedChange> {
  const now = trustOf(store)
  const officers = new Map([[changed.id, await signOfficer(signatory, changed, store.find('officer', changed.id))]])
  const managers = new Map<string, SignedManager>()
  const connectors = new Map<string, SignedConnector>()
  const providers = new Map<string, SignedProvider>()
  const after: TrustSource = {
    root: now.root,
    findOfficer: (id) => officers.get(id) ?? now.findOfficer(id),
  }
  const basis = new Map<string, string>([[signatory.officer.id, signatory.officer.changedAt]])

  const known = allOfficers(store)
  for (const officer of known) {
    if (officer.id === changed.id || !(await isOfficerTrustedIn(now, officer))) continue
    if (await isOfficerTrustedIn(after, officer)) continue
    if (officer.id === signatory.officer.id && signatory.name !== ROOT) fail('identity.would-break-trust')
    officers.set(officer.id, await signOfficer(signatory, officer, officer))
  }
  for (const manager of allManagers(store)) {
    if (!(await isManagerTrustedIn(now, manager)) || (await isManagerTrustedIn(after, manager))) continue
    managers.set(manager.id, await signManager(signatory, manager, manager))
    basis.set(manager.id, manager.changedAt)
  }
  for (const connector of allConnectors(store)) {
    if (!(await isConnectorTrustedIn(now, connector)) || (await isConnectorTrustedIn(after, connector))) continue
    connectors.set(connector.id, await signConnector(signatory, connector, connector))
    basis.set(connector.id, connector.changedAt)
  }
  for (const provider of allProviders(store)) {
    if (!(await isProviderTrustedIn(now, provider)) || (await isProviderTrustedIn(after, provider))) continue
    providers.set(provider.id, await signProvider(signatory, provider, provider))
    basis.set(provider.id, provider.changedAt)
  }
  for (const officer of officers.values()) {
    if (!(await isOfficerTrustedIn(after, officer))) fail('identity.would-break-trust')
  }
  for (const manager of managers.values()) {
    if (!(await isManagerTrustedIn(after, manager))) fail('identity.would-break-trust')
  }
  for (const connector of connectors.values()) {
    if (!(await isConnectorTrustedIn(after, connector))) fail('identity.would-break-trust')
  }
  for (const provider of providers.values()) {
    if (!(await isProviderTrustedIn(after, provider))) fail('identity.would-break-trust')
  }
  for (const { id, changedAt } of known) if (officers.has(id)) basis.set(id, changedAt)
  return {
    officers: [...officers.values()],
    managers: [...managers.values()],
    connectors: [...connectors.values()],
    providers: [...providers.values()],
    basis,
  }
}

/**
 * Writes what was signed.
 *
 * @throws OfficeError `store.changed-meanwhile` when a record was changed while the signatures were made
 */
export function writeSignedChange(
  transaction: Transaction,
  { officers, managers, connectors, providers, basis }: SignedChange,
): void {
  for (const [id, changedAt] of basis) {
    const found =
      transaction.find('officer', id) ??
      transaction.find('paymentManager', id) ??
      transaction.find('connector', id) ??
      transaction.find('signInProvider', id)
    if (found?.changedAt !== changedAt) fail('store.changed-meanwhile')
  }
  for (const officer of officers) transaction.put('officer', officer)
  for (const manager of managers) transaction.put('paymentManager', manager)
  for (const connector of connectors) transaction.put('connector', connector)
  for (const provider of providers) transaction.put('signInProvider', provider)
}

type Reading = Pick<Store, 'sql'>

export const allOfficers = (store: Reading): Officer[] => bodies<Officer>(store, 'officer')
export const allConnectors = (store: Reading): Connector[] => bodies<Connector>(store, 'connector')
export const allProviders = (store: Reading): SignInProvider[] => bodies<SignInProvider>(store, 'sign_in_provider')
export const allManagers = (store: Reading): PaymentManager[] => bodies<PaymentManager>(store, 'payment_manager')

const bodies = <T>(store: Reading, table: 'officer' | 'payment_manager' | 'connector' | 'sign_in_provider'): T[] =>
  (store.sql(`SELECT body FROM ${table} WHERE removed = 0 ORDER BY id`).pluck().all() as string[]).map(
    (body) => JSON.parse(body) as T,
  )
