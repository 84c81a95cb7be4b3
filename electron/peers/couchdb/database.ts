import { randomBytes } from 'node:crypto'
import type { UserContext } from './access.ts'
import { CouchFault, conflict, missing } from './couch-fault.ts'
import { type Draft, type JsonObject, readDraft } from './drafts.ts'
import {
  type Branch,
  endsWith,
  extend,
  graft,
  holds,
  type Revision,
  type RevisionTree,
  replaceBranch,
  revisionOf,
} from './revisions.ts'
import type { DatabaseRow, DocumentRow, Storage } from './storage.ts'
import { textOfRow, treeOf } from './stored-document.ts'
import { compileValidation, type Validate } from './validation.ts'

/** A write that a validate function refused. */
export interface RefusedWrite {
  readonly database: string
  readonly id: string
  readonly user: string
  readonly reason: string
}

/** Who stands behind what tests put in themselves. */
const SERVER_ADMIN: UserContext = { name: 'admin', roles: ['_admin'] }

/** One database: documents with all their branches, and the order in which they changed. */
export class PeerDatabase {
  readonly name: string
  readonly #storage: Storage
  readonly #number: number
  readonly #largestDocument: number
  readonly #waiting = new Set<() => void>()
  readonly #onRefused: (write: RefusedWrite) => void
  #row: DatabaseRow
  #validate: Validate | null | undefined
  #removed = false
  /** Where the last page of changes ended, so that the next one need not be counted. */
  #paged = { sequence: 0, at: 0, pending: 0 }

  constructor(
    storage: Storage,
    row: DatabaseRow,
    largestDocument: number,
    onRefused: (write: RefusedWrite) => void = () => undefined,
  ) {
    this.name = row.name
    this.#onRefused = onRefused
    this.#storage = storage
    this.#number = row.number
    this.#row = row
    this.#largestDocument = largestDocument
  }

  get sequence(): number {
    return this.#row.sequence
  }

  /** Documents that are there. */
  get count(): number {
    return this.#row.living
  }

  get deletedCount(): number {
    return this.#row.deleted
  }

  /** Largest body of a document, bytes. */
  get largestDocument(): number {
    return this.#largestDocument
  }

  get security(): string {
    return this.#row.security
  }

  set security(text: string) {
    this.#row = { ...this.#row, security: text }
    this.#storage.run('UPDATE database SET security = ? WHERE number = ?', text, this.#number)
  }

  /** Whether it was deleted. */
  get isGone(): boolean {
    return this.#removed
  }

  /** The end of every sequence of this database. */
  get origin(): string {
    return this.#row.origin
  }

  sequenceText(seq: number): string {
    return `${seq}-${this.#row.origin}`
  }

  row(id: string): DocumentRow | undefined {
    return this.#storage.get('SELECT * FROM document WHERE database = ? AND id = ?', this.#number, id)
  }

  tree(id: string): RevisionTree | undefined {
    const row = this.row(id)
    return row === undefined ? undefined : treeOf(row)
  }

  /** Rows by a condition on the columns of `document`, in the order that `tail` says. */
  rows(condition: string, tail: string, ...values: unknown[]): DocumentRow[] {
    return this.#storage.all(`SELECT * FROM document WHERE database = ? ${condition} ${tail}`, this.#number, ...values)
  }

  /** How many changes lie behind a page that begins after `since`. */
  pendingAfter(since: number, page: readonly DocumentRow[], descending: boolean): number {
    const at = page.at(-1)?.seq ?? since
    const { sequence } = this
    if (descending) return this.#countRows('AND seq > ? AND seq < ?', since, at)
    const follows = this.#paged.sequence === sequence && this.#paged.at === since
    const pending = follows ? this.#paged.pending - page.length : this.#countRows('AND seq > ?', at)
    this.#paged = { sequence, at, pending }
    return pending
  }

  /** Bytes, as `GET /{db}` tells them. */
  sizes(): { readonly file: number; readonly external: number; readonly active: number } {
    const sql = 'SELECT coalesce(sum(length(body) + length(past) + 100), 0) AS bytes FROM document WHERE database = ?'
    const bytes = this.#storage.get<{ bytes: number }>(sql, this.#number)?.bytes ?? 0
    return { file: bytes, external: bytes, active: bytes }
  }

