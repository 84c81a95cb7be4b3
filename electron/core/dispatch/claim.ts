import { fail } from '../../../shared/contract/result.ts'
import type { Batch, Claim, Submission } from '../../../shared/model/batch.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import { OFFICE, type Store } from '../store/store.ts'
import { type Approval, approvalBasis } from './approval-check.ts'
import { breathe, type DispatchContext, SLICE } from './dispatch-context.ts'
import { applyEventToAll, paymentsById } from './payment-moves.ts'
import type { ClaimAnswer } from './sender-claims.ts'

/** The newest claim of a batch, of whichever office; undefined before it was claimed. */
export function findClaim(sql: Store['sql'], batchId: string): Claim | undefined {
  const body = sql('SELECT body FROM claim WHERE batch_id = ? ORDER BY generation DESC, seq DESC LIMIT 1')
    .pluck()
    .get(batchId) as string | undefined
  return body === undefined ? undefined : (JSON.parse(body) as Claim)
}

/**
 * Whether the holder of a batch released it to this office by a signed hand-over (`central/sneakernet`): this office may ask
 * the central server for it, and nothing else.
 */
export function isHandedHere(sql: Store['sql'], batchId: string): boolean {
  const from = sql("SELECT release ->> '$.fromInstallation' FROM handed_here WHERE batch_id = ?").pluck().get(batchId)
  return from !== undefined && findClaim(sql, batchId)?.installationId === from
}

/** SQL on `payment`: the newest claim of its batch is of the installation that is the parameter. */
export const FOLLOWED = `(payment.batch_id = '' OR (SELECT claim.body ->> '$.installationId' FROM claim
  WHERE claim.batch_id = payment.batch_id ORDER BY claim.generation DESC, claim.seq DESC LIMIT 1) = ?)`

/** Whether it is this office that asks what became of a batch's payments: the one that sends it. */
export function isFollowedHere({ store, claims }: Pick<DispatchContext, 'store' | 'claims'>, batchId: string): boolean {
  if (batchId === '' || !claims.isShared()) return true
  return findClaim((text) => store.sql(text), batchId)?.installationId === store.installationId
}

/** Whether any of these payments left, by the journal, under a submission that the restored store did not know. */
export const leftBeforeRestore = (sql: Store['sql'], paymentIds: readonly string[]): boolean =>
  sql('SELECT 1 FROM sent_before_restore WHERE payment_id IN (SELECT value FROM json_each(?)) LIMIT 1').get(
    JSON.stringify(paymentIds),
  ) !== undefined

/** States of payments that can still be sent as they were frozen. */
const WAITS: ReadonlySet<Payment['state']> = new Set<Payment['state']>(['prepared', 'queued'])

/**
 * The batch's payments wait for the line, slice by slice. Of a claimed batch (put back from the journal after a restore)
 * only those that never left are held against what was frozen; what became of the others is on record and looked up.
 *
 * @throws OfficeError `dispatch.payments-moved`, `central.still-arriving`
 */
export async function queuePayments(
  { store, time }: DispatchContext,
  { submission }: Approval,
  claimed: boolean,
): Promise<void> {
  const { lines, batchId } = submission
  for (let from = 0; from < lines.length; from += SLICE) {
    if (from > 0) await breathe()
    const slice = lines.slice(from, from + SLICE)
    store.transaction(OFFICE, (transaction) => {
      const payments = new Map(
        paymentsById(
          transaction.sql,
          slice.map(({ paymentId }) => paymentId),
        ).map((payment) => [payment.id, payment]),
      )
      for (const line of slice) {
        const payment = payments.get(line.paymentId)
        // Its record was written by another office and is on its way here.
        if (payment === undefined) fail('central.still-arriving')
        const same =
          payment.batchId === batchId &&
          payment.amount === line.amount &&
          payment.currency === submission.currency &&
          payment.payeeAddress === line.payeeAddress
        if (WAITS.has(payment.state) ? !same : !claimed) fail('dispatch.payments-moved')
      }
      const waiting = [...payments.values()].filter(({ state }) => WAITS.has(state))
      const queued = applyEventToAll(transaction, waiting, 'queue')
      if (queued === 0) return
      refreshBatch(transaction, batchId, time.now())
      transaction.audit({
        action: 'batch.queued',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { payments: queued },
      })
    })
  }
}

const NOT_LEFT: ReadonlySet<string> = new Set(['prepared', 'blocked', 'queued'])

/**
 * Payments of a claimed submission that other records took out of the batch or changed, since a restored store could not tell
 * that they had left: only this batch can pay them, as they were frozen, whatever was made of them since.
 */
