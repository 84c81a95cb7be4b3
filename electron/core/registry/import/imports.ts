import { type Fault, fail, OfficeError } from '../../../../shared/contract/result.ts'
import { importTargets, missingTarget } from '../../../../shared/rules/import-columns.ts'
import { today } from '../../clock/today.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import { findOpenImport } from '../half-imported.ts'
import { SliceWriter } from './apply-slice.ts'
import { converse, type Stoppable } from './import-conversation.ts'
import { forgetProblems, forgetProblemsOfNoImport, keepProblems } from './import-problems.ts'
import type {
  ImportCounts,
  ImportEnrolment,
  ImportOptions,
  ImportSlice,
  Inspection,
  PreviewRow,
} from './import-types.ts'
import { findRemembered, type RememberedChoice, rememberChoice } from './remembered-choices.ts'
import type { StagedRows, StageFile } from './staged-rows.ts'
import type { Reading } from './table.ts'
import { refuseIfRestedUpon, undoRecords } from './undo.ts'
import { Uploads } from './uploads.ts'

export type ImportStage =
  | 'uploading'
  | 'uploaded'
  | 'checking'
  | 'checked'
  | 'running'
  | 'cancelling'
  | 'undoing'
  | 'ended'

/** An import as the screens follow it while the office is open. */
export interface ImportStatus {
  readonly id: string
  readonly fileName: string
  readonly stage: ImportStage
  /** How a run ended. */
  readonly outcome: 'done' | 'cancelled' | 'failed' | 'undone' | null
  /** Rows in the file once it was looked at, and rows dealt with by what is under way. */
  readonly rows: number
  readonly done: number
  readonly counts: ImportCounts | null
  readonly inspection: Inspection | null
  readonly options: ImportOptions | null
  readonly preview: readonly PreviewRow[]
  readonly fault: Fault | null
}

interface Checked {
  readonly counts: ImportCounts
  readonly stage: StageFile
  readonly staged: StagedRows
  /** How the registry stood before the check looked at it. */
  readonly standing: string
}

interface Live extends Stoppable {
  id: string
  fileName: string
  officerId: string
  stage: ImportStage
  outcome: ImportStatus['outcome']
  inspection: Inspection | null
  options: ImportOptions | null
  counts: ImportCounts | null
  preview: readonly PreviewRow[]
  /** What the check laid by for the run. */
  checked: Checked | undefined
  fault: Fault | null
}

/** What is kept of a run in `import_run.report`. Never anything of the rows. */
export interface ImportReport extends ImportCounts {
  readonly endMoment: string
  readonly finishedAt: number
  readonly milliseconds: number
  readonly existing: ImportOptions['existing']
  readonly fault: Fault | null
}

const NO_ROWS: ImportCounts = { rows: 0, added: 0, updated: 0, skipped: 0, refused: 0, warned: 0 }

/** Size of the journal at which the import thread folds it back. */
const JOURNAL_LIMIT = 48_000_000
/** Changes to these may make a check out of date. */
const STANDING = ['registrant', 'membership', 'identity_number']
  .map((table) => `coalesce((SELECT max(seq) FROM ${table}), 0)`)
  .join(" || ' ' || ")

/** Imports of one office: at most one runs at a time, and what does not come to its end is undone. */
export class Imports {
  readonly #store: Store
  readonly #storeKey: Uint8Array
  readonly #uploads: Uploads
  readonly #live = new Map<string, Live>()
  readonly #enrolment: ImportEnrolment | undefined
  #closing = false
  #work: Promise<void> = Promise.resolve()

