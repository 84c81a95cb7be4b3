import 'fake-indexeddb/auto'
import type { Draft } from '../../../renderer/replica/drafts.ts'
import { draftKey, type Refused, useDrafts } from '../../../renderer/replica/drafts.ts'
import { ReplicaKeeper } from '../../../renderer/replica/keeper.ts'
import type { Replica } from '../../../renderer/replica/replica.ts'
import { apiSource, type ReplicaSource } from '../../../renderer/replica/source.ts'
import type { ReplicaDocument, ReplicaName } from '../../../shared/model/replica.ts'
import type { Window } from '../../core/replica/window.ts'

/** The browser's small storage, without a browser. */
export function memoryMarks(): Storage {
  const values = new Map<string, string>()
  return {
    get length() {
      return values.size
    },
    clear: () => values.clear(),
    key: (at) => [...values.keys()][at] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

/** A page with a replica over a window; fake-indexeddb stands for the browser's. */
export class Page {
  readonly keeper: ReplicaKeeper
  readonly refusals: Refused[] = []
  readonly lost: number[] = []
  /** How many replicas there have been. */
  replicas = 0
  #replica: Replica | undefined

  constructor(
    window: Window,
    {
      marks = memoryMarks(),
      indexedDB = globalThis.indexedDB,
      source = apiSource(window.api, `page-${crypto.randomUUID()}`),
    }: { marks?: Storage; indexedDB?: IDBFactory | undefined; source?: ReplicaSource } = {},
  ) {
    this.keeper = new ReplicaKeeper({
      source,
      browser: { indexedDB, locks: navigator.locks, marks },
      onReplica: (replica) => {
        this.#replica = replica
        if (replica !== undefined) this.replicas += 1
      },
      onRefusal: (refused) => void this.refusals.push(refused),
      onLost: (count) => void this.lost.push(count),
    })
  }

  get replica(): Replica {
    if (this.#replica === undefined) throw new Error('there is no replica')
    return this.#replica
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  /** Waits for a replica after the `count`-th. */
  async rebuilt(count: number): Promise<void> {
    await this.until(() => this.replicas > count && this.#replica !== undefined)
  }

  async read<N extends ReplicaName>(name: N, id: string): Promise<ReplicaDocument<N> | undefined> {
    const found = await this.replica.collection(name).findOne(id).exec()
    return found?.toJSON() as ReplicaDocument<N> | undefined
  }

  draft(name: ReplicaName, id: string): Draft | undefined {
    return useDrafts.getState().drafts[draftKey(name, id)]
  }

  close(): Promise<void> {
    return this.keeper.clear()
  }
}
