import { randomUUID } from 'node:crypto'
import { requireDatabaseAdmin } from './access.ts'
import { answerBulkDocuments, answerBulkGet, answerPurge, answerRevisionsDiff } from './bulk-door.ts'
import { type Answer, allow, type Call, jsonBody } from './call.ts'
import { answerChanges } from './changes.ts'
import { CouchFault, methodNotAllowed, missing } from './couch-fault.ts'
import { answerDocument, answerLocal, writeDocument } from './document-door.ts'
import { checkId } from './drafts.ts'
import { answerFind, answerIndex } from './find.ts'
import { answerAllDocuments } from './listing.ts'
import { REVISIONS_LIMIT } from './revisions.ts'
import type { Reply } from './wire.ts'

/** Everything below `/{db}`. */
export function answerDatabase(call: Call, rest: readonly string[]): Answer | Promise<Answer> {
  const [first, ...more] = rest
  if (first === undefined) {
    if (call.method === 'POST') return writeDocument(call, newId(call))
    allow(call, 'GET', 'HEAD', 'POST', 'PUT', 'DELETE')
    return describe(call)
  }
  if (first === '_design' || first === '_local') return special(call, first, more)
  if (first.startsWith('_design/')) return answerDocument(call, first)
  if (first.startsWith('_local/')) return answerLocal(call, first)
  if (!first.startsWith('_')) return more.length === 0 ? answerDocument(call, first) : attachments()
  return answerReserved(call, first)
}

function special(call: Call, kind: '_design' | '_local', more: readonly string[]): Answer {
  const [name, ...deeper] = more
  if (name === undefined) throw missing()
  if (deeper.length > 0) return attachments()
  const id = `${kind}/${name}`
  return kind === '_design' ? answerDocument(call, id) : answerLocal(call, id)
}

function answerReserved(call: Call, name: string): Answer | Promise<Answer> {
  switch (name) {
    case '_all_docs':
      return answerAllDocuments(call)
    case '_design_docs':
      return answerAllDocuments(call, true)
    case '_changes':
      return answerChanges(call)
    case '_bulk_docs':
      return answerBulkDocuments(call)
    case '_bulk_get':
      return answerBulkGet(call)
    case '_revs_diff':
      return answerRevisionsDiff(call)
    case '_security':
      return answerSecurity(call)
    case '_find':
      return answerFind(call)
    case '_index':
      return answerIndex(call)
    case '_compact':
      allow(call, 'POST')
      requireDatabaseAdmin(call.user, call.database.security)
      return { status: 202, body: { ok: true } }
    case '_purge':
      return answerPurge(call)
    case '_ensure_full_commit':
      allow(call, 'POST')
      return { status: 201, body: { ok: true, instance_start_time: '0' } }
    case '_revs_limit':
      allow(call, 'GET')
      return { status: 200, body: `${REVISIONS_LIMIT}\n` }
    default:
      if (call.method === 'PUT') checkId(name)
      throw missing()
  }
}

function describe({ database }: Call): Reply {
  const { sequence, count, deletedCount, name } = database
  return {
    status: 200,
    body: {
      db_name: name,
      update_seq: database.sequenceText(sequence),
      purge_seq: '0',
      doc_count: count,
      doc_del_count: deletedCount,
      sizes: database.sizes(),
      instance_start_time: '0',
      disk_format_version: 8,
      compact_running: false,
      cluster: { q: 1, n: 1, w: 1, r: 1 },
      props: {},
    },
  }
}

function answerSecurity(call: Call): Reply {
  const { database, method, user } = call
  if (method === 'GET') return { status: 200, body: database.security }
  if (method !== 'PUT') throw methodNotAllowed('PUT,GET,HEAD')
  requireDatabaseAdmin(user, database.security)
  database.security = JSON.stringify(jsonBody(call))
  return { status: 200, body: { ok: true } }
}

function newId(call: Call): string {
  const given = jsonBody(call)._id
  return given === undefined ? randomUUID().replaceAll('-', '') : checkId(given)
}

function attachments(): never {
  throw new CouchFault(404, 'not_found', 'Document is missing attachment')
}
