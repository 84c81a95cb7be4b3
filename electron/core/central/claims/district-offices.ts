import { failure, type Result, success } from '../../../../shared/contract/result.ts'
import type { AuditHead } from '../../../../shared/model/central.ts'
import { begunClaims } from './claim-mirror.ts'
import type { ClaimsContext } from './claims-server.ts'
import { type ChainFinding, findChainFinding } from './office-chains.ts'
import { findAcknowledged } from './offices.ts'
import { type Revocation, revoke } from './revocation.ts'

/** An office of the district as the central server knows it. */
export interface DistrictOffice {
  readonly installationId: string
  readonly officeName: string
  readonly isOwn: boolean
  readonly epoch: number
  readonly sequence: number
  readonly head: AuditHead
  /** When it told its head, by the server's clock, epoch milliseconds. */
  readonly reportedAt: number
  readonly revoked: { readonly by: string; readonly at: number; readonly reason: string } | null
  /** How often an administrator confirmed a restored, copied or moved store of it. */
  readonly restores: number
  /**
   * What is wrong with its audit chain: this office's own is not the one that it told, or another office's is not the one
   * that was seen before. Null where nothing is.
   */
  readonly chain: ChainFinding | null
}

export interface DistrictOffices {
  readonly offices: readonly DistrictOffice[]
  /** Office documents that two revisions claim, or that cannot be read. */
  readonly unreadable: number
  /** Since when the server has acknowledged this office's audit head; null before the first contact. */
  readonly acknowledged: { readonly head: AuditHead; readonly at: number } | null
}

/** Every office of the district. Errors: `central.*` */
export async function listOffices(context: ClaimsContext, signal: AbortSignal): Promise<Result<DistrictOffices>> {
  const server = context.server()
  if (!server.ok) return server
  const read = await server.value.database.readAll('office', signal)
  if (!read.ok) return read
  const { store } = context
  const offices = read.value.flatMap((standing): DistrictOffice[] => {
    if (standing.kind !== 'found') return []
    const { installationId, officeName, epoch, sequence, auditHead, reportedAt, revoked, restores } = standing.document
    const isOwn = installationId === store.installationId
    const chain = isOwn ? ownChain(context, auditHead) : findChainFinding(store, standing.document)
    return [
      {
        installationId,
        officeName,
        isOwn,
        epoch,
        sequence,
        head: auditHead,
        reportedAt,
        revoked,
        restores: restores.length,
        chain,
      },
    ]
  })
  const acknowledged = findAcknowledged(context)
  return success({
    offices,
    unreadable: read.value.length - offices.length,
    acknowledged: acknowledged === undefined ? null : { head: acknowledged.head, at: acknowledged.at },
  })
}

function ownChain({ store }: ClaimsContext, { position, hash }: AuditHead): ChainFinding | null {
  if (position === 0) return null
  const found = store.sql('SELECT hash FROM audit WHERE position = ?').pluck().get(position)
  if (found === undefined) return 'cut'
  return found === hash ? null : 'forked'
}

/** A batch that an office holds and has not brought to its end, as far as it is known here. */
export interface OpenClaim {
  readonly batchId: string
  readonly name: string
  readonly state: string
  readonly count: number
  /** Minor units. */
  readonly sum: number
  readonly currency: string
  /** Payments that are neither paid nor otherwise over, and their sum. */
  readonly openCount: number
  readonly openSum: number
  readonly generation: number
  readonly claimedAt: number | null
}

/** What an office holds, or began to claim, by what is known here: what is at stake when its laptop is lost. */
export function openClaimsOf({ store }: Pick<ClaimsContext, 'store'>, installationId: string): OpenClaim[] {
  const begun = begunClaims(store).filter((claim) => claim.installationId === installationId)
  return store
    .sql(
      `WITH held (batch_id, generation, claimed_at) AS (
         SELECT claim.batch_id, claim.generation, claim.body ->> '$.claimedAt'
         FROM batch JOIN claim ON claim.batch_id = batch.id
         WHERE batch.state IN ('claimed', 'sending', 'following') AND claim.body ->> '$.installationId' = ?
           AND NOT EXISTS (SELECT 1 FROM claim AS newer WHERE newer.batch_id = claim.batch_id
             AND (newer.generation, newer.seq) > (claim.generation, claim.seq))
         UNION ALL
         SELECT batch.id, begun.value ->> '$.generation', begun.value ->> '$.claimedAt'
         FROM json_each(?) AS begun JOIN batch ON batch.id = begun.value ->> '$.batchId'
         WHERE batch.state IN ('approved', 'queued'))
       SELECT batch.id AS batchId, batch.body ->> '$.name' AS name, batch.state, batch.body ->> '$.count' AS count,
              batch.body ->> '$.sum' AS sum, batch.body ->> '$.currency' AS currency,
              (SELECT count(*) FROM payment WHERE payment.batch_id = batch.id
                 AND payment.state NOT IN ('paid', 'rejected', 'reversed', 'cancelled')) AS openCount,
              (SELECT coalesce(sum(amount), 0) FROM payment WHERE payment.batch_id = batch.id
                 AND payment.state NOT IN ('paid', 'rejected', 'reversed', 'cancelled')) AS openSum,
              held.generation, held.claimed_at AS claimedAt
       FROM held JOIN batch ON batch.id = held.batch_id
       ORDER BY batch.state_at`,
    )
    .all(installationId, JSON.stringify(begun)) as OpenClaim[]
}

/** Revokes a lost laptop: it can neither claim nor send any more. Errors: `central.*` */
export async function revokeOffice(
  context: ClaimsContext,
  revocation: Revocation,
  signal: AbortSignal,
): Promise<Result<null>> {
  const server = context.server()
  if (!server.ok) return server
  // Nobody saws off the branch that the office sits on.
  if (revocation.installationId === context.store.installationId) return failure('central.nothing-to-take-over')
  return revoke(context, server.value, revocation, signal)
}
