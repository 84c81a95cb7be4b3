import { fail } from '../../../../shared/contract/result.ts'
import type { Batch, Claim } from '../../../../shared/model/batch.ts'
import { CENTRE, type Release, type ReleaseClaims } from '../../../../shared/model/central-file.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import { refreshBatch } from '../../batches/batch-standing.ts'
import { openOfficerKey } from '../../identity/officer-keys.ts'
import { signClaims } from '../../identity/signatures.ts'
import { checkTrustedOfficer } from '../../identity/trust.ts'
import type { InstallationGuard } from '../../store/installation-guard.ts'
import type { Store } from '../../store/store.ts'
import { getDistrict, getRecipient } from './recipients.ts'
import { findReleaseAway, findReleaseHere } from './releases.ts'

/** What a hand-over works with. */
export interface HandOverContext {
  readonly store: Store
  readonly guard: InstallationGuard
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Approved, and nothing of it has left. */
const READY: ReadonlySet<Batch['state']> = new Set<Batch['state']>(['approved', 'queued', 'claimed'])

/**
 * Releases a batch to another office. From the moment it is signed here nothing of the batch leaves from here again: the store
 * and the journal beside it both say so. The other office still has to claim it at the central server.
 *
 * @throws OfficeError `central-files.not-to-hand-over`, `-.handed-over`, `-.no-recipient`, `identity.*`
 */
export async function handOver(
  { store, guard, now }: HandOverContext,
  officer: Officer,
  { batchId, to, pin }: { readonly batchId: string; readonly to: string; readonly pin: string },
): Promise<Release> {
  if (to === CENTRE) fail('central-files.no-recipient')
  const recipient = getRecipient(store, to)
  await checkTrustedOfficer(store, officer)
  const key = await openOfficerKey(store, officer.id, pin)
  const { submission, generation } = releasable(store, batchId)
  const claims: ReleaseClaims = {
    district: getDistrict(store),
    batchId,
    submissionId: submission.id,
    digest: submission.digest,
    fromInstallation: store.installationId,
    toInstallation: recipient.installationId,
    generation,
    officerId: officer.id,
    at: now(),
  }
  const release: Release = { ...claims, jws: await signClaims('release', claims, officer.id, key) }
  store.transaction(officer.id, (transaction) => {
    // Anew, in the transaction: a post may have begun while the PIN was checked.
    const still = releasable(store, batchId)
    if (still.submission.id !== submission.id || still.generation !== generation) fail('central-files.not-to-hand-over')
    transaction
      .sql('INSERT INTO handed_over VALUES (?, ?, ?, ?)')
      .run(batchId, submission.id, recipient.installationId, JSON.stringify(release))
    refreshBatch(transaction, batchId, now(), { attention: 'central-files.handed-over' })
    transaction.audit({
      action: 'batch.handed-over',
      subjectKind: 'batch',
      subjectId: batchId,
      detail: { to: recipient.installationId, submissionId: submission.id, digest: submission.digest, generation },
    })
    // On the disk before the release exists anywhere else: a copy of the store from before cannot send it either.
    guard.note({ kind: 'handed-over', batchId, submissionId: submission.id })
  })
  return release
}

/** @throws OfficeError `central-files.not-to-hand-over`, `-.handed-over` */
function releasable(store: Store, batchId: string): { submission: { id: string; digest: string }; generation: number } {
  if (findReleaseAway(store, batchId) !== undefined) fail('central-files.handed-over')
  const batch = store.get('batch', batchId)
  const claim = latestClaim(store, batchId)
  const posted = store.sql('SELECT 1 FROM delivery WHERE batch_id = ? LIMIT 1').get(batchId) !== undefined
  const isElsewhere = claim !== undefined && claim.installationId !== store.installationId
  const isOnlyPromised = claim === undefined && findReleaseHere(store, batchId) !== undefined
  if (posted || isElsewhere || isOnlyPromised || !READY.has(batch.state)) fail('central-files.not-to-hand-over')
  const head = store
    .sql('SELECT head FROM submission WHERE batch_id = ? ORDER BY number DESC LIMIT 1')
    .pluck()
    .get(batchId) as string | undefined
  if (head === undefined) return fail('central-files.not-to-hand-over')
  const { id, digest } = JSON.parse(head) as { id: string; digest: string }
  if (claim !== undefined && claim.submissionId !== id) fail('central-files.not-to-hand-over')
  return { submission: { id, digest }, generation: claim?.generation ?? 0 }
}

function latestClaim(store: Store, batchId: string): Claim | undefined {
  const body = store
    .sql('SELECT body FROM claim WHERE batch_id = ? ORDER BY generation DESC LIMIT 1')
    .pluck()
    .get(batchId)
  return body === undefined ? undefined : (JSON.parse(body as string) as Claim)
}
