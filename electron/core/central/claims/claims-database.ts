import type { z } from 'zod'
import { type Fault, failure, type Result, success } from '../../../../shared/contract/result.ts'
import { BatchClaimDocument, OfficeDocument, PaymentClaimDocument } from '../../../../shared/model/central.ts'
import type { CouchAnswer, CouchConnection } from '../connection.ts'

/** What stands in the claims database under one id. */
export type Standing<D> =
  | { readonly kind: 'missing' }
  | { readonly kind: 'found'; readonly document: D }
  /** Two revisions side by side: somebody wrote past the conditional write. Neither counts. */
  | { readonly kind: 'conflict' }
  /** Not a document of its kind. */
  | { readonly kind: 'unreadable' }

/** How a conditional write ended. Only `written` counts (201). */
export type Written =
  | { readonly kind: 'written'; readonly rev: string }
  /** Another revision stands there. */
  | { readonly kind: 'outdated' }
  /** Too few nodes have it (202), the answer was lost, or nobody answered: it has to be read back. */
  | { readonly kind: 'unsure'; readonly fault: Fault }
  /** The rules of the server do not allow it. */
  | { readonly kind: 'refused'; readonly fault: Fault }

const schemas = { batch: BatchClaimDocument, payment: PaymentClaimDocument, office: OfficeDocument } as const
export type ClaimKind = keyof typeof schemas
export type ClaimDocument<K extends ClaimKind> = z.infer<(typeof schemas)[K]>
/** A document as it is handed over; `_rev` names the revision that it takes the place of. */
export type AnyClaim = ClaimDocument<ClaimKind>

export const batchKey = (batchId: string): string => `batch:${batchId}`
export const paymentKey = (paymentId: string): string => `payment:${paymentId}`
export const officeKey = (installationId: string): string => `office:${installationId}`

/** Documents asked for at once. */
const KEYS = 1_000
/** Bytes of JSON written at once: half a minute of a line of 64 kbit/s when folded. */
const SLICE_BYTES = 500_000
/** Milliseconds: all of a slice, there and back. */
const SLICE_LIMIT = 120_000

/** The claims database of a district: reads with conflicts, conditional writes, and nothing that believes more than it was told. */
export class ClaimsDatabase {
  readonly couch: CouchConnection
  readonly name: string

  constructor(couch: CouchConnection, name: string) {
    this.couch = couch
    this.name = name
  }

