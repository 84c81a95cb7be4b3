import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { managerDigest } from '../batches/digest.ts'
import { duplicateProof } from '../conformance/duplicate-proof.ts'
import { allManagers, openSignatory, signManager } from '../identity/signed-change.ts'
import type { SignedManager } from '../identity/trust.ts'
import type { Office } from '../office.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findClientCertificate } from '../vault/client-certificates.ts'
import { findKeyType } from '../vault/message-keys.ts'
import { findSecret, putSecret } from '../vault/secrets.ts'
import { type CheckSurroundings, type Finding, ManagerSettings } from './finding.ts'
import { checkManager } from './settings-check.ts'

export interface ManagerEdit {
  /** Null makes a new one. */
  readonly id: string | null
  /** `changedAt` of the record on the screen; null for a new one. */
  readonly basedOn: string | null
  readonly pin: string
  readonly settings: ManagerSettings
  /** The administrator has seen that so many approvals are lost by this change. */
  readonly approvalsLost: number
}

/** What keeping these settings would mean. */
export interface ManagerPreview {
  readonly findings: readonly Finding[]
  /** Settings that an approval covers and that are other than before. */
  readonly fieldsToApproveAgain: readonly string[]
  /** Batches on their way to be sent that must be approved again. */
  readonly approvalsLost: number
}

type OfficeParts = Pick<Office, 'store' | 'training'>

export function surroundingsOf({ store, training }: OfficeParts, id: string | null): CheckSurroundings {
  return {
    training,
    findKeyType: (purpose, keyId) => findKeyType(store, purpose, keyId),
    hasClientCertificate: (fingerprint) => findClientCertificate(store, fingerprint) !== undefined,
    // The training office's own payment system is known.
    duplicateProofOf: (settings) => (training ? 'proven' : duplicateProof(store, { ...settings, id })),
    isNameTaken: (name) => allManagers(store).some((other) => other.id !== id && other.name === name),
  }
}

/** Checks settings without keeping them. */
export function previewManager(office: OfficeParts, id: string | null, settings: unknown): ManagerPreview {
  const findings = checkManager(settings, surroundingsOf(office, id))
  const parsed = ManagerSettings.safeParse(settings)
  const before = id === null ? undefined : office.store.get('paymentManager', id)
  if (!parsed.success || before === undefined) return { findings, fieldsToApproveAgain: [], approvalsLost: 0 }
  const fields = fieldsToApproveAgain(before, withoutOthersParts(parsed.data))
  return {
    findings,
    fieldsToApproveAgain: fields,
    approvalsLost: fields.length > 0 ? openApprovals(office.store, before.id) : 0,
  }
}

/** Which of the changed settings the digest of an approval covers. */
export function fieldsToApproveAgain(before: PaymentManager, after: ManagerSettings): string[] {
  const digest = managerDigest(before)
  return (Object.keys(after) as (keyof ManagerSettings)[]).filter(
    (field) => managerDigest({ ...before, [field]: after[field] }) !== digest,
  )
}

/** Batches that were submitted or approved and have not been claimed for sending yet. */
const openApprovals = (store: Pick<Store, 'sql'>, managerId: string): number =>
  store
    .sql("SELECT count(*) FROM batch WHERE manager_id = ? AND state IN ('submitted', 'approved', 'queued')")
    .pluck()
    .get(managerId) as number

/**
 * Makes or changes a payment manager; the record carries the administrator's signature.
 *
 * @throws OfficeError with the code of the first error of {@link checkManager}; `manager.approvals-need-word` when the
 * change costs approvals that the administrator has not seen; `store.changed-meanwhile`, `identity.wrong-pin`
 */
export async function saveManager(
  office: OfficeParts,
  administrator: Officer,
  edit: ManagerEdit,
): Promise<PaymentManager> {
  const { store } = office
  const { id } = edit
  const settings = withoutOthersParts(edit.settings)
  const before = id === null ? undefined : store.get('paymentManager', id)
  if (before !== undefined && before.changedAt !== edit.basedOn) fail('store.changed-meanwhile')
  const { findings, fieldsToApproveAgain: fields, approvalsLost } = previewManager(office, id, settings)
  const wrong = findings.find(({ weight }) => weight === 'error')
  if (wrong !== undefined) fail(wrong.code, wrong.params)
  if (approvalsLost > edit.approvalsLost) fail('manager.approvals-need-word', { count: approvalsLost })
  const manager = {
    ...settings,
    id: id ?? newId(),
    removed: false,
    state: before?.state ?? ('active' as const),
    signature: '',
  }
  return write(
    store,
    administrator,
    edit.pin,
    before,
    manager,
    before === undefined ? 'manager.created' : 'manager.changed',
    {
      fieldsToApproveAgain: fields,
      approvalsLost,
    },
  )
}

