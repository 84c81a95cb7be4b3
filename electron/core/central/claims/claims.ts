import { type Fault, failure, type Result, success } from '../../../../shared/contract/result.ts'
import type { Batch, Claim, Submission } from '../../../../shared/model/batch.ts'
import type { BatchClaimDocument } from '../../../../shared/model/central.ts'
import {
  type ClaimAnswer,
  type ClaimHolder,
  type SenderClaims,
  sinceText,
  type TakeOverOrder,
} from '../../dispatch/sender-claims.ts'
import { findCentralSettings } from '../settings.ts'
import { findReleaseHere } from '../sneakernet/releases.ts'
import { mirrorClaims, newestClaim } from './claim-mirror.ts'
import { batchKey, type Standing } from './claims-database.ts'
import { type ClaimsContext, type ClaimsServer, officeNameOf, serverTime } from './claims-server.ts'
import { findAcknowledged, judgeOwn, raiseEpoch, report } from './offices.ts'
import { ownClaimsAreTold } from './own-claims.ts'
import { claimPayments, releasePayments } from './payment-claims.ts'
import { revoke } from './revocation.ts'
import { doubtServer, serverObstacle } from './server-watch.ts'

const TRIES = 5

type BatchStanding = Standing<BatchClaimDocument>
type Draft = Omit<BatchClaimDocument, '_id' | '_rev' | 'type' | 'by' | 'claimedAt' | 'officeName'>
type Won = Extract<ClaimAnswer, { kind: 'ours' }> & { readonly document: BatchClaimDocument }
type NotWon = Extract<ClaimAnswer, { kind: 'lost' | 'put-off' }>

const lost = (code: Fault['code'], params: Fault['params'] = {}): NotWon => ({ kind: 'lost', fault: { code, params } })
const putOff = (fault: Fault): NotWon => ({ kind: 'put-off', fault, retryAt: null })

/** The claims of a district in its CouchDB (I6). Whatever is not certain is no claim. */
export class CentralClaims implements SenderClaims {
  readonly #context: ClaimsContext

  constructor(context: ClaimsContext) {
    this.#context = context
  }

