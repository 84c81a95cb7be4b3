import { badRequest, CouchFault } from './couch-fault.ts'
import { parseRevision, type Revision } from './revisions.ts'

/** A document as a client sends it, taken apart. */
export interface Draft {
  readonly id: string
  readonly rev: Revision | undefined
  readonly deleted: boolean
  /** `_revisions`: newest first. */
  readonly history: { readonly start: number; readonly ids: readonly string[] } | undefined
  /** JSON text without the members that begin with `_`. */
  readonly body: string
}

/** Members that may stand in what is sent back as it was read; they say nothing new. */
const READ_ONLY = new Set(['_conflicts', '_deleted_conflicts', '_local_seq', '_revs_info', '_attachments'])

export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Errors: 400 `illegal_docid`. */
export function checkId(id: unknown): string {
  if (typeof id !== 'string') throw new CouchFault(400, 'illegal_docid', 'Document id must be a string')
  if (id === '') throw new CouchFault(400, 'illegal_docid', 'Document id must not be empty')
  if (id.startsWith('_') && !/^_(design|local)\/./.test(id)) {
    throw new CouchFault(400, 'illegal_docid', 'Only reserved document ids may start with underscore.')
  }
  return id
}

/**
 * Takes a document apart. Errors: 400 for members that CouchDB does not know, 413 `document_too_large`.
 *
 * @param id that of the address; the document's own when undefined
 * @param largest bytes of the body
 */
export function readDraft(document: unknown, id: string | undefined, largest: number): Draft {
  if (!isObject(document)) throw badRequest('Document must be a JSON object')
  const { _id, _rev, _deleted, _revisions, ...rest } = document
  const own = id ?? checkId(_id)
  for (const name in rest) {
    if (name.charCodeAt(0) !== 95) continue
    if (!READ_ONLY.has(name)) {
      throw new CouchFault(400, 'doc_validation', `Bad special document member: ${name}`)
    }
    if (name === '_attachments' && Object.keys(rest._attachments as JsonObject).length > 0) {
      throw badRequest('Attachments are not kept here')
    }
    delete rest[name]
  }
  const body = JSON.stringify(rest)
  // Bytes are counted only where the characters alone do not settle it.
  if (body.length * 3 > largest && Buffer.byteLength(body) > largest) {
    throw new CouchFault(413, 'document_too_large', own)
  }
  if (_rev !== undefined && typeof _rev !== 'string') throw badRequest('Invalid rev format')
  return {
    id: own,
    rev: _rev === undefined || _rev === '' ? undefined : parseRevision(_rev),
    deleted: _deleted === true,
    history: readHistory(_revisions),
    body,
  }
}

function readHistory(given: unknown): Draft['history'] {
  if (given === undefined) return undefined
  if (!isObject(given)) throw new CouchFault(400, 'doc_validation', '_revisions must be an object')
  const { start, ids } = given
  if (typeof start !== 'number' || !Array.isArray(ids) || ids.length === 0) {
    throw new CouchFault(400, 'doc_validation', '_revisions.start and _revisions.ids are needed')
  }
  return { start, ids: ids.map(String) }
}
