import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { failure, type Result, success } from '../../../../shared/contract/result.ts'
import { PartKey } from '../../../../shared/model/payment.ts'
import { Amount, Id, Moment } from '../../../../shared/model/record.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import type { CouchConnection } from '../connection.ts'
import { fieldsOf } from '../documents.ts'

/*
 * What officers said about payments beside the records: evidence, which a second officer confirms once, and leave to send a
 * part again. Few, in tables of their own. The receipt of one counts its steps instead of a sequence: 1 as it was said,
 * 2 confirmed.
 */

export const sideKinds = ['evidence', 'resendApproval'] as const
export type SideKind = (typeof sideKinds)[number]
export const isSideKind = (kind: string): kind is SideKind => kind === 'evidence' || kind === 'resendApproval'

/** A document of one as it came. Plain data: it crosses threads. */
export interface SideDocument {
  readonly kind: SideKind
  readonly id: string
  readonly rev: string
  readonly fields: Readonly<Record<string, unknown>>
}

const Evidence = z.object({
  id: Id,
  paymentId: Id,
  finding: z.enum(['paid', 'not-paid', 'reversed']),
  amount: Amount.nullable(),
  reference: z.string().max(1_000),
  document: z.string().max(1_000),
  recordedBy: Id,
  recordedAt: Moment,
  confirmedBy: Id.nullable(),
  confirmedAt: Moment.nullable(),
})
type Evidence = z.infer<typeof Evidence>

const ResendApproval = z.object({
  batchId: Id,
  part: PartKey,
  posts: z.int().min(0),
  officerId: Id,
  moment: Moment,
})
type ResendApproval = z.infer<typeof ResendApproval>

const SIDE_KIND = /^(evidence|resendApproval):(.+)$/s

/** Undefined for every other document. */
export function findSideName(documentId: string): Pick<SideDocument, 'kind' | 'id'> | undefined {
  const found = SIDE_KIND.exec(documentId)
  return found === null ? undefined : { kind: found[1] as SideKind, id: found[2] as string }
}

type Sql = Store['sql']

const EVIDENCE = `SELECT id, payment_id AS paymentId, finding, amount, reference, document, recorded_by AS recordedBy,
  recorded_at AS recordedAt, confirmed_by AS confirmedBy, confirmed_at AS confirmedAt FROM evidence e`
const APPROVAL = 'SELECT batch_id AS batchId, part, posts, officer_id AS officerId, moment FROM resend_approval e'

const stepOf = ({ confirmedBy }: Pick<Evidence, 'confirmedBy'>): number => (confirmedBy === null ? 1 : 2)
const nameOf = ({ batchId, part, posts }: ResendApproval): string => `${batchId}:${part}:${posts}`

const PUT_RECEIPT = 'INSERT OR REPLACE INTO central_receipt VALUES (?, ?, ?, ?, ?)'

/**
 * Takes them in; what was said once is never changed, and a confirmation counts once. Those without a revision came in a
 * file: what the central server has is not known by them.
 */
export function applySideDocuments(store: Store, documents: readonly SideDocument[], at: number): number {
  const sql: Sql = (text) => store.sql(text)
  const news = documents.filter((one) =>
    one.rev === '' ? !isSaidHere(sql, one) : findReceipt(sql, one.kind, one.id)?.rev !== one.rev,
  )
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
  const step = kind === 'evidence' ? applyEvidence(tx, id, fields) : applyApproval(tx, id, fields)
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
  if (kind === 'resendApproval') {
    const name = "batch_id || ':' || part || ':' || posts"
    return sql(`SELECT 1 FROM resend_approval WHERE ${name} = ?`).get(id) !== undefined
  }
  const here = sql(`${EVIDENCE} WHERE id = ?`).get(id) as Evidence | undefined
  return here !== undefined && decideSaid(kind, here, fields) === 'known'
}

/**
 * How what was said stands to what is known of it.
 *
 * @returns `write` where it is news, or confirms what was not; `refused` where something else was said
 */
export function decideSaid(kind: SideKind, known: object | undefined, came: object): 'known' | 'write' | 'refused' {
  if (known === undefined) return 'write'
  if (kind === 'resendApproval') return 'known'
  const [here, theirs] = [known as Evidence, came as Evidence]
  const open = { confirmedBy: null, confirmedAt: null }
  if (!isDeepStrictEqual({ ...here, ...open }, { ...theirs, ...open })) return 'refused'
  return stepOf(theirs) > stepOf(here) ? 'write' : 'known'
}

