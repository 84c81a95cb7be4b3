import { z } from 'zod'
import { failure, type Result, success } from '../../../../shared/contract/result.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import type { CouchConnection } from '../connection.ts'
import { fieldsOf } from '../documents.ts'
import { conflictTable, settlementTable } from './side/conflicts.ts'
import { evidenceTable } from './side/evidence.ts'
import { resendApprovalTable } from './side/resend-approval.ts'
import type { SideTable, Unsent } from './side/side-table.ts'

/*
 * What is said beside the records, in tables of its own: evidence of officers about payments, leave to send a part again,
 * conflicts and how they were settled. The receipt of one counts its steps instead of a sequence.
 */

/** A settlement comes behind its conflict. */
const tables = {
  evidence: evidenceTable,
  resendApproval: resendApprovalTable,
  conflict: conflictTable,
  conflictSettlement: settlementTable,
} as const satisfies Record<string, SideTable>

export type SideKind = keyof typeof tables
export const sideKinds = Object.keys(tables) as readonly SideKind[]
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

const leaving = (sql: Sql): Leaving[] =>
  sideKinds.flatMap((kind) => tables[kind].unsent(sql, MOST).map((one) => ({ ...one, kind })))

const Answers = z.array(z.object({ id: z.string(), rev: z.string().optional(), error: z.string().optional() }))
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

/** Sends what was said here; what stands there already is taken in instead. Errors: `central.*`, `http.*`. */
export async function pushSideRecords(parts: Parts, signal?: AbortSignal): Promise<Result<number>> {
  let sum = 0
  for (;;) {
    signal?.throwIfAborted()
    const all = leaving((text) => parts.store.sql(text))
    const sent = await pushSome(parts, all, signal)
    if (!sent.ok) return sent
    sum += sent.value
    // What is refused there, or was taken by too few nodes of a cluster, is sent again with the next contact.
    if (sent.value < all.length || all.length === 0) return success(sum)
  }
}

async function pushSome(parts: Parts, all: readonly Leaving[], signal?: AbortSignal): Promise<Result<number>> {
  const { store, connection, database, serverNow } = parts
  if (all.length === 0) return success(0)
  const docs = all.map(({ kind, id, rev, fields }) => ({
    _id: `${kind}:${id}`,
    ...(rev === null ? {} : { _rev: rev }),
    ...fields,
  }))
  const answer = await connection.ask({ method: 'POST', path: `/${database}/_bulk_docs`, body: { docs }, signal })
  if (!answer.ok) return answer
  if (answer.value.status === 202) return success(0)
  if (answer.value.status !== 201) return connection.refused(answer.value)
  const parsed = connection.parse(answer.value)
  const rows = parsed.ok ? Answers.safeParse(parsed.value).data : undefined
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
  const keys = rows.filter(({ error }) => error === 'conflict').map(({ id }) => id)
  if (keys.length === 0) return success(taken.length)
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
  return success(taken.length)
}