  #countRows(condition: string, ...values: unknown[]): number {
    const sql = `SELECT count(*) AS rows FROM document WHERE database = ? ${condition}`
    return this.#storage.get<{ rows: number }>(sql, this.#number, ...values)?.rows ?? 0
  }

  /** A document as a test reads it; undefined when it is not there or deleted. */
  find(id: string): JsonObject | undefined {
    const row = this.row(id)
    return row === undefined || row.deleted === 1 ? undefined : (JSON.parse(textOfRow(row, false)) as JsonObject)
  }

  /** Documents that are there, by id. */
  all(): JsonObject[] {
    return this.rows('AND deleted = 0', 'ORDER BY id').map((row) => JSON.parse(textOfRow(row, false)) as JsonObject)
  }

  /** Puts a document in as a server admin. Returns its revision. Errors: as the server answers them. */
  put(id: string, document: JsonObject): string {
    return this.write((writer) => writer.edit(readDraft(document, id, this.#largestDocument)), SERVER_ADMIN)
  }

  /** All that `work` writes, in one transaction. Whoever waits for changes is woken afterwards. */
  write<T>(work: (writer: Writer) => T, user: UserContext): T {
    const before = this.#row
    try {
      const done = this.#storage.transaction(() => {
        const writer = new Writer(this, this.#storage, this.#row, this.#check(user))
        const result = work(writer)
        this.#row = { ...this.#row, ...writer.counts }
        this.#storage.run(
          'UPDATE database SET sequence = ?, living = ?, deleted = ? WHERE number = ?',
          ...[this.#row.sequence, this.#row.living, this.#row.deleted, this.#number],
        )
        if (writer.touchedDesign) this.#validate = undefined
        return result
      })
      if (this.#row.sequence !== before.sequence) this.#wake()
      return done
    } catch (error) {
      this.#row = before
      this.#validate = undefined
      throw error
    }
  }

  /** Resolves at the next change, when the database goes, or when `signal` says so. */
  async nextChange(signal: AbortSignal): Promise<void> {
    if (this.#removed) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
      if (signal.aborted) wake()
    })
  }

  /** Takes everything out of the file. */
  remove(): void {
    this.#removed = true
    this.#storage.transaction(() => {
      for (const table of ['document', 'local_document']) {
        this.#storage.run(`DELETE FROM ${table} WHERE database = ?`, this.#number)
      }
      this.#storage.run('DELETE FROM database WHERE number = ?', this.#number)
    })
    this.#wake()
  }

  findLocal(id: string): { readonly rev: number; readonly body: string } | undefined {
    return this.#storage.get('SELECT rev, body FROM local_document WHERE database = ? AND id = ?', this.#number, id)
  }

  /** Writes a document that is never replicated; its revision counts up. Errors: 409, 404. */
  putLocal({ id, rev, deleted, body }: Draft): string {
    const known = this.findLocal(id)
    if (deleted && known === undefined) throw missing()
    const given = rev === undefined ? undefined : Number(rev.digest)
    if (known?.rev !== given) throw conflict()
    if (deleted) {
      this.#storage.run('DELETE FROM local_document WHERE database = ? AND id = ?', this.#number, id)
      return '0-0'
    }
    const next = (known?.rev ?? 0) + 1
    this.#storage.run('INSERT OR REPLACE INTO local_document VALUES (?, ?, ?, ?)', this.#number, id, next, body)
    return `0-${next}`
  }

  #check(user: UserContext): ReturnType<Validate> | undefined {
    if (this.#validate === undefined) this.#validate = compileValidation(this.#validationSources())
    const validate = this.#validate?.({ db: this.name, ...user }, this.security)
    if (validate === undefined) return undefined
    return (id, next, before) => {
      try {
        validate(id, next, before)
      } catch (error) {
        if (error instanceof CouchFault) {
          this.#onRefused({ database: this.name, id, user: user.name ?? '', reason: error.reason })
        }
        throw error
      }
    }
  }

  #validationSources(): string[] {
    const designs = this.rows("AND deleted = 0 AND id >= '_design/' AND id < '_design0'", 'ORDER BY id')
    return designs.flatMap(({ body }) => {
      const source = (JSON.parse(body) as JsonObject).validate_doc_update
      return typeof source === 'string' ? [source] : []
    })
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake()
  }
}

/** Makes the row of a new database. */
export function createDatabase(storage: Storage, name: string, security: string): void {
  const origin = `g1AAAA${randomBytes(18).toString('base64url')}`
  storage.run(
    'INSERT INTO database (name, origin, security, sequence, living, deleted) VALUES (?, ?, ?, 0, 0, 0)',
    ...[name, origin, security],
  )
}

/** Writes documents inside a transaction of their database. */
export class Writer {
  readonly #database: PeerDatabase
  readonly #storage: Storage
  readonly #number: number
  readonly #check: ReturnType<Validate> | undefined
  #sequence: number
  #living: number
  #deleted: number
  touchedDesign = false

