import type { SideKind } from '../../../../shared/contract/central.ts'
import { records } from '../../../../shared/model/records.ts'
import type { Store } from '../../store/store.ts'
import { fieldsOf, findDocumentName, findSubmission, isSameContent, type TravellingKind } from '../documents.ts'
import { findSideName, isSideKind, type SideDocument } from '../replication/side-records.ts'
import { type FileVersion, hasLineage, type Relation, relate } from './lineage.ts'
import { isEarlierOfSameMaker, laterPlan, makerOf } from './versions.ts'

/** A document of a file as it came. */
export interface FileDocument {
  readonly name:
    | { readonly kind: TravellingKind; readonly id: string; readonly piece: number | null }
    | { readonly kind: SideKind; readonly id: string; readonly piece: null }
  readonly fields: Readonly<Record<string, unknown>>
  readonly past: readonly string[]
  readonly wholePast: readonly unknown[]
  /** What the maker and the centre had last; only in files to the centre. */
  readonly base: object | undefined
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The documents of a part; kinds that this version does not know are left out. */
export function* documentsOf(content: Buffer): Generator<FileDocument> {
  for (let from = 0; from < content.length; ) {
    const end = content.indexOf(0x0a, from)
    const line = content.toString('utf8', from, end < 0 ? content.length : end)
    from = end < 0 ? content.length : end + 1
    const document = JSON.parse(line) as Record<string, unknown>
    const name = nameOf(String(document._id))
    if (name === undefined) continue
    const past = Array.isArray(document._past) ? document._past.map(String) : []
    const wholePast = Array.isArray(document._wholePast) ? document._wholePast : []
    const base = isObject(document._base) ? document._base : undefined
    yield { name, fields: fieldsOf(document), past, wholePast, base }
  }
}

function nameOf(documentId: string): FileDocument['name'] | undefined {
  const side = findSideName(documentId)
  return side === undefined ? findDocumentName(documentId) : { ...side, piece: null }
}

/** What officers said about payments, out of a part. */
export const saidIn = (documents: readonly FileDocument[]): SideDocument[] =>
  documents.flatMap(({ name: { kind, id }, fields }) => (isSideKind(kind) ? [{ kind, id, rev: '', fields }] : []))

/** A record of a file: one document, and for a submission those of its lines put together. */
export type FileRecord = FileVersion & { readonly base: object | undefined }

/** Puts submissions together; their lines follow them in the same part. */
export function* recordsOf(documents: Iterable<FileDocument>): Generator<FileRecord> {
  let open: { readonly head: FileDocument; readonly pieces: { readonly lines: unknown }[] } | undefined
  const closed = function* (): Generator<FileRecord> {
    if (open === undefined) return
    const whole = findSubmission(open.head.fields, open.pieces)
    // What does not make a submission is handed on as it is, to be refused with its sentence.
    yield versionOf('submission', open.head, whole ?? open.head.fields)
    open = undefined
  }
  for (const document of documents) {
    const { kind, id, piece } = document.name
    if (isSideKind(kind)) continue
    if (piece !== null) {
      if (open?.head.name.id === id) open.pieces.push(document.fields as { lines: unknown })
      continue
    }
    yield* closed()
    if (kind === 'submission') open = { head: document, pieces: [] }
    else yield versionOf(kind, document, document.fields)
  }
  yield* closed()
}

const versionOf = (kind: TravellingKind, document: FileDocument, fields: object): FileRecord => {
  const { name, past, wholePast, base } = document
  return {
    kind,
    id: name.id,
    past,
    // What is no version of this record is no base for merging it.
    wholePast: wholePast.flatMap((version) => {
      const { success, data } = records[kind].schema.safeParse(version)
      return success && data.id === name.id && past.includes(data.changedAt) ? [data] : []
    }),
    base,
    fields: { changedAt: '', ...fields },
  }
}

/** How a version that came stands to the record here, by lineage or, for payments, by progress. */
export function relationOf(store: Pick<Store, 'sql' | 'find' | 'clockNode'>, came: FileRecord): Relation {
  const { kind, id, fields } = came
  const here = store.find(kind, id)
  if (hasLineage(kind)) return relate((text) => store.sql(text), here, came)
  if (here === undefined) return { kind: 'new' }
  if (records[kind].appendOnly) {
    const head = kind === 'submission' ? withoutLines(fields) : fields
    return isSameContent(kind, here, head) ? { kind: 'same' } : { kind: 'fork', base: undefined }
  }
  if (isSameContent(kind, here, fields)) return { kind: 'same' }
  const isOwn = makerOf(here.changedAt) === store.clockNode
  if (isOwn && isEarlierOfSameMaker(fields.changedAt, here.changedAt)) return { kind: 'older' }
  const later = laterPlan(here, fields)
  if (later !== undefined) return { kind: later === 'theirs' ? 'newer' : 'older' }
  return { kind: 'fork', base: undefined }
}

function withoutLines(fields: object): object {
  const { lines, ...head } = fields as { lines?: unknown }
  return head
}
