import type { SubmissionLine } from '../../model/batch.ts'
import type { PaymentHubSettings } from '../../model/payment-hub.ts'
import { type Ruling, ruled } from '../ruling.ts'
import { duplicateKey, type FileFacts, HEADER, type RowCells, rowOf, writeRow } from './row.ts'

/** Lines in the order in which they leave, and the place of each file's first line. */
export interface Arrangement {
  readonly lines: readonly SubmissionLine[]
  readonly partStarts: readonly number[]
}

interface Written {
  readonly line: SubmissionLine
  readonly cells: RowCells
  readonly key: string
  /** How many rows before it are the same payment to the hub. */
  readonly turn: number
}

/**
 * Parts a submission into files: none over the limit in bytes, none with more than `most` rows, and none with two rows that
 * are one payment to the hub. Equal rows move behind the others, so that they need as few files as they can.
 *
 * @param most rows in one file
 * @throws never; a line that cannot be written is a refusal
 */
export function arrangeFiles(
  lines: readonly SubmissionLine[],
  facts: FileFacts,
  settings: PaymentHubSettings,
  most: number,
): Ruling<Arrangement> {
  const turns = new Map<string, number>()
  const written: Written[] = []
  for (const line of lines) {
    const row = rowOf(line, facts, settings)
    if (!row.ok) return row
    const key = duplicateKey(row.value)
    const turn = turns.get(key) ?? 0
    turns.set(key, turn + 1)
    written.push({ line, cells: row.value, key, turn })
  }
  const ordered = written.toSorted((one, other) => one.turn - other.turn)

  const header = HEADER.join(',').length
  const partStarts: number[] = []
  let bytes = 0
  let first = 0
  let keys = new Set<string>()
  for (const [place, { cells, key }] of ordered.entries()) {
    // Cells are plain ASCII, so characters are bytes. The line end before the row counts with it.
    const size = writeRow(place - first, cells).length + 1
    const fits = place > 0 && place - first < most && bytes + size <= settings.fileLimit && !keys.has(key)
    if (!fits) {
      partStarts.push(place)
      first = place
      bytes = header
      keys = new Set()
    }
    bytes += writeRow(place - first, cells).length + 1
    keys.add(key)
  }
  return ruled({ lines: ordered.map(({ line }) => line), partStarts })
}
