import type { Fault } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { PartKey, PaymentState } from '../../../shared/model/payment.ts'
import type { CallResult, RawCall } from '../callbacks/caller.ts'
import type { StatusWord } from '../channels/channel.ts'
import type { Signatory } from '../identity/signed-change.ts'
import { isSendingStopped } from '../scheduler/sending-switch.ts'
import type { Transaction } from '../store/store.ts'
import { batchJob } from './batch-job.ts'
import { applyCallback } from './called-back.ts'
import { findClaim, isFollowedHere } from './claim.ts'
import * as commands from './commands.ts'
import { BATCH_JOB, type DispatchContext } from './dispatch-context.ts'
import { confirmEvidence, type EvidenceView, evidenceOf, type Finding, recordEvidence } from './evidence.ts'
import { answeredAt, type LookUpResult, lookUp } from './look-up.ts'
import { settlePaidByHand } from './paid-by-hand.ts'
import { partsOnTheirWay, retryMark } from './part-facts.ts'
import { ABSENT_FOR_LONG, type PartStage, partStage } from './part-life.ts'
import { Posts } from './posts.ts'
import { confirmRestored, goOnWithClaim } from './restore.ts'
import type { BatchCare } from './sender-claims.ts'
import { goOnWhereSeenTo, leaveOut } from './set-apart.ts'
import { followIntervals, statusJob } from './status-job.ts'
import { STOP_JOB } from './stop-batch.ts'
import { stopBatchJob } from './stop-batch-job.ts'
import { getSubmission } from './submissions.ts'
import { takeOver } from './take-over.ts'
import { wantedLookUpJob } from './wanted-look-up.ts'

/** How sending stands, in facts that a screen puts into words. */
export interface SendingStatus {
  readonly lineUp: boolean
  readonly stopped: boolean
  /** A restored, copied or moved store that waits for an administrator. */
  readonly doubt: Fault | null
  readonly clock: Fault | null
  readonly openPayments: number
  readonly systems: readonly {
    readonly managerId: string
    readonly name: string
    readonly open: number
    /** What the last look-up stumbled over; null when it answered. */
    readonly fault: Fault | null
    /** Wall clock of the last answer, epoch milliseconds; null before the first. */
    readonly answeredAt: number | null
  }[]
}

/** A part of a batch as the batch's page shows it. */
export interface PartView {
  readonly part: PartKey
  readonly count: number
  readonly posts: number
  readonly stage: PartStage
  readonly lastPost: string | null
  readonly lastCode: string
  readonly payments: Readonly<Record<string, number>>
  readonly mayApproveResend: boolean
}

/** Everything about an approved batch on its way; one for each open office. */
export class Dispatch {
  readonly #context: DispatchContext
  readonly #posts = new Posts()
  readonly #stops: (() => void)[] = []

