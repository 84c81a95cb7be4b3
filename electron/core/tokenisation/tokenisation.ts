import { setImmediate as breathe } from 'node:timers/promises'
import { fail, OfficeError } from '../../../shared/contract/result.ts'
import type { ConnectorView } from '../../../shared/contract/tokenisation.ts'
import type { Connector } from '../../../shared/model/tokenisation.ts'
import { allConnectors } from '../identity/signed-change.ts'
import { isTrustedConnector } from '../identity/trust.ts'
import type { Office } from '../office.ts'
import { OFFICE, type Transaction } from '../store/store.ts'
import {
  type ConnectorParts,
  connectorSurroundings,
  getRunnable,
  hasConnectorPassword,
  putConnectorState,
  runsHere,
} from './connectors.ts'
import { JqRunner } from './jq/jq.ts'
import { applyMtsCall } from './mts/called-back.ts'
import { MTS_CALLER, mtsCaller } from './mts/mts-caller.ts'
import { findFormatFault } from './mts/seeder.ts'
import { formSource } from './odk-connector/form-source.ts'
import { findLastRun } from './queries.ts'
import { registrySource } from './registry-connector.ts'
import { endRun, takeOutCutOff, takeOutRest } from './runs/endings.ts'
import { addItems, withRefs } from './runs/run-items.ts'
import { findScheduled, RUN_JOB, runJob, runNeeds, startedMark } from './runs/run-job.ts'
import { ensureKey, type RunParts } from './runs/run-scene.ts'
import { beginRun, findOpenRun, findRunById } from './runs/run-store.ts'
import { checkConnector } from './settings-check.ts'

export interface TokenisationParts extends RunParts {
  readonly scheduler: Office['scheduler']
}

/** People put into a run by one transaction. */
const SLICE = 1_000

/** Connectors to token seeders and their runs; one for each open office. */
export class Tokenisation {
  readonly jq = new JqRunner()
  readonly #parts: TokenisationParts
  readonly #stopFollowing: () => void

  constructor(parts: TokenisationParts) {
    this.#parts = parts
    const { store, scheduler, callbacks } = parts
    scheduler.register(runJob(parts, { registry: registrySource, odk: formSource }))
    callbacks.register(mtsCaller, (call) => applyMtsCall(parts, call, (id) => this.#wakeWhenAnswered(id)))
    this.#stopFollowing = store.onChange(({ kinds }) => {
      if (kinds.includes('connector')) this.resume()
    })
  }

