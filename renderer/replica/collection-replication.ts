import type { RxCollection, RxError, RxTypeError } from 'rxdb'
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication'
import type { Checkpoint, PushRow, ReplicatedDocument } from '../../shared/contract/replica.ts'
import { type ReplicaName, replicaCollection } from '../../shared/model/replica.ts'
import type { Drafts } from './drafts.ts'
import { Pins } from './pins.ts'
import { LOCAL_EDIT } from './schemas.ts'
import type { ReplicaSource } from './source.ts'

/** Documents in one answer of the store; RxDB asks on while they come full. */
const PULL_AT_ONCE = 250
const PUSH_AT_ONCE = 20
const RETRY_AFTER = 1_000
/** Documents that left are kept as marks until there are this many. */
const SWEEP_AFTER = 1_000

type Replication = RxReplicationState<Record<string, unknown>, Checkpoint>

/** One collection of the replica and its way to the store and back. */
export class CollectionReplication {
  readonly name: ReplicaName
  readonly pins: Pins | undefined
  readonly #collection: RxCollection<Record<string, unknown>>
  readonly #source: ReplicaSource
  readonly #drafts: Drafts
  readonly #replication: Replication
  /** Pinned records that the store does not have. */
  readonly #missing = new Set<string>()
  readonly #onMissing = new Set<() => void>()
  /** Another round was asked for and has not begun. */
  #again = true
  #left = 0

  constructor(name: ReplicaName, collection: RxCollection, source: ReplicaSource, drafts: Drafts) {
    this.name = name
    this.#collection = collection as RxCollection<Record<string, unknown>>
    this.#source = source
    this.#drafts = drafts
    const { extent, capacity, draftFields } = replicaCollection(name)
    if (extent === 'pinned') this.pins = new Pins(capacity)
    this.#replication = replicateRxCollection<Record<string, unknown>, Checkpoint>({
      replicationIdentifier: 'store',
      collection: this.#collection,
      live: true,
      waitForLeadership: false,
      toggleOnDocumentVisible: false,
      retryTime: RETRY_AFTER,
      pull: { batchSize: PULL_AT_ONCE, handler: (checkpoint) => this.#pull(checkpoint) as never },
      ...(draftFields.length === 0
        ? {}
        : { push: { batchSize: PUSH_AT_ONCE, handler: (rows) => this.#push(rows as never) as never } }),
    })
    this.#replication.error$.subscribe((error) => console.warn('replica', name, ...namesIn(error)))
  }

  /** Asks the store for what is new. */
  next(): void {
    this.#again = true
    this.#replication.reSync()
  }

  /** The line to the store is a new one: it knows nothing of what was pinned. */
  reopened(): void {
    this.pins?.askAllAgain()
    this.next()
  }

  hold(ids: readonly string[]): void {
    if (this.pins?.hold(ids)) this.next()
  }

  release(ids: readonly string[]): void {
    if (this.pins?.release(ids)) this.next()
  }

  /** The store said that it has no such record. */
  isMissing(id: string): boolean {
    return this.#missing.has(id)
  }

  onMissing(listener: () => void): () => void {
    this.#onMissing.add(listener)
    return () => void this.#onMissing.delete(listener)
  }

  /** Resolves when everything that was asked for has come and every edit was answered. */
  async settled(): Promise<void> {
    do await this.#replication.awaitInSync()
    while (this.#again && !this.#replication.isStopped())
  }

  /**
   * Looks after an edit that was written here: what needs no answer is done, and what an earlier database of this page had
   * written is written again.
   *
   * @param edit its number; a later edit of the document is looked after for both
   */
  async seeThrough(id: string, edit: number): Promise<void> {
    try {
      await this.settled()
      const document = await this.#collection.findOne(id).exec()
      if (this.#replication.isStopped() || !this.#drafts.isLastEdit(this.name, id, edit)) return
      const again = this.#drafts.agreed(this.name, id, document?.toJSON() ?? {})
      if (again !== undefined) await document?.incrementalPatch({ ...again, [LOCAL_EDIT]: edit })
    } catch (error) {
      if (!this.#replication.isStopped()) console.warn('replica', this.name, nameOf(error))
    }
  }

  async stop(): Promise<void> {
    await this.#replication.cancel()
  }

  /** A short answer ends the round, so it has to hold everything that was to go or to come. */
  async #pull(
    checkpoint: Checkpoint | undefined,
  ): Promise<{ documents: readonly ReplicatedDocument[]; checkpoint: Checkpoint }> {
    this.#again = false
    const { pins } = this
    if (pins === undefined) return this.#source.pull(this.name, checkpoint ?? null, PULL_AT_ONCE)
    const leaving = pins.nextToLeave(PULL_AT_ONCE)
    const asking = pins.nextToAsk(PULL_AT_ONCE - leaving.length)
    if (leaving.length + asking.ids.length === 0) {
      if (pins.size === 0) return { documents: [], checkpoint: checkpoint ?? { seq: 0, id: '' } }
      const answer = await this.#source.pull(this.name, checkpoint ?? null, PULL_AT_ONCE)
      this.#noteMissing(answer.documents)
      return answer
    }
    if (leaving.length > 0) await this.#source.unpin(this.name, leaving)
    const { documents, sequence } = await this.#source.pin(this.name, asking.ids)
    pins.left(leaving)
    pins.asked(asking)
    this.#noteMissing(documents)
    this.#sweep(leaving.length)
    const left = leaving.map((id) => ({ id, _deleted: true }))
    return { documents: [...left, ...documents], checkpoint: checkpoint ?? { seq: sequence, id: '' } }
  }

  async #push(rows: readonly PushRow[]): Promise<ReplicatedDocument[]> {
    const { masters, refusals } = await this.#source.push(this.name, this.#drafts.rebase(this.name, rows.map(unmarked)))
    this.#drafts.answered(this.name, rows, { masters, refusals })
    return [...masters]
  }

  #noteMissing(documents: readonly ReplicatedDocument[]): void {
    let changed = false
    for (const { id, _deleted } of documents) {
      if (_deleted === this.#missing.has(id)) continue
      if (_deleted) this.#missing.add(id)
      else this.#missing.delete(id)
      changed = true
    }
    if (changed) for (const listener of this.#onMissing) listener()
  }

  /** Marks of documents that left take room and time in every scan. */
  #sweep(count: number): void {
    this.#left += count
    if (this.#left < SWEEP_AFTER) return
    this.#left = 0
    void this.#collection.storageInstance.cleanup(0).catch(() => console.warn('replica', this.name, 'sweep'))
  }
}

/** A row as the store knows its documents. */
function unmarked({ assumedMasterState, newDocumentState }: PushRow): PushRow {
  const { [LOCAL_EDIT]: _, ...wanted } = newDocumentState
  const { [LOCAL_EDIT]: __, ...assumed } = assumedMasterState ?? {}
  return { assumedMasterState: assumed, newDocumentState: wanted }
}

/** What may be logged of an error of RxDB: codes and names. Its parameters carry whole documents. */
function namesIn(error: RxError | RxTypeError): string[] {
  const inner = (error as { parameters?: { errors?: unknown } }).parameters?.errors
  const causes = Array.isArray(inner) ? inner : []
  return [String((error as { code?: string }).code ?? error.name), ...causes.map((cause) => nameOf(cause))]
}

/** A fault of the office says its code in its message; of anything else only the name is safe. */
function nameOf(cause: unknown): string {
  const { name, message } = (cause ?? {}) as { name?: string; message?: string }
  return name === 'OfficeFault' ? `${message}` : `${name ?? 'unknown'}`
}