  isShared(): boolean {
    return findCentralSettings(this.#context.store) !== undefined
  }

  obstacle(): Fault | undefined {
    return this.isShared() ? serverObstacle(this.#context.store) : undefined
  }

  async claim(batch: Batch, submission: Submission, signal: AbortSignal): Promise<ClaimAnswer> {
    const context = this.#context
    const server = context.server()
    if (!server.ok) return putOff(server.error)
    if (!context.isAtServer(submission)) return putOff({ code: 'central.records-first', params: {} })
    const { installationId } = context.store
    const fresh = (standing: BatchStanding): Draft | NotWon => {
      if (standing.kind !== 'found') return this.#draft(batch.id, submission, 'claimed')
      const { document } = standing
      const handed = this.#handedHere(document, submission)
      if (handed !== undefined) return handed
      const others = this.#notOurs(document)
      if (others !== undefined) return others
      if (document.submissionId === submission.id) return { ...document, state: 'claimed' }
      // Only what never left may go on as another submission of the same batch.
      if (!this.#neverLeft(document)) return lost('central.claim-in-conflict')
      return { ...document, ...this.#draft(batch.id, submission, 'claimed'), generation: document.generation }
    }
    const won = await this.#write(server.value, batch.id, fresh, signal)
    if (won.kind !== 'ours') return won
    // A first writing makes it this office's; the payments follow, and only then is it whole.
    if (!won.document.whole) {
      const payments = await claimPayments(context, server.value, submission, signal)
      if (payments.kind === 'put-off') return putOff(payments.fault)
      if (payments.kind === 'lost') return payments
      if (payments.elsewhere.length > 0) {
        const office = [...new Set(payments.elsewhere.map(({ officeName }) => officeName))].join(', ')
        const fault: Fault = {
          code: 'central.payments-claimed-elsewhere',
          params: { count: payments.elsewhere.length, office },
        }
        return { kind: 'partly', fault, elsewhere: payments.elsewhere }
      }
      const dropped = await releasePayments(context, server.value, batch.id, this.#dropped(submission), signal)
      if (!dropped.ok) return putOff(dropped.error)
    }
    return plain(
      await this.#write(
        server.value,
        batch.id,
        (standing) => {
          if (standing.kind !== 'found') return lost('central.claim-in-conflict')
          const { document } = standing
          const others = this.#notOurs(document)
          if (others !== undefined) return others
          if (document.installationId !== installationId || document.submissionId !== submission.id) {
            return lost('central.claim-in-conflict')
          }
          return { ...document, whole: true }
        },
        signal,
      ),
    )
  }

  async confirm(
    claim: Pick<Claim, 'batchId' | 'submissionId' | 'generation'>,
    signal: AbortSignal,
  ): Promise<ClaimAnswer> {
    const context = this.#context
    const { store, guard } = context
    const obstacle = this.obstacle()
    if (obstacle !== undefined) return putOff(obstacle)
    const server = context.server()
    if (!server.ok) return putOff(server.error)
    const known = findAcknowledged(context)
    const read = await server.value.database.readBatch(claim.batchId, store.installationId, signal)
    if (!read.ok) return putOff(read.error)
    const own = judgeOwn(context, read.value.office, known)
    if (own.kind === 'stop') return { kind: 'lost', fault: own.fault }
    const { batch } = read.value
    const isMissing = own.kind === 'new' || batch.kind === 'missing'
    // Claimed while this office worked alone; the next contact tells it.
    if (isMissing && !ownClaimsAreTold(store)) {
      return putOff({ code: 'central.not-safe-yet', params: {} })
    }
    if (isMissing) {
      // What this office claimed before is not there any more.
      doubtServer(store, 'claims')
      return lost('central.server-changed')
    }
    if (batch.kind === 'conflict') return lost('central.claim-in-conflict')
    if (batch.kind === 'unreadable') return lost('central.record-invalid', { kind: 'claim' })
    const { document } = batch
    if (document.generation < claim.generation) {
      doubtServer(store, 'claims')
      return lost('central.server-changed')
    }
    if (document.installationId !== store.installationId || document.generation !== claim.generation) {
      return lost('central.claim-lost', { office: document.officeName })
    }
    if (document.epoch > guard.epoch) return lost('central.office-superseded')
    if (document.submissionId !== claim.submissionId || !document.whole) return lost('central.claim-in-conflict')
    if (document.state === 'cancelled') return lost('central.cancelled-elsewhere')
    if (document.state === 'held') return putOff({ code: 'central.held-elsewhere', params: {} })
    return oursIn(document)
  }

  async stop(batch: Batch, state: 'cancelled' | 'held', signal: AbortSignal): Promise<ClaimAnswer> {
    const { store } = this.#context
    return this.#change(
      batch.id,
      (standing) => {
        if (standing.kind === 'found') {
          const { document } = standing
          // Claimed in an earlier life of this store: what became of it has to be found out first.
          const isTooLate =
            state === 'cancelled' && document.state !== 'cancelled' && mayHaveLeft(this.#context, document)
          return isTooLate ? lost('dispatch.too-late-to-cancel') : { ...document, state }
        }
        const submission = latestSubmissionHead(store, batch.id)
        return submission === undefined ? lost('dispatch.not-approved') : this.#draft(batch.id, submission, state)
      },
      signal,
    )
  }

  async release(batch: Batch, signal: AbortSignal): Promise<ClaimAnswer> {
    return this.#change(
      batch.id,
      (standing) =>
        standing.kind === 'found' ? { ...standing.document, state: 'claimed' } : lost('central.nothing-to-take-over'),
      signal,
    )
  }

  async releasePayments(batchId: string, paymentIds: readonly string[], signal: AbortSignal): Promise<Result<null>> {
    const server = this.#context.server()
    return server.ok ? releasePayments(this.#context, server.value, batchId, paymentIds, signal) : server
  }

  async findHolder(batchId: string, signal: AbortSignal): Promise<Result<ClaimHolder | undefined>> {
    const server = this.#context.server()
    if (!server.ok) return server
    const read = await server.value.database.read('batch', [batchId], signal)
    if (!read.ok) return read
    const standing = read.value.get(batchId)
    if (standing === undefined || standing.kind === 'missing') return success(undefined)
    if (standing.kind === 'conflict') return failure('central.claim-in-conflict')
    if (standing.kind === 'unreadable') return failure('central.record-invalid', { kind: 'claim' })
    const { submissionId, installationId, officeName, epoch, generation, claimedAt, state, whole, takeOver } =
      standing.document
    return success({
      batchId,
      submissionId,
      installationId,
      officeName,
      epoch,
      generation,
      claimedAt,
      cancelled: state === 'cancelled',
      whole,
      takenFrom: takeOver?.fromInstallation ?? null,
    })
  }

  async takeOver(order: TakeOverOrder, submission: Submission, signal: AbortSignal): Promise<ClaimAnswer> {
    const context = this.#context
    const server = context.server()
    if (!server.ok) return putOff(server.error)
    const { holder, officerId, reason, jws } = order
    const { installationId } = context.store
    const taken = await this.#write(
      server.value,
      holder.batchId,
      (standing) => {
        if (standing.kind !== 'found') return lost('central.nothing-to-take-over')
        const { document } = standing
        // Taken already: an earlier try was cut off.
        if (isTaken(document, installationId, holder)) return document
        const { handOver, takeOver, ...before } = document
        const isAsAsked =
          document.installationId === holder.installationId &&
          document.generation === holder.generation &&
          document.submissionId === submission.id &&
          // Begun when it was looked at and whole by now: something may have left since.
          document.whole === holder.whole &&
          document.state !== 'cancelled'
        if (!isAsAsked) return lost('central.claim-lost', { office: document.officeName })
        return {
          ...before,
          installationId,
          epoch: context.guard.epoch,
          generation: document.generation + 1,
          state: 'claimed',
          whole: false,
          takeOver: { fromInstallation: holder.installationId, officerId, reason, jws },
        }
      },
      signal,
    )
    if (taken.kind !== 'ours') return taken
    const revoked = await revoke(
      context,
      server.value,
      { installationId: holder.installationId, officerId, reason },
      signal,
    )
    if (!revoked.ok) return putOff(revoked.error)
    if (!taken.document.whole) {
      const payments = await claimPayments(context, server.value, submission, signal)
      if (payments.kind !== 'claimed') return payments.kind === 'lost' ? payments : putOff(payments.fault)
      if (payments.elsewhere.length > 0) {
        const office = [...new Set(payments.elsewhere.map(({ officeName }) => officeName))].join(', ')
        return lost('central.payments-claimed-elsewhere', { count: payments.elsewhere.length, office })
      }
    }
    return plain(
      await this.#write(
        server.value,
        holder.batchId,
        (standing) => {
          if (standing.kind !== 'found') return lost('central.nothing-to-take-over')
          const { document } = standing
          return isTaken(document, installationId, holder)
            ? { ...document, whole: true }
            : lost('central.claim-lost', { office: document.officeName })
        },
        signal,
      ),
    )
  }

  async renew(officerId: string, signal: AbortSignal): Promise<Result<{ readonly epoch: number }>> {
    const context = this.#context
    const server = context.server()
    if (!server.ok) return server
    const obstacle = this.obstacle()
    if (obstacle !== undefined) return { ok: false, error: obstacle }
    const mirrored = await mirrorClaims(context, server.value, 'all', signal)
    if (!mirrored.ok) return mirrored
    const epoch = await raiseEpoch(context, server.value, officerId, signal)
    return epoch.ok ? success({ epoch: epoch.value }) : epoch
  }

  /** A conditional change of what this office holds, or may be the first to hold. */
  async #change(
    batchId: string,
    change: (standing: Exclude<BatchStanding, { kind: 'conflict' | 'unreadable' }>) => Draft | NotWon,
    signal: AbortSignal,
  ): Promise<ClaimAnswer> {
    const server = this.#context.server()
    if (!server.ok) return putOff(server.error)
    const draft = (standing: BatchStanding): Draft | NotWon => {
      if (standing.kind === 'found') {
        const { document } = standing
        const { installationId } = this.#context.store
        const cancelled = document.state === 'cancelled' && document.installationId === installationId
        const others = cancelled ? undefined : this.#notOurs(document)
        if (others !== undefined) return others
        const changed = change(standing)
        // A cancelled batch stays so; whoever cancels it again has what was wanted.
        if (cancelled && (!('state' in changed) || changed.state !== 'cancelled')) {
          return lost('central.cancelled-elsewhere')
        }
        return changed
      }
      return standing.kind === 'missing' ? change(standing) : lost('central.claim-in-conflict')
    }
    return plain(await this.#write(server.value, batchId, draft, signal))
  }

  /**
   * Writes a batch's claim until a write was counted (201), reading back in between: what was written and not counted is
   * written again, what somebody else wrote is theirs.
   */
  async #write(
    server: ClaimsServer,
    batchId: string,
    draft: (standing: BatchStanding) => Draft | NotWon,
    signal: AbortSignal,
  ): Promise<Won | NotWon> {
    const context = this.#context
    const { installationId } = context.store
    let fault: Fault = { code: 'central.not-safe-yet', params: {} }
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = findAcknowledged(context)
      const read = await server.database.readBatch(batchId, installationId, signal)
      if (!read.ok) return putOff(read.error)
      const own = judgeOwn(context, read.value.office, known)
      if (own.kind === 'stop') return { kind: 'lost', fault: own.fault }
      if (own.kind === 'new') {
        // Whoever claims can be revoked, so the server has to know the office first.
        const told = await report(context, server, signal)
        if (!told.ok) return putOff(told.error)
        continue
      }
      const standing = read.value.batch
      if (standing.kind === 'conflict') return lost('central.claim-in-conflict')
      if (standing.kind === 'unreadable') return lost('central.record-invalid', { kind: 'claim' })
      const wanted = draft(standing)
      if ('kind' in wanted) return wanted
      const before = standing.kind === 'found' ? standing.document : undefined
      // A cancelled claim cannot be written again, and need not be.
      if (before !== undefined && before.state === 'cancelled') return { ...oursIn(before), document: before }
      const document: BatchClaimDocument = {
        ...wanted,
        ...(before?._rev === undefined ? {} : { _rev: before._rev }),
        _id: batchKey(batchId),
        type: 'batch',
        officeName: officeNameOf(context.store, server),
        claimedAt: before?.installationId === installationId ? before.claimedAt : serverTime(context),
        by: server.user,
      }
      const written = await server.database.put(document, signal)
      if (written.kind === 'written') return { ...oursIn(document), document }
      if (written.kind === 'refused') return { kind: 'lost', fault: written.fault }
      if (written.kind === 'unsure') fault = written.fault
    }
    return putOff(fault)
  }

