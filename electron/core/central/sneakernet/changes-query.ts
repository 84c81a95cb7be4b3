import { type SideKind, sideKinds } from '../../../../shared/contract/central.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { collections } from '../../store/collections.ts'
import type { ReadContext } from '../../store/read-query.ts'
import { documentId, lineTexts, pieceId, type TravellingKind, travellingKinds, travellingText } from '../documents.ts'
import { saidAfter } from '../replication/side-records.ts'
import { hasLineage, lineageOf } from './lineage.ts'

/** Which changes a file is to hold. */
export interface ChangeRange {
  /** Sequence that the recipient has; ignored for the centre, which has what it gave receipts for. */
  readonly after: number
  /** Sequence of the store when the file was begun. */
  readonly upTo: number
  readonly toCentre: boolean
}

/** Where the next part begins. */
export interface ChangeCursor {
  readonly rank: number
  readonly seq: number
  readonly id: string
}

export interface ChangePart {
  /** Documents as lines of JSON, UTF-8. */
  readonly content: Uint8Array
  readonly documents: number
  readonly records: number
  /** Null behind the last part. */
  readonly next: ChangeCursor | null
}

/** Documents of a part, and bytes of its text, after which it is closed. */
const PART_DOCUMENTS = 1_000
const PART_BYTES = 4_000_000

interface Row {
  readonly seq: number
  readonly id: string
  readonly body: string
}

const START: ChangeCursor = { rank: 0, seq: 0, id: '' }
export const firstCursor = (): ChangeCursor => START

/** SQL after FROM that chooses the rows of one kind which belong in a file. */
const chosen = (kind: TravellingKind, toCentre: boolean): string => {
  const { table } = collections[kind]
  const unknownThere = toCentre
    ? `AND NOT EXISTS (SELECT 1 FROM central_receipt r WHERE r.kind = '${kind}' AND r.id = t.id AND r.seq = t.seq)`
    : ''
  return `${table} t WHERE (t.seq, t.id) > (?, ?) AND t.seq > ? AND t.seq <= ? ${unknownThere}`
}

/**
 * The next part of a file of changes, kind by kind so that what is needed comes before what needs it. What officers said
 * about payments comes last and whole each time: it is little, and taken in once.
 */
export function changesPart(
  context: ReadContext,
  { after, upTo, toCentre, cursor }: ChangeRange & { readonly cursor: ChangeCursor },
): ChangePart {
  const lines: string[] = []
  let bytes = 0
  let records = 0
  for (let { rank, seq, id } = cursor; rank < travellingKinds.length; rank += 1, seq = 0, id = '') {
    const kind = travellingKinds[rank] as TravellingKind
    const rows = context.sql(
      `SELECT t.seq, t.id, t.body FROM ${chosen(kind, toCentre)} ORDER BY t.seq, t.id LIMIT ${PART_DOCUMENTS}`,
    )
    for (const row of rows.iterate(seq, id, toCentre ? 0 : after, upTo) as IterableIterator<Row>) {
      for (const line of documentLines(context, kind, row, toCentre)) {
        lines.push(line)
        bytes += line.length
      }
      records += 1
      if (lines.length >= PART_DOCUMENTS || bytes >= PART_BYTES) {
        return { ...partOf(lines), records, next: { rank, seq: row.seq, id: row.id } }
      }
    }
  }
  const said = Math.max(0, cursor.rank - travellingKinds.length)
  for (let at = said; at < sideKinds.length; at += 1) {
    const rank = travellingKinds.length + at
    const kind = sideKinds[at] as SideKind
    const rows = saidAfter(context.sql, kind, cursor.rank === rank ? cursor.id : '', PART_DOCUMENTS)
    for (const { id, fields } of rows) lines.push(lineOf(`${kind}:${id}`, [], JSON.stringify(fields)))
    const last = rows.at(-1)
    if (last !== undefined && rows.length === PART_DOCUMENTS) {
      return { ...partOf(lines), records, next: { rank, seq: 0, id: last.id } }
    }
  }
  return { ...partOf(lines), records, next: null }
}

/** How many records a file will hold. */
export function countChanges({ sql }: ReadContext, { after, upTo, toCentre }: ChangeRange): number {
  return travellingKinds.reduce(
    (sum, kind) =>
      sum +
      (sql(`SELECT count(*) FROM ${chosen(kind, toCentre)}`)
        .pluck()
        .get(0, '', toCentre ? 0 : after, upTo) as number),
    0,
  )
}

const partOf = (lines: readonly string[]): Pick<ChangePart, 'content' | 'documents'> => ({
  content: Buffer.from(lines.join('\n')),
  documents: lines.length,
})

/** The documents of a record: one, and for a submission those of its lines too. */
function documentLines(context: ReadContext, kind: TravellingKind, { id, body }: Row, toCentre: boolean): string[] {
  const own: string[] = []
  if (hasLineage(kind)) {
    const { past, whole } = lineageOf(context.sql, kind, id)
    if (past.length > 0) own.push(`"_past":${JSON.stringify(past)}`)
    if (whole.length > 0 && !toCentre) own.push(`"_wholePast":[${whole.join()}]`)
  }
  if (toCentre) {
    const base = context.sql('SELECT body FROM central_base WHERE kind = ? AND id = ?').pluck().get(kind, id)
    if (base !== undefined) own.push(`"_base":${travellingText(kind, base as string)}`)
  }
  const head = lineOf(documentId(kind, id), own, travellingText(kind, body))
  if (kind !== 'submission') return [head]
  const pieces = lineTexts(JSON.parse(body) as Submission)
  return [head, ...pieces.map((fields, piece) => lineOf(pieceId(id, piece), [], fields))]
}

const lineOf = (id: string, own: readonly string[], fields: string): string =>
  `{${[`"_id":${JSON.stringify(id)}`, ...own].join(',')},${fields.slice(1)}`

export const sneakernetQueries = {
  'centralFiles.count': countChanges,
  'centralFiles.part': changesPart,
} as const
