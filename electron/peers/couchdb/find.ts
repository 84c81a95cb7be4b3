import { createHash } from 'node:crypto'
import { requireDatabaseAdmin } from './access.ts'
import { allow, type Call, jsonBody } from './call.ts'
import { badRequest, methodNotAllowed } from './couch-fault.ts'
import { isObject, type JsonObject, readDraft } from './drafts.ts'
import { compare, matches, valueAt } from './selector.ts'
import type { Reply } from './wire.ts'

const USUAL_LIMIT = 25

/** `POST /{db}/_find`. Looks at every document: what is found is CouchDB's, how fast is not. */
export function answerFind(call: Call): Reply {
  allow(call, 'POST')
  const { selector, fields, sort, limit, skip, bookmark } = jsonBody(call)
  if (!isObject(selector)) throw badRequest('The selector must be a JSON object')
  const found = call.database.all().filter((document) => !isDesign(document) && matches(selector, document))
  const sorted = Array.isArray(sort) ? sortBy(found, sort) : found
  const from = Number(skip ?? 0) + (typeof bookmark === 'string' && /^[0-9]+$/.test(bookmark) ? Number(bookmark) : 0)
  const page = sorted.slice(from, from + Number(limit ?? USUAL_LIMIT))
  const docs = Array.isArray(fields) ? page.map((document) => pick(document, fields.map(String))) : page
  return { status: 200, body: { docs, bookmark: page.length === 0 ? 'nil' : String(from + page.length) } }
}

const isDesign = ({ _id }: JsonObject): boolean => String(_id).startsWith('_design/')

function sortBy(documents: readonly JsonObject[], sort: readonly unknown[]): JsonObject[] {
  const keys = sort.map((part): [string, number] => {
    const [name, direction] = isObject(part) ? (Object.entries(part)[0] ?? ['', 'asc']) : [String(part), 'asc']
    return [name, direction === 'desc' ? -1 : 1]
  })
  return [...documents].sort((one, other) => {
    for (const [name, direction] of keys) {
      const order = compare(valueAt(one, name), valueAt(other, name))
      if (order !== 0) return order * direction
    }
    return 0
  })
}

function pick(document: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap((name) => {
      const value = valueAt(document, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** `/{db}/_index`: kept as the design document that CouchDB makes of it, and told again; a search does not need it. */
export function answerIndex(call: Call): Reply {
  if (call.method === 'GET') return listIndexes(call)
  if (call.method !== 'POST') throw methodNotAllowed('GET,POST,DELETE')
  const { database, user } = call
  requireDatabaseAdmin(user, database.security)
  const { index, name, ddoc } = jsonBody(call)
  if (!isObject(index) || !Array.isArray(index.fields)) throw badRequest('Missing required key: index')
  const hash = createHash('sha1').update(JSON.stringify(index)).digest('hex')
  const id = `_design/${typeof ddoc === 'string' ? ddoc.replace(/^_design\//, '') : hash}`
  const view = typeof name === 'string' ? name : hash
  const before = database.find(id)
  const views = isObject(before?.views) ? before.views : {}
  const made = { map: { fields: index.fields }, options: { def: index } }
  const known = JSON.stringify(views[view]) === JSON.stringify(made)
  if (!known) {
    const document = { ...before, language: 'query', views: { ...views, [view]: made } }
    database.write((writer) => writer.edit(readDraft(document, id, database.largestDocument)), user)
  }
  return { status: 200, body: { result: known ? 'exists' : 'created', id, name: view } }
}

function listIndexes({ database }: Call): Reply {
  const made = database
    .all()
    .filter((document) => isDesign(document) && document.language === 'query' && isObject(document.views))
    .flatMap((document) =>
      Object.entries(document.views as JsonObject).map(([name, view]) => ({
        ddoc: document._id,
        name,
        type: 'json',
        partitioned: false,
        def: isObject(view) && isObject(view.options) ? view.options.def : {},
      })),
    )
  const always = { ddoc: null, name: '_all_docs', type: 'special', def: { fields: [{ _id: 'asc' }] } }
  return { status: 200, body: { total_rows: made.length + 1, indexes: [always, ...made] } }
}
