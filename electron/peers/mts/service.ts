import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Batch, callBack, process as processBatch, type Surroundings } from './batch.ts'
import { MtsFaults } from './faults.ts'
import { IdentitySystem } from './identity-system.ts'
import { crashed, MtsError } from './mts-error.ts'
import type { MtsLedgerEntry, MtsPeerOptions } from './peer-options.ts'
import { type KeptRecord, keepRecord } from './record.ts'
import type { AcceptedRequest } from './request-check.ts'

/** What MTS knows: the requests of this start, and the ID system behind it. */
export class MtsService {
  readonly options: MtsPeerOptions
  readonly faults: MtsFaults
  readonly ids: IdentitySystem
  /** The same in every answer of one start. */
  startedAt = new Date().toISOString()
  requests = 0
  accepted = 0
  records = 0
  callbacks = 0
  open = 0
  readonly #batches = new Map<string, Batch>()
  #earlier: readonly unknown[] = []

  constructor(options: MtsPeerOptions) {
    this.options = options
    this.faults = new MtsFaults(options.seed)
    this.faults.add(...options.faults)
    this.ids = new IdentitySystem(options.partner, options.takesStrangers)
    this.ids.know(options.people)
    this.ids.tell(options.answers)
  }

  ledger(): readonly MtsLedgerEntry[] {
    return this.ids.given()
  }

  /**
   * Takes records in; they are processed later.
   *
   * @returns the identifier, and whether any record is valid
   * @throws MtsError 500 where one record breaks the request
   */
  async accept(
    request: AcceptedRequest,
    records: readonly object[],
  ): Promise<{ readonly id: string; readonly hasValid: boolean }> {
    const kept: KeptRecord[] = []
    for (const record of records) kept.push(await this.#keep(record, request))
    const fault = this.faults.ofBatch()
    const id = `00${randomUUID().slice(2)}`
    const hasValid = fault?.do !== 'refuse-all' && kept.some((record) => 'asks' in record)
    const status = hasValid ? 'submitted' : 'submitted_with_errors'
    const batch: Batch = { id, request, records: kept, fault, status, results: undefined }
    this.#batches.set(id, batch)
    this.accepted += 1
    this.records += records.length
    this.open += 1
    void this.#work(batch).finally(() => {
      this.open -= 1
    })
    return { id, hasValid }
  }

  /** @throws MtsError 404 */
  find(id: string): Batch {
    const batch = this.#batches.get(id)
    if (batch === undefined) throw new MtsError(404, 'ATS-REQ-016', 'no auth request found for the given identifier')
    return batch
  }

  /** Requests do not outlive the service. */
  restart(): void {
    this.#batches.clear()
    this.startedAt = new Date().toISOString()
  }

  async #keep(record: object, { mapping }: AcceptedRequest): Promise<KeptRecord> {
    const kept = await keepRecord(record, mapping)
    if ('asks' in kept && this.options.unreadableNames.includes(kept.asks.name)) {
      throw crashed(`'latin-1' codec can't encode characters in position 0-3: ordinal not in range(256)`)
    }
    return kept
  }

  async #work(batch: Batch): Promise<void> {
    const { fault } = batch
    const surroundings: Surroundings = {
      ids: this.ids,
      random: this.faults.random,
      earlier: fault?.do === 'earlier-too' ? this.#earlier : [],
      isKnown: () => this.#batches.get(batch.id) === batch,
      called: () => {
        this.callbacks += 1
      },
    }
    await pause(this.options.processing)
    if (fault?.do === 'forget') {
      this.#batches.delete(batch.id)
      return
    }
    // Late is the file of a download, or the first call.
    if (fault?.do === 'late' && batch.request.callback === null) await pause(fault.delay)
    if (!surroundings.isKnown()) return
    await processBatch(batch, surroundings)
    this.#earlier = batch.results ?? []
    setTimeout(() => this.#batches.delete(batch.id), this.options.expirySeconds * 1_000).unref()
    if (fault?.do === 'late' && batch.request.callback !== null) await pause(fault.delay)
    await callBack(batch, surroundings)
  }
}
