import { z } from 'zod'
import { type Fault, fail, type Result, success } from '../../../../shared/contract/result.ts'
import type { Batch, Claim } from '../../../../shared/model/batch.ts'
import type { BatchClaimDocument } from '../../../../shared/model/central.ts'
import type { BatchCare } from '../../dispatch/sender-claims.ts'
import { mirrorClaims, newestClaim, TAKEN_OVER } from './claim-mirror.ts'
import { batchKey } from './claims-database.ts'
import { type ClaimsContext, type ClaimsServer, officeNameOf, serverTime } from './claims-server.ts'
import { noteFindings } from './findings.ts'
import { forgetOfficeHeads, watchOfficeChains } from './office-chains.ts'
import { type Acknowledged, findAcknowledged, forgetAcknowledged, report } from './offices.ts'
import { noteOwnClaimsTold, ownClaimsAreTold } from './own-claims.ts'
import { claimPayments } from './payment-claims.ts'
import { revoke } from './revocation.ts'
import { acceptServer, findServerDoubt, lookAtServer, serverObstacle, watchServer } from './server-watch.ts'

/** What a contact with the claims database showed. */
export interface Contact {
  /** How far the server has this office's audit chain; null while it took nothing. */
  readonly acknowledged: Acknowledged | null
  /** What keeps this office from sending: revoked, superseded, another chain, another server. */
  readonly findings: readonly Fault[]
}

/**
 * One contact: whether the server still is the one that was known, how this office stands there, and who holds which batch.
 * The last is read by an office that may not send too: only what a server in doubt says is believed by nobody.
 * Errors: `central.*` when it could not be asked; what was found out is a value.
 */
export async function contact(context: ClaimsContext, care: BatchCare, signal: AbortSignal): Promise<Result<Contact>> {
  const { store } = context
  const found = context.server()
  if (!found.ok) return found
  const server = found.value
  const seen = await lookAtServer(server, signal)
  if (!seen.ok) return seen
  watchServer(store, seen.value)
  const doubt = serverObstacle(store)
  if (doubt !== undefined) return success({ acknowledged: findAcknowledged(context) ?? null, findings: [doubt] })
  const told = await report(context, server, signal)
  if (!told.ok && !isFinding(told.error)) return told
  const stopped = told.ok ? [] : [told.error]
  // Known from now on, even where the rest cannot be asked.
  if (!told.ok) noteFindings(store, stopped)
  if (told.ok && !ownClaimsAreTold(store)) {
    // What a sole office claimed by itself before there was a central server.
    const made = await claimAnew(context, server, signal)
    if (!made.ok) return made
    noteOwnClaimsTold(store)
  }
  const acknowledged = told.ok ? told.value : (findAcknowledged(context) ?? null)
  if (serverObstacle(store) !== undefined) return success({ acknowledged, findings: stopped })
  const mirrored = await mirrorClaims(context, server, care, signal)
  if (!mirrored.ok) return mirrored
  const watched = await watchOfficeChains(context, server, signal)
  if (!watched.ok) return watched
  const after = serverObstacle(store)
  return success({ acknowledged, findings: after === undefined ? stopped : [...stopped, after] })
}

/**
 * Who holds batches whose records have just come: a claim may have been made before they did. Where the server cannot be
 * believed, or something else than claims stands in the way, there is nothing to learn. Errors: `central.*`
 */
export async function learnClaims(
  context: ClaimsContext,
  care: BatchCare,
  batchIds: readonly string[],
  signal: AbortSignal,
): Promise<Result<null>> {
  if (batchIds.length === 0 || serverObstacle(context.store) !== undefined) return success(null)
  const server = context.server()
  if (!server.ok) return server
  const mirrored = await mirrorClaims(context, server.value, care, signal, batchIds)
  return mirrored.ok ? success(null) : mirrored
}

const FINDINGS: ReadonlySet<Fault['code']> = new Set<Fault['code']>([
  'central.office-revoked',
  'central.office-superseded',
  'central.server-changed',
  'central.claim-in-conflict',
  'dispatch.restored',
])
const isFinding = ({ code }: Fault): boolean => FINDINGS.has(code)

/**
 * An administrator confirms that the server which stands there now is the district's: everything is told to it again, and
 * what this office claimed is claimed anew where nobody else has it.
 *
 * @param startAnew forgets what the server had of the records, so that all of them are sent again
 * @throws OfficeError `dispatch.nothing-to-confirm`, `central.*`
 */
export async function confirmServer(
  context: ClaimsContext,
  startAnew: () => Promise<void>,
  officerId: string,
  signal: AbortSignal,
): Promise<void> {
  const { store } = context
  const why = findServerDoubt(store) ?? fail('dispatch.nothing-to-confirm')
  const server = orFail(context.server())
  const seen = orFail(await lookAtServer(server, signal))
  forgetAcknowledged(context)
  orFail(await report(context, server, signal))
  orFail(await claimAnew(context, server, signal))
  noteOwnClaimsTold(store)
  await startAnew()
  store.transaction(officerId, (transaction) => {
    acceptServer(transaction, seen)
    // Of the other offices it may know less than before, too.
    forgetOfficeHeads(transaction)
    transaction.audit({
      action: 'central.server-confirmed',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { why },
    })
  })
}

function orFail<T>(result: Result<T>): T {
  return result.ok ? result.value : fail(result.error.code, result.error.params)
}

