import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { fail } from '../../../shared/contract/result.ts'
import type { ConnectorFinding } from '../../../shared/contract/tokenisation.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import { type Connector, ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { findBaseAddress } from '../callbacks/settings.ts'
import { allConnectors, allProviders, openSignatory, signConnector } from '../identity/signed-change.ts'
import { isTrustedConnector, type SignedConnector } from '../identity/trust.ts'
import type { Office } from '../office.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findSecret, forgetSecret, putSecret } from '../vault/secrets.ts'
import { checkProgram } from './jq/check-program.ts'
import type { JqRunner } from './jq/jq.ts'
import { type ConnectorSurroundings, checkConnector } from './settings-check.ts'

/** What is needed to check and keep connectors. */
export type ConnectorParts = Pick<Office, 'store' | 'training' | 'callbacks'> & { readonly jq: JqRunner }

export interface ConnectorEdit {
  /** Null makes a new one. */
  readonly id: string | null
  /** `changedAt` of the record on the screen; null for a new one. */
  readonly basedOn: string | null
  readonly pin: string
  readonly settings: ConnectorSettings
  /** This office takes it on; else it stays where it runs. */
  readonly runsHere: boolean
}

/**
 * Whether this office runs a connector. One that names no office, as provisioning may bring it, runs where there is one office
 * only; else an administrator takes it on, since two that run it would ask for everybody twice.
 */
export const runsHere = (
  store: Pick<Store, 'installationId' | 'findMark'>,
  { runsAt }: Pick<Connector, 'runsAt'>,
): boolean => runsAt === store.installationId || (runsAt === '' && store.findMark('sole-office') === '1')

export const hasConnectorPassword = (store: Store, id: string): boolean =>
  findSecret(store, 'connector-password', id) !== undefined

export const putConnectorPassword = (transaction: Transaction, id: string, password: string): void =>
  putSecret(transaction, 'connector-password', id, password)

export function connectorSurroundings(
  { store, training, callbacks }: Pick<ConnectorParts, 'store' | 'training' | 'callbacks'>,
  id: string | null,
): ConnectorSurroundings {
  return {
    training,
    isNameTaken: (name) => allConnectors(store).some((other) => other.id !== id && other.name === name),
    isSubjectType: (type) => allProviders(store).some(({ subjectType }) => subjectType === type),
    hasPassword: id !== null && hasConnectorPassword(store, id),
    canBeCalled: (receiver) => {
      const { settings } = callbacks
      const listens = receiver === 'office' ? settings.on : settings.inbox !== null
      return listens && findBaseAddress(settings) !== undefined
    },
  }
}

/** Checks settings without keeping them. */
export async function previewConnector(
  parts: ConnectorParts,
  id: string | null,
  settings: unknown,
): Promise<ConnectorFinding[]> {
  const findings = checkConnector(settings, connectorSurroundings(parts, id))
  const program = (settings as { outputFormat?: unknown } | null)?.outputFormat
  const isKnownBad = findings.some(({ path, weight }) => path === 'outputFormat' && weight === 'error')
  if (typeof program !== 'string' || isKnownBad) return findings
  return [...findings, ...(await checkProgram(parts.jq, program))]
}

function refuseFaulty(findings: readonly ConnectorFinding[]): void {
  const wrong = findings.find(({ weight }) => weight === 'error')
  if (wrong !== undefined) fail(wrong.code, wrong.params)
}

/**
 * Makes or changes a connector; the record carries the administrator's signature, since whoever changes the seeder's address
 * gets people's numbers.
 *
 * @throws OfficeError the first error of {@link previewConnector}, `store.changed-meanwhile`, `identity.wrong-pin`
 */
