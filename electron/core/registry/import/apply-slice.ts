import { type Problem, problem } from '../../../../shared/rules/registrant-entry.ts'
import { today } from '../../clock/today.ts'
import type { Draft, Store, Transaction } from '../../store/store.ts'
import { addContactKeys, putRegistrant } from '../contact-keys.ts'
import { isIdentityTaken } from '../identity-commands.ts'
import { applyRow } from './apply-row.ts'
import type { ImportEnrolment, ImportSlice, RowProblem } from './import-types.ts'
import { type ConsentSource, takeConsent, takeConsentBack } from './row-consent.ts'

/** A transaction of an import aims at this many milliseconds. */
const TARGET = 70
/** Each commit writes the touched pages of every index: with fewer pieces a slow machine would only become slower. */
const FEWEST = 200
/** What a kind of piece begins with, and at most; how long they take is found out on the way. */
const FIRST: Readonly<Record<ImportSlice['of'], number>> = {
  rows: 200,
  registrants: 300,
  identityNumbers: 600,
  memberships: 600,
  contactKeys: 1_500,
  enrolments: 200,
}

const NUMBER = 'SELECT 1 FROM registrant WHERE registry_number = ?'
const CHANGED = problem('', 'registry.row-changed-meanwhile')

/** A row of the portion whose people are put in. */
interface NewRow {
  readonly line: number
  readonly cells: string
  readonly registrants: string[]
}

type Piece<O extends ImportSlice['of']> = (ImportSlice & { of: O })['pieces'][number]

/**
 * Puts the slices of one import into the registry. A row is taken as a whole or not at all: when the registry changed under
 * one of its pieces since the check, what came of the row already is removed again and the rest of it is left out.
 */
export class SliceWriter {
  readonly #store: Store
  readonly #from: ConsentSource
  readonly #officerId: string
  readonly #enrolment: ImportEnrolment | undefined
  readonly #programmeId: string
  readonly #rows = new Map<number, NewRow>()
  readonly #leftOut = new Set<number>()
  readonly #atOnce = { ...FIRST }
  #leftOutOfOthers = 0

  constructor(input: {
    store: Store
    from: ConsentSource
    officerId: string
    /** When the import enrols. */
    enrolment: ImportEnrolment | undefined
    programmeId: string
  }) {
    this.#store = input.store
    this.#from = input.from
    this.#officerId = input.officerId
    this.#enrolment = input.enrolment
    this.#programmeId = input.programmeId
  }

  /** Rows that were left out so far. */
  get leftOut(): number {
    return this.#leftOutOfOthers + this.#leftOut.size
  }

  /** No pieces of the rows so far will follow. */
  beginPortion(): void {
    this.#leftOutOfOthers += this.#leftOut.size
    this.#leftOut.clear()
    this.#rows.clear()
  }

