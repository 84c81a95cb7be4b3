import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { type Fault, failure, type Result, success } from '../../../../shared/contract/result.ts'
import type { Decision, Submission } from '../../../../shared/model/batch.ts'
import { collections } from '../../store/collections.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import type { CouchConnection } from '../connection.ts'
import {
  documentId,
  documentText,
  isSameButMarks,
  isSameContent,
  lineTexts,
  pieceId,
  type TravellingKind,
  travellingText,
} from '../documents.ts'
import { isCut } from '../line-faults.ts'
import { applyIncoming } from '../merge/apply.ts'
import { type BulkAnswer, BulkAnswers, faultOfRefused } from './bulk-answers.ts'
import { type Outgoing, outgoing } from './outgoing.ts'
import type { Pace } from './pace.ts'
import type { PageChecker } from './page-checker.ts'
import { byKeys } from './pull.ts'
import { acknowledge, findReceipt, keepOutgoing, pushedUntil, setPushedUntil } from './receipts.ts'

export interface PushParts {
  readonly store: Store
  readonly connection: CouchConnection
  readonly database: string
  readonly pace: Pace
  /** Of answers about documents in conflict. */
  readonly pullPace: Pace
  readonly checker: PageChecker
  readonly serverNow: () => number
  readonly onBatches: (batchIds: readonly string[]) => void
  /** Records that the server has acknowledged since the last call. */
  readonly onSent: (count: number) => void
}

export interface Pushed {
  readonly pushed: number
  readonly refused: number
  /** Documents that stood there otherwise; they were merged and go out again with the next round. */
  readonly inConflict: number
  readonly conflicts: number
  readonly bytes: number
  readonly requests: number
  /** Everything up to where the round began is at the server. */
  readonly complete: boolean
  readonly stopped: Fault | null
}

/** A document on its way. */
interface Leaving {
  /** The record it is of; null for lines of a submission, which have no receipt of their own. */
  readonly of: Outgoing | null
  readonly documentId: string
  /** Fields as text. */
  readonly fields: string
  readonly text: string
  readonly body: string
}

const TRIES = 6
/** Milliseconds until something of the answer comes. What is on its way up cannot be seen, so this covers it too. */
const QUIET = 120_000
/** Documents in one request: each is a row of the answer, too. */
const MOST = 5_000
/** Records that are read, or whose receipts are written, before others get their turn. */
const SLICE = 250

/** What became of the documents of a request. */
interface Told {
  readonly acknowledged: readonly { readonly leaving: Leaving; readonly rev: string }[]
  readonly inConflict: readonly Leaving[]
  readonly refused: readonly { readonly leaving: Leaving; readonly code: ErrorCode; readonly params: Fault['params'] }[]
  /** Taken by too few nodes of a cluster, or failed there; sent again. */
  readonly open: number
}

/** Sends what the central server does not have, once over. Errors: `central.*`, `http.*`. */
export async function push(parts: PushParts, signal?: AbortSignal): Promise<Result<Pushed>> {
  const run = new Push(parts, signal)
  return run.go()
}

class Push {
  readonly #parts: PushParts
  readonly #signal: AbortSignal | undefined
  readonly #sum = { pushed: 0, refused: 0, inConflict: 0, conflicts: 0, bytes: 0, requests: 0 }
  #open = 0
  #stopped: Fault | null = null
  #waiting: Leaving[] = []
  #waitingBytes = 0

  constructor(parts: PushParts, signal: AbortSignal | undefined) {
    this.#parts = parts
    this.#signal = signal
  }