  #draft(batchId: string, { id, digest }: Pick<Submission, 'id' | 'digest'>, state: Draft['state']): Draft {
    return {
      batchId,
      submissionId: id,
      digest,
      installationId: this.#context.store.installationId,
      epoch: this.#context.guard.epoch,
      generation: 1,
      state,
      whole: false,
    }
  }

  /** Why a claim is not this office's to use; undefined when it is. */
  #notOurs(document: BatchClaimDocument): NotWon | undefined {
    const { store, guard } = this.#context
    if (document.installationId !== store.installationId) {
      return lost('central.claimed-elsewhere', { office: document.officeName, since: sinceText(document.claimedAt) })
    }
    if (document.state === 'cancelled') return lost('central.cancelled-elsewhere')
    return document.epoch > guard.epoch ? lost('central.office-superseded') : undefined
  }

  /** The claim of an office that released the batch to this one by a signed hand-over, after which it posts nothing. */
  #handedHere(document: BatchClaimDocument, submission: Submission): Draft | undefined {
    const { store, guard } = this.#context
    const release = findReleaseHere(store, document.batchId)
    const isGiven =
      release !== undefined &&
      document.installationId === release.fromInstallation &&
      document.state !== 'cancelled' &&
      document.submissionId === release.submissionId &&
      release.submissionId === submission.id &&
      // A giver that never finished its claim tells none.
      (document.generation === release.generation || (release.generation === 0 && !document.whole))
    if (!isGiven) return undefined
    const { takeOver, handOver, ...before } = document
    const { fromInstallation, toInstallation, officerId, jws } = release
    return {
      ...before,
      installationId: store.installationId,
      epoch: guard.epoch,
      generation: document.generation + 1,
      state: 'claimed',
      whole: false,
      handOver: { fromInstallation, toInstallation, officerId, jws },
    }
  }

  /** Whether nothing can have left under a claim that this office holds: its submission is known here and was never posted. */
  #neverLeft(document: BatchClaimDocument): boolean {
    const { store } = this.#context
    const { batchId, submissionId } = document
    const posted = store.sql('SELECT 1 FROM delivery WHERE batch_id = ? LIMIT 1').get(batchId) !== undefined
    return !posted && !mayHaveLeft(this.#context, document) && store.find('submission', submissionId) !== undefined
  }

  /** Payments of earlier submissions of the batch that this one does not name any more. */
  #dropped({ batchId, number, lines }: Submission): string[] {
    if (number === 1) return []
    const { store } = this.#context
    const kept = new Set(lines.map(({ paymentId }) => paymentId))
    const earlier = store
      .sql(
        `SELECT DISTINCT line.value ->> '$.paymentId' FROM submission, json_each(submission.body, '$.lines') AS line
         WHERE submission.batch_id = ? AND submission.number < ?`,
      )
      .pluck()
      .all(batchId, number) as string[]
    return earlier.filter((id) => !kept.has(id))
  }
}