/** What was said here, in the order of its ids, behind one of them. */
export function saidAfter(sql: Sql, kind: SideKind, after: string, most: number): { id: string; fields: object }[] {
  const order = 'WHERE name > ? ORDER BY name LIMIT ?'
  if (kind === 'evidence') {
    const rows = sql(`${EVIDENCE} ${order.replaceAll('name', 'id')}`).all(after, most) as Evidence[]
    return rows.map((fields) => ({ id: fields.id, fields }))
  }
  const name = "batch_id || ':' || part || ':' || posts"
  const rows = sql(`${APPROVAL} ${order.replaceAll('name', name)}`).all(after, most) as ResendApproval[]
  return rows.map((fields) => ({ id: nameOf(fields), fields }))
}

/** @returns how many steps of it the server has; undefined when it does not fit, or says something else than is known */
function applyEvidence(tx: Transaction, id: string, fields: SideDocument['fields']): number | undefined {
  const checked = Evidence.safeParse(fields)
  if (!checked.success || checked.data.id !== id) return undefined
  const theirs = checked.data
  const here = tx.sql(`${EVIDENCE} WHERE id = ?`).get(id) as Evidence | undefined
  if (here === undefined) {
    const { paymentId, finding, amount, reference, document, recordedBy, recordedAt, confirmedBy, confirmedAt } = theirs
    tx.sql('INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      id,
      paymentId,
      finding,
      amount,
      reference,
      document,
      recordedBy,
      recordedAt,
      confirmedBy,
      confirmedAt,
    )
    return stepOf(theirs)
  }
  const open = { confirmedBy: null, confirmedAt: null }
  if (!isDeepStrictEqual({ ...here, ...open }, { ...theirs, ...open })) return undefined
  // Of two officers who confirmed it the one counts whom the server has.
  if (theirs.confirmedBy !== null) {
    tx.sql('UPDATE evidence SET confirmed_by = ?, confirmed_at = ? WHERE id = ?').run(
      theirs.confirmedBy,
      theirs.confirmedAt,
      id,
    )
  }
  return stepOf(theirs)
}

function applyApproval(tx: Transaction, id: string, fields: SideDocument['fields']): number | undefined {
  const checked = ResendApproval.safeParse(fields)
  if (!checked.success || nameOf(checked.data) !== id) return undefined
  const { batchId, part, posts, officerId, moment } = checked.data
  // Another approver may have given the same leave here: one is as good as the other.
  tx.sql('INSERT OR IGNORE INTO resend_approval VALUES (?, ?, ?, ?, ?)').run(batchId, part, posts, officerId, moment)
  return 1
}

interface Leaving {
  readonly kind: SideKind
  readonly id: string
  readonly step: number
  readonly rev: string | null
  readonly fields: object
}

/** Most that go in one request; the rest goes with the next contact. */
const MOST = 500

function leaving(sql: Sql): Leaving[] {
  const unsent = `LEFT JOIN central_receipt r ON r.kind = ? AND r.id =`
  const evidence = sql(
    `${EVIDENCE.replace('SELECT id', 'SELECT r.rev, e.id')} ${unsent} e.id
     WHERE r.seq IS NOT 1 + (e.confirmed_by IS NOT NULL) LIMIT ${MOST}`,
  ).all('evidence') as (Evidence & { readonly rev: string | null })[]
  const approvals = sql(
    `${APPROVAL.replace('SELECT batch_id', 'SELECT r.rev, e.batch_id')} ${unsent}
     (e.batch_id || ':' || e.part || ':' || e.posts) WHERE r.seq IS NULL LIMIT ${MOST}`,
  ).all('resendApproval') as (ResendApproval & { readonly rev: string | null })[]
  return [
    ...evidence.map(({ rev, ...fields }) => ({
      kind: 'evidence' as const,
      id: fields.id,
      step: stepOf(fields),
      rev,
      fields,
    })),
    ...approvals.map(({ rev, ...fields }) => ({
      kind: 'resendApproval' as const,
      id: nameOf(fields),
      step: 1,
      rev,
      fields,
    })),
  ]
}

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
  const { store, connection, database, serverNow } = parts
  const all = leaving((text) => store.sql(text))
  if (all.length === 0) return success(0)
  const docs = all.map(({ kind, id, rev, fields }) => ({
    _id: `${kind}:${id}`,
    ...(rev === null ? {} : { _rev: rev }),
    ...fields,
  }))
  const answer = await connection.ask({ method: 'POST', path: `/${database}/_bulk_docs`, body: { docs }, signal })
  if (!answer.ok) return answer
  // What too few nodes of a cluster took is sent again with the next contact.
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
