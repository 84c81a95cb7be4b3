import { join } from 'node:path'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { DispatchJournal, type JournalFact } from './dispatch-journal.ts'
import { isSamePlace, placeOf, readInstallationFile, writeInstallationFile } from './installation-file.ts'
import { endRetirement, isRetired } from './retirement.ts'
import type { Store, Transaction } from './store.ts'

export const JOURNAL_FILE = 'dispatch-journal.jsonl'

const CONFIRMED = 'guard-confirmed'
/** A doubt that came from outside, until an administrator confirms. */
const RAISED = 'guard-raised'

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
    this.#doubt = isRetired(store, directory) ? 'moving.retired' : (this.#examine() ?? this.#raised())
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
    endRetirement(transaction)
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
    const file = readInstallationFile(this.#directory)
    if (this.#store.findMark(CONFIRMED) === undefined) {
      // A store that was never opened here before. With a journal beside it, another store lived here.
      if (file !== undefined || this.journal.existed) return 'dispatch.restored'
      this.#store.housekeeping((_, mark) => mark(CONFIRMED, this.#store.installationId))
      this.#writeFile()
      return undefined
    }
    if (file === undefined || file.installationId !== this.#store.installationId) return 'dispatch.moved'
    if (!isSamePlace(file, placeOf(this.#directory))) return 'dispatch.moved'
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

  #writeFile(): void {
    const { installationId } = this.#store
    const place = placeOf(this.#directory)
    writeInstallationFile(this.#directory, { installationId, epoch: this.epoch, ...place, retired: false })
  }
}