  constructor(context: DispatchContext) {
    this.#context = context
    const { store, scheduler, http, clockGuard } = context
    scheduler.register(batchJob(context, this.#posts))
    scheduler.register(statusJob(context, this.#posts))
    scheduler.register(wantedLookUpJob(context, this.#posts))
    scheduler.register(stopBatchJob(context))
    this.#stops.push(
      http.onServerDate((date) => clockGuard.learn(date)),
      http.line.onChange((up) => up && scheduler.wakeNetwork()),
      store.onChange(({ kinds }) => kinds.includes('paymentManager') && followIntervals(context)),
      store.onChange(({ kinds }) => kinds.includes('payment') && goOnWhereSeenTo(context)),
    )
  }

  /** In the transaction of the approval that makes a batch ready to send. */
  queueApprovedBatch(transaction: Transaction, batch: Batch): void {
    commands.queueApprovedBatch(this.#context, transaction, batch)
  }

  send(officerId: string, batchIds: readonly string[]): void {
    commands.sendBatches(this.#context, officerId, batchIds)
  }

  cancel(officerId: string, batchId: string, reason: string): Promise<void> {
    return commands.cancelBatch(this.#context, officerId, batchId, reason)
  }

  hold(officerId: string, batchId: string, reason: string): void {
    commands.holdBatch(this.#context, officerId, batchId, reason)
  }

  release(officerId: string, batchId: string): void {
    commands.releaseBatch(this.#context, officerId, batchId)
  }

  holdPayment(officerId: string, paymentId: string, held: boolean): void {
    commands.holdPayment(this.#context, officerId, paymentId, held)
  }

  /** A payment whose payee changed between approval and sending stays out. */
  leaveOut(officerId: string, paymentId: string): void {
    leaveOut(this.#context, officerId, paymentId)
  }

  stopAll(officerId: string, stopped: boolean): void {
    commands.stopAll(this.#context, officerId, stopped)
  }

  approveResend(officerId: string, batchId: string, part: PartKey): void {
    commands.approveResend(this.#context, officerId, batchId, part)
  }

  /** Where each part of a claimed batch stands; empty before the claim. */
  parts(batchId: string): PartView[] {
    const { store, time } = this.#context
    const claim = findClaim((text) => store.sql(text), batchId)
    if (claim === undefined) return []
    const submission = getSubmission(store, claim.submissionId)
    return partsOnTheirWay(store, time, submission).map((part) => {
      const { unknown } = part.facts.payments
      const all = part.payments.length
      return {
        part: part.part,
        count: all,
        posts: part.posts,
        stage: partStage(part.facts, time.minute),
        lastPost: part.facts.lastPost,
        lastCode: part.lastDelivery?.code ?? '',
        payments: part.facts.payments,
        mayApproveResend:
          unknown > 0 &&
          part.facts.absent === all &&
          part.facts.absentFor >= ABSENT_FOR_LONG * time.minute &&
          !part.approved,
      }
    })
  }

  declareSoleOffice(officerId: string): void {
    const { store, scheduler } = this.#context
    store.transaction(officerId, (transaction) => {
      transaction.mark('sole-office', '1')
      transaction.audit({
        action: 'office.declared-sole',
        subjectKind: 'office',
        subjectId: store.installationId,
      })
    })
    scheduler.look()
  }

  recordEvidence(officerId: string, finding: Finding): string {
    return recordEvidence(this.#context, officerId, finding)
  }

  confirmEvidence(officerId: string, evidenceId: string): void {
    confirmEvidence(this.#context, officerId, evidenceId)
  }

  evidenceOf(paymentId: string, officer: Pick<Officer, 'id' | 'roles'>): EvidenceView[] {
    return evidenceOf(this.#context.store, paymentId, officer)
  }

  /** What two officers say of payments that were paid out by hand; see `paid-by-hand.ts`. */
  settlePaidByHand(
    transaction: Transaction,
    batchId: string,
    words: readonly StatusWord[],
  ): Partial<Record<PaymentState, number>> {
    return settlePaidByHand(this.#context, transaction, batchId, words)
  }

  /** The name of the office that brings a batch to its end, where it is another one. */
  findOtherHolder(batchId: string): string | undefined {
    if (isFollowedHere(this.#context, batchId)) return undefined
    return findClaim((text) => this.#context.store.sql(text), batchId)?.officeName ?? ''
  }

  /** An administrator takes a batch over from another office; see `take-over.ts`. */
  takeOver(
    signatory: Signatory,
    wanted: { readonly batchId: string; readonly reason: string },
    signal: AbortSignal,
  ): Promise<void> {
    return takeOver(this.#context, this.#posts, signatory, wanted, signal)
  }

  confirmRestored(officerId: string, signal: AbortSignal = new AbortController().signal): Promise<void> {
    return confirmRestored(this.#context, officerId, signal)
  }

  /** For the claims of a district. */
  get care(): BatchCare {
    const { queue } = this.#context.scheduler
    return {
      findWork: (batchId) => {
        const state = queue.findByKey(BATCH_JOB, batchId)?.state
        return state === 'done' ? undefined : state
      },
      hasWish: (batchId) => (queue.findByKey(STOP_JOB, batchId)?.state ?? 'done') !== 'done',
      goOn: (transaction, batchId) => goOnWithClaim(this.#context, transaction, batchId),
    }
  }

  /** Asks the payment system about a batch now, whatever the schedule says. */
  async checkBatch(batchId: string, signal: AbortSignal): Promise<LookUpResult> {
    const { store } = this.#context
    const batch = store.get('batch', batchId)
    const rows = store
      .sql(
        `SELECT id, body ->> '$.theirReference' AS theirReference FROM payment
         WHERE batch_id = ? AND state IN ('sent', 'acknowledged', 'unknown', 'review')`,
      )
      .all(batchId) as { id: string; theirReference: string }[]
    return this.#check(
      batch.managerId,
      rows.map((row) => ({ ...row, currency: batch.currency, batchId })),
      signal,
    )
  }

  /** One payment, final or not: a settled one that the payment system now calls otherwise comes under review. */
  async checkPayment(paymentId: string, signal: AbortSignal): Promise<LookUpResult> {
    const { id, currency, batchId, managerId, theirReference } = this.#context.store.get('payment', paymentId)
    return this.#check(managerId, [{ id, currency, batchId, theirReference }], signal)
  }

  /** An officer wants a job run now: endpoints that rest are tried, and a refused batch is posted once more. */
  prepareRunNow(transaction: Transaction, job: { readonly kind: string; readonly key: string }): void {
    this.#context.http.tryNow()
    if (job.kind === 'dispatch.batch') {
      transaction.mark(...retryMark((text) => transaction.sql(text), job.key))
    }
  }

  /** A payment system called about its payments. */
  applyCallback(call: RawCall): Promise<CallResult> {
    return applyCallback(this.#context, call)
  }

  status(): SendingStatus {
    const { store, http, guard, clockGuard } = this.#context
    const open = store
      .sql(
        `SELECT manager_id AS managerId, count(*) AS n FROM payment
         WHERE state IN ('sent', 'acknowledged', 'unknown', 'review') GROUP BY manager_id`,
      )
      .all() as { managerId: string; n: number }[]
    const managers = store.sql('SELECT id, body FROM payment_manager WHERE removed = 0').all() as {
      id: string
      body: string
    }[]
    return {
      lineUp: http.line.isUp(),
      stopped: isSendingStopped(store),
      doubt: guard.doubt === undefined ? null : { code: guard.doubt, params: {} },
      clock: clockGuard.findFault() ?? null,
      openPayments: open.reduce((sum, { n }) => sum + n, 0),
      systems: managers.map(({ id, body }) => {
        return {
          managerId: id,
          name: (JSON.parse(body) as { name: string }).name,
          open: open.find(({ managerId }) => managerId === id)?.n ?? 0,
          fault: this.#context.scheduler.queue.findByKey('dispatch.status', id)?.fault ?? null,
          answeredAt: answeredAt(store, id) ?? null,
        }
      }),
    }
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }

  #check(managerId: string, payments: Parameters<typeof lookUp>[3], signal: AbortSignal): Promise<LookUpResult> {
    const { store, http } = this.#context
    http.tryNow()
    return lookUp(this.#context, this.#posts, store.get('paymentManager', managerId), payments, signal)
  }
}
