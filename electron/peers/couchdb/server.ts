import { DEFAULT_SECURITY } from './access.ts'
import { CouchFault } from './couch-fault.ts'
import { createDatabase, PeerDatabase, type RefusedWrite } from './database.ts'
import { Faults } from './faults.ts'
import type { CouchdbPeerOptions } from './peer-options.ts'
import { type DatabaseRow, type Snapshot, Storage } from './storage.ts'
import { PasswordCheck, USERS } from './users.ts'

/** Refused writes that are kept. */
const REFUSED = 10_000

/** A request that was received and is kept waiting. */
export interface HeldRequest {
  /** Empty where nobody is signed in. */
  readonly user: string
  readonly method: string
  readonly url: string
}

/** What the server knows: its databases, its users, and what is to go wrong next. */
export class Server {
  readonly options: CouchdbPeerOptions
  readonly passwords = new PasswordCheck()
  readonly faults: Faults
  readonly held = new Set<HeldRequest>()
  /** What validate functions refused since the start. */
  readonly refused: RefusedWrite[] = []
  #storage: Storage
  #databases = new Map<string, PeerDatabase>()

  constructor(options: CouchdbPeerOptions) {
    this.options = options
    this.faults = new Faults(options.seed)
    this.faults.add(...options.faults)
    this.#storage = new Storage(options.file)
    this.#load()
  }

  get storage(): Storage {
    return this.#storage
  }

  get databases(): ReadonlyMap<string, PeerDatabase> {
    return this.#databases
  }

  /** Errors: 412 when there is one, 400 for a name that cannot be one. */
  create(name: string): void {
    if (!/^[a-z][a-z0-9_$()+/-]{0,237}$/.test(name) && name !== USERS && name !== '_replicator') {
      throw new CouchFault(
        400,
        'illegal_database_name',
        `Name: '${name}'. Only lowercase characters (a-z), digits (0-9), and any of the characters _, $, (, ), +, -, and / are allowed. Must begin with a letter.`,
      )
    }
    if (this.#databases.has(name)) {
      throw new CouchFault(412, 'file_exists', 'The database could not be created, the file already exists.')
    }
    createDatabase(this.#storage, name, DEFAULT_SECURITY)
    this.#load()
  }

  /** Errors: 404. */
  remove(name: string): void {
    this.get(name).remove()
    this.#databases.delete(name)
  }

  /** Errors: 404. */
  get(name: string): PeerDatabase {
    const found = this.#databases.get(name)
    if (found === undefined) throw new CouchFault(404, 'not_found', 'Database does not exist.')
    return found
  }

  /** Everything as it is now. */
  snapshot(): Snapshot {
    return this.#storage.snapshot()
  }

  /**
   * Closes the file and opens it again.
   *
   * @param with what lies in it then; undefined leaves it as it is
   */
  reopen(content?: Snapshot): void {
    const kept = content ?? (this.options.file === undefined ? this.#storage.snapshot() : undefined)
    this.#storage.close()
    this.#storage = new Storage(this.options.file, kept)
    this.#databases.clear()
    this.#load()
  }

  close(): void {
    this.#storage.close()
  }

  #noteRefused(write: RefusedWrite): void {
    if (this.refused.length < REFUSED) this.refused.push(write)
  }

  #load(): void {
    const all = (): DatabaseRow[] => this.#storage.all('SELECT * FROM database ORDER BY name')
    if (!all().some(({ name }) => name === USERS)) createDatabase(this.#storage, USERS, DEFAULT_SECURITY)
    for (const row of all()) {
      if (this.#databases.has(row.name)) continue
      this.#databases.set(
        row.name,
        new PeerDatabase(this.#storage, row, this.options.maxDocumentSize, (write) => this.#noteRefused(write)),
      )
    }
  }
}
