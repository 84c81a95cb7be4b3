import { randomBytes } from 'node:crypto'
import { closeSync, openSync, rmSync } from 'node:fs'
import type { RowWork } from './import-types.ts'
import { appendSealed, readSealedAt, sealedSize } from './sealed-file.ts'

/*
 * What a check found fit for the registry, laid by for the run: so a file is read and checked once. Sealed on the disk like
 * the file itself, under a key of its own that is in memory only. Rows lie in portions by the ids of their records. Each
 * portion is put into the registry kind by kind and sorted, which touches each page of the store's indexes once instead of
 * once a row.
 */

/** Where rows are staged, and the key that opens them. */
export interface StageFile {
  readonly path: string
  readonly key: Uint8Array
}

export const newStage = (path: string): StageFile => ({ path, key: randomBytes(32) })

/** The pieces of each portion: their number in the file and the byte at which they begin. */
export type StagedRows = readonly (readonly { readonly piece: number; readonly at: number }[])[]

/** People of a portion, about: few enough to sort in memory. */
const PORTION = 4_000
/** Characters of a sealed piece, about. */
const PIECE = 200_000

/** Lays rows by; one writer per stage, since each piece is sealed under its number. */
export class StageWriter {
  readonly #stage: StageFile
  readonly #portions: { waiting: string[]; length: number; pieces: { piece: number; at: number }[] }[]
  readonly #rowsOfPortion: number
  #rows = 0
  #pieces = 0
  #size = 0

  /** @param people how many one row brings, about */
  constructor(stage: StageFile, rows: number, people: number) {
    this.#stage = stage
    rmSync(stage.path, { force: true })
    this.#rowsOfPortion = Math.ceil(PORTION / people)
    const count = Math.max(1, Math.ceil(rows / this.#rowsOfPortion))
    this.#portions = Array.from({ length: count }, () => ({ waiting: [], length: 0, pieces: [] }))
  }

  add(work: RowWork): void {
    const place = Math.floor(this.#placeOf(work) * this.#portions.length)
    const text = JSON.stringify(work)
    this.#rows += 1
    const portion = this.#portions[place]
    if (portion === undefined) throw new Error(`no portion ${place}`)
    portion.waiting.push(text)
    portion.length += text.length
    if (portion.length >= PIECE) this.#seal(portion)
  }

  finish(): StagedRows {
    for (const portion of this.#portions) if (portion.length > 0) this.#seal(portion)
    return this.#portions.map(({ pieces }) => pieces)
  }

  /** Derived ids are spread evenly (0 ≤ place < 1); the others were made one after the other, like their rows. */
  #placeOf({ inserts, updates }: RowWork): number {
    const [insert] = inserts
    const [update] = updates
    const id = insert?.prepared.id ?? (update?.kind === 'registrant' ? update.id : (update?.draft.id ?? ''))
    const derived = id.charAt(14) === '5' ? Number.parseInt(id.slice(0, 8), 16) : Number.NaN
    const count = this.#portions.length
    return Number.isNaN(derived) ? (Math.floor(this.#rows / this.#rowsOfPortion) % count) / count : derived / 2 ** 32
  }

  #seal(portion: { waiting: string[]; length: number; pieces: { piece: number; at: number }[] }): void {
    const content = Buffer.from(`[${portion.waiting.join(',')}]`)
    appendSealed(this.#stage.path, this.#stage.key, this.#pieces, content)
    portion.pieces.push({ piece: this.#pieces, at: this.#size })
    this.#pieces += 1
    this.#size += sealedSize(content.length)
    portion.waiting = []
    portion.length = 0
  }
}

/** The rows of one portion. @throws Error when the stage was touched */
export function readPortion(stage: StageFile, pieces: StagedRows[number]): RowWork[] {
  if (pieces.length === 0) return []
  const descriptor = openSync(stage.path, 'r')
  try {
    return pieces.flatMap(
      ({ piece, at }) => JSON.parse(readSealedAt(descriptor, stage.key, piece, at).toString()) as RowWork[],
    )
  } finally {
    closeSync(descriptor)
  }
}