  constructor(input: { store: Store; key: Uint8Array; directory: string; enrolment?: ImportEnrolment | undefined }) {
    this.#store = input.store
    this.#storeKey = input.key
    this.#uploads = new Uploads(input.directory)
    this.#enrolment = input.enrolment
    forgetProblemsOfNoImport(this.#store)
    const open = findOpenImport((text) => this.#store.sql(text))
    // The office ended in the middle: nothing of that import stays.
    if (open !== undefined) this.#work = this.#takeBack(open, 'failed')
  }

  begin(officerId: string, fileName: string, size: number): { readonly id: string } {
    for (const { id, stage } of this.#live.values()) {
      const idle = stage === 'uploading' || stage === 'uploaded' || stage === 'checked' || stage === 'ended'
      if (idle && this.#live.get(id)?.officerId === officerId) this.discard(id)
    }
    const id = this.#uploads.begin(fileName, size)
    const nothing = {
      outcome: null,
      inspection: null,
      options: null,
      counts: null,
      preview: [],
      checked: undefined,
      fault: null,
    }
    this.#live.set(id, { id, fileName, officerId, stage: 'uploading', ...nothing, stop: undefined })
    return { id }
  }

  append(id: string, piece: number, content: Uint8Array): { readonly received: number } {
    return this.#uploads.append(id, piece, content)
  }

  status(id: string): ImportStatus {
    const { officerId, stop, checked, ...live } = this.#get(id)
    return { ...live, rows: live.inspection?.rows ?? 0, done: live.counts?.rows ?? 0 }
  }

  /** Imports that can be taken up again on the screens, newest last. */
  current(officerId: string): ImportStatus[] {
    return [...this.#live.values()].filter((live) => live.officerId === officerId).map(({ id }) => this.status(id))
  }

  /** Looks at an uploaded file: encoding, delimiter, heading, first rows, number of rows. @throws OfficeError of the file */
  async inspect(id: string, reading: Reading): Promise<Inspection> {
    const live = this.#get(id)
    this.#refuseBusy(live)
    const inspected = Promise.withResolvers<Inspection>()
    await converse(
      { task: 'inspect', file: this.#uploads.file(id), reading },
      this.#store.file,
      live,
      async (message) => {
        if (message.from === 'inspected') inspected.resolve(message.inspection)
        return message.from === 'inspected'
      },
    )
    live.inspection = await inspected.promise
    live.stage = 'uploaded'
    live.options = null
    live.counts = null
    return live.inspection
  }

  /** Reads the whole file without changing the registry; `status` tells how far it is and what was found. */
  check(id: string, options: ImportOptions): void {
    const live = this.#get(id)
    this.#refuseBusy(live)
    this.#refuseOptions(options)
    Object.assign(live, { stage: 'checking', options, counts: NO_ROWS, preview: [], fault: null })
    void this.#read(live, options).then(
      () => {
        live.stage = 'checked'
        if (live.inspection !== null) rememberChoice(this.#store, live.inspection, options)
      },
      (error: unknown) => {
        live.stage = 'uploaded'
        live.fault = faultOf(error)
      },
    )
  }

  /** Checks every row and stages what is fit for the registry. */
  async #read(live: Live, options: ImportOptions): Promise<Checked> {
    const { id } = live
    live.checked = undefined
    forgetProblems(this.#store, id)
    const stage = this.#uploads.stage(id)
    const standing = this.#standing()
    const store = { file: this.#store.file, key: this.#storeKey }
    const rows = live.inspection?.rows ?? 0
    const file = this.#uploads.file(id)
    const checked = Promise.withResolvers<Checked>()
    await converse(
      { task: 'check', file, options, importId: id, today: today(), rows, stage, store },
      store.file,
      live,
      async (message) => {
        if (message.from === 'checking') {
          keepProblems(this.#store, id, message.problems)
          live.counts = message.counts
        }
        if (message.from === 'checked') {
          const { counts, preview, staged } = message
          Object.assign(live, { counts, preview })
          checked.resolve({ counts, stage, staged, standing })
        }
        return message.from === 'checked'
      },
    )
    live.checked = await checked.promise
    return live.checked
  }

  #standing(): string {
    return this.#store.sql(`SELECT ${STANDING}`).pluck().get() as string
  }

  /** Reads the checked file into the registry. @throws OfficeError `registry.import-running`, `registry.import-state` */
  run(id: string, officerId: string): void {
    const live = this.#get(id)
    const { options } = live
    if (live.stage !== 'checked' || options === null)
      throw new OfficeError({ code: 'registry.import-state', params: {} })
    if (findOpenImport((text) => this.#store.sql(text)) !== undefined) fail('registry.import-running')
    this.#store.transaction(officerId, (transaction) => {
      transaction
        .sql(
          "INSERT INTO import_run (id, subject, file_name, started_at, officer_id, state, report) VALUES (?, ?, ?, ?, ?, 'running', '{}')",
        )
        .run(id, options.subject, live.fileName.slice(0, 200), Date.now(), officerId)
      const detail = { subject: options.subject, existing: options.existing }
      transaction.audit({ action: 'import.started', subjectKind: 'import', subjectId: id, detail })
    })
    Object.assign(live, { stage: 'running', counts: NO_ROWS, fault: null })
    this.#work = this.#work.then(() => this.#run(live, officerId, options))
  }

  async #run(live: Live, officerId: string, options: ImportOptions): Promise<void> {
    const { id } = live
    const start = Date.now()
    const release = this.#store.holdCheckpoints()
    try {
      // What was checked before somebody changed the registry is checked again.
      const current = live.checked?.standing === this.#standing() ? live.checked : undefined
      const checked = current ?? (await this.#read(live, options))
      const writer = new SliceWriter({
        store: this.#store,
        from: { importId: id, fileName: live.fileName, how: options.consentHow ?? 'paper' },
        officerId,
        enrolment: options.programmeId === undefined ? undefined : this.#enrolment,
        programmeId: options.programmeId ?? '',
      })
      const store = { file: this.#store.file, key: this.#storeKey }
      const { stage, staged, counts } = checked
      const enrols = options.programmeId !== undefined
      live.counts = NO_ROWS
      await converse({ task: 'run', stage, staged, enrols, store }, store.file, live, async (message, thread) => {
        if (message.from === 'portion') writer.beginPortion()
        if (message.from === 'slice') {
          await this.#apply(live, writer, message.slice)
          const done = { ...counts, rows: Math.floor(counts.rows * message.share) }
          live.counts = withLeftOut(done, writer.leftOut)
          await thread.foldJournal(JOURNAL_LIMIT)
        }
        // Else the first commit after the import would fold all of it back, and block the core meanwhile.
        if (message.from === 'done') await thread.foldJournal(0)
        return message.from === 'done'
      })
      live.counts = withLeftOut(counts, writer.leftOut)
      this.#uploads.discard(id)
      this.#finish(live, officerId, start)
      live.outcome = 'done'
    } catch (error) {
      if (this.#closing) return
      const cancelled = error instanceof OfficeError && error.fault.code === 'api.cancelled'
      live.fault = cancelled ? null : faultOf(error)
      live.stage = 'cancelling'
      await this.#takeBack(id, cancelled ? 'cancelled' : 'failed', officerId)
      this.#uploads.discard(id)
      live.outcome = cancelled ? 'cancelled' : 'failed'
    } finally {
      release()
      if (!this.#closing) live.stage = 'ended'
    }
  }

  /** Puts a slice into the registry; others get their turn between its transactions. */
  async #apply(live: Live, writer: SliceWriter, slice: ImportSlice): Promise<void> {
    for (const problems of writer.write(slice)) {
      keepProblems(this.#store, live.id, problems)
      await new Promise((resolve) => setImmediate(resolve))
      if (live.stop === undefined) throw new OfficeError({ code: 'api.cancelled', params: {} })
    }
  }

  #finish(live: Live, officerId: string, start: number): void {
    const counts = live.counts ?? NO_ROWS
    this.#store.transaction(officerId, (transaction) => {
      const report: ImportReport = {
        ...counts,
        endMoment: transaction.moment,
        finishedAt: Date.now(),
        milliseconds: Date.now() - start,
        existing: live.options?.existing ?? 'skip',
        fault: null,
      }
      transaction
        .sql("UPDATE import_run SET state = 'done', report = ? WHERE id = ?")
        .run(JSON.stringify(report), live.id)
      transaction.audit({ action: 'import.done', subjectKind: 'import', subjectId: live.id, detail: { ...counts } })
    })
  }

  /** Ends a check or an import; an import is undone. */
  cancel(id: string): void {
    const live = this.#get(id)
    const { stop } = live
    live.stop = undefined
    stop?.()
  }

  /** Forgets an upload that does not run. */
  discard(id: string): void {
    const live = this.#live.get(id)
    if (live === undefined) return
    if (live.stage === 'running' || live.stage === 'cancelling' || live.stage === 'undoing')
      fail('registry.import-state')
    this.cancel(id)
    this.#uploads.discard(id)
    this.#live.delete(id)
    if (live.outcome === null) forgetProblems(this.#store, id)
  }

  /**
   * Takes a finished import back. Returns when all is undone.
   *
   * @throws OfficeError `registry.undo-changed`, `registry.undo-used`, `registry.import-running`, `registry.import-state`
   */
  async undo(id: string, officerId: string): Promise<void> {
    const run = this.#store.sql('SELECT state, report FROM import_run WHERE id = ?').get(id) as
      | { state: string; report: string }
      | undefined
    if (run === undefined) throw new OfficeError({ code: 'store.not-found', params: { kind: 'import' } })
    if (run.state !== 'done') fail('registry.import-state')
    if (findOpenImport((text) => this.#store.sql(text)) !== undefined) fail('registry.import-running')
    refuseIfRestedUpon(this.#store, id, (JSON.parse(run.report) as ImportReport).endMoment)
    this.#store.transaction(officerId, (transaction) => {
      transaction.sql("UPDATE import_run SET state = 'undoing' WHERE id = ?").run(id)
      transaction.audit({ action: 'import.undo-started', subjectKind: 'import', subjectId: id })
    })
    const undone = this.#work.then(() => this.#takeBack(id, 'undone', officerId))
    this.#work = undone.catch(() => undefined)
    await undone
    const live = this.#live.get(id)
    if (live !== undefined) live.outcome = 'undone'
  }

  async #takeBack(id: string, outcome: 'cancelled' | 'failed' | 'undone', officerId: string = OFFICE): Promise<void> {
    await undoRecords(this.#store, officerId, id, () => this.#closing)
    if (this.#closing) return
    this.#store.transaction(officerId, (transaction) => {
      const state = transaction.sql('SELECT state FROM import_run WHERE id = ?').pluck().get(id)
      // After a restart only the state says what was being taken back.
      const ended = state === 'undoing' ? 'undone' : outcome
      transaction.sql('UPDATE import_run SET state = ? WHERE id = ?').run(ended, id)
      transaction.sql('DELETE FROM import_before WHERE import_id = ?').run(id)
      transaction.audit({ action: `import.${ended}`, subjectKind: 'import', subjectId: id })
    })
  }

  /** Stops what runs; an import that is cut off is undone at the next start. */
  async close(): Promise<void> {
    this.#closing = true
    for (const { id } of this.#live.values()) this.cancel(id)
    await this.#work.catch(() => undefined)
    this.#uploads.clear()
  }

  /** Waits for what is under way. */
  settled(): Promise<void> {
    return this.#work
  }

  #get(id: string): Live {
    return this.#live.get(id) ?? fail('registry.upload-gone')
  }

  #refuseBusy({ stage }: Live): void {
    if (stage !== 'uploading' && stage !== 'uploaded' && stage !== 'checked') fail('registry.import-state')
  }

  #refuseOptions({ subject, mapping, programmeId }: ImportOptions): void {
    const missing = missingTarget(subject, mapping)
    if (missing !== undefined) fail('registry.mapping-incomplete', { field: missing })
    const targets = Object.values(mapping)
    const twice = targets.find((target, at) => targets.indexOf(target) !== at)
    if (twice !== undefined) fail('registry.mapping-twice', { field: twice })
    if (targets.some((target) => !importTargets[subject].includes(target)))
      fail('api.input-invalid', { field: 'mapping' })
    if (programmeId === undefined) return
    if (this.#enrolment === undefined || subject === 'membership')
      throw new OfficeError({ code: 'api.input-invalid', params: { field: 'programmeId' } })
    this.#enrolment.check(programmeId, subject === 'individual' ? 'individual' : 'group')
  }

  /** What was chosen the last time for a file with this heading. */
  findRemembered(id: string): RememberedChoice | undefined {
    const { inspection } = this.#get(id)
    return inspection === null ? undefined : findRemembered(this.#store, inspection)
  }
}

const withLeftOut = (counts: ImportCounts, leftOut: number): ImportCounts => ({
  ...counts,
  added: Math.max(0, counts.added - leftOut),
  refused: counts.refused + leftOut,
})

const faultOf = (error: unknown): Fault =>
  error instanceof OfficeError ? error.fault : { code: 'api.unexpected', params: {} }
