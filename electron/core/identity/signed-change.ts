import type { KeyObject } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Store, Transaction } from '../store/store.ts'
import { openOfficerKey } from './officer-keys.ts'
import { officerClaims, paymentManagerClaims, signClaims } from './signatures.ts'
import {
  checkTrustedOfficer,
  isManagerTrustedIn,
  isOfficerTrustedIn,
  ROOT,
  type SignedManager,
  type SignedOfficer,
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
 * Opens the administrator's key for signing officers and payment managers.
 *
 * @throws OfficeError `identity.wrong-pin`, `identity.too-many-tries`, `identity.signature-invalid`
 */
export async function openSignatory(store: Store, officer: Officer, pin: string): Promise<Signatory> {
  await checkTrustedOfficer(store, officer)
  const key = await openOfficerKey(store, officer.id, pin)
  return { officer, name: signerName(trustOf(store), officer), key }
}

export async function signOfficer({ name, key }: Signatory, officer: SignedOfficer): Promise<SignedOfficer> {
  return { ...officer, signature: await signClaims('officer', officerClaims(officer), name, key) }
}

export async function signManager({ name, key }: Signatory, manager: SignedManager): Promise<SignedManager> {
  return { ...manager, signature: await signClaims('payment-manager', paymentManagerClaims(manager), name, key) }
}

/** Records to write together, and what they were when the signatures were made. */
export interface SignedChange {
  readonly officers: readonly SignedOfficer[]
  readonly managers: readonly SignedManager[]
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
  const officers = new Map([[changed.id, await signOfficer(signatory, changed)]])
  const managers = new Map<string, SignedManager>()
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
    officers.set(officer.id, await signOfficer(signatory, officer))
  }
  for (const manager of allManagers(store)) {
    if (!(await isManagerTrustedIn(now, manager)) || (await isManagerTrustedIn(after, manager))) continue
    managers.set(manager.id, await signManager(signatory, manager))
    basis.set(manager.id, manager.changedAt)
  }
  for (const officer of officers.values()) {
    if (!(await isOfficerTrustedIn(after, officer))) fail('identity.would-break-trust')
  }
  for (const manager of managers.values()) {
    if (!(await isManagerTrustedIn(after, manager))) fail('identity.would-break-trust')
  }
  for (const { id, changedAt } of known) if (officers.has(id)) basis.set(id, changedAt)
  return { officers: [...officers.values()], managers: [...managers.values()], basis }
}

/**
 * Writes what was signed.
 *
 * @throws OfficeError `store.changed-meanwhile` when a record was changed while the signatures were made
 */
export function writeSignedChange(transaction: Transaction, { officers, managers, basis }: SignedChange): void {
  for (const [id, changedAt] of basis) {
    const found = transaction.find('officer', id) ?? transaction.find('paymentManager', id)
    if (found?.changedAt !== changedAt) fail('store.changed-meanwhile')
  }
  for (const officer of officers) transaction.put('officer', officer)
  for (const manager of managers) transaction.put('paymentManager', manager)
}

type Reading = Pick<Store, 'sql'>

export const allOfficers = (store: Reading): Officer[] => bodies<Officer>(store, 'officer')
export const allManagers = (store: Reading): PaymentManager[] => bodies<PaymentManager>(store, 'payment_manager')

const bodies = <T>(store: Reading, table: 'officer' | 'payment_manager'): T[] =>
  (store.sql(`SELECT body FROM ${table} WHERE removed = 0 ORDER BY id`).pluck().all() as string[]).map(
    (body) => JSON.parse(body) as T,
  )