  /** Writes a slice, transaction by transaction of some tens of milliseconds; gives the rows that each left out. */
  *write(slice: ImportSlice): Generator<RowProblem[]> {
    for (let at = 0; at < slice.pieces.length; ) {
      const behind = slice.pieces.length - at
      // In equal parts: a small rest would cost a commit of its own.
      const count = Math.ceil(behind / Math.ceil(behind / this.#atOnce[slice.of]))
      const part = { of: slice.of, pieces: slice.pieces.slice(at, at + count) } as ImportSlice
      const [started, used] = [performance.now(), process.threadCpuUsage()]
      const problems = this.#store.transaction(this.#officerId, (transaction) => this.#writePart(transaction, part))
      const { user, system } = process.threadCpuUsage(used)
      // Where others have the processor, smaller transactions would only make more of them.
      const took = Math.max(1, (user + system) / 1_000, (performance.now() - started) / 2)
      this.#atOnce[slice.of] = Math.max(FEWEST, Math.min(count * 2, Math.round((count * TARGET) / took)))
      at += count
      yield problems
    }
  }

  #writePart(transaction: Transaction, part: ImportSlice): RowProblem[] {
    const problems: RowProblem[] = []
    const each = <P extends { readonly row: number }>(pieces: readonly P[], put: (piece: P) => boolean): void => {
      for (const piece of pieces) {
        if (this.#leftOut.has(piece.row) || put(piece)) continue
        problems.push(this.#leaveOut(transaction, piece.row))
      }
    }
    switch (part.of) {
      case 'rows':
        for (const work of part.pieces) {
          const reason = applyRow(transaction, this.#from, work)
          if (reason !== undefined) {
            this.#leftOut.add(work.row)
            problems.push(leftOutRow(work.row, work, reason))
          } else if (work.enrol !== undefined) this.#enrol(transaction, work.enrol.id)
        }
        break
      case 'registrants':
        each(part.pieces, (piece) => this.#putRegistrant(transaction, piece))
        break
      case 'identityNumbers':
        each(
          part.pieces,
          ({ prepared, identity }) =>
            !isIdentityTaken(transaction, identity, identity.registrantId) &&
            transaction.insert('identityNumber', prepared),
        )
        break
      case 'memberships':
        each(part.pieces, ({ prepared }) => transaction.insert('membership', prepared))
        break
      case 'contactKeys':
        each(part.pieces, ({ id, kind, value }) => {
          addContactKeys(transaction, id, [{ kind, value }])
          return true
        })
        break
      case 'enrolments':
        each(part.pieces, ({ id }) => {
          this.#enrol(transaction, id)
          return true
        })
        break
    }
    transaction.audit({
      action: 'import.rows',
      subjectKind: 'import',
      subjectId: this.#from.importId,
      detail: { of: part.of, pieces: part.pieces.length, leftOut: problems.length },
    })
    return problems
  }

  #putRegistrant(transaction: Transaction, piece: Piece<'registrants'>): boolean {
    const { row, line, cells, number, prepared, consent } = piece
    const known = this.#rows.get(row) ?? { line, cells, registrants: [] }
    this.#rows.set(row, known)
    if (number !== '' && transaction.sql(NUMBER).pluck().get(number) !== undefined) return false
    if (!transaction.insert('registrant', prepared)) return false
    known.registrants.push(prepared.id)
    if (consent !== undefined) takeConsent(transaction, this.#from, prepared.id, consent, row)
    return true
  }

  #enrol(transaction: Transaction, registrantId: string): void {
    const [importId, programmeId] = [this.#from.importId, this.#programmeId]
    this.#enrolment?.enrol(transaction, { programmeId, registrantId, day: today(), importId })
  }

  /** Takes back what came of a new row; nothing rests on it yet, since nobody may build on an import under way. */
  #leaveOut(transaction: Transaction, row: number): RowProblem {
    this.#leftOut.add(row)
    const known = this.#rows.get(row)
    if (known === undefined) throw new Error('a piece of a row came before its registrants')
    for (const id of known.registrants) {
      for (const identity of this.#identityNumbersOf(transaction, id)) remove(transaction, 'identityNumber', identity)
      takeConsentBack(transaction, this.#from.importId, id)
      const { changedAt, changedBy, ...registrant } = transaction.get('registrant', id)
      putRegistrant(transaction, { ...registrant, removed: true })
    }
    return leftOutRow(row, known, CHANGED)
  }

  #identityNumbersOf(transaction: Transaction, registrantId: string): string[] {
    return transaction
      .sql('SELECT id FROM identity_number WHERE registrant_id = ? AND removed = 0')
      .pluck()
      .all(registrantId) as string[]
  }
}

function remove(transaction: Transaction, kind: 'identityNumber', id: string): void {
  const { changedAt, changedBy, ...record } = transaction.get(kind, id)
  transaction.put(kind, { ...record, removed: true } as Draft<typeof kind>)
}

const leftOutRow = (row: number, { line, cells }: Pick<NewRow, 'line' | 'cells'>, reason: Problem): RowProblem => ({
  row,
  line,
  taken: false,
  cells: JSON.parse(cells),
  reasons: [reason],
})
