import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Moment } from '../../../shared/model/record.ts'
import { type RecordKind, type RecordOf, records } from '../../../shared/model/records.ts'
import { delegationsAt } from '../../../shared/rules/delegation.ts'
import { type AuditEntry, AuditLog } from '../audit/audit-log.ts'
import { noteStrangeEnd } from '../audit/known-heads.ts'
import { HybridClock } from '../clock/hybrid-clock.ts'
import { collections } from './collections.ts'
import { type Database, type DatabaseKey, openDatabase, type Statement, translate } from './database.ts'
import { OFFICE, withMakers } from './makers.ts'
import { Marks } from './marks.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrations/index.ts'
import type { AdoptableRecord, PreparedRecord } from './prepared-record.ts'
import { RecordWriter } from './record-writer.ts'

/** A record as a command hands it over; the transaction adds who and when. */
export type Draft<K extends RecordKind> = Omit<RecordOf<K>, 'changedAt' | 'changedBy'>

/** Kinds that are written field by field: they keep no history, and no two fields of them depend on each other. */
export type PlainKind = 'payment' | 'identityNumber'

/**
 * Kinds of records; `central`: what waits for somebody because of the central server; `tokenisation`: runs and people in
 * them; `mapper`: what account mappers answered; `said`: evidence and leave to send again, which travel beside the
 * records.
 */
export type ChangedKind = RecordKind | 'central' | 'tokenisation' | 'mapper' | 'said'

/** What a committed transaction touched; announced once, after the commit. */
export interface Change {
  readonly sequence: number
  readonly kinds: readonly ChangedKind[]
}

export { OFFICE }

/** Who changed a record, and when. */
export interface ChangeMarks {
  readonly changedAt: Moment
  readonly changedBy: string
}

/** One change of the store: everything in it lands together or not at all. Not to be kept after the callback. */
export interface Transaction {
  /** The moment of everything written here. */
  readonly moment: Moment
  readonly officerId: string
  /** The change sequence of everything written here. */
  readonly sequence: number
  find<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined
  /** @throws OfficeError `store.not-found` */
  get<K extends RecordKind>(kind: K, id: string): RecordOf<K>
  /** Writes a record, with history where its kind keeps one. Append-only kinds fail when the id exists. */
  put<K extends RecordKind>(kind: K, draft: Draft<K>): RecordOf<K>
  /**
   * Writes some fields of a record anew. `before` is the record as it is stored; only the changed fields are checked
   * against its schema, since the others were when they were written.
   *
   * @throws OfficeError `store.changed-meanwhile` when it is stored otherwise by now
   */
  change<K extends PlainKind>(kind: K, before: RecordOf<K>, changes: Partial<Draft<K>>): RecordOf<K>
  /** As {@link change}, the same for each of many payments. @throws OfficeError `store.changed-meanwhile` */
  changeAll(kind: 'payment', before: readonly RecordOf<'payment'>[], changes: Partial<Draft<'payment'>>): void
  /**
   * Writes a record as another office made it, with that office's moment and officer. Append-only kinds fail when the id
   * exists. The office's own marks of the central server (receipt, base) are the caller's to keep.
   *
   * @param change who made what is new in it, and when, for its history; the record's own marks where it is left out
   */
  adopt<K extends RecordKind>(kind: K, record: RecordOf<K>, change?: ChangeMarks): void
  /**
   * Writes the original of a transmission over the one without bytes that stood in for it after a restore. Anything else is
   * refused by the table.
   */
  complete(kind: 'transmission', record: RecordOf<'transmission'>): void
  /**
   * Writes a record that is written once as it is left by an erasure (`shared/rules/erasure.ts`), in its place in the sequence:
   * every office erases for itself. Anything else is refused by the table.
   */
  erase<K extends RecordKind>(kind: K, record: RecordOf<K>): void
  /** As {@link adopt} for a record that is new here and was checked on another thread; false when its place is taken. */
  insertAdopted<K extends RecordKind>(kind: K, adoptable: AdoptableRecord<K>): boolean
  /** Inserts a new record that was checked on another thread; false when its id is taken. */
  insert<K extends RecordKind>(kind: K, prepared: PreparedRecord<K>): boolean
  /** A cached statement, for reads and for tables that are not records. Records are written by `put` only. */
  sql(text: string): Statement
  /** At least one entry is required in every transaction that writes (I10). */
  audit(entry: AuditEntry): void
  mark(key: string, value: string): void
  findMark(key: string): string | undefined
  /** Announces a change of tables that are not records. */
  touch(kind: ChangedKind): void
  /** Runs once the change is durable. */
  afterCommit(work: () => void): void
}

