import { createRxDatabase, type RxCollection, type RxDatabase, type RxStorage } from 'rxdb'
import {
  type DraftField,
  type DraftName,
  type ReplicaDocument,
  type ReplicaName,
  replicaCollection,
  replicaNames,
} from '../../shared/model/replica.ts'
import { CollectionReplication } from './collection-replication.ts'
import { storeDecides } from './conflict-handler.ts'
import type { Drafts } from './drafts.ts'
import { LOCAL_EDIT, schemaOf } from './schemas.ts'
import type { Seal } from './seal.ts'
import { sealedStorage } from './sealed-storage.ts'
import type { ReplicaSource } from './source.ts'

export interface ReplicaOptions {
  /** Of the database; another one after every rebuild. */
  readonly name: string
  readonly storage: RxStorage<unknown, unknown>
  readonly seal: Seal
  readonly source: ReplicaSource
  readonly drafts: Drafts
  /** The storage below does not do what it should: full, corrupt, gone, sealed under another key. */
  readonly onFault: (error: unknown) => void
}

/** How long a damaged database may take to close before it is left behind. */
const CLOSING_TIME = 2_000

/** The records that are being worked on, live from the store. */
export class Replica {
  readonly #database: RxDatabase
  readonly #drafts: Drafts
  readonly #replications: ReadonlyMap<ReplicaName, CollectionReplication>
  readonly #stopFollowing: () => void

  private constructor(database: RxDatabase, { source, drafts }: ReplicaOptions) {
    this.#database = database
    this.#drafts = drafts
    this.#replications = new Map(
      replicaNames.map((name) => [
        name,
        new CollectionReplication(name, database.collections[name] as RxCollection, source, drafts),
      ]),
    )
    this.#stopFollowing = source.follow(({ opened, collections }) => {
      if (opened) for (const replication of this.#replications.values()) replication.reopened()
      for (const name of collections) this.#of(name).next()
    })
  }

  /** @throws whatever the storage throws when the database cannot be opened as it must be */
  static async open(options: ReplicaOptions): Promise<Replica> {
    const { name, storage, seal, onFault } = options
    const database = await createRxDatabase({
      name,
      storage: sealedStorage(storage, { seal, onFault }),
      multiInstance: false,
      eventReduce: true,
    })
    const creators = replicaNames.map((collection) => [
      collection,
      { schema: schemaOf(collection), conflictHandler: storeDecides as never },
    ])
    try {
      await database.addCollections(Object.fromEntries(creators))
    } catch (error) {
      await closeDatabase(database)
      throw error
    }
    return new Replica(database, options)
  }

  /** For reading. Documents change through {@link edit} only. */
  collection<N extends ReplicaName>(name: N): RxCollection<ReplicaDocument<N>> {
    return this.#database.collections[name] as RxCollection<ReplicaDocument<N>>
  }

  /** Keeps records live from now on; whole collections always are. @returns how to let them go */
  hold(name: ReplicaName, ids: readonly string[]): () => void {
    const replication = this.#of(name)
    replication.hold(ids)
    let held = true
    return () => {
      if (held) replication.release(ids)
      held = false
    }
  }

  /** The store said that it has no such record. */
  isMissing(name: ReplicaName, id: string): boolean {
    return this.#of(name).isMissing(id)
  }

  onMissing(name: ReplicaName, listener: () => void): () => void {
    return this.#of(name).onMissing(listener)
  }

  /**
   * Writes an edit here at once; it goes to the store by itself. The fields that may be edited are the collection's draft
   * fields, whatever else is given is refused by the store and undone.
   *
   * @param seen the document as the officer saw it; where another value came meanwhile the edit is refused at once, as the
   *   store would. Without it the edit goes over whatever is there.
   * @throws when the document is not in the replica
   */
  async edit<N extends DraftName>(
    name: N,
    id: string,
    changes: Partial<Pick<ReplicaDocument<N>, DraftField<N>>>,
    seen?: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const collection = this.collection(name) as unknown as RxCollection<Record<string, unknown>>
    const document = await collection.findOne(id).exec()
    if (document === null) throw new Error(`${name} holds no such document`)
    const edit = this.#drafts.nextEdit(name, id)
    // Judged within the write: a pull that comes between the two would be overwritten, and nobody would know.
    await document.incrementalModify((current) => {
      const news = this.#drafts.begin({ collection: name, id, changes, seen, current })
      return Object.keys(news).length === 0 ? current : { ...current, ...news, [LOCAL_EDIT]: edit }
    })
    void this.#of(name).seeThrough(id, edit)
  }

  /** Takes up edits that an earlier database of this session had and the store had not answered. */
  async takeUp(): Promise<void> {
    for (const { collection, id } of this.#drafts.open()) {
      const release = this.hold(collection, [id])
      await this.#of(collection).seeThrough(id, this.#drafts.nextEdit(collection, id))
      release()
    }
  }

  /** Holds what is in a database that was opened again, so that none of it goes stale. */
  async holdWhatIsThere(): Promise<void> {
    for (const name of replicaNames) {
      if (replicaCollection(name).extent !== 'pinned') continue
      const documents = await (this.#database.collections[name] as RxCollection).find().exec()
      this.hold(
        name,
        documents.map((document) => document.primary),
      )()
    }
  }

  /** Resolves when everything asked for has come and every edit was answered. */
  async settled(...names: readonly ReplicaName[]): Promise<void> {
    await Promise.all((names.length === 0 ? replicaNames : names).map((name) => this.#of(name).settled()))
  }

  async close(): Promise<void> {
    this.#stopFollowing()
    await closeDatabase(this.#database)
  }

  #of(name: ReplicaName): CollectionReplication {
    const replication = this.#replications.get(name)
    if (replication === undefined) throw new Error(`no such collection: ${name}`)
    return replication
  }
}

/**
 * Closes a database, however damaged. The collections are closed one by one first: RxDB counts those that are open in a
 * page, and a database that cannot close itself would leave no room for the next one.
 */
async function closeDatabase(database: RxDatabase): Promise<void> {
  const collections = Object.values(database.collections) as RxCollection[]
  const closing = Promise.allSettled([...collections.map((collection) => collection.close()), database.close()])
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSING_TIME))])
}
