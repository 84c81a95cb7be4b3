import { z } from 'zod'
import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { type Result, success } from '../../../../shared/contract/result.ts'
import type { Claim } from '../../../../shared/model/batch.ts'
import type { BatchClaimDocument } from '../../../../shared/model/central.ts'
import { newId } from '../../../../shared/model/ids.ts'
import { refreshBatch } from '../../batches/batch-standing.ts'
import type { BatchCare } from '../../dispatch/sender-claims.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import type { ClaimsContext, ClaimsServer } from './claims-server.ts'
import { ownClaimsAreTold } from './own-claims.ts'
import { doubtServer } from './server-watch.ts'

/*
 * Claims as they stand at the central server, written down here: who sends which batch decides who asks about its payments,
 * and whether a batch can still be changed. They are asked for batch by batch, since only batches that are known here matter.
 */

/** SQL on `batch`: over, after it changed hands. A server that has forgotten that lets the old office send the rest of it. */
export const TAKEN_OVER = `(batch.state = 'settled' AND EXISTS
  (SELECT 1 FROM claim WHERE claim.batch_id = batch.id AND claim.generation > 1))`
/** SQL on `batch`: cancelled here, while some of it went on in another office that had not heard of that. */
const WENT_ON = `(batch.state = 'cancelled' AND EXISTS
  (SELECT 1 FROM payment WHERE payment.batch_id = batch.id AND payment.state NOT IN ('prepared', 'blocked', 'cancelled')))`
/** Batches that somebody may have claimed and that are not over. */
const OPEN = `SELECT id FROM batch WHERE state NOT IN ('open', 'settled', 'cancelled') OR ${TAKEN_OVER} OR ${WENT_ON}`
/** Of those that a restored store holds for open, some may have been sent in its earlier life. */
const OPEN_TOO = `SELECT id FROM batch WHERE state NOT IN ('settled', 'cancelled') OR ${TAKEN_OVER} OR ${WENT_ON}`

export const newestClaim = (sql: Store['sql'], batchId: string): Claim | undefined => {
  const body = sql('SELECT body FROM claim WHERE batch_id = ? ORDER BY generation DESC, seq DESC LIMIT 1')
    .pluck()
    .get(batchId) as string | undefined
  return body === undefined ? undefined : (JSON.parse(body) as Claim)
}

const BegunClaim = z.object({
  batchId: z.string(),
  installationId: z.string(),
  generation: z.int(),
  /** Epoch milliseconds. */
  claimedAt: z.number(),
})
export type BegunClaim = z.infer<typeof BegunClaim>
const BEGUN = 'central-begun-claims'

/**
 * Claims of batches known here that other offices began and have not finished, as the last contact showed. Of an office that is
 * well they are over in a moment; a laptop that was lost in that moment keeps the batch from everybody else.
 */
export function begunClaims(store: Pick<Store, 'findMark'>): readonly BegunClaim[] {
  const mark = store.findMark(BEGUN)
  return mark === undefined || mark === '' ? [] : z.array(BegunClaim).parse(JSON.parse(mark))
}

function noteBegun(store: Store, begun: readonly BegunClaim[]): void {
  const text = begun.length === 0 ? '' : JSON.stringify(begun)
  if (text !== (store.findMark(BEGUN) ?? '')) store.housekeeping((_, mark) => mark(BEGUN, text))
}

/**
 * Writes down who holds the batches that are under way here.
 *
 * @param own what this very installation claimed and this store does not know: `all` of it when a restored store is confirmed.
 *   Later, records that such a store had lost come back from the central server, and with them batches that nobody is at
 *   work on; a batch that somebody is at work on writes its claim down itself, with everything that it depends on.
 * @param only these batches; all that are under way otherwise
 * @returns how many claims were new here
 */
