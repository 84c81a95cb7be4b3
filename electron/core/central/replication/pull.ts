import { failure, type Result, success } from '../../../../shared/contract/result.ts'
import type { CouchAnswer, CouchConnection } from '../connection.ts'
import { findDocumentName } from '../documents.ts'
import { isCut } from '../line-faults.ts'
import { endRemovals } from '../merge/removal-guard.ts'
import { finishUnfinished } from '../merge/unfinished.ts'
import { type PageOutcome, type PageParts, PageWriter } from './apply-page.ts'
import type { CheckedPage, NamedChange } from './check-page.ts'
import { findLeaves, type Leaves, mergeLeaves } from './leaves.ts'
import type { Pace } from './pace.ts'
import type { PageChecker } from './page-checker.ts'
import { checkpointOf, findReceipt, setCheckpoint } from './receipts.ts'
import { findSideName } from './side-records.ts'

export interface PullParts extends PageParts {
  readonly connection: CouchConnection
  /** Name of the records' database. */
  readonly database: string
  readonly pace: Pace
  /** Of pages that name changes without their documents. */
  readonly namesPace: Pace
  readonly checker: PageChecker
  /**
   * What comes is mostly the office's own: names and revisions are asked for first, and documents only where they are
   * not known.
   */
  readonly mostlyOwn: boolean
  /** After each page: records that came with it, and changes still behind it. */
  readonly onPage: (page: { readonly rows: number; readonly pending: number }) => void
}

export interface Pulled extends PageOutcome {
  readonly bytes: number
  readonly requests: number
  /** Documents that other leaves were merged into; the leaves go once the server has the result. */
  readonly leaves: readonly Leaves[]
}

/** A cut page is asked for again, smaller, so many times in a row. */
const TRIES = 6
/** Milliseconds in which something has to come: a lossy line pauses for many round trips. */
const QUIET = 60_000
/** Milliseconds for a page, however slowly it comes. */
const LIMIT = 3_600_000

/**
 * Reads what changed at the central server since the last checkpoint, page by page, and applies it. A checkpoint is written
 * after what it covers, so a page that was cut or not finished comes again and changes nothing.
 *
 * Errors: `central.*`, `http.*`.
 */
export async function pull(parts: PullParts, signal?: AbortSignal): Promise<Result<Pulled>> {
  const { store, pace } = parts
  await finishUnfinished({ store, now: parts.serverNow, onBatches: parts.onBatches })
  const writer = new PageWriter(parts)
  const sum = { adopted: 0, merged: 0, conflicts: 0, quarantined: 0, bytes: 0, requests: 0 }
  const leaves: Leaves[] = []
  let cuts = 0
  /** The next page comes while this one is applied. */
  let ahead: Promise<Result<Fetched>> | undefined
  let since = checkpointOf(store)
  if (since === '0') parts.checker.prepare()
  for (;;) {
    signal?.throwIfAborted()
    const fetched = await (ahead ?? fetchPage(parts, since, signal))
    ahead = undefined
    sum.requests += 1
    if (!fetched.ok) {
      if (!isCut(fetched.error) || cuts >= TRIES || signal?.aborted) return fetched
      cuts += 1
      pace.wasCut(fetched.error.code === 'http.timed-out')
      continue
    }
    cuts = 0
    const { page, bytes } = fetched.value
    sum.bytes += bytes
    const isLast = page.pending === 0 || page.rows === 0
    if (!isLast) {
      ahead = fetchPage(parts, page.lastSequence, signal)
      // Whoever gives the round up meanwhile does not wait for it.
      ahead.catch(() => undefined)
    }
    const found = await findLeaves(parts, page.documents, signal)
    if (!found.ok) return found
    const applied = await writer.write(page, signal)
    sum.adopted += applied.adopted
    sum.merged += applied.merged
    sum.conflicts += applied.conflicts
    sum.quarantined += applied.quarantined
    if (applied.stopped !== null) return success({ ...sum, leaves, stopped: applied.stopped })
    await mergeLeaves(parts, found.value)
    leaves.push(...found.value)
    setCheckpoint(store, page.lastSequence)
    since = page.lastSequence
    parts.onPage({ rows: page.rows, pending: isLast ? 0 : page.pending })
    if (!isLast) continue
    endRemovals(store)
    return success({ ...sum, leaves, stopped: null })
  }
}

