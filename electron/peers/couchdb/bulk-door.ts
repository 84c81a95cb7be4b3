import { randomUUID } from 'node:crypto'
import { requireDatabaseAdmin } from './access.ts'
import { allow, type Call, isTrue, jsonBody, textsOf } from './call.ts'
import { badRequest, CouchFault } from './couch-fault.ts'
import type { Writer } from './database.ts'
import { prepareDraft } from './document-door.ts'
import { type Draft, isObject, readDraft } from './drafts.ts'
import { endsWith, holds, parseRevision, type RevisionTree, revisionOf } from './revisions.ts'
import { textOf } from './stored-document.ts'
import type { Reply } from './wire.ts'

type Row = Readonly<Record<string, unknown>>

/** `POST /{db}/_bulk_docs`: one answer for each document; of documents from elsewhere only the refused ones are named. */
export function answerBulkDocuments(call: Call): Reply {
  allow(call, 'POST')
  const { docs, new_edits } = jsonBody(call)
  if (!Array.isArray(docs)) throw badRequest('POST body must include `docs` parameter.')
  const { database, user } = call
  const drafts = docs.map((document) => readOne(document, database.largestDocument))
  const write = new_edits === false ? adopt : edit
  const rows: Row[][] = drafts.map(() => [])
  // As CouchDB does: written in the order of ids, answered in the order of the request.
  const order = drafts.map((_, index) => index).sort((one, other) => byId(drafts[one], drafts[other]))
  database.write((writer) => {
    for (const index of order) {
      const draft = drafts[index]
      if (draft !== undefined) rows[index] = write(call, writer, draft)
    }
  }, user)
  return { status: 201, body: rows.flat() }
}

/** Documents that one removal may name, as the server comes (`[purge] max_document_id_number`). */
const MOST_PURGED = 100

/** `POST /{db}/_purge`: ends of branches go as if they had never been; the others of a document stay. */
export function answerPurge(call: Call): Reply {
  allow(call, 'POST')
  requireDatabaseAdmin(call.user, call.database.security)
  const asked = Object.entries(jsonBody(call)).map(([id, revs]) => ({ id, revs: textsOf({ revs }, 'revs') }))
  if (asked.length > MOST_PURGED) throw badRequest('Exceeded maximum number of documents.')
  const purged = call.database.write(
    (writer) => asked.map(({ id, revs }) => [id, writer.purge(id, revs.map(parseRevision))] as const),
    call.user,
  )
  return { status: 201, body: { purge_seq: null, purged: Object.fromEntries(purged) } }
}

const byId = (one: Draft | undefined, other: Draft | undefined): number =>
  (one?.id ?? '') < (other?.id ?? '') ? -1 : (one?.id ?? '') > (other?.id ?? '') ? 1 : 0

function readOne(document: unknown, largest: number): Draft {
  const given = isObject(document) ? document._id : undefined
  return readDraft(document, given === undefined ? randomUUID().replaceAll('-', '') : undefined, largest)
}

function edit(call: Call, writer: Writer, draft: Draft): Row[] {
  const { id } = draft
  return [
    orRefusal({ id }, () => {
      if (id.startsWith('_local/')) return { ok: true, id, rev: call.database.putLocal(draft) }
      return { ok: true, id, rev: writer.edit(prepareDraft(call, draft)) }
    }) ?? {},
  ]
}

function adopt(call: Call, writer: Writer, draft: Draft): Row[] {
  const rev = draft.rev ?? { generation: draft.history?.start ?? 0, digest: draft.history?.ids[0] ?? '' }
  if (rev.generation === 0) throw badRequest('When `new_edits: false`, the document must have a `_rev` or `_revisions`')
  const refusal = orRefusal({ id: draft.id, rev: `${rev.generation}-${rev.digest}` }, () => {
    writer.adopt(prepareDraft(call, draft))
    return undefined
  })
  return refusal === undefined ? [] : [refusal]
}

/** What one document is refused for stands in its row; the others go on. */
function orRefusal(named: Row, work: () => Row | undefined): Row | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof CouchFault) || error.status === 400 || error.status === 413) throw error
    return { ...named, error: error.error, reason: error.reason }
  }
}

/** `POST /{db}/_bulk_get`. */
export function answerBulkGet(call: Call): Reply {
  allow(call, 'POST')
  const { docs } = jsonBody(call)
  if (!Array.isArray(docs)) throw badRequest('Missing JSON list of `docs`.')
  const history = isTrue(call.query, 'revs')
  const latest = isTrue(call.query, 'latest')
  const results = docs.map((asked) => {
    const id = isObject(asked) ? String(asked.id) : ''
    const rev = isObject(asked) && typeof asked.rev === 'string' ? asked.rev : undefined
    const tree = call.database.tree(id)
    const found = tree === undefined ? [] : branchesOf(tree, rev, latest)
    const texts = found.map((branch) => `{"ok":${textOf(id, branch, tree ?? [branch], { history })}}`)
    const refusal = JSON.stringify({ error: { id, rev: rev ?? 'undefined', error: 'not_found', reason: 'missing' } })
    return `{"id":${JSON.stringify(id)},"docs":[${texts.length === 0 ? refusal : texts.join(',')}]}`
  })
  return { status: 200, body: `{"results":[${results.join(',')}]}` }
}

function branchesOf(tree: RevisionTree, rev: string | undefined, latest: boolean): RevisionTree[number][] {
  if (rev === undefined) return [...tree]
  const asked = parseRevision(rev)
  return tree.filter((branch) => (latest ? holds : endsWith)(branch, asked)).slice(0, 1)
}

/** `POST /{db}/_revs_diff`: which of these revisions are not here. */
export function answerRevisionsDiff(call: Call): Reply {
  allow(call, 'POST')
  const answer: Record<string, object> = {}
  for (const [id, revs] of Object.entries(jsonBody(call))) {
    if (!Array.isArray(revs)) throw badRequest('Revisions must be an array')
    const tree = call.database.tree(id)
    const lacking = revs.map(String).filter((rev) => !tree?.some((branch) => holds(branch, parseRevision(rev))))
    if (lacking.length === 0) continue
    const newest = Math.max(...lacking.map((rev) => parseRevision(rev).generation))
    const ancestors = tree?.filter(({ generation }) => generation < newest).map(revisionOf) ?? []
    answer[id] = { missing: lacking, ...(ancestors.length === 0 ? {} : { possible_ancestors: ancestors }) }
  }
  return { status: 200, body: answer }
}
