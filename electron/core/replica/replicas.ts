import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ReplicaKey, StreamEvent } from '../../../shared/contract/replica.ts'
import { fail } from '../../../shared/contract/result.ts'
import type { RecordKind } from '../../../shared/model/records.ts'
import { type ReplicaName, replicaCollection, replicaNames } from '../../../shared/model/replica.ts'
import type { Sessions } from '../identity/sessions.ts'
import { collections } from '../store/collections.ts'
import type { Change, Store } from '../store/store.ts'

/** Changes that follow each other within this many milliseconds are told together. */
const GATHER = 50
/** Above the sum of all capacities: a page that holds more has lost count. */
const MOST_PINNED = 20_000

const pinnedNames = replicaNames.filter((name) => replicaCollection(name).extent === 'pinned')

/** One page that follows the store, and the records it holds open. */
class Follower {
  readonly pins = new Map<ReplicaName, Set<string>>(pinnedNames.map((name) => [name, new Set()]))
  readonly #dirty = new Set<ReplicaName>()
  #wake: () => void = () => undefined

  mark(names: readonly ReplicaName[]): void {
    for (const name of names) this.#dirty.add(name)
    if (names.length > 0) this.#wake()
  }

  take(): ReplicaName[] {
    const names = [...this.#dirty]
    this.#dirty.clear()
    return names
  }

  wake(): void {
    this.#wake()
  }

  /** Resolves when something changed or ended. */
  async somethingNew(): Promise<void> {
    if (this.#dirty.size > 0) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }
}

/**
 * The pages that replicate with this store: the key that seals each session's replica, and what each page has pinned.
 * All of it is in memory: after sign-out or a restart nobody can read what a browser kept.
 */
export class Replicas {
  readonly #store: Store
  readonly #keys = new Map<string, ReplicaKey & { readonly officerId: string }>()
  readonly #followers = new Map<string, Follower>()

  constructor(store: Store, sessions: Sessions) {
    this.#store = store
    sessions.onChange((client) => this.#keys.delete(client))
  }

  /** The key of this session's replica; another one after each sign-in. */
  key(client: string, officerId: string): ReplicaKey {
    let known = this.#keys.get(client)
    if (known?.officerId !== officerId) {
      known = { id: randomUUID(), key: randomBytes(32).toString('base64'), officerId }
      this.#keys.set(client, known)
    }
    return { id: known.id, key: known.key }
  }

  /** @returns the ids that the page holds; nothing for a page that does not follow. */
  pinned(client: string, page: string, name: ReplicaName): readonly string[] {
    return [...(this.#followers.get(pageKey(client, page))?.pins.get(name) ?? [])]
  }

  /** From now on changes of these records are told to the page. @throws OfficeError `replica.too-many-open` */
  pin(client: string, page: string, name: ReplicaName, ids: readonly string[]): void {
    const pins = this.#pins(client, page, name)
    if (pins === undefined) return
    if (pins.size + ids.length > MOST_PINNED) fail('replica.too-many-open', { maximum: MOST_PINNED })
    for (const id of ids) pins.add(id)
  }

  unpin(client: string, page: string, name: ReplicaName, ids: readonly string[]): void {
    const pins = this.#pins(client, page, name)
    for (const id of ids) pins?.delete(id)
  }

  /**
   * Tells a page which of its collections have something new, until it goes or the officer signs out.
   *
   * @throws the signal's reason
   */
  async *follow(client: string, page: string, signal: AbortSignal | undefined): AsyncGenerator<StreamEvent> {
    const follower = new Follower()
    const key = pageKey(client, page)
    this.#followers.set(key, follower)
    const wake = (): void => follower.wake()
    const stopChanges = this.#store.onChange((change) => follower.mark(this.#touched(follower, change)))
    signal?.addEventListener('abort', wake)
    try {
      yield { opened: true, collections: [] }
      while (!signal?.aborted) {
        const names = follower.take()
        if (names.length > 0) {
          yield { opened: false, collections: names }
          await pause(GATHER)
        } else await follower.somethingNew()
      }
      signal?.throwIfAborted()
    } finally {
      stopChanges()
      signal?.removeEventListener('abort', wake)
      if (this.#followers.get(key) === follower) this.#followers.delete(key)
    }
  }

  #pins(client: string, page: string, name: ReplicaName): Set<string> | undefined {
    return this.#followers.get(pageKey(client, page))?.pins.get(name)
  }

  /** The collections of a page that a change concerns; of pinned ones only where a pinned record changed. */
  #touched(follower: Follower, { kinds, sequence }: Change): ReplicaName[] {
    return replicaNames.filter((name) => {
      const { kind, extent } = replicaCollection(name)
      if (extent === 'whole') return kinds.includes(kind)
      const pins = follower.pins.get(name)
      if (pins === undefined || pins.size === 0) return false
      // Identity numbers are shown with their registrant and have no change index of their own.
      if (kind === 'registrant' && kinds.includes('identityNumber')) return true
      return kinds.includes(kind) && this.#changedIds(kind, sequence).some((id) => pins.has(id))
    })
  }

  #changedIds(kind: RecordKind, sequence: number): string[] {
    return this.#store.sql(`SELECT id FROM ${collections[kind].table} WHERE seq = ?`).pluck().all(sequence) as string[]
  }
}

const pageKey = (client: string, page: string): string => `${client}\u001f${page}`