export async function takeBackPayments(
  { store, time }: DispatchContext,
  { lines, batchId }: Submission,
): Promise<void> {
  for (let from = 0; from < lines.length; from += SLICE) {
    if (from > 0) await breathe()
    const ids = lines.slice(from, from + SLICE).map(({ paymentId }) => paymentId)
    const frozen = new Map(lines.slice(from, from + SLICE).map((line) => [line.paymentId, line]))
    const isAsFrozen = (payment: Payment): boolean => {
      const line = frozen.get(payment.id)
      return (
        payment.batchId === batchId &&
        payment.state !== 'blocked' &&
        payment.payeeAddress === line?.payeeAddress &&
        payment.amount === line.amount
      )
    }
    const gone = paymentsById((text) => store.sql(text), ids).filter(
      (payment) => NOT_LEFT.has(payment.state) && !isAsFrozen(payment),
    )
    if (gone.length === 0) continue
    store.transaction(OFFICE, (transaction) => {
      for (const payment of gone) {
        const { payeeId, payeeName, payeeAddress, amount } = frozen.get(payment.id) ?? payment
        transaction.change('payment', payment, {
          batchId,
          payeeId,
          payeeName,
          payeeAddress,
          amount,
          state: 'prepared',
          reasonCode: '',
          reasonText: '',
          reasonParams: {},
          stateAt: transaction.moment,
        })
      }
      // The batches that they stood in meanwhile are less by them.
      const changed = new Set([batchId, ...gone.map((payment) => payment.batchId)])
      for (const id of changed) {
        // One that has not arrived yet is worked out when it does.
        if (transaction.find('batch', id) !== undefined) refreshBatch(transaction, id, time.now())
      }
      transaction.audit({
        action: 'batch.payments-taken-back',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { payments: gone.length },
      })
    })
  }
}

/** Payments that wait go back, so that the batch can be approved or changed again. */
export async function withdrawPayments(
  { store, time }: { readonly store: Store; readonly time: Pick<DispatchContext['time'], 'now'> },
  batchId: string,
): Promise<void> {
  for (;;) {
    const ids = store
      .sql("SELECT id FROM payment WHERE batch_id = ? AND state = 'queued' LIMIT ?")
      .pluck()
      .all(batchId, SLICE) as string[]
    if (ids.length === 0) return
    store.transaction(OFFICE, (transaction) => {
      applyEventToAll(transaction, paymentsById(transaction.sql, ids), 'withdraw')
      refreshBatch(transaction, batchId, time.now())
      transaction.audit({
        action: 'batch.withdrawn',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { payments: ids.length },
      })
    })
    await breathe()
  }
}

/**
 * Takes the right to send (I6): the claim of a sole office, or what was just won at the central server, written down here.
 * Between the check of the approval and this transaction nothing may have changed.
 *
 * @throws OfficeError `dispatch.changed-since-approval`, `dispatch.sent-before-restore`
 */
export function claimBatch(
  { store, guard, time }: DispatchContext,
  batch: Batch,
  approval: Approval,
  won: Extract<ClaimAnswer, { kind: 'ours' }> | undefined,
): Claim {
  const { submission, basis } = approval
  const claim = store.transaction(OFFICE, (transaction) => {
    const sql: Store['sql'] = (text) => transaction.sql(text)
    const known = findClaim(sql, batch.id)
    if (known !== undefined && !isHandedHere(sql, batch.id)) return known
    const now = { sql, get: transaction.get.bind(transaction), find: transaction.find.bind(transaction) }
    if (approvalBasis(now as Pick<Store, 'sql' | 'get' | 'find'>, batch.id) !== basis) {
      fail('dispatch.changed-since-approval')
    }
    const ids = submission.lines.map(({ paymentId }) => paymentId)
    if (leftBeforeRestore(sql, ids)) fail('dispatch.sent-before-restore')
    const made = transaction.put('claim', {
      id: newId(),
      batchId: batch.id,
      submissionId: submission.id,
      installationId: store.installationId,
      epoch: guard.epoch,
      generation: won?.generation ?? 1,
      ...(won === undefined ? {} : { officeName: won.officeName, claimedAt: won.claimedAt }),
    })
    refreshBatch(transaction, batch.id, time.now(), { attention: '', attentionParams: {} })
    transaction.audit({
      action: 'batch.claimed',
      subjectKind: 'batch',
      subjectId: batch.id,
      detail: {
        digest: submission.digest,
        count: submission.count,
        sum: submission.sum,
        currency: submission.currency,
      },
    })
    return made
  })
  guard.note({ kind: 'claim', batchId: batch.id, submissionId: claim.submissionId })
  return claim
}