/** MB of decrypted pages. An import of 100,000 persons, into a dozen indexes, gains nothing by more. */
const CACHE = 24
/** Pages of a journal that is folded beside the core thread (128 MB), from which on a commit folds it all the same. */
const PAGES_BESIDE = 32_000

export interface StoreOptions {
  readonly file: string
  readonly key: DatabaseKey
  readonly now?: () => number
  readonly migrations?: readonly Migration[]
}

/** The office's truth: one encrypted SQLite file. This is its only writing connection. */
export class Store {
  readonly file: string
  readonly installationId: string
  /** Path of the copy made before a migration of this opening, if one was needed. */
  readonly migratedFrom: string | undefined
  readonly #database: Database
  readonly #clock: HybridClock
  readonly #now: () => number
  readonly #marks: Marks
  readonly #audit: AuditLog
  readonly #statements = new Map<string, Statement>()
  readonly #writers = new Map<RecordKind, RecordWriter<RecordKind>>()
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #addRevision: Statement
  readonly #findRevision: Statement
  #sequence: number
  #inTransaction = false
  /** Told after each commit, for folding the journal back beside this thread. */
  #ease: (() => void) | undefined
  /** Work that has its own way of folding the journal back, and what is usual without it. */
  #holders = 0
  #usualCheckpoint = 0