  constructor(database: PeerDatabase, storage: Storage, row: DatabaseRow, check: ReturnType<Validate> | undefined) {
    this.#database = database
    this.#storage = storage
    this.#check = check
    this.#number = row.number
    this.#sequence = row.sequence
    this.#living = row.living
    this.#deleted = row.deleted
  }

  get counts(): Pick<DatabaseRow, 'sequence' | 'living' | 'deleted'> {
    return { sequence: this.#sequence, living: this.#living, deleted: this.#deleted }
  }

  /** An edit of a client (`new_edits=true`). Returns the new revision. Errors: 409, 403 and 401 of a validation. */
  edit({ id, rev, deleted, body }: Draft): string {
    const row = this.#database.row(id)
    const tree = row === undefined ? undefined : treeOf(row)
    const standing = standingBranch(tree, rev, deleted)
    const before = rev === undefined ? undefined : standing
    // As CouchDB does: what is checked names the revision that it goes on from, since its own is not made yet.
    const history = before ?? { generation: 0, digests: [] }
    this.#validate(id, before, { ...history, deleted, body })
    const next = extend(standing, deleted, body)
    this.#save(id, row, tree === undefined || standing === undefined ? [next] : replaceBranch(tree, standing, next))
    return revisionOf(next)
  }

  /** A revision that was made elsewhere (`new_edits=false`). Errors: 403 and 401 of a validation. */
  adopt({ id, rev, deleted, body, history }: Draft): void {
    const row = this.#database.row(id)
    const tree = row === undefined ? undefined : treeOf(row)
    const generation = rev?.generation ?? history?.start ?? 0
    const digests = history?.ids ?? [rev?.digest ?? '']
    const added: Branch = { generation, digests, deleted, body }
    const grown = graft(tree, added)
    if (grown === tree) return
    const before = tree?.find((branch) =>
      holds(added, { generation: branch.generation, digest: branch.digests[0] ?? '' }),
    )
    this.#validate(id, before, added)
    this.#save(id, row, grown)
  }

  /** Takes ends of branches out. Returns those that were there. */
  purge(id: string, ends: readonly Revision[]): string[] {
    const row = this.#database.row(id)
    if (row === undefined) return []
    const tree = treeOf(row)
    const gone = tree.filter((branch) => ends.some((end) => endsWith(branch, end)))
    if (gone.length === 0) return []
    const [winner, ...others] = tree.filter((branch) => !gone.includes(branch))
    if (winner === undefined) this.#forget(id, row)
    else this.#save(id, row, [winner, ...others])
    return gone.map(revisionOf)
  }

  #forget(id: string, row: DocumentRow): void {
    this.#sequence += 1
    if (row.deleted === 0) this.#living -= 1
    else this.#deleted -= 1
    if (id.startsWith('_design/')) this.touchedDesign = true
    this.#storage.run('DELETE FROM document WHERE database = ? AND id = ?', this.#number, id)
  }

  #validate(id: string, before: Branch | undefined, next: Branch): void {
    if (!id.startsWith('_design/')) this.#check?.(id, next, before)
  }

  #save(id: string, row: DocumentRow | undefined, tree: RevisionTree): void {
    const [winner, ...others] = tree
    this.#sequence += 1
    const wasLiving = row !== undefined && row.deleted === 0 ? 1 : 0
    const wasDeleted = row !== undefined && row.deleted === 1 ? 1 : 0
    this.#living += (winner.deleted ? 0 : 1) - wasLiving
    this.#deleted += (winner.deleted ? 1 : 0) - wasDeleted
    if (id.startsWith('_design/')) this.touchedDesign = true
    this.#storage.run(
      `INSERT INTO document (database, id, seq, rev, past, deleted, body, others) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (database, id) DO UPDATE SET seq = excluded.seq, rev = excluded.rev, past = excluded.past,
         deleted = excluded.deleted, body = excluded.body, others = excluded.others`,
      ...[this.#number, id, this.#sequence, revisionOf(winner), winner.digests.slice(1).join(',')],
      ...[winner.deleted ? 1 : 0, winner.body, others.length === 0 ? null : JSON.stringify(others)],
    )
  }
}

/** The branch that an edit goes on from; undefined for a new document. Errors: 409. */
function standingBranch(tree: RevisionTree | undefined, rev: Draft['rev'], deleted: boolean): Branch | undefined {
  if (tree === undefined) {
    if (rev !== undefined) throw conflict()
    return undefined
  }
  const [winner] = tree
  // A deleted document begins anew without naming its grave; nothing else is done to it.
  if (winner.deleted) {
    if (rev === undefined && !deleted) return winner
    throw conflict()
  }
  const standing = rev === undefined ? undefined : tree.find((branch) => endsWith(branch, rev))
  if (standing === undefined) throw conflict()
  return standing
}
