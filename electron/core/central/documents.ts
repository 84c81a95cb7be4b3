import { isDeepStrictEqual } from 'node:util'
import type { Batch, Submission, SubmissionLine } from '../../../shared/model/batch.ts'
import { type RecordKind, records } from '../../../shared/model/records.ts'

/**
 * Kinds that the central server keeps, in the order in which they are sent and applied: what is needed comes before what
 * needs it. Claims live in a database of their own, and a self-test's report speaks of the secrets of one office.
 */
export const travellingKinds = [
  'officer',
  'signInProvider',
  'paymentManager',
  'connector',
  'programme',
  'cycle',
  'registrant',
  'membership',
  'identityNumber',
  'consent',
  'enrolment',
  'entitlement',
  'batch',
  'payment',
  'transmission',
  'delivery',
  'observation',
  'collection',
  'submission',
  'decision',
] as const satisfies readonly RecordKind[]
export type TravellingKind = (typeof travellingKinds)[number]

const RANK = new Map<RecordKind, number>(travellingKinds.map((kind, rank) => [kind, rank]))

export const isTravelling = (kind: string): kind is TravellingKind => RANK.has(kind as RecordKind)

/** Place of a kind in the order of sending and applying. */
export const rankOf = (kind: RecordKind): number => RANK.get(kind) ?? travellingKinds.length

/** Which record a document is, or which lines of which submission. */
export interface DocumentName {
  readonly kind: TravellingKind
  readonly id: string
  /** Counts the pieces of a submission's lines from 0; null for a record itself. */
  readonly piece: number | null
}

const PIECE = /^(.+):lines:(\d{1,6})$/

export const documentId = (kind: TravellingKind, id: string): string => `${kind}:${id}`
export const pieceId = (submissionId: string, piece: number): string => `submission:${submissionId}:lines:${piece}`

/** Undefined for what is no record of this version: design documents, kinds of a newer one. */
export function findDocumentName(text: string): DocumentName | undefined {
  const at = text.indexOf(':')
  const kind = text.slice(0, at)
  if (at < 1 || at === text.length - 1 || !isTravelling(kind)) return undefined
  const id = text.slice(at + 1)
  const found = kind === 'submission' ? PIECE.exec(id) : null
  return found === null ? { kind, id, piece: null } : { kind, id: found[1] as string, piece: Number(found[2]) }
}

/** What each office works out for itself from a batch's payments, submissions and decisions. */
const DERIVED = ['count', 'sum', 'state', 'stateAt', 'attention', 'attentionParams'] as const
export type TravellingBatch = Omit<Batch, (typeof DERIVED)[number]>

/** Lines of a submission in one document, so that none comes near the largest document a server takes (8 MB). */
const LINES = 1_000

/** The fields of a record as they travel, without the document's own. The record as it is stored, not a copy to change. */
export function travelling(kind: TravellingKind, record: object): object {
  if (kind === 'batch') {
    const { count, sum, state, stateAt, attention, attentionParams, ...rest } = record as Batch
    return rest
  }
  if (kind === 'submission') {
    const { lines, ...head } = record as Submission
    return head
  }
  return record
}

/** As {@link travelling}, from the stored JSON to JSON; most kinds travel as they lie there. */
export const travellingText = (kind: TravellingKind, body: string): string =>
  kind === 'batch' || kind === 'submission' ? JSON.stringify(travelling(kind, JSON.parse(body))) : body

/** A document as text, from the fields as text. A new one has no revision. */
export function documentText(id: string, rev: string | null, fields: string): string {
  const own =
    rev === null ? `{"_id":${JSON.stringify(id)}` : `{"_id":${JSON.stringify(id)},"_rev":${JSON.stringify(rev)}`
  return fields === '{}' ? `${own}}` : `${own},${fields.slice(1)}`
}

/** A document's fields without those of the server. */
export function fieldsOf(document: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(document)) if (!name.startsWith('_')) fields[name] = value
  return fields
}

/** Whether a stored record says what a document's fields say. */
export function isSameContent(kind: TravellingKind, record: object, fields: unknown): boolean {
  return isDeepStrictEqual(travelling(kind, record), fields)
}

/** Whether two versions differ in nothing but who wrote them when. */
export function isSameButMarks(kind: TravellingKind, one: object, other: object): boolean {
  const withoutMarks = (record: object): object => ({ ...travelling(kind, record), changedAt: '', changedBy: '' })
  return isDeepStrictEqual(withoutMarks(one), withoutMarks(other))
}

/** A batch as it came, with what is worked out here: as it stands in the office, or as if nothing were known of it yet. */
export function batchOf(travelled: TravellingBatch, here: Batch | undefined): Batch {
  return {
    ...travelled,
    count: here?.count ?? 0,
    sum: here?.sum ?? 0,
    state: here?.state ?? 'open',
    stateAt: here?.stateAt ?? travelled.changedAt,
    attention: here?.attention ?? '',
    ...(here?.attentionParams === undefined ? {} : { attentionParams: here.attentionParams }),
  }
}

/** Pieces that the lines of a submission make. */
export const piecesOf = (count: number): number => Math.ceil(count / LINES)

/** The documents of a submission's lines, in order: their fields as text. */
export function lineTexts({ lines }: Pick<Submission, 'lines'>): string[] {
  return Array.from({ length: piecesOf(lines.length) }, (_, piece) =>
    JSON.stringify({ lines: lines.slice(piece * LINES, (piece + 1) * LINES) }),
  )
}

/** The submission of a head and the lines that came, in order; undefined when they do not make one. */
export function findSubmission(head: object, pieces: readonly { readonly lines: unknown }[]): Submission | undefined {
  const lines = pieces.flatMap((piece) => (Array.isArray(piece.lines) ? (piece.lines as SubmissionLine[]) : []))
  const checked = records.submission.schema.safeParse({ ...head, lines })
  return checked.success && checked.data.count === lines.length ? checked.data : undefined
}