interface Fetched {
  readonly page: CheckedPage
  /** As they travelled. */
  readonly bytes: number
}

/** One page; of the office's own changes only the names, where most are. */
async function fetchPage(parts: PullParts, since: string, signal?: AbortSignal): Promise<Result<Fetched>> {
  const { database, mostlyOwn, store } = parts
  const pace = mostlyOwn ? parts.namesPace : parts.pace
  const query = new URLSearchParams({
    since,
    limit: String(pace.items),
    ...(mostlyOwn ? {} : { include_docs: 'true', conflicts: 'true' }),
  })
  const changes = await ask(
    { ...parts, pace },
    { method: 'GET', path: `/${database}/_changes?${query}` },
    'changes',
    signal,
  )
  if (!changes.ok || changes.value.page.named.length === 0) return changes
  const sql = (text: string) => store.sql(text)
  const isNews = ({ documentId, rev }: NamedChange): boolean => {
    const name = findDocumentName(documentId)
    const side = findSideName(documentId)
    if (side !== undefined) return findReceipt(sql, side.kind, side.id)?.rev !== rev
    if (name === undefined) return true
    return findReceipt(sql, name.kind, name.id)?.rev !== rev && !(name.piece !== null && isWhole(name.id))
  }
  const isWhole = (id: string): boolean => findReceipt(sql, 'submission', id) !== undefined
  const { page } = changes.value
  const news = page.named.filter((change) => !change.deleted && isNews(change))
  const gone = page.named.filter((change) => change.deleted && isNews(change))
  const documents = [...page.documents, ...gone.flatMap(tombstone)]
  const pieces = [...page.pieces]
  const said = [...page.said]
  const unknown = [...page.unknown]
  let bytes = changes.value.bytes
  for (let at = 0; at < news.length; ) {
    const keys = news.slice(at, at + parts.pace.items).map(({ documentId }) => documentId)
    const answer = await byKeys(parts, keys, signal)
    if (!answer.ok) return answer
    at += keys.length
    bytes += answer.value.bytes
    documents.push(...answer.value.page.documents)
    pieces.push(...answer.value.page.pieces)
    said.push(...answer.value.page.said)
    unknown.push(...answer.value.page.unknown)
  }
  return success({ page: { ...page, named: [], documents, pieces, said, unknown }, bytes })
}

function tombstone({ documentId, rev }: NamedChange): CheckedPage['documents'] {
  const name = findDocumentName(documentId)
  if (name === undefined || name.piece !== null) return []
  const { kind, id } = name
  return [{ kind, id, rev, deleted: true, conflicts: [], ready: null, keys: [], record: {} }]
}

/** Documents by their ids, with the names of their other leaves. */
export function byKeys(
  parts: Pick<PullParts, 'connection' | 'database' | 'pace' | 'checker'>,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<Result<Fetched>> {
  const path = `/${parts.database}/_all_docs?include_docs=true&conflicts=true`
  return ask(parts, { method: 'POST', path, body: { keys } }, 'rows', signal)
}

async function ask(
  { connection, pace, checker }: Pick<PullParts, 'connection' | 'pace' | 'checker'>,
  request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: unknown },
  of: 'changes' | 'rows',
  signal: AbortSignal | undefined,
): Promise<Result<Fetched>> {
  const answer = await connection.ask({ ...request, limit: LIMIT, quiet: QUIET, signal })
  if (!answer.ok) return answer
  if (answer.value.status !== 200) return connection.refused(answer.value)
  const page = await checker.check(answer.value.bytes, of)
  if (page === undefined) return failure('central.not-understood', { host: connection.host })
  wentWell(pace, answer.value, page.rows)
  return success({ page, bytes: answer.value.travelled + answer.value.sent })
}

const wentWell = (pace: Pace, { bytes, took }: CouchAnswer, items: number): void =>
  pace.wentWell({ bytes: bytes.byteLength, items, took })
