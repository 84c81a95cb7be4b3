import { z } from 'zod'
import { type SideKind, sideKinds } from '../../../../shared/contract/central.ts'
import { failure, type Result, success } from '../../../../shared/contract/result.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import type { CouchConnection } from '../connection.ts'
import { fieldsOf } from '../documents.ts'
import { BulkAnswers, faultOfRefused } from './bulk-answers.ts'
import { noteRefused, type RefusedSide } from './side/refused.ts'
import type { Unsent } from './side/side-table.ts'
import { sideTables as tables } from './side/side-tables.ts'

/*
 * What is said beside the records, in tables of its own: evidence of officers about payments, leave to send a part again,
 * conflicts and how they were settled. The receipt of one counts its steps instead of a sequence.
 */

export const isSideKind = (kind: string): kind is SideKind => Object.hasOwn(tables, kind)

/** A document of one as it came. Plain data: it crosses threads. */
export interface SideDocument {
  readonly kind: SideKind
  readonly id: string
  readonly rev: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Undefined for every other document. */
export function findSideName(documentId: string): Pick<SideDocument, 'kind' | 'id'> | undefined {
  const at = documentId.indexOf(':')
  const kind = documentId.slice(0, Math.max(0, at))
  return isSideKind(kind) && at < documentId.length - 1 ? { kind, id: documentId.slice(at + 1) } : undefined
}

type Sql = Store['sql']

const PUT_RECEIPT = 'INSERT OR REPLACE INTO central_receipt VALUES (?, ?, ?, ?, ?)'

/**
 * Takes them in; what was said once is never changed, and each step counts once. Those without a revision came in a
 * file: what the central server has is not known by them.
 */
export function applySideDocuments(store: Store, documents: readonly SideDocument[], at: number): number {
  const sql: Sql = (text) => store.sql(text)
  const news = documents
    .filter((one) => (one.rev === '' ? !isSaidHere(sql, one) : findReceipt(sql, one.kind, one.id)?.rev !== one.rev))
    .sort((one, other) => sideKinds.indexOf(one.kind) - sideKinds.indexOf(other.kind))
  if (news.length === 0) return 0
  return store.transaction(OFFICE, (tx) => {
    const count = news.filter((document) => apply(tx, document, at)).length
    tx.audit({ action: 'central.pulled', subjectKind: 'office', subjectId: 'central', detail: { kind: 'said', count } })
    return count
  })
}

const findReceipt = (sql: Sql, kind: SideKind, id: string) =>
  sql('SELECT seq, rev FROM central_receipt WHERE kind = ? AND id = ?').get(kind, id) as
    | { readonly seq: number; readonly rev: string }
    | undefined

function apply(tx: Transaction, { kind, id, rev, fields }: SideDocument, at: number): boolean {
  const step = tables[kind].take(tx, id, fields)
  if (step === undefined) {
    const params = JSON.stringify({ kind })
    tx.touch('central')
    tx.sql('INSERT OR REPLACE INTO central_quarantine VALUES (?, ?, ?, 0, ?, ?, ?)').run(
      `${kind}:${id}`,
      rev,
      JSON.stringify(fields),
      'central.record-rewritten',
      params,
      at,
    )
    return false
  }
  if (rev !== '') tx.sql(PUT_RECEIPT).run(kind, id, step, rev, at)
  return true
}

/** Whether all of it stands here. */
function isSaidHere(sql: Sql, { kind, id, fields }: SideDocument): boolean {
  return decideSaid(kind, tables[kind].find(sql, id), fields) === 'known'
}

/**
 * How what was said stands to what is known of it.
 *
 * @returns `write` where it is news, or goes a step further; `refused` where something else was said
 */
export function decideSaid(kind: SideKind, known: object | undefined, came: object): 'known' | 'write' | 'refused' {
  return known === undefined ? 'write' : tables[kind].decide(known, came)
}

/** What was said here, in the order of its ids, behind one of them. */
export const saidAfter = (sql: Sql, kind: SideKind, after: string, most: number): { id: string; fields: object }[] =>
  tables[kind].after(sql, after, most)

type Leaving = Unsent & { readonly kind: SideKind }

/** Most of a kind that go in one request. */
const MOST = 500

const Rows = z.object({
  rows: z.array(z.object({ doc: z.looseObject({ _id: z.string(), _rev: z.string() }).nullish() })),
})

interface Parts {
  readonly store: Store
  readonly connection: CouchConnection
  readonly database: string
  /** Epoch milliseconds by the server's clock. */
  readonly serverNow: () => number
}

export interface SidePushed {
  readonly pushed: number
  readonly refused: number
}

/**
 * Sends what was said here, everything once; what stands there already is taken in instead, and what is refused is noted for
 * its officer and sent again with the next contact. Errors: `central.*`, `http.*`.
 */
export async function pushSideRecords(parts: Parts, signal?: AbortSignal): Promise<Result<SidePushed>> {
  const { store, serverNow } = parts
  const offered = new Map<SideKind, string[]>(sideKinds.map((kind) => [kind, []]))
  const refused: RefusedSide[] = []
  let pushed = 0
  for (;;) {
    signal?.throwIfAborted()
    const all = [...offered].flatMap(([kind, ids]) =>
      tables[kind].unsent((text) => store.sql(text), MOST, ids).map((one) => ({ ...one, kind })),
    )
    if (all.length === 0) break
    for (const { kind, id } of all) offered.get(kind)?.push(id)
    const sent = await pushSome(parts, all, signal)
    if (!sent.ok) return sent
    pushed += sent.value.pushed
    refused.push(...sent.value.refused)
  }
  noteRefused(store, refused, serverNow())
  return success({ pushed, refused: refused.length })
}

interface SomePushed {
  readonly pushed: number
  readonly refused: readonly RefusedSide[]
}

async function pushSome(parts: Parts, all: readonly Leaving[], signal?: AbortSignal): Promise<Result<SomePushed>> {
  const { store, connection, database, serverNow } = parts
  const docs = all.map(({ kind, id, rev, fields }) => ({
    _id: `${kind}:${id}`,
    ...(rev === null ? {} : { _rev: rev }),
    ...fields,
  }))
  const answer = await connection.ask({ method: 'POST', path: `/${database}/_bulk_docs`, body: { docs }, signal })
  if (!answer.ok) return answer
  // Taken by too few nodes of a cluster.
  if (answer.value.status === 202) return success({ pushed: 0, refused: [] })
  if (answer.value.status !== 201) return connection.refused(answer.value)
  const parsed = connection.parse(answer.value)
  const rows = parsed.ok ? BulkAnswers.safeParse(parsed.value).data : undefined
  if (rows === undefined) return failure('central.not-understood', { host: connection.host })
  const byId = new Map(all.map((one) => [`${one.kind}:${one.id}`, one]))
  const at = serverNow()
  const taken = rows.filter(({ rev, error }) => rev !== undefined && error === undefined)
  store.housekeeping((sql) => {
    for (const { id, rev } of taken) {
      const one = byId.get(id)
      if (one !== undefined) sql(PUT_RECEIPT).run(one.kind, one.id, one.step, rev, at)
    }
  })
  const refused = rows.flatMap((row) => {
    const one = byId.get(row.id)
    const fault = faultOfRefused(row)
    return one === undefined || fault === undefined ? [] : [{ ...one, fault }]
  })
  const done = { pushed: taken.length, refused }
  const keys = rows.filter(({ error }) => error === 'conflict').map(({ id }) => id)
  if (keys.length === 0) return success(done)
  const there = await connection.json(
    { method: 'POST', path: `/${database}/_all_docs?include_docs=true`, body: { keys }, signal },
    [200],
  )
  if (!there.ok) return there
  const found = Rows.safeParse(there.value).data?.rows ?? []
  const documents = found.flatMap(({ doc }) => {
    const name = doc === null || doc === undefined ? undefined : findSideName(doc._id)
    return doc === null || doc === undefined || name === undefined
      ? []
      : [{ ...name, rev: doc._rev, fields: fieldsOf(doc) }]
  })
  applySideDocuments(store, documents, at)
  return success(done)
}
