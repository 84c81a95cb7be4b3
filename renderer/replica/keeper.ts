import type { RxStorage } from 'rxdb'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { replicaCollection, replicaNames } from '../../shared/model/replica.ts'
import { browserStorage } from './browser-storage.ts'
import {
  type Browser,
  databaseName,
  findDatabases,
  markUnpushed,
  removeDatabases,
  removeLeftovers,
  takeMarksWithout,
  takePlace,
  unpushedOf,
} from './databases.ts'
import { Drafts, type Refused } from './drafts.ts'
import { Replica } from './replica.ts'
import { createSeal, type Seal } from './seal.ts'
import type { ReplicaSource } from './source.ts'

export interface KeeperOptions {
  readonly source: ReplicaSource
  readonly browser: Browser
  /** Gets the replica when it is there, and undefined while there is none. */
  readonly onReplica: (replica: Replica | undefined) => void
  readonly onRefusal: (refused: Refused) => void
  /** Documents whose unpushed edits are gone. */
  readonly onLost: (count: number) => void
}

/** More rebuilds than this within {@link REBUILD_WINDOW}, and the replica stays in memory. */
const REBUILDS = 3
const REBUILD_WINDOW = 60_000

/**
 * Opens the replica of a signed-in page, makes it anew whenever its database fails (gone, full, corrupt, made by another
 * version, sealed under another key), and clears it at sign-out. Where the browser keeps no database at all, the replica
 * lives in memory. Edits that the store has not answered are taken along, or their loss is told.
 */
export class ReplicaKeeper {
  readonly #options: KeeperOptions
  readonly #drafts: Drafts
  #seal: Seal | undefined
  #key = ''
  #place: { readonly place: number; release: () => void } | undefined
  #replica: Replica | undefined
  #name = ''
  #generation = 0
  #rebuilds: number[] = []
  /** One thing after the other: opening, rebuilding, clearing. */
  #work: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#drafts = new Drafts(options.onRefusal, (count) => markUnpushed(options.browser, this.#name, count))
  }

  /** @throws OfficeFault when the core gives no key */
  open(): Promise<void> {
    this.#work = this.#work.then(() => this.#openFirst())
    return this.#work
  }

  /** Closes the replica and removes it from the browser. */
  async clear(): Promise<void> {
    if (this.#closed) return this.#work
    this.#closed = true
    // What is under way notices that it is closed; whatever became of it was told to whoever began it.
    this.#work = this.#work.then(
      () => this.#remove(),
      () => this.#remove(),
    )
    return this.#work
  }

  async #openFirst(): Promise<void> {
    const { source, browser } = this.#options
    const { id, key } = await source.key()
    this.#key = id
    this.#seal = await createSeal(key)
    this.#place = await takePlace(browser, id)
    await this.#openKept(await this.#findOwn())
  }

  /** Generations of this page's own database that are in the browser; undefined when it keeps none. */
  async #findOwn(): Promise<readonly number[] | undefined> {
    const { browser, onLost } = this.#options
    if (browser.indexedDB === undefined) return undefined
    try {
      const place = this.#place?.place ?? 0
      const lost = await removeLeftovers(browser, this.#key, place)
      const found = await findDatabases(browser)
      const gone = takeMarksWithout(browser, new Set(found.map(({ name }) => name)))
      if (lost + gone > 0) onLost(lost + gone)
      return found.filter((one) => one.key === this.#key && one.place === place).map(({ generation }) => generation)
    } catch (error) {
      return tell('databases', error)
    }
  }

  async #openKept(own: readonly number[] | undefined): Promise<void> {
    if (own === undefined) return this.#openInMemory()
    this.#nameAfter(Math.max(0, ...own))
    const name = this.#name
    try {
      const replica = await this.#openDatabase(browserStorage(own.length === 0))
      await this.#show(replica)
      if (own.length > 0) await this.#takeOver(replica)
    } catch (error) {
      tell('open', error)
      await this.#rebuild(name)
    }
  }

  /** A database that an earlier load of this page left: its documents are held again, its edits go to the store. */
  async #takeOver(replica: Replica): Promise<void> {
    const name = this.#name
    await replica.holdWhatIsThere()
    void replica.settled(...draftNames).then(() => {
      if (name === this.#name && !this.#closed) markUnpushed(this.#options.browser, name, this.#drafts.open().length)
    })
  }

  async #openInMemory(): Promise<void> {
    this.#nameAfter(this.#generation + 1)
    await this.#show(await this.#openDatabase(getRxStorageMemory()))
  }

  #nameAfter(generation: number): void {
    this.#generation = generation
    this.#name = databaseName(this.#key, this.#place?.place ?? 0, generation)
  }

  #openDatabase(storage: unknown): Promise<Replica> {
    const name = this.#name
    return Replica.open({
      name,
      storage: storage as RxStorage<unknown, unknown>,
      seal: this.#seal as Seal,
      source: this.#options.source,
      drafts: this.#drafts,
      onFault: (error) => this.#failed(name, error),
    })
  }

  async #show(replica: Replica): Promise<void> {
    this.#replica = replica
    if (this.#closed) return
    this.#options.onReplica(replica)
    // Not waited for: the store may be slow to answer, and the screens need the replica at once.
    void replica.takeUp().catch((error) => tell('take up', error))
  }

  /** The database failed while it was used. Many operations fail at once; the first one that is heard rebuilds. */
  #failed(name: string, error: unknown): void {
    if (this.#closed || name !== this.#name) return
    tell('storage', error)
    this.#work = this.#work.then(() => this.#rebuild(name))
  }

  /** Makes the database `name` anew, unless that was done already. */
  async #rebuild(name: string): Promise<void> {
    if (this.#closed || name !== this.#name) return
    const { browser, onReplica, onLost } = this.#options
    const failed = this.#replica
    this.#replica = undefined
    onReplica(undefined)
    // From now on faults of the old database are nobody's concern.
    this.#nameAfter(this.#generation + 1)
    await failed?.close()
    const carried = this.#drafts.open().length
    const lost = unpushedOf(browser, name) - carried
    await this.#removeNamed(name)
    markUnpushed(browser, this.#name, carried)
    if (lost > 0) onLost(lost)
    const now = Date.now()
    this.#rebuilds = [...this.#rebuilds.filter((at) => now - at < REBUILD_WINDOW), now]
    if (this.#rebuilds.length > REBUILDS) return this.#openInMemory()
    try {
      await this.#show(await this.#openDatabase(browserStorage(true)))
    } catch (error) {
      tell('rebuild', error)
      await this.#openInMemory()
    }
  }

  async #remove(): Promise<void> {
    const { onReplica, onLost } = this.#options
    onReplica(undefined)
    await this.#replica?.close()
    this.#replica = undefined
    const lost = this.#drafts.open().length
    await this.#removeNamed(this.#name)
    this.#place?.release()
    this.#drafts.forget()
    if (lost > 0) onLost(lost)
  }

  async #removeNamed(name: string): Promise<void> {
    const { browser } = this.#options
    try {
      const databases = (await findDatabases(browser)).filter((found) => found.name === name)
      await removeDatabases(browser, databases)
    } catch (error) {
      // A browser that cannot say what it keeps: it is sealed under a key that nobody has after the sign-out.
      tell('remove', error)
    }
  }
}

const draftNames = replicaNames.filter((name) => replicaCollection(name).draftFields.length > 0)

function tell(what: string, error: unknown): undefined {
  console.warn('replica', what, error instanceof Error ? error.name : 'unknown')
  return undefined
}