export async function saveConnector(
  parts: ConnectorParts,
  administrator: Officer,
  edit: ConnectorEdit,
): Promise<Connector> {
  const { store } = parts
  const { id } = edit
  const before = id === null ? undefined : store.get('connector', id)
  if (before !== undefined && (before.changedAt !== edit.basedOn || before.removed)) fail('store.changed-meanwhile')
  const settings = ConnectorSettings.parse({ ...edit.settings, mtsUrl: edit.settings.mtsUrl.replace(/\/+$/, '') })
  refuseFaulty(await previewConnector(parts, id, settings))
  const connector: SignedConnector = {
    ...settings,
    id: id ?? newId(),
    removed: false,
    state: before?.state ?? 'draft',
    runsAt: edit.runsHere ? store.installationId : (before?.runsAt ?? ''),
    signature: '',
  }
  const action = before === undefined ? 'connector.created' : 'connector.changed'
  return writeSigned(store, administrator, edit.pin, before, connector, action)
}

/** Takes a connector away: it runs no more. What it brought stays. @throws OfficeError as {@link saveConnector} */
export async function removeConnector(
  { store }: Pick<ConnectorParts, 'store'>,
  administrator: Officer,
  edit: { readonly id: string; readonly basedOn: string; readonly pin: string },
): Promise<void> {
  const before = store.get('connector', edit.id)
  if (before.changedAt !== edit.basedOn) fail('store.changed-meanwhile')
  const removed: SignedConnector = { ...before, removed: true, state: 'stopped' }
  await writeSigned(store, administrator, edit.pin, before, removed, 'connector.removed', (transaction) =>
    forgetSecret(transaction, 'connector-password', edit.id),
  )
}

async function writeSigned(
  store: Store,
  administrator: Officer,
  pin: string,
  before: Connector | undefined,
  connector: SignedConnector,
  action: 'connector.created' | 'connector.changed' | 'connector.removed',
  also: (transaction: Transaction) => void = () => undefined,
): Promise<Connector> {
  const signed = await signConnector(await openSignatory(store, administrator, pin), connector, before)
  return store.transaction(administrator.id, (transaction) => {
    // The signature took a moment in which somebody else may have written.
    if (transaction.find('connector', signed.id)?.changedAt !== before?.changedAt) fail('store.changed-meanwhile')
    const record = transaction.put('connector', signed)
    also(transaction)
    transaction.audit({
      action,
      subjectKind: 'connector',
      subjectId: record.id,
      detail: { host: new URL(record.mtsUrl).host, delivery: record.delivery },
    })
    return record
  })
}

/** The password for ODK Central; it goes in and never comes out. */
export function setConnectorPassword(store: Store, administrator: Officer, id: string, password: string): void {
  const connector = store.get('connector', id)
  if (connector.removed) fail('store.not-found', { kind: 'connector' })
  store.transaction(administrator.id, (transaction) => {
    putConnectorPassword(transaction, id, password)
    transaction.audit({ action: 'connector.password-set', subjectKind: 'connector', subjectId: id })
  })
}

/**
 * A connector that may run here, now.
 *
 * @throws OfficeError `tokenisation.runs-elsewhere`, `tokenisation.untrusted`, the first error of its settings
 */
export async function getRunnable(parts: Omit<ConnectorParts, 'jq'>, id: string): Promise<Connector> {
  const connector = parts.store.get('connector', id)
  if (connector.removed) fail('store.not-found', { kind: 'connector' })
  if (!runsHere(parts.store, connector)) fail('tokenisation.runs-elsewhere')
  if (!(await isTrustedConnector(parts.store, connector))) fail('tokenisation.untrusted')
  // jq has looked at it when it was kept.
  refuseFaulty(checkConnector(connector, connectorSurroundings(parts, id)))
  return connector
}

/** Writes another state in the same transaction as what follows from it. */
export function putConnectorState(
  transaction: Transaction,
  id: string,
  state: Connector['state'],
  action: 'connector.started' | 'connector.stopped' | 'connector.completed',
): void {
  const { changedAt, changedBy, ...connector } = transaction.get('connector', id)
  if (connector.removed) fail('store.not-found' satisfies ErrorCode, { kind: 'connector' })
  transaction.put('connector', { ...connector, state })
  transaction.audit({ action, subjectKind: 'connector', subjectId: id })
}