/** Claims everything again that this office holds and the server does not know; never what somebody else has there. */
async function claimAnew(context: ClaimsContext, server: ClaimsServer, signal: AbortSignal): Promise<Result<null>> {
  const { store } = context
  const held = heldHere(context)
  const read = await server.database.read(
    'batch',
    held.map(({ claim }) => claim.batchId),
    signal,
  )
  if (!read.ok) return read
  for (const { batch, claim } of held) {
    const standing = read.value.get(claim.batchId)
    const before = standing?.kind === 'found' ? standing.document : undefined
    const isFree = standing === undefined || standing.kind === 'missing'
    const isOurs = before?.installationId === store.installationId && before.generation === claim.generation
    const takeOver = before === undefined ? undefined : findLostTakeOver(context, claim, before)
    if (!isFree && !isOurs && takeOver === undefined) continue
    if (takeOver !== undefined) {
      const revoked = await revoke(context, server, { ...takeOver, installationId: takeOver.fromInstallation }, signal)
      if (!revoked.ok) return revoked
    }
    // Not whole until its payments are claimed too: nothing of it leaves before.
    const first = await putClaim(context, server, { batch, claim, before, takeOver, whole: false }, signal)
    if (!first.ok) return first
    const submission = store.get('submission', claim.submissionId)
    const payments = await claimPayments(context, server, submission, signal)
    if (payments.kind !== 'claimed') return { ok: false, error: payments.fault }
    // What another office claims meanwhile is a matter for officers: this batch stays stopped.
    if (payments.elsewhere.length > 0) continue
    const whole = await putClaim(context, server, { batch, claim, before: first.value, whole: true }, signal)
    if (!whole.ok) return whole
  }
  return success(null)
}

interface Held {
  readonly batch: Batch
  readonly claim: Claim
}

/** Batches under way whose newest claim is this installation's. */
function heldHere({ store }: ClaimsContext): Held[] {
  const bodies = store
    .sql(`SELECT body FROM batch WHERE state IN ('claimed', 'sending', 'following') OR ${TAKEN_OVER}`)
    .pluck()
    .all() as string[]
  return bodies.flatMap((body) => {
    const batch = JSON.parse(body) as Batch
    const claim = newestClaim((text) => store.sql(text), batch.id)
    return claim?.installationId === store.installationId ? [{ batch, claim }] : []
  })
}

const Order = z.object({ reason: z.string(), order: z.string() })

/** The take-over by which this office holds a batch, where the server has gone back to before it. */
function findLostTakeOver(
  { store }: ClaimsContext,
  { batchId, generation, takenFrom }: Claim,
  before: BatchClaimDocument,
): BatchClaimDocument['takeOver'] {
  if (takenFrom === undefined || before.installationId !== takenFrom || before.generation !== generation - 1) {
    return undefined
  }
  const found = store
    .sql(
      `SELECT officer_id AS officerId, detail FROM audit WHERE action = 'batch.taken-over' AND subject_id = ?
       AND detail ->> '$.generation' = ? ORDER BY position DESC LIMIT 1`,
    )
    .get(batchId, generation) as { readonly officerId: string; readonly detail: string } | undefined
  const detail = found === undefined ? undefined : Order.safeParse(JSON.parse(found.detail)).data
  if (found === undefined || detail === undefined) return undefined
  return { fromInstallation: takenFrom, officerId: found.officerId, reason: detail.reason, jws: detail.order }
}

const TRIES = 4

async function putClaim(
  context: ClaimsContext,
  server: ClaimsServer,
  wanted: Held & {
    readonly before: BatchClaimDocument | undefined
    readonly takeOver?: BatchClaimDocument['takeOver']
    readonly whole: boolean
  },
  signal: AbortSignal,
): Promise<Result<BatchClaimDocument>> {
  const { store } = context
  const { batch, claim, takeOver, whole } = wanted
  let { before } = wanted
  let fault: Fault = { code: 'central.not-safe-yet', params: {} }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const document: BatchClaimDocument = {
      ...before,
      ...(takeOver === undefined ? {} : { takeOver }),
      _id: batchKey(batch.id),
      type: 'batch',
      batchId: batch.id,
      submissionId: claim.submissionId,
      digest: store.get('submission', claim.submissionId).digest,
      installationId: store.installationId,
      officeName: officeNameOf(store, server),
      epoch: context.guard.epoch,
      generation: claim.generation,
      state: batch.held ? 'held' : 'claimed',
      whole,
      claimedAt: before?.claimedAt ?? serverTime(context),
      by: server.user,
    }
    const written = await server.database.put(document, signal)
    if (written.kind === 'written') return success({ ...document, _rev: written.rev })
    if (written.kind === 'refused') return { ok: false, error: written.fault }
    if (written.kind === 'unsure') fault = written.fault
    const read = await server.database.read('batch', [batch.id], signal)
    if (!read.ok) return read
    const standing = read.value.get(batch.id)
    if (standing?.kind === 'conflict') return { ok: false, error: { code: 'central.claim-in-conflict', params: {} } }
    before = standing?.kind === 'found' ? standing.document : undefined
    if (before !== undefined && before.installationId !== store.installationId) {
      return { ok: false, error: { code: 'central.claim-lost', params: { office: before.officeName } } }
    }
  }
  return { ok: false, error: fault }
}