/** The part of a way to pay that the manager does not go has no place in its record. */
function withoutOthersParts({ paymentHub, ...settings }: ManagerSettings): ManagerSettings {
  return settings.kind === 'payment-hub' && paymentHub !== undefined ? { ...settings, paymentHub } : settings
}

/** Stops a manager from sending, or lets it send again. @throws OfficeError `store.changed-meanwhile`, `identity.wrong-pin` */
export function setManagerState(
  { store }: OfficeParts,
  administrator: Officer,
  edit: {
    readonly id: string
    readonly basedOn: string
    readonly pin: string
    readonly state: PaymentManager['state']
  },
): Promise<PaymentManager> {
  const before = store.get('paymentManager', edit.id)
  if (before.changedAt !== edit.basedOn) fail('store.changed-meanwhile')
  const action = edit.state === 'suspended' ? 'manager.suspended' : 'manager.reactivated'
  return write(store, administrator, edit.pin, before, { ...before, state: edit.state }, action, {})
}

async function write(
  store: Store,
  administrator: Officer,
  pin: string,
  before: PaymentManager | undefined,
  manager: SignedManager,
  action: 'manager.created' | 'manager.changed' | 'manager.suspended' | 'manager.reactivated',
  detail: Readonly<Record<string, unknown>>,
): Promise<PaymentManager> {
  const signed = await signManager(await openSignatory(store, administrator, pin), manager, before)
  return store.transaction(administrator.id, (transaction) => {
    // The signature took a moment in which somebody else may have written.
    if (transaction.find('paymentManager', signed.id)?.changedAt !== before?.changedAt) fail('store.changed-meanwhile')
    const record = transaction.put('paymentManager', signed)
    transaction.audit({
      action,
      subjectKind: 'paymentManager',
      subjectId: record.id,
      detail: { ...detail, digest: managerDigest(record) },
    })
    return record
  })
}

export const hasManagerSecret = (store: Store, managerId: string): boolean =>
  findSecret(store, 'manager-secret', managerId) !== undefined

export interface ManagerSecret {
  /** Bearer token, client secret, key or password. */
  readonly secret: string
  /** The client's own secret beside a user's password; undefined leaves it as it is. */
  readonly clientSecret?: string | undefined
}

/** The secret of a manager; it goes in and never comes out. @throws OfficeError `manager.no-secret-wanted` */
export function setManagerSecret(
  store: Store,
  administrator: Officer,
  managerId: string,
  { secret, clientSecret }: ManagerSecret,
): void {
  const manager = store.get('paymentManager', managerId)
  if (manager.authentication.kind === 'none') fail('manager.no-secret-wanted')
  store.transaction(administrator.id, (transaction) => {
    putManagerSecret(transaction, managerId, { secret, clientSecret })
    transaction.audit({ action: 'manager.secret-set', subjectKind: 'paymentManager', subjectId: managerId })
  })
}

/** @throws OfficeError `mapper.not-used`, `manager.no-secret-wanted` */
export function setMapperSecret(store: Store, administrator: Officer, managerId: string, secret: string): void {
  const { mapper } = store.get('paymentManager', managerId)
  if (mapper === undefined) fail('mapper.not-used')
  if (mapper.authentication.kind === 'none') fail('manager.no-secret-wanted')
  store.transaction(administrator.id, (transaction) => {
    putMapperSecret(transaction, managerId, secret)
    transaction.audit({ action: 'manager.mapper-secret-set', subjectKind: 'paymentManager', subjectId: managerId })
  })
}

export const hasMapperSecret = (store: Store, managerId: string): boolean =>
  findSecret(store, 'mapper-secret', managerId) !== undefined

export const putMapperSecret = (transaction: Transaction, managerId: string, secret: string): void =>
  putSecret(transaction, 'mapper-secret', managerId, secret)

export function putManagerSecret(
  transaction: Transaction,
  managerId: string,
  { secret, clientSecret }: ManagerSecret,
): void {
  putSecret(transaction, 'manager-secret', managerId, secret)
  if (clientSecret !== undefined) putSecret(transaction, 'manager-client-secret', managerId, clientSecret)
}