  async go(): Promise<Result<Pushed>> {
    const { store } = this.#parts
    const until = store.sequence
    for await (const rows of outgoing(store, pushedUntil(store), until)) {
      for (const [at, row] of rows.entries()) {
        this.#signal?.throwIfAborted()
        if (at % SLICE === SLICE - 1) await nextTurn()
        const taken = await this.#take(row)
        if (!taken.ok) return taken
      }
    }
    const sent = await this.#flush()
    if (!sent.ok) return sent
    const complete = this.#open === 0 && this.#sum.inConflict === 0
    if (complete) setPushedUntil(store, Math.max(until, pushedUntil(store)))
    return success({ ...this.#sum, complete, stopped: this.#stopped })
  }

  async #take(row: Outgoing): Promise<Result<null>> {
    const leaving = this.#leaving(row)
    if (leaving === undefined) return success(null)
    if (row.kind === 'submission') {
      // The head goes last: where it stands, all its lines stand.
      const lines = await this.#sendLines(row, JSON.parse(leaving.body) as Submission)
      if (!lines.ok) return lines
      if (!lines.value) return success(null)
    }
    if (row.kind === 'decision') {
      const isThere = await this.#sendSubmissionFirst(leaving)
      if (!isThere.ok) return isThere
      if (!isThere.value) return success(null)
    }
    return this.#add(leaving)
  }

  /**
   * A word on a submission that the server does not have says nothing to anybody, and never would where this store is put
   * back before the submission went out.
   */
  async #sendSubmissionFirst({ body }: Leaving): Promise<Result<boolean>> {
    const { submissionId } = JSON.parse(body) as Decision
    const isThere = (): boolean =>
      findReceipt((text) => this.#parts.store.sql(text), 'submission', submissionId) !== undefined
    if (isThere()) return success(true)
    const sent = await this.#flush()
    if (!sent.ok) return sent
    const isSent = isThere()
    if (!isSent) this.#open += 1
    return success(isSent)
  }

  /** As it is now, which may be later than when it was found; undefined when there is nothing to send. */
  #leaving({ kind, id, rev }: Outgoing): Leaving | undefined {
    const { store, serverNow } = this.#parts
    const { table } = collections[kind]
    const row = store.sql(`SELECT seq, body FROM ${table} WHERE id = ?`).get(id) as
      | { seq: number; body: string }
      | undefined
    if (row === undefined) return undefined
    if (kind === 'batch' && rev !== null) {
      const base = store.sql("SELECT body FROM central_base WHERE kind = 'batch' AND id = ?").pluck().get(id) as
        | string
        | undefined
      // Only what each office works out for itself has changed.
      if (base !== undefined && isSameButMarks(kind, JSON.parse(base), JSON.parse(row.body))) {
        store.housekeeping((sql) => acknowledge(sql, kind, id, { seq: row.seq, rev, at: serverNow() }, row.body))
        return undefined
      }
    }
    const name = documentId(kind, id)
    const fields = travellingText(kind, row.body)
    return {
      of: { kind, id, rev, seq: row.seq },
      documentId: name,
      fields,
      text: documentText(name, rev, fields),
      body: row.body,
    }
  }

