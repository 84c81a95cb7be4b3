import type { ConnectorView } from '../../../shared/contract/tokenisation.ts'
import type { Connector } from '../../../shared/model/tokenisation.ts'
import { allConnectors } from '../identity/signed-change.ts'
import { isTrustedConnector } from '../identity/trust.ts'
import type { Office } from '../office.ts'
import {
  type ConnectorParts,
  connectorSurroundings,
  getRunnable,
  hasConnectorPassword,
  putConnectorState,
} from './connectors.ts'
import { JqRunner } from './jq/jq.ts'
import { findLastRun } from './queries.ts'
import { checkConnector } from './settings-check.ts'

export type TokenisationParts = Pick<Office, 'store' | 'reader' | 'http' | 'scheduler' | 'callbacks' | 'training'>

/** Connectors to token seeders and their runs; one for each open office. */
export class Tokenisation {
  readonly jq = new JqRunner()
  readonly #parts: TokenisationParts

  constructor(parts: TokenisationParts) {
    this.#parts = parts
  }

  /** What the checks of connectors need. */
  get connectorParts(): ConnectorParts {
    const { store, training, callbacks } = this.#parts
    return { store, training, callbacks, jq: this.jq }
  }

  async views(): Promise<ConnectorView[]> {
    const views = await Promise.all(allConnectors(this.#parts.store).map((connector) => this.viewOf(connector)))
    return views.sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  /** A connector as the screens see it. */
  async viewOf(connector: Connector): Promise<ConnectorView> {
    const { store } = this.#parts
    const { signature, removed, ...rest } = connector
    const trusted = await isTrustedConnector(store, connector)
    const findings = checkConnector(connector, connectorSurroundings(this.connectorParts, connector.id))
    const hasPassword = hasConnectorPassword(store, connector.id)
    const runsHere = connector.runsAt === store.installationId
    const isWhole = findings.every(({ weight }) => weight !== 'error') && (connector.kind === 'registry' || hasPassword)
    return {
      ...rest,
      runsHere,
      trusted,
      hasPassword,
      findings,
      usable: trusted && runsHere && isWhole,
      lastRun: findLastRun(store, connector.id) ?? null,
      nextRunAt: null,
    }
  }

  /**
   * Lets a connector run by its schedule.
   *
   * @throws OfficeError those of {@link getRunnable}
   */
  async start(officerId: string, id: string): Promise<void> {
    const { store } = this.#parts
    await getRunnable(this.connectorParts, id)
    store.transaction(officerId, (transaction) => putConnectorState(transaction, id, 'started', 'connector.started'))
  }

  /** No run begins any more. */
  stop(officerId: string, id: string): void {
    const { store } = this.#parts
    store.transaction(officerId, (transaction) => putConnectorState(transaction, id, 'stopped', 'connector.stopped'))
  }

  async close(): Promise<void> {
    await this.jq.close()
  }
}
