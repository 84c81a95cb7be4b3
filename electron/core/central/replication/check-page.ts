import { z } from 'zod'
import { paymentId } from '../../../../shared/model/ids.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { type ContactKey, contactKeysOf } from '../../registry/contact-keys.ts'
import { type AdoptableRecord, findAdoptable } from '../../store/prepared-record.ts'
import { fieldsOf, findDocumentName, type TravellingKind } from '../documents.ts'
import { findSideName, type SideDocument } from './side-records.ts'

/** Kinds of which a record that is new here needs nobody's judgement. */
export const plainKinds = [
  'programme',
  'cycle',
  'registrant',
  'membership',
  'identityNumber',
  'consent',
  'enrolment',
  'entitlement',
  'payment',
  'transmission',
  'delivery',
  'observation',
  'collection',
] as const satisfies readonly TravellingKind[]
export type PlainKind = (typeof plainKinds)[number]

export const isPlain = (kind: TravellingKind): kind is PlainKind => (plainKinds as readonly string[]).includes(kind)

/** A record's document as it came. Plain data: it crosses threads. */
export interface CheckedDocument {
  readonly kind: TravellingKind
  readonly id: string
  readonly rev: string
  readonly deleted: boolean
  /** Other leaves that the server holds of it. */
  readonly conflicts: readonly string[]
  /** Checked and laid out for its table; null where it takes judgement or does not fit. */
  readonly ready: AdoptableRecord<TravellingKind> | null
  /** What others may share with a registrant that is ready. */
  readonly keys: readonly ContactKey[]
  /** The fields as they came; null where `ready` has them. */
  readonly record: unknown
}

/** Lines of a submission. */
export interface CheckedPiece {
  readonly documentId: string
  readonly submissionId: string
  readonly piece: number
  readonly rev: string
  readonly body: string
}

/** A row of the changes whose document was not asked for. */
export interface NamedChange {
  readonly documentId: string
  readonly rev: string
  readonly deleted: boolean
}

export interface CheckedPage {
  readonly documents: readonly CheckedDocument[]
  readonly pieces: readonly CheckedPiece[]
  /** What officers said beside the records. */
  readonly said: readonly SideDocument[]
  /** Changes without their documents. */
  readonly named: readonly NamedChange[]
  /** Documents of kinds that this version does not know. */
  readonly unknown: readonly { readonly documentId: string; readonly rev: string; readonly body: string }[]
  /** Rows of the page, whatever they were. */
  readonly rows: number
  /** Where the next page begins; opaque. Empty for documents that were asked for by name. */
  readonly lastSequence: string
  /** Changes behind the page. */
  readonly pending: number
}

// The rows are looked at one by one: a schema would copy each with its document.
const Changes = z.object({
  results: z.custom<readonly unknown[]>(Array.isArray),
  last_seq: z.union([z.string(), z.number()]),
  pending: z.number().nullish(),
})
const Rows = z.object({ rows: z.custom<readonly unknown[]>(Array.isArray) })

type Fields = Readonly<Record<string, unknown>>

const asObject = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What is unique of a payment beside its id follows from it, or it could stand in the way of the right one. */
const hasOwnId = (kind: TravellingKind, fields: Fields): boolean =>
  kind !== 'payment' || fields.id === paymentId(String(fields.entitlementId), Number(fields.attempt))

/** @returns undefined when it is nothing that the server's protocol knows as a document */
export function checkDocument(
  value: unknown,
): CheckedDocument | CheckedPiece | SideDocument | NamedUnknown | undefined {
  const document = asObject(value)
  const { _deleted, _conflicts } = document
  const [_id, rev] = [asText(document._id), asText(document._rev)]
  if (_id === '' || rev === '' || _id.startsWith('_')) return undefined
  const side = findSideName(_id)
  // Nobody may delete them; whoever could would not have unsaid them.
  if (side !== undefined) return _deleted === true ? undefined : { ...side, rev, fields: fieldsOf(document) }
  const name = findDocumentName(_id)
  if (name === undefined) return { documentId: _id, rev, body: JSON.stringify(fieldsOf(document)) }
  const { kind, id, piece } = name
  if (piece !== null) {
    return { documentId: _id, submissionId: id, piece, rev, body: JSON.stringify(fieldsOf(document)) }
  }
  const deleted = _deleted === true
  const conflicts = Array.isArray(_conflicts) ? _conflicts.filter((leaf) => typeof leaf === 'string') : []
  const found =
    !deleted && conflicts.length === 0 && isPlain(kind) && document.id === id && hasOwnId(kind, document)
      ? findAdoptable(kind, document)
      : undefined
  const ready = found?.adoptable ?? null
  const keys = found !== undefined && kind === 'registrant' ? contactKeysOf(found.record as Registrant) : []
  const record = ready === null ? fieldsOf(document) : null
  return { kind, id, rev, deleted, conflicts, ready, keys, record }
}

type NamedUnknown = CheckedPage['unknown'][number]

interface Sorted {
  readonly documents: CheckedDocument[]
  readonly pieces: CheckedPiece[]
  readonly said: SideDocument[]
  readonly unknown: NamedUnknown[]
}

function sort(into: Sorted, value: unknown): void {
  const checked = checkDocument(value)
  if (checked === undefined) return
  if ('fields' in checked) into.said.push(checked)
  else if ('kind' in checked) into.documents.push(checked)
  else if ('piece' in checked) into.pieces.push(checked)
  else into.unknown.push(checked)
}

/** A page of `_changes`, with or without documents; undefined when it is something else. */
export function checkChanges(value: unknown): CheckedPage | undefined {
  const page = Changes.safeParse(value)
  if (!page.success) return undefined
  const { results, last_seq, pending } = page.data
  const sorted: Sorted = { documents: [], pieces: [], said: [], unknown: [] }
  const named: NamedChange[] = []
  for (const row of results) {
    const { id, changes, deleted, doc } = asObject(row)
    if (doc !== undefined && doc !== null) sort(sorted, doc)
    else if (typeof id !== 'string' || !Array.isArray(changes)) return undefined
    else if (!id.startsWith('_')) {
      named.push({ documentId: id, rev: asText(asObject(changes[0]).rev), deleted: deleted === true })
    }
  }
  return { ...sorted, named, rows: results.length, lastSequence: String(last_seq), pending: pending ?? 0 }
}

/** The answer of `_all_docs` to keys; what is not there is left out, what was deleted comes as deleted. */
export function checkRows(value: unknown): CheckedPage | undefined {
  const answer = Rows.safeParse(value)
  if (!answer.success) return undefined
  const sorted: Sorted = { documents: [], pieces: [], said: [], unknown: [] }
  for (const row of answer.data.rows) {
    const { key, value: held, doc } = asObject(row)
    const { rev, deleted } = asObject(held)
    if (doc !== undefined && doc !== null) sort(sorted, doc)
    else if (deleted === true) sort(sorted, { _id: key, _rev: rev, _deleted: true })
  }
  return { ...sorted, named: [], rows: answer.data.rows.length, lastSequence: '', pending: 0 }
}

/** From the bytes of an answer. */
export function checkBytes(bytes: Uint8Array, of: 'changes' | 'rows'): CheckedPage | undefined {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
  return of === 'changes' ? checkChanges(value) : checkRows(value)
}