  async #sendLines({ id }: Outgoing, submission: Submission): Promise<Result<boolean>> {
    const before = await this.#flush()
    if (!before.ok) return before
    const [open, refused] = [this.#open, this.#sum.refused]
    for (const [piece, fields] of lineTexts(submission).entries()) {
      const name = pieceId(id, piece)
      const added = await this.#add({
        of: null,
        documentId: name,
        fields,
        text: documentText(name, null, fields),
        body: fields,
      })
      if (!added.ok) return added
    }
    const sent = await this.#flush()
    return sent.ok ? success(this.#open === open && this.#sum.refused === refused) : sent
  }

  async #add(leaving: Leaving): Promise<Result<null>> {
    const { pace } = this.#parts
    if (this.#waitingBytes + leaving.text.length > pace.bytes || this.#waiting.length >= MOST) {
      const sent = await this.#flush()
      if (!sent.ok) return sent
    }
    this.#waiting.push(leaving)
    this.#waitingBytes += leaving.text.length
    return success(null)
  }

  async #flush(): Promise<Result<null>> {
    const all = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    return all.length === 0 ? success(null) : this.#send(all)
  }

  /** Sends documents, in smaller requests where the line gives way or the server finds them too large. */
  async #send(all: readonly Leaving[]): Promise<Result<null>> {
    const { pace } = this.#parts
    let rest = all
    let cuts = 0
    while (rest.length > 0) {
      this.#signal?.throwIfAborted()
      const now = asMany(rest, pace.bytes)
      const told = await this.#ask(now)
      if (told.ok) {
        cuts = 0
        rest = rest.slice(now.length)
        const settled = await this.#settle(told.value)
        if (!settled.ok) return settled
        continue
      }
      if (told.error.code === 'central.too-large' && now.length === 1) {
        this.#refuse([{ leaving: now[0] as Leaving, code: 'central.too-large', params: {} }])
        rest = rest.slice(1)
        continue
      }
      const smaller = isCut(told.error) || told.error.code === 'central.too-large'
      if (!smaller || cuts >= TRIES || this.#signal?.aborted) return told
      cuts += 1
      pace.wasCut(told.error.code === 'http.timed-out')
      if (told.error.code === 'central.too-large' && now.length > 1) {
        const half = Math.ceil(now.length / 2)
        const first = await this.#send(now.slice(0, half))
        if (!first.ok) return first
        rest = rest.slice(half)
      }
    }
    return success(null)
  }

  async #ask(leaving: readonly Leaving[]): Promise<Result<Told>> {
    const { connection, database, pace } = this.#parts
    const text = `{"docs":[${leaving.map((document) => document.text).join(',')}]}`
    const answer = await connection.ask({
      method: 'POST',
      path: `/${database}/_bulk_docs`,
      text,
      limit: QUIET,
      signal: this.#signal,
    })
    this.#sum.requests += 1
    if (!answer.ok) return answer
    const { status, took, travelled, sent } = answer.value
    if (status !== 201 && status !== 202) return connection.refused(answer.value)
    const parsed = connection.parse(answer.value)
    const rows = parsed.ok ? BulkAnswers.safeParse(parsed.value).data : undefined
    if (rows === undefined) return failure('central.not-understood', { host: connection.host })
    this.#sum.bytes += travelled + sent
    pace.wentWell({ bytes: text.length, items: leaving.length, took })
    return success(tellApart(leaving, rows, status))
  }

  async #settle({ acknowledged, inConflict, refused, open }: Told): Promise<Result<null>> {
    const { store, serverNow, onSent } = this.#parts
    this.#open += open
    const at = serverNow()
    for (let from = 0; from < acknowledged.length; from += SLICE) {
      if (from > 0) await nextTurn()
      const some = acknowledged.slice(from, from + SLICE)
      store.housekeeping((sql) => {
        for (const { leaving, rev } of some) {
          if (leaving.of === null) continue
          const { kind, id, seq } = leaving.of
          acknowledge(sql, kind, id, { seq, rev, at }, leaving.body)
        }
      })
      const count = some.filter(({ leaving }) => leaving.of !== null).length
      this.#sum.pushed += count
      onSent(count)
    }
    this.#refuse(refused)
    return inConflict.length === 0 ? success(null) : this.#compare(inConflict)
  }

  /** What stands there instead: the same, when it was an answer that got lost; else it is merged. */
  async #compare(inConflict: readonly Leaving[]): Promise<Result<null>> {
    const { store, serverNow, onSent, onBatches, pullPace } = this.#parts
    for (let from = 0; from < inConflict.length; from += pullPace.items) {
      const some = inConflict.slice(from, from + pullPace.items)
      const keys = some.map((leaving) => leaving.documentId)
      const found = await byKeys({ ...this.#parts, pace: pullPace }, keys, this.#signal)
      if (!found.ok) return found
      this.#sum.requests += 1
      const { documents, pieces } = found.value.page
      const there = new Map(documents.map((document) => [documentId(document.kind, document.id), document]))
      const linesThere = new Map(pieces.map((piece) => [piece.documentId, piece.body]))
      const others: Parameters<typeof applyIncoming>[1][number][] = []
      for (const leaving of some) {
        if (leaving.of === null) {
          this.#compareLines(leaving, linesThere.get(leaving.documentId))
          continue
        }
        const { kind, id, seq } = leaving.of
        const document = there.get(leaving.documentId)
        const at = serverNow()
        if (document === undefined) {
          // It was there once and is no longer, as on a server that was put back: it is sent as a new one.
          store.housekeeping((sql) => sql('DELETE FROM central_receipt WHERE kind = ? AND id = ?').run(kind, id))
          this.#sum.inConflict += 1
          continue
        }
        const fields: unknown = document.ready === null ? document.record : JSON.parse(document.ready.body)
        if (!document.deleted && isSameContent(kind, JSON.parse(leaving.body), fields)) {
          const receipt = { seq, rev: document.rev, at }
          store.housekeeping((sql) => acknowledge(sql, kind, id, receipt, leaving.body))
          this.#sum.pushed += 1
          onSent(1)
          continue
        }
        this.#sum.inConflict += 1
        const { rev, deleted, conflicts } = document
        others.push({ kind, id, rev, deleted, conflicts, record: fields })
      }
      if (others.length === 0) continue
      const applied = await applyIncoming({ store, now: serverNow, onBatches }, others)
      keepOutgoing(store, others)
      this.#sum.conflicts += applied.conflicts
      this.#stopped ??= applied.stopped
    }
    return success(null)
  }

  /** Lines are never written anew: other ones under their name would be another submission's. */
  #compareLines(leaving: Leaving, there: string | undefined): void {
    if (there === leaving.fields) return
    if (there === undefined) this.#open += 1
    else this.#refuse([{ leaving, code: 'central.record-rewritten', params: { kind: 'submission' } }])
  }

  #refuse(refused: Told['refused']): void {
    if (refused.length === 0) return
    const { store, serverNow } = this.#parts
    store.transaction(OFFICE, (tx) => {
      tx.touch('central')
      for (const { leaving, code, params } of refused) {
        const { kind, id, seq } = leaving.of ?? submissionOf(leaving, store)
        const { changedBy } = JSON.parse(leaving.of === null ? '{}' : leaving.body) as { changedBy?: string }
        tx.sql('INSERT OR REPLACE INTO central_refusal VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)').run(
          kind,
          id,
          seq,
          code,
          JSON.stringify(params),
          changedBy ?? OFFICE,
          serverNow(),
        )
        tx.audit({ action: 'central.refused', subjectKind: kind, subjectId: id, detail: { code } })
      }
    })
    this.#sum.refused += refused.length
  }
}