  /** What stands under these ids, of one kind. */
  async read<K extends ClaimKind>(
    kind: K,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<Result<ReadonlyMap<string, Standing<ClaimDocument<K>>>>> {
    const raw = await this.readRaw(
      ids.map((id) => `${kind}:${id}`),
      signal,
    )
    if (!raw.ok) return raw
    return success(new Map(ids.map((id) => [id, standingOf(kind, raw.value.get(`${kind}:${id}`))])))
  }

  /** A batch's claim together with an office's own standing, in one question. */
  async readBatch(
    batchId: string,
    installationId: string,
    signal: AbortSignal,
  ): Promise<
    Result<{ readonly batch: Standing<ClaimDocument<'batch'>>; readonly office: Standing<ClaimDocument<'office'>> }>
  > {
    const raw = await this.readRaw([batchKey(batchId), officeKey(installationId)], signal)
    if (!raw.ok) return raw
    return success({
      batch: standingOf('batch', raw.value.get(batchKey(batchId))),
      office: standingOf('office', raw.value.get(officeKey(installationId))),
    })
  }

  async readRaw(keys: readonly string[], signal: AbortSignal): Promise<Result<ReadonlyMap<string, unknown>>> {
    const found = new Map<string, unknown>()
    for (let from = 0; from < keys.length; from += KEYS) {
      const answer = await this.couch.json({
        method: 'POST',
        path: `/${this.name}/_all_docs?include_docs=true&conflicts=true`,
        body: { keys: keys.slice(from, from + KEYS) },
        signal,
      })
      if (!answer.ok) return answer
      const documents = documentsOf(answer.value)
      if (documents === undefined) return failure('central.not-understood', { host: this.couch.host })
      for (const document of documents) found.set(document._id, document)
    }
    return success(found)
  }

  /** All documents of a kind; small kinds only. */
  async readAll<K extends ClaimKind>(
    kind: K,
    signal: AbortSignal,
  ): Promise<Result<readonly Standing<ClaimDocument<K>>[]>> {
    const range = `startkey=${encodeURIComponent(`"${kind}:"`)}&endkey=${encodeURIComponent(`"${kind}:\ufff0"`)}`
    const answer = await this.couch.json({
      method: 'GET',
      path: `/${this.name}/_all_docs?${range}&include_docs=true&conflicts=true`,
      signal,
    })
    if (!answer.ok) return answer
    const documents = documentsOf(answer.value)
    if (documents === undefined) return failure('central.not-understood', { host: this.couch.host })
    return success(documents.map((document) => standingOf(kind, document)))
  }

  async put(document: AnyClaim, signal: AbortSignal): Promise<Written> {
    const { _id } = document
    const answer = await this.couch.ask({
      method: 'PUT',
      path: `/${this.name}/${encodeURIComponent(_id)}`,
      body: document,
      signal,
    })
    if (!answer.ok) return { kind: 'unsure', fault: answer.error }
    const { status } = answer.value
    if (status === 409) return { kind: 'outdated' }
    const body = this.#parsed(answer.value)
    if (status === 201 && typeof body?.rev === 'string') return { kind: 'written', rev: body.rev }
    if (status === 403) return refusedBy(body)
    return { kind: 'unsure', fault: this.#faultOf(answer.value) }
  }

  /** Writes many, slice by slice; one that could not be asked about leaves the slices after it unasked. */
  async putMany(documents: readonly AnyClaim[], signal: AbortSignal): Promise<ReadonlyMap<string, Written>> {
    const written = new Map<string, Written>()
    let fault: Fault | undefined
    for (const slice of slices(documents)) {
      if (fault === undefined) {
        const answer = await this.couch.ask({
          method: 'POST',
          path: `/${this.name}/_bulk_docs`,
          body: { docs: slice },
          limit: SLICE_LIMIT,
          signal,
        })
        fault = this.#take(answer, written)
      }
      for (const { _id } of slice) {
        if (!written.has(_id)) {
          written.set(_id, { kind: 'unsure', fault: fault ?? { code: 'central.not-safe-yet', params: {} } })
        }
      }
    }
    return written
  }

  /** @returns the fault of a slice of which nothing is known */
  #take(answer: Result<CouchAnswer>, written: Map<string, Written>): Fault | undefined {
    if (!answer.ok) return answer.error
    const { status } = answer.value
    if (status !== 201 && status !== 202) return this.#faultOf(answer.value)
    const rows = this.couch.parse(answer.value)
    if (!rows.ok) return rows.error
    if (!Array.isArray(rows.value)) return { code: 'central.not-understood', params: { host: this.couch.host } }
    for (const row of rows.value as Readonly<Record<string, unknown>>[]) {
      if (typeof row?.id !== 'string') continue
      if (row.error === 'conflict') written.set(row.id, { kind: 'outdated' })
      else if (row.error === 'forbidden') written.set(row.id, refusedBy(row))
      else if (status === 201 && typeof row.rev === 'string' && row.error === undefined) {
        written.set(row.id, { kind: 'written', rev: row.rev })
      }
    }
    return undefined
  }

  #parsed(answer: CouchAnswer): Readonly<Record<string, unknown>> | undefined {
    const body = this.couch.parse(answer)
    return body.ok && typeof body.value === 'object' && body.value !== null
      ? (body.value as Readonly<Record<string, unknown>>)
      : undefined
  }

  #faultOf(answer: CouchAnswer): Fault {
    if (answer.status === 202) return { code: 'central.not-safe-yet', params: {} }
    const refused = this.couch.refused(answer)
    return refused.ok ? { code: 'central.not-understood', params: { host: answer.host } } : refused.error
  }
}

const refusedBy = (body: Readonly<Record<string, unknown>> | undefined): Written => ({
  kind: 'refused',
  fault: { code: 'central.write-refused', params: { reason: String(body?.reason ?? '').slice(0, 200) } },
})

function* slices(documents: readonly AnyClaim[]): Generator<readonly AnyClaim[]> {
  let slice: AnyClaim[] = []
  let bytes = 0
  for (const document of documents) {
    const size = JSON.stringify(document).length
    if (slice.length > 0 && bytes + size > SLICE_BYTES) {
      yield slice
      slice = []
      bytes = 0
    }
    slice.push(document)
    bytes += size
  }
  if (slice.length > 0) yield slice
}

interface RawDocument {
  readonly _id: string
}

function documentsOf(answer: unknown): RawDocument[] | undefined {
  const rows = typeof answer === 'object' && answer !== null && 'rows' in answer ? answer.rows : undefined
  if (!Array.isArray(rows)) return undefined
  return (rows as { doc?: RawDocument | null }[]).flatMap(({ doc }) => (doc === undefined || doc === null ? [] : [doc]))
}

function standingOf<K extends ClaimKind>(kind: K, raw: unknown): Standing<ClaimDocument<K>> {
  if (raw === undefined) return { kind: 'missing' }
  const { _conflicts } = raw as { _conflicts?: unknown }
  if (Array.isArray(_conflicts) && _conflicts.length > 0) return { kind: 'conflict' }
  const parsed = schemas[kind].safeParse(raw)
  return parsed.success ? { kind: 'found', document: parsed.data as ClaimDocument<K> } : { kind: 'unreadable' }
}