  /** Started connectors that run here have their job, however they came here. */
  resume(): void {
    const { store, scheduler } = this.#parts
    for (const connector of allConnectors(store)) {
      if (connector.state !== 'started' || !runsHere(store, connector)) continue
      if (scheduler.queue.findByKey(RUN_JOB, connector.id) !== undefined) continue
      if (findScheduled(this.#parts, connector) === undefined) continue
      store.transaction(OFFICE, (transaction) => {
        this.#enqueue(transaction, connector)
        transaction.audit({ action: 'connector.queued', subjectKind: 'connector', subjectId: connector.id })
      })
    }
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
    const isHere = runsHere(store, connector)
    const isWhole = findings.every(({ weight }) => weight !== 'error') && (connector.kind === 'registry' || hasPassword)
    return {
      ...rest,
      runsHere: isHere,
      trusted,
      hasPassword,
      findings,
      usable: trusted && isHere && isWhole,
      lastRun: findLastRun(store, connector.id) ?? null,
      nextRunAt: findScheduled(this.#parts, connector) ?? null,
    }
  }

  /**
   * Lets a connector run by its schedule, which begins now.
   *
   * @throws OfficeError those of {@link getRunnable}, `callback.no-address`, `tokenisation.formats-ignored`
   */
  async start(officerId: string, id: string): Promise<void> {
    const { store, http, time } = this.#parts
    const connector = await this.#getReady(officerId, id)
    const fault = await findFormatFault(http, connector.mtsUrl, time.now())
    if (fault !== undefined) throw new OfficeError(fault)
    store.transaction(officerId, (transaction) => {
      ensureKey(transaction)
      transaction.mark(startedMark(id), String(time.now()))
      putConnectorState(transaction, id, 'started', 'connector.started')
      this.#enqueue(transaction, connector)
    })
  }

  /** No run begins any more, and those under way end: who was sent and has no answer is listed as that. */
  async stop(officerId: string, id: string): Promise<void> {
    this.#parts.store.transaction(officerId, (transaction) => {
      putConnectorState(transaction, id, 'stopped', 'connector.stopped')
      for (let run = findOpenRun(transaction, id); run !== undefined; run = findOpenRun(transaction, id)) {
        endRun(transaction, run.id, 'stopped', this.#moment())
      }
    })
    await takeOutCutOff(this.#parts)
  }

  /**
   * Runs a connector now, whatever its schedule says: for everybody who is due, or for those who were chosen, who are each
   * listed with a reason when they cannot be sent.
   *
   * @param registrantIds null for everybody who is due
   * @returns the run
   * @throws OfficeError those of {@link getRunnable}, `tokenisation.nobody-chosen`, `callback.no-address`
   */
  async runNow(officerId: string, id: string, registrantIds: readonly string[] | null): Promise<string> {
    const { store, time } = this.#parts
    if (registrantIds?.length === 0) fail('tokenisation.nobody-chosen')
    const connector = await this.#getReady(officerId, id)
    await takeOutCutOff(this.#parts)
    const people = withRefs(registrantIds ?? [])
    const runId = store.transaction(officerId, (transaction) => {
      ensureKey(transaction)
      const startedBy = registrantIds === null ? 'officer' : 'selection'
      const run = beginRun(transaction, { connectorId: id, startedBy, startedAt: time.now() })
      addItems(transaction, { runId: run, connectorId: id }, people.slice(0, SLICE), time.now())
      return run
    })
    for (let from = SLICE; from < people.length; from += SLICE) {
      await breathe()
      store.transaction(officerId, (transaction) => {
        const slice = people.slice(from, from + SLICE)
        const count = addItems(transaction, { runId, connectorId: id }, slice, time.now())
        transaction.audit({
          action: 'tokenisation.people-chosen',
          subjectKind: 'tokenRun',
          subjectId: runId,
          detail: { people: count },
        })
      })
    }
    store.transaction(officerId, (transaction) => {
      this.#enqueue(transaction, connector)
      transaction.audit({ action: 'connector.queued', subjectKind: 'connector', subjectId: id })
    })
    return runId
  }

  /** @throws OfficeError `tokenisation.no-such-run`, `tokenisation.run-ended` */
  async stopRun(officerId: string, runId: string): Promise<void> {
    this.#parts.store.transaction(officerId, (transaction) => {
      if (findRunById(transaction, runId) === undefined) fail('tokenisation.no-such-run')
      const open = transaction.sql('SELECT 1 FROM token_run WHERE id = ? AND ended_at IS NULL').get(runId)
      if (open === undefined) fail('tokenisation.run-ended')
      endRun(transaction, runId, 'stopped', this.#moment())
    })
    await takeOutRest(this.#parts, runId)
  }

  async close(): Promise<void> {
    this.#stopFollowing()
    await this.jq.close()
  }

  /** A connector that may run, with an address that the seeder can call where it does. */
  async #getReady(officerId: string, id: string): Promise<Connector> {
    const connector = await getRunnable(this.connectorParts, id)
    if (connector.delivery === 'callback') this.#parts.callbacks.ensureAddress(officerId, MTS_CALLER, id)
    return connector
  }

  #moment(): { readonly at: number; readonly minute: number } {
    const { time } = this.#parts
    return { at: time.now(), minute: time.minute }
  }

  #enqueue(transaction: Transaction, connector: Connector): void {
    const { id } = connector
    this.#parts.scheduler.enqueue(transaction, {
      kind: RUN_JOB,
      key: id,
      input: { connectorId: id },
      needs: runNeeds(connector),
    })
  }

  /** The last answer of a request came: the next one can go. */
  #wakeWhenAnswered(connectorId: string): void {
    const { store, scheduler } = this.#parts
    const waits = store
      .sql(
        "SELECT 1 FROM token_item i JOIN token_run r ON r.id = i.run_id WHERE r.connector_id = ? AND r.ended_at IS NULL AND i.state = 'sent' LIMIT 1",
      )
      .get(connectorId)
    if (waits === undefined) scheduler.wake(RUN_JOB, connectorId)
  }
}
