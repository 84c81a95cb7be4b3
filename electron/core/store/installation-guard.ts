import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { hostname, platform } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { DispatchJournal, type JournalFact } from './dispatch-journal.ts'
import type { Store, Transaction } from './store.ts'
import { writeDurably } from './write-durably.ts'

const InstallationFile = z.object({
  installationId: z.string(),
  epoch: z.int(),
  machine: z.string(),
  folder: z.string(),
})
type InstallationFile = z.infer<typeof InstallationFile>

export const JOURNAL_FILE = 'dispatch-journal.jsonl'
const INSTALLATION_FILE = 'installation.json'

const CONFIRMED = 'guard-confirmed'
/** A doubt that came from outside, until an administrator confirms. */
const RAISED = 'guard-raised'

/** A name for this machine that a copied folder does not take along. */
function machineName(): string {
  const idFile = '/etc/machine-id'
  const id = existsSync(idFile) ? readFileSync(idFile, 'utf8').trim() : hostname()
  return createHash('sha256').update(`${platform()} ${id}`).digest('hex').slice(0, 32)
}

/** The folder itself, not its path: renaming is harmless, a copy is another folder. */
function folderName(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true })
  return createHash('sha256').update(`${dev} ${ino}`).digest('hex').slice(0, 32)
}

function readInstallationFile(directory: string): InstallationFile | undefined {
  try {
    return InstallationFile.parse(JSON.parse(readFileSync(join(directory, INSTALLATION_FILE), 'utf8')))
  } catch {
    // Missing or unreadable is the same doubt.
    return undefined
  }
}

/** Which installation lives in an office's folder, as far as that can be told without its key. */
export const readInstallationId = (directory: string): string | undefined =>
  readInstallationFile(directory)?.installationId

/**
 * Tells whether the store is the one that sent last (I11): the same folder on the same machine, and nothing in the dispatch
 * journal that the store does not know. Until an administrator has confirmed a store about which this is in doubt, it sends
 * nothing.
 */
export class InstallationGuard {
  readonly journal: DispatchJournal
  readonly #store: Store
  readonly #directory: string
  #doubt: ErrorCode | undefined
  #isSameFolder = false

  constructor(store: Store, directory: string) {
    this.#store = store
    this.#directory = directory
    this.journal = new DispatchJournal(join(directory, JOURNAL_FILE))
    this.#doubt = this.#examine() ?? this.#raised()
    if (this.#doubt === undefined) this.notePosition()
  }

  /** Why nothing may be sent; undefined when all is well. */
  get doubt(): ErrorCode | undefined {
    return this.#doubt
  }

  /**
   * Whether everything that ever left stands in store and journal together. Where it does not (another machine or folder, a
   * lost journal; a whole folder that was put back, as others noticed), payments may have left of which nobody here knows.
   */
  get knowsWhatLeft(): boolean {
    return this.#isSameFolder && this.journal.isWhole && this.#raised() === undefined
  }

  get epoch(): number {
    return Number(this.#store.findMark('epoch') ?? 1)
  }

  /** After a change that an older copy of the store must not undo in silence. */
  notePosition(): void {
    if (this.#doubt === undefined) this.note({ kind: 'position' })
  }

  /** Durable when it returns. */
  note(fact: JournalFact): void {
    this.journal.append(fact, this.#sequence(), this.#store.findMark('audit-head') ?? '')
  }

  /** What was told of this store elsewhere does not fit it: nothing leaves until an administrator has confirmed it. */
  raise(doubt: ErrorCode): void {
    if (this.#raised() === undefined) this.#store.housekeeping((_, mark) => mark(RAISED, doubt))
    this.#doubt ??= doubt
  }

  /**
   * Raises the epoch in the transaction of the administrator's confirmation.
   *
   * @param epoch above every one that this store ever had
   */
  confirm(transaction: Transaction, epoch: number): void {
    transaction.mark('epoch', String(epoch))
    transaction.mark(CONFIRMED, this.#store.installationId)
    const whole = this.knowsWhatLeft
    transaction.mark(RAISED, '')
    transaction.afterCommit(() => {
      if (this.journal.damaged) this.journal.startAfresh(`dispatch-journal.damaged-${this.epoch}.jsonl`)
      if (!whole) this.note({ kind: 'gap' })
      this.#writeFile()
      this.#isSameFolder = true
      this.#doubt = undefined
      this.notePosition()
    })
  }

  close(): void {
    this.notePosition()
    this.journal.close()
  }

  #examine(): ErrorCode | undefined {
    const file = this.#readFile()
    if (this.#store.findMark(CONFIRMED) === undefined) {
      // A store that was never opened here before. With a journal beside it, another store lived here.
      if (file !== undefined || this.journal.existed) return 'dispatch.restored'
      this.#store.housekeeping((_, mark) => mark(CONFIRMED, this.#store.installationId))
      this.#writeFile()
      return undefined
    }
    if (file === undefined || file.installationId !== this.#store.installationId) return 'dispatch.moved'
    if (file.machine !== machineName() || file.folder !== folderName(this.#directory)) return 'dispatch.moved'
    this.#isSameFolder = true
    if (this.journal.damaged || this.journal.head === undefined) return 'dispatch.journal-lost'
    if (file.epoch !== this.epoch) return 'dispatch.restored'
    const { sequence, auditHead } = this.journal.head
    if (sequence > this.#sequence()) return 'dispatch.restored'
    // Another history that has meanwhile become as long as ours.
    const [position, hash] = auditHead.split(':')
    if (position !== undefined && hash !== undefined) {
      const found = this.#store.sql('SELECT hash FROM audit WHERE position = ?').pluck().get(Number(position))
      if (found !== hash) return 'dispatch.restored'
    }
    return undefined
  }

  #raised(): ErrorCode | undefined {
    const mark = this.#store.findMark(RAISED)
    return mark === undefined || mark === '' ? undefined : (mark as ErrorCode)
  }

  /** As it is on the disk: the store counts transactions that wrote nothing, too. */
  #sequence(): number {
    return Number(this.#store.findMark('sequence') ?? 0)
  }

  #readFile(): InstallationFile | undefined {
    return readInstallationFile(this.#directory)
  }

  #writeFile(): void {
    const content: InstallationFile = {
      installationId: this.#store.installationId,
      epoch: this.epoch,
      machine: machineName(),
      folder: folderName(this.#directory),
    }
    writeDurably(join(this.#directory, INSTALLATION_FILE), `${JSON.stringify(content)}\n`)
  }
}
