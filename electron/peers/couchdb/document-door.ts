import { requireDatabaseAdmin } from './access.ts'
import { allow, type Call, isTrue, jsonBody, jsonOfQuery } from './call.ts'
import { badRequest, CouchFault, methodNotAllowed, missing } from './couch-fault.ts'
import { checkId, type Draft, readDraft } from './drafts.ts'
import { endsWith, holds, parseRevision, type Revision, type RevisionTree, revisionOf } from './revisions.ts'
import { textOf, type Wanted } from './stored-document.ts'
import { sealUser, USERS } from './users.ts'
import type { Reply } from './wire.ts'

/** `/{db}/{doc}`. */
export function answerDocument(call: Call, id: string): Reply {
  switch (call.method) {
    case 'GET':
      return readDocument(call, id)
    case 'PUT':
      return writeDocument(call, checkId(id))
    case 'DELETE':
      return removeDocument(call, id)
    default:
      throw methodNotAllowed('DELETE,GET,HEAD,POST,PUT,COPY')
  }
}

function readDocument({ database, query }: Call, id: string): Reply {
  const wanted: Wanted = {
    conflicts: isTrue(query, 'conflicts') || isTrue(query, 'meta'),
    deletedConflicts: isTrue(query, 'deleted_conflicts') || isTrue(query, 'meta'),
    history: isTrue(query, 'revs'),
    historyWithStatus: isTrue(query, 'revs_info') || isTrue(query, 'meta'),
  }
  const tree = database.tree(id)
  if (query.has('open_revs')) return openRevisions(id, tree, query, wanted)
  if (tree === undefined) throw missing()
  const asked = query.get('rev')
  const branch = asked === null ? tree[0] : tree.find((one) => endsWith(one, parseRevision(asked)))
  if (branch === undefined) throw missing()
  if (asked === null && branch.deleted) throw missing('deleted')
  return {
    status: 200,
    headers: { etag: `"${revisionOf(branch)}"` },
    body: `${textOf(id, branch, tree, wanted)}\n`,
  }
}

function openRevisions(id: string, tree: RevisionTree | undefined, query: URLSearchParams, wanted: Wanted): Reply {
  const asked = query.get('open_revs') === 'all' ? 'all' : jsonOfQuery(query, 'open_revs')
  if (asked === 'all') {
    if (tree === undefined) throw missing()
    return { status: 200, body: `[${tree.map((branch) => `{"ok":${textOf(id, branch, tree, wanted)}}`).join(',')}]` }
  }
  if (!Array.isArray(asked)) throw badRequest('`open_revs` must be a JSON array or "all"')
  const found = asked.map((rev) => {
    const branch = tree?.find((one) => (isTrue(query, 'latest') ? holds : endsWith)(one, parseRevision(String(rev))))
    return branch === undefined || tree === undefined
      ? JSON.stringify({ missing: rev })
      : `{"ok":${textOf(id, branch, tree, wanted)}}`
  })
  return { status: 200, body: `[${found.join(',')}]` }
}

/** Writes what the body says. Errors: 409, 401 and 403, 400, 413. */
export function writeDocument(call: Call, id: string): Reply {
  const { database, query, user } = call
  const document = { ...jsonBody(call) }
  if (document._id !== undefined && document._id !== id) throw badRequest('Document ID in the body differs')
  const given = revisionGiven(call)
  if (given !== undefined) {
    if (document._rev !== undefined && document._rev !== given) {
      throw badRequest('Document rev from request body and query string have different values')
    }
    document._rev = given
  }
  const draft = prepareDraft(call, readDraft(document, id, database.largestDocument))
  const rev = database.write((writer) => {
    if (query.get('new_edits') !== 'false') return writer.edit(draft)
    writer.adopt(draft)
    return String(document._rev)
  }, user)
  return { status: 201, headers: { etag: `"${rev}"` }, body: { ok: true, id, rev } }
}

/** What every written document goes through: design documents are for admins, users lose their password. */
export function prepareDraft({ database, user, server }: Call, draft: Draft): Draft {
  if (draft.id.startsWith('_design/')) requireDatabaseAdmin(user, database.security)
  return database.name === USERS ? sealUser(draft, server.options.iterations) : draft
}

function removeDocument(call: Call, id: string): Reply {
  const { database, user } = call
  const tree = database.tree(id)
  if (tree === undefined) throw missing()
  const given = revisionGiven(call)
  if (given === undefined && tree[0].deleted) throw missing('deleted')
  const rev: Revision | undefined = given === undefined ? undefined : parseRevision(given)
  const draft = prepareDraft(call, { id, rev, deleted: true, history: undefined, body: '{}' })
  const made = database.write((writer) => writer.edit(draft), user)
  return { status: 200, headers: { etag: `"${made}"` }, body: { ok: true, id, rev: made } }
}

function revisionGiven({ query, request }: Call): string | undefined {
  return query.get('rev') ?? request.headers['if-match']?.replaceAll('"', '')
}

/** `/{db}/_local/{doc}`: documents that are never replicated, such as the checkpoints of those who replicate. */
export function answerLocal(call: Call, id: string): Reply {
  const { database, method } = call
  if (method === 'GET') {
    const known = database.findLocal(id)
    if (known === undefined) throw missing()
    const content = known.body === '{}' ? '}' : `,${known.body.slice(1)}`
    return { status: 200, body: `{"_id":${JSON.stringify(id)},"_rev":"0-${known.rev}"${content}\n` }
  }
  allow(call, 'PUT', 'DELETE', 'GET')
  const rev =
    method === 'DELETE'
      ? database.putLocal({
          id,
          rev: localRevision(revisionGiven(call)),
          deleted: true,
          history: undefined,
          body: '{}',
        })
      : putLocal(call, id)
  return { status: method === 'DELETE' ? 200 : 201, body: { ok: true, id, rev } }
}

function putLocal(call: Call, id: string): string {
  const { _rev, ...document } = jsonBody(call)
  const draft = readDraft(document, id, call.database.largestDocument)
  const rev = localRevision(typeof _rev === 'string' ? _rev : revisionGiven(call))
  return call.database.putLocal({ ...draft, rev })
}

function localRevision(text: string | undefined): Revision | undefined {
  if (text === undefined) return undefined
  const number = /^0-([0-9]+)$/.exec(text)?.[1]
  if (number === undefined) throw new CouchFault(400, 'bad_request', 'Invalid rev format')
  return { generation: 0, digest: number }
}
