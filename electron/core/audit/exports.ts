import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Reader } from '../store/reader.ts'
import type { Store } from '../store/store.ts'
import { openDeviceKey } from '../vault/device-key.ts'
import { type Period, positionsOf } from './period.ts'
import { headAt, sealLine } from './seal.ts'

/** Entries of one piece: some 800 KB. */
const PIECE = 2_000
/** An export that nobody fetches is forgotten after this many milliseconds. */
const KEPT_FOR = 600_000

/** Which entries an export holds. */
export interface ExportRange {
  /** The position before the first entry. */
  readonly after: number
  /** The position of the last entry. */
  readonly until: number
}

interface Export extends ExportRange {
  readonly officerId: string
  readonly timer: NodeJS.Timeout
}

export interface AuditPiece {
  /** UTF-8 text, base64. */
  readonly content: string
  /** The position up to which entries were handed out. */
  readonly done: number
  readonly last: boolean
}

/**
 * Fixes what an export holds, and writes down that it was made. An export without an end holds that entry, too.
 *
 * @throws OfficeError `audit.nothing-to-export`
 */
export function beginExport(store: Store, officerId: string, period: Period): ExportRange & { readonly id: string } {
  // Made before the range is fixed, since its making is an entry.
  openDeviceKey(store)
  const id = newId()
  return store.transaction(officerId, (transaction) => {
    const { first, last } = positionsOf(transaction, period)
    const isOpen = period.until === undefined
    if (!isOpen && last < first) fail('audit.nothing-to-export')
    const until = isOpen
      ? ((transaction.sql('SELECT max(position) FROM audit').pluck().get() as number | null) ?? 0) + 1
      : last
    transaction.audit({
      action: 'audit.exported',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { first, last: until },
    })
    return { id, after: first - 1, until }
  })
}

/** Parts of the audit trail on their way out, as signed lines. */
export class AuditExports {
  readonly #store: Store
  readonly #reader: Reader
  readonly #now: () => number
  readonly #exports = new Map<string, Export>()

  constructor(store: Store, reader: Reader, now: () => number) {
    this.#store = store
    this.#reader = reader
    this.#now = now
  }

  /** @throws OfficeError `audit.nothing-to-export` */
  begin(officerId: string, period: Period): ExportRange & { readonly id: string } {
    const begun = beginExport(this.#store, officerId, period)
    const timer = setTimeout(() => this.#exports.delete(begun.id), KEPT_FOR)
    timer.unref()
    this.#exports.set(begun.id, { ...begun, officerId, timer })
    return begun
  }

  /**
   * The entries behind a position; the last piece ends with the sealing line. A piece may be asked for again.
   *
   * @throws OfficeError `audit.export-gone`
   */
  async piece(officerId: string, id: string, done: number, signal: AbortSignal | undefined): Promise<AuditPiece> {
    const open = this.#exports.get(id)
    if (open === undefined || open.officerId !== officerId) return fail('audit.export-gone')
    const { after, until } = open
    const wanted = { after: Math.max(after, done), until, limit: PIECE }
    const lines = await this.#reader.run('audit.exportLines', wanted, { signal })
    // Where entries are missing, what comes last may stand before the position that was meant.
    const last = lines.done >= until || lines.text === ''
    const text = last ? lines.text + (await this.#seal(open)) : lines.text
    return { content: Buffer.from(text).toString('base64'), done: lines.done, last }
  }

  /** What nobody wants any more. */
  forget(officerId: string, id: string): void {
    const open = this.#exports.get(id)
    if (open?.officerId !== officerId) return
    clearTimeout(open.timer)
    this.#exports.delete(id)
  }

  close(): void {
    for (const { timer } of this.#exports.values()) clearTimeout(timer)
    this.#exports.clear()
  }

  #seal({ after, until, officerId }: Export): Promise<string> {
    const [before, head] = [headAt(this.#store, after), headAt(this.#store, until)]
    return sealLine(this.#store, { after: before, head, officerId, exportedAt: this.#now() })
  }
}