  /**
   * Opens the file, migrating it when it is older.
   *
   * @throws OfficeError `store.wrong-key`, `store.from-the-future`, `store.damaged`, `store.in-use`, `store.read-only`
   */
  constructor(options: StoreOptions) {
    this.file = options.file
    this.#now = options.now ?? Date.now
    this.#database = openDatabase(options.file, options.key, 'write', CACHE)
    try {
      this.migratedFrom = migrate(this.#database, options.file, options.migrations).copy
      const opened = translate(() => this.#read(options.now))
      this.#marks = opened.marks
      this.#audit = opened.audit
      this.#addRevision = opened.addRevision
      this.#findRevision = opened.findRevision
      this.installationId = opened.installationId
      this.#sequence = opened.sequence
      this.#clock = opened.clock
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  /**
   * Runs `work` in one transaction: its records, jobs and audit entries land together, or nothing does.
   *
   * @param officerId who does it; `OFFICE` for the office's own steps
   * @throws whatever `work` throws, after everything was undone
   */
  transaction<T>(officerId: string, work: (transaction: Transaction) => T): T {
    if (this.#inTransaction) throw new Error('a transaction cannot start inside another')
    this.#inTransaction = true
    const sequence = this.#sequence + 1
    const moment = this.#clock.tick()
    const touched = new Set<ChangedKind>()
    const afterwards: (() => void)[] = []
    let audited = 0
    let changed = false

    const transaction: Transaction = {
      moment,
      officerId,
      sequence,
      find: (kind, id) => this.#writer(kind).find(id),
      get: (kind, id) => this.get(kind, id),
      put: (kind, draft) => {
        touched.add(kind)
        return this.#put(kind, draft, sequence, moment, officerId)
      },
      change: (kind, before, changes) => {
        touched.add(kind)
        const { makers } = withMakers(kind, { ...before, ...changes }, before, officerId) as {
          makers?: readonly string[]
        }
        const all = makers === undefined ? changes : { ...changes, makers }
        return this.#writer(kind).change(before, all, { sequence, changedAt: moment, changedBy: officerId })
      },
      changeAll: (kind, before, changes) => {
        if (before.length === 0) return
        touched.add(kind)
        this.#writer(kind).changeAll(before, changes, { sequence, changedAt: moment, changedBy: officerId })
      },
      adopt: (kind, record, change = record) => {
        touched.add(kind)
        this.#write(kind, record, sequence, change, this.#findBefore(kind, record.id))
      },
      complete: (kind, record) => {
        touched.add(kind)
        this.#writer(kind).complete(record, sequence)
      },
      erase: (kind, record) => {
        touched.add(kind)
        this.#writer(kind).erase(record)
      },
      insertAdopted: (kind, adoptable) => {
        const inserted = this.#writer(kind).insertAdopted(adoptable, sequence)
        if (inserted) touched.add(kind)
        return inserted
      },
      insert: (kind, prepared) => {
        touched.add(kind)
        return this.#writer(kind).insert(prepared, sequence, moment, officerId)
      },
      sql: (text) => this.#statement(text),
      audit: (entry) => {
        audited += 1
        this.#audit.append(this.#asDelegate(entry, officerId), officerId, moment)
      },
      mark: (key, value) => this.#marks.set(key, value),
      findMark: (key) => this.#marks.find(key),
      touch: (kind) => void touched.add(kind),
      afterCommit: (effect) => void afterwards.push(effect),
    }

    let value: T
    try {
      value = translate(() =>
        this.#database
          .transaction(() => {
            const changesBefore = this.#totalChanges()
            const result = work(transaction)
            if (this.#totalChanges() > changesBefore) {
              if (audited === 0) throw new Error('a change of the store without an audit entry')
              changed = true
              this.#marks.set('sequence', String(sequence))
              this.#marks.set('clock', moment)
              const head = this.#audit.head()
              this.#marks.set('audit-head', `${head.position}:${head.hash}`)
            }
            return result
          })
          .immediate(),
      )
    } finally {
      this.#inTransaction = false
    }
    // What changed nothing has no number: the file does not know it, and after a restart others would get it.
    if (changed) this.#sequence = sequence
    this.#tellWritten()
    for (const effect of afterwards) effect()
    if (touched.size > 0) {
      const change = { sequence, kinds: [...touched] }
      for (const listener of this.#listeners) listener(change)
    }
    return value
  }

  /**
   * Writes of the machinery that change nothing an officer could ask about (leases of jobs, remembered column mappings);
   * not audited, and records cannot be written here.
   *
   * @param lasting `later`: it does not wait for the disk and lasts from the next commit on; a power cut before loses it
   */
  housekeeping<T>(
    work: (sql: (text: string) => Statement, mark: (key: string, value: string) => void) => T,
    lasting: 'at-once' | 'later' = 'at-once',
  ): T {
    if (lasting === 'later') this.#database.pragma('synchronous = NORMAL')
    let value: T
    try {
      value = translate(() =>
        this.#database
          .transaction(() =>
            work(
              (text) => this.#statement(text),
              (key, value) => this.#marks.set(key, value),
            ),
          )
          .immediate(),
      )
    } finally {
      if (lasting === 'later') this.#database.pragma('synchronous = FULL')
    }
    this.#tellWritten()
    return value
  }

  find<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    return this.#writer(kind).find(id)
  }

  /** @throws OfficeError `store.not-found` */
  get<K extends RecordKind>(kind: K, id: string): RecordOf<K> {
    return this.find(kind, id) ?? fail('store.not-found', { kind })
  }

  /** A cached read statement on the writing connection; for small look-ups inside commands. Lists use the reader thread. */
  sql(text: string): Statement {
    return this.#statement(text)
  }

  findMark(key: string): string | undefined {
    return this.#marks.find(key)
  }

  /** Take note of a moment made by another office or a replica. */
  receiveMoment(moment: Moment): void {
    this.#clock.receive(moment)
  }

  get sequence(): number {
    return this.#sequence
  }

  /** The end of every moment that was made here. */
  get clockNode(): string {
    return clockNode(this.installationId)
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** A consistent encrypted copy, with the same key. */
  copyTo(file: string): void {
    translate(() => this.#database.prepare('VACUUM INTO ?').run(file))
  }

  /**
   * Has the journal folded back beside the core thread: within a commit it is now only folded where it grew far beyond what the
   * other way leaves. While somebody holds checkpoints, they do it.
   *
   * @param ease called after each commit; looks whether there is much to fold, and returns at once
   */
  foldBeside(ease: () => void): void {
    this.#ease = ease
    this.#database.pragma(`wal_autocheckpoint = ${PAGES_BESIDE}`)
  }

  #tellWritten(): void {
    if (this.#holders === 0) this.#ease?.()
  }

  /**
   * Stops folding the journal back within commits, for work that writes much and has it done beside the core thread
   * (a passive checkpoint of another connection). @returns how to go back to the usual way
   */
  holdCheckpoints(): () => void {
    if (this.#holders === 0) {
      this.#usualCheckpoint = this.#database.pragma('wal_autocheckpoint', { simple: true }) as number
      this.#database.pragma('wal_autocheckpoint = 0')
    }
    this.#holders += 1
    return () => {
      this.#holders -= 1
      if (this.#holders === 0) this.#database.pragma(`wal_autocheckpoint = ${this.#usualCheckpoint}`)
    }
  }

  close(): void {
    this.#database.pragma('optimize')
    this.#database.close()
  }

  /** What an officer does while they stand in for others says so. */
  #asDelegate(entry: AuditEntry, officerId: string): AuditEntry {
    const officer = officerId === OFFICE ? undefined : this.find('officer', officerId)
    if (officer?.delegations === undefined) return entry
    const lent = delegationsAt(officer, this.#now(), (id) => this.find('officer', id))
    if (lent.length === 0) return entry
    const delegateOf = lent.map(({ from, role }) => `${from} (${role})`).join(', ')
    return { ...entry, detail: { ...entry.detail, delegateOf } }
  }

  #put<K extends RecordKind>(
    kind: K,
    draft: Draft<K>,
    sequence: number,
    moment: Moment,
    officerId: string,
  ): RecordOf<K> {
    const written = { ...draft, changedAt: moment, changedBy: officerId } as unknown as RecordOf<K>
    const before = this.#findBefore(kind, written.id)
    const record = withErasure(withMakers(kind, written, before, officerId), before)
    this.#write(kind, record, sequence, record, before)
    return record
  }

  /** As it stands, where history or makers are kept of its kind. */
  #findBefore<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    const { history, made } = collections[kind]
    return history === undefined && made === undefined ? undefined : this.#writer(kind).find(id)
  }

  /** Writes a record with its history, in which a change of another office may stand already under its moment. */
  #write<K extends RecordKind>(
    kind: K,
    record: RecordOf<K>,
    sequence: number,
    change: ChangeMarks,
    before: RecordOf<K> | undefined,
  ): void {
    const { history } = collections[kind]
    this.#writer(kind).put(record, sequence)
    if (history === undefined || before === undefined) return
    const changes = differences(history(before), history(record))
    if (changes === undefined) return
    const { changedAt, changedBy } = change
    const known = this.#findRevision.get(kind, record.id, changedAt) as string | undefined
    const all = known === undefined ? changes : { ...changes, ...(JSON.parse(known) as typeof changes) }
    this.#addRevision.run(kind, record.id, changedAt, changedBy, JSON.stringify(all))
  }

  #writer<K extends RecordKind>(kind: K): RecordWriter<K> {
    let writer = this.#writers.get(kind)
    if (writer === undefined) {
      if (!Object.hasOwn(records, kind)) throw new Error(`no such kind of record: ${kind}`)
      writer = new RecordWriter(this.#database, kind) as unknown as RecordWriter<RecordKind>
      this.#writers.set(kind, writer)
    }
    return writer as unknown as RecordWriter<K>
  }

  #statement(text: string): Statement {
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      statement = translate(() => this.#database.prepare(text))
      this.#statements.set(text, statement)
    }
    return statement
  }

  #totalChanges(): number {
    return this.#statement('SELECT total_changes() AS changes').pluck().get() as number
  }

  #read(now: (() => number) | undefined) {
    const marks = new Marks(this.#database)
    const installationId = marks.find('installation') ?? this.#install(marks)
    const audit = new AuditLog(this.#database)
    noteStrangeEnd(marks, audit.head(), (position) => audit.findHash(position))
    return {
      marks,
      installationId,
      audit,
      addRevision: this.#database.prepare('INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?)'),
      findRevision: this.#database
        .prepare('SELECT changes FROM revision WHERE kind = ? AND record_id = ? AND moment = ?')
        .pluck(),
      sequence: Number(marks.find('sequence') ?? 0),
      clock: new HybridClock(clockNode(installationId), marks.find('clock'), now),
    }
  }

  #install(marks: Marks): string {
    const id = newId()
    this.#database
      .transaction(() => {
        marks.set('installation', id)
        marks.set('epoch', '1')
        marks.set('sequence', '0')
      })
      .immediate()
    return id
  }
}

/** What is entered where somebody was erased knows of that, so that it stands against what did not. */
function withErasure<R extends object>(record: R, before: object | undefined): R {
  const { erasedAt } = (before ?? {}) as { erasedAt?: Moment }
  return erasedAt === undefined ? record : { erasedAt, ...record }
}

/** The office's name in its clock: the random end of the installation id, in the clock's alphabet. */
const clockNode = (installationId: string): string => installationId.replaceAll('-', '').slice(-10)

function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, { from: unknown; to: unknown }> | undefined {
  const changes: Record<string, { from: unknown; to: unknown }> = {}
  for (const key of Object.keys(after)) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) changes[key] = { from: before[key], to: after[key] }
  }
  return Object.keys(changes).length === 0 ? undefined : changes
}