export async function mirrorClaims(
  { store, time, guard }: ClaimsContext,
  { database }: ClaimsServer,
  own: 'all' | BatchCare,
  signal: AbortSignal,
  only?: readonly string[],
): Promise<Result<number>> {
  const sql: Store['sql'] = (text) => store.sql(text)
  const wanted = only === undefined ? undefined : new Set(only)
  const underWay = store
    .sql(guard.epoch > 1 || own === 'all' ? OPEN_TOO : OPEN)
    .pluck()
    .all() as string[]
  const ids = wanted === undefined ? underWay : underWay.filter((id) => wanted.has(id))
  if (ids.length === 0 && wanted !== undefined) return success(0)
  // Before the server is asked: what a job claims meanwhile is not in its answer.
  const before = new Map(ids.map((id) => [id, newestClaim(sql, id)]))
  const read = await database.read('batch', ids, signal)
  if (!read.ok) return read
  const isHeldHere = (claim: Claim | undefined): boolean => claim?.installationId === store.installationId
  let added = 0
  for (const id of ids) {
    const standing = read.value.get(id)
    const known = newestClaim(sql, id)
    const isGone = standing === undefined || standing.kind === 'missing'
    const told = before.get(id)
    // What an office claimed that worked alone until now, the server has not heard of.
    if (isGone && isHeldHere(told) && !ownClaimsAreTold(store)) continue
    if (isGone ? isHeldHere(told) : standing.kind === 'found' && isOlder(standing.document, told)) {
      doubtServer(store, 'claims')
      continue
    }
    if (standing?.kind !== 'found' || known?.id !== told?.id) continue
    const { document } = standing
    const isOwn = document.installationId === store.installationId
    const isNew = isNews(document, known)
    if (isOwn && own !== 'all' && (guard.doubt !== undefined || own.findWork(id) === 'running')) continue
    const isLeftUndone = isOwn && own !== 'all' && !isNew && own.findWork(id) === undefined && isUndone(store, document)
    if (isOwn && own !== 'all' && isLetGo(store, document) && !own.hasWish(id)) showLetGo(store, id, time.now())
    if (!isNew && !isLeftUndone) continue
    // Its submission is still arriving: written down at a later contact.
    if (store.find('submission', document.submissionId) === undefined) continue
    store.transaction(OFFICE, (transaction) => {
      if (isNew) transaction.put('claim', claimOf(document))
      refreshBatch(transaction, id, time.now())
      if (isOwn && own !== 'all') own.goOn(transaction, id)
      transaction.audit({
        action: 'batch.claim-learnt',
        subjectKind: 'batch',
        subjectId: id,
        detail: { installation: document.installationId, generation: document.generation, digest: document.digest },
      })
    })
    added += 1
  }
  const others = ids.flatMap((id) => {
    const standing = read.value.get(id)
    return standing?.kind === 'found' && standing.document.installationId !== store.installationId
      ? [standing.document]
      : []
  })
  const unasked = wanted === undefined ? [] : begunClaims(store).filter(({ batchId }) => !wanted.has(batchId))
  const begun = others
    .filter(({ whole, state }) => !whole && state !== 'cancelled')
    .map(({ batchId, installationId, generation, claimedAt }) => ({ batchId, installationId, generation, claimedAt }))
  noteBegun(store, [...unasked, ...begun])
  return success(added)
}

/** Less than what was written down here: the server has forgotten something. */
const isOlder = ({ generation }: BatchClaimDocument, known: Claim | undefined): boolean =>
  known !== undefined && generation < known.generation

function isNews(document: BatchClaimDocument, known: Claim | undefined): boolean {
  // A claim whose payments are not all claimed may still go back. One that was cancelled when it was whole is what its batch
  // ended by.
  if (!document.whole) return false
  if (known === undefined || document.generation > known.generation) return true
  return document.submissionId !== known.submissionId
}

/** A claim that was begun for a batch that still waits to be sent. */
function isUndone(store: Store, { batchId, whole, state }: BatchClaimDocument): boolean {
  const at = store.find('batch', batchId)?.state
  return !whole && state === 'claimed' && (at === 'approved' || at === 'queued')
}

const LET_GO: ErrorCode = 'central.let-go-elsewhere'

/**
 * Held from here before anybody claimed it, which keeps it from all others, and let go on in another office, which cannot tell the
 * server so. The officers here would never hear that it waits for them.
 */
function isLetGo(store: Store, { batchId, whole, state }: BatchClaimDocument): boolean {
  const batch = store.find('batch', batchId)
  const isReady = batch?.state === 'approved' || batch?.state === 'queued'
  return !whole && state === 'held' && isReady && !batch.held && batch.attention !== LET_GO
}

function showLetGo(store: Store, batchId: string, now: number): void {
  store.transaction(OFFICE, (transaction) => {
    refreshBatch(transaction, batchId, now, { attention: LET_GO, attentionParams: {} })
    transaction.audit({
      action: 'batch.needs-attention',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { code: LET_GO },
    })
  })
}

const claimOf = (
  document: Pick<
    BatchClaimDocument,
    'batchId' | 'submissionId' | 'installationId' | 'epoch' | 'generation' | 'officeName' | 'claimedAt' | 'takeOver'
  >,
): Omit<Claim, 'changedAt' | 'changedBy'> => {
  const { batchId, submissionId, installationId, epoch, generation, officeName, claimedAt, takeOver } = document
  const taken = takeOver === undefined ? {} : { takenFrom: takeOver.fromInstallation }
  return { id: newId(), batchId, submissionId, installationId, epoch, generation, officeName, claimedAt, ...taken }
}