/** Whether something left under a claim of this installation, of which its restored store knows nothing. */
const mayHaveLeft = ({ store, guard }: ClaimsContext, { batchId, whole, epoch }: BatchClaimDocument): boolean =>
  whole && (epoch < guard.epoch || newestClaim((text) => store.sql(text), batchId) === undefined)

const isTaken = (document: BatchClaimDocument, installationId: string, holder: ClaimHolder): boolean =>
  document.installationId === installationId &&
  document.takeOver?.fromInstallation === holder.installationId &&
  document.generation === holder.generation + 1

const oursIn = ({ generation, officeName, claimedAt }: BatchClaimDocument): Extract<ClaimAnswer, { kind: 'ours' }> => ({
  kind: 'ours',
  generation,
  officeName,
  claimedAt,
})

const plain = (answer: Won | NotWon): ClaimAnswer => {
  if (answer.kind !== 'ours') return answer
  const { document, ...ours } = answer
  return ours
}

function latestSubmissionHead(
  store: ClaimsContext['store'],
  batchId: string,
): Pick<Submission, 'id' | 'digest'> | undefined {
  const head = store
    .sql('SELECT head FROM submission WHERE batch_id = ? ORDER BY number DESC LIMIT 1')
    .pluck()
    .get(batchId) as string | undefined
  return head === undefined ? undefined : (JSON.parse(head) as Pick<Submission, 'id' | 'digest'>)
}