/** The submission whose lines a document holds. */
function submissionOf({ documentId: name }: Leaving, store: Store): Pick<Outgoing, 'kind' | 'id' | 'seq'> {
  const id = name.slice('submission:'.length, name.lastIndexOf(':lines:'))
  const seq = store.sql('SELECT seq FROM submission WHERE id = ?').pluck().get(id) as number
  return { kind: 'submission' as TravellingKind, id, seq }
}

/** The first of them that make about so many bytes, one at least. */
function asMany(all: readonly Leaving[], bytes: number): readonly Leaving[] {
  let sum = 0
  const end = all.findIndex(({ text }, at) => {
    sum += text.length
    return sum > bytes && at > 0
  })
  return end < 0 ? all : all.slice(0, end)
}

function tellApart(leaving: readonly Leaving[], rows: readonly BulkAnswer[], status: number): Told {
  const byId = new Map(leaving.map((document) => [document.documentId, document]))
  const acknowledged: { leaving: Leaving; rev: string }[] = []
  const inConflict: Leaving[] = []
  const refused: { leaving: Leaving; code: ErrorCode; params: Fault['params'] }[] = []
  for (const row of rows) {
    const { id, rev, error } = row
    const document = byId.get(id)
    if (document === undefined) continue
    const fault = faultOfRefused(row)
    if (error === 'conflict') inConflict.push(document)
    else if (fault !== undefined) refused.push({ leaving: document, ...fault })
    else if (error === undefined && rev !== undefined && status === 201) acknowledged.push({ leaving: document, rev })
  }
  const told = acknowledged.length + inConflict.length + refused.length
  return { acknowledged, inConflict, refused, open: leaving.length - told }
}
