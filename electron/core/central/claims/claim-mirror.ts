import { type Result, success } from '../../../../shared/contract/result.ts'
import type { Claim } from '../../../../shared/model/batch.ts'
import type { BatchClaimDocument } from '../../../../shared/model/central.ts'
import { newId } from '../../../../shared/model/ids.ts'
import { refreshBatch } from '../../batches/batch-standing.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import type { ClaimsContext, ClaimsServer } from './claims-server.ts'
import { doubtServer } from './server-watch.ts'

/*
 * Claims as they stand at the central server, written down here: who sends which batch decides who asks about its payments,
 * and whether a batch can still be changed. They are asked for batch by batch, since only batches that are known here matter.
 */

/** Batches that somebody may have claimed and that are not over. */
const OPEN = `SELECT id FROM batch WHERE state NOT IN ('open', 'settled', 'cancelled')`

export const newestClaim = (sql: Store['sql'], batchId: string): Claim | undefined => {
  const body = sql('SELECT body FROM claim WHERE batch_id = ? ORDER BY generation DESC, seq DESC LIMIT 1')
    .pluck()
    .get(batchId) as string | undefined
  return body === undefined ? undefined : (JSON.parse(body) as Claim)
}

/**
 * Writes down who holds the batches that are under way here.
 *
 * @param ownToo also what this very installation claimed and this store does not know, after a restore. Otherwise the claim
 *   itself writes it down, together with everything that it depends on.
 * @returns how many claims were new here
 */
export async function mirrorClaims(
  { store, time }: ClaimsContext,
  { database }: ClaimsServer,
  { ownToo }: { readonly ownToo: boolean },
  signal: AbortSignal,
): Promise<Result<number>> {
  const sql: Store['sql'] = (text) => store.sql(text)
  const ids = store.sql(OPEN).pluck().all() as string[]
  const read = await database.read('batch', ids, signal)
  if (!read.ok) return read
  const isHeldHere = (claim: Claim | undefined): boolean => claim?.installationId === store.installationId
  let added = 0
  for (const id of ids) {
    const standing = read.value.get(id)
    const known = newestClaim(sql, id)
    const isGone = standing === undefined || standing.kind === 'missing'
    if (isGone ? isHeldHere(known) : standing.kind === 'found' && isOlder(standing.document, known)) {
      doubtServer(store, 'claims')
      continue
    }
    if (standing?.kind !== 'found' || !isNews(standing.document, known)) continue
    const { document } = standing
    if (document.installationId === store.installationId && !ownToo) continue
    // Its submission is still arriving: written down at a later contact.
    if (store.find('submission', document.submissionId) === undefined) continue
    store.transaction(OFFICE, (transaction) => {
      transaction.put('claim', claimOf(document))
      refreshBatch(transaction, id, time.now())
      transaction.audit({
        action: 'batch.claim-learnt',
        subjectKind: 'batch',
        subjectId: id,
        detail: { installation: document.installationId, generation: document.generation, digest: document.digest },
      })
    })
    added += 1
  }
  return success(added)
}

/** Less than what was written down here: the server has forgotten something. */
const isOlder = ({ generation }: BatchClaimDocument, known: Claim | undefined): boolean =>
  known !== undefined && generation < known.generation

function isNews(document: BatchClaimDocument, known: Claim | undefined): boolean {
  // A claim whose payments are not all claimed may still go back.
  if (!document.whole || document.state === 'cancelled') return false
  if (known === undefined || document.generation > known.generation) return true
  return document.submissionId !== known.submissionId
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
