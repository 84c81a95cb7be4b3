import { fail } from '../../../shared/contract/result.ts'
import type { SubmissionLine } from '../../../shared/model/batch.ts'
import { messageId, newId, transactionId } from '../../../shared/model/ids.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { refreshBatch } from '../batches/batch-standing.ts'
import type { PostingFact } from '../store/dispatch-journal.ts'
import { OFFICE, type Transaction } from '../store/store.ts'
import { forgetAllAbsence } from './absence.ts'
import { FOLLOWED, findClaim } from './claim.ts'
import { breathe, type DispatchContext } from './dispatch-context.ts'
import { enqueueBatch } from './look-up.ts'
import { askBeforeFirstPosts } from './part-facts.ts'
import { applyEvent, paymentsById } from './payment-moves.ts'
import { setApartAgain } from './set-apart.ts'
import { enqueueStatusJob } from './status-job.ts'
import { putDelivery } from './transmit.ts'

const UNKNOWN = 'dispatch.outcome-unknown'

/**
 * An administrator confirms that this restored, copied or moved store goes on as the one that sends (I11). First everything
 * that left according to the journal, and that the store knows nothing of, is put back as "may have left"; then the epoch
 * is raised; and nothing is sent through a manager before all its open payments were looked up. Where the journal cannot
 * tell what left, each message is asked about before its first post from then on. With a central server the confirmation
 * needs it: without its word the store stays in doubt.
 *
 * @throws OfficeError `dispatch.nothing-to-confirm`, `moving.retired` where the office moved away from here, `central.*`
 */
export async function confirmRestored(context: DispatchContext, officerId: string, signal: AbortSignal): Promise<void> {
  const { store, guard, scheduler, claims } = context
  const doubt = guard.doubt ?? fail('dispatch.nothing-to-confirm')
  if (doubt === 'moving.retired') fail(doubt)
  const { postings, wasTooLarge, setApart } = guard.journal.whatLeft()
  for (const posting of postings) {
    if (isKnown(context, posting)) continue
    store.transaction(officerId, (transaction) => putBack(context, transaction, posting, wasTooLarge(posting)))
    await breathe()
  }
  for (const fact of setApart) {
    store.transaction(officerId, (transaction) => setApartAgain(context, transaction, fact))
  }
  // What this installation claimed is pulled, and an epoch above every other told, before anything else is decided here.
  const renewed = claims.isShared() ? await claims.renew(officerId, signal) : undefined
  if (renewed?.ok === false) fail(renewed.error.code, renewed.error.params)
  const epoch = renewed?.ok ? renewed.value.epoch : guard.epoch + 1
  store.transaction(officerId, (transaction) => {
    forgetAllAbsence(transaction)
    transaction
      .sql(
        `INSERT OR IGNORE INTO look_up_owed
         SELECT id, manager_id FROM payment WHERE state IN ('sent', 'acknowledged', 'unknown') AND (? OR ${FOLLOWED})`,
      )
      .run(claims.isShared() ? 0 : 1, store.installationId)
    const owed = transaction.sql('SELECT DISTINCT manager_id FROM look_up_owed').pluck().all() as string[]
    for (const id of owed) {
      const manager = transaction.find('paymentManager', id)
      if (manager !== undefined) enqueueStatusJob(context, transaction, manager)
    }
    // Whatever was on its way goes on from where the records now stand.
    const batches = transaction
      .sql("SELECT id, manager_id AS managerId FROM batch WHERE state IN ('queued', 'claimed', 'sending', 'following')")
      .all() as { id: string; managerId: string }[]
    for (const { id, managerId } of batches) {
      enqueueBatch(context, transaction, id, { id: managerId })
      // An older store may never have followed anything of this manager.
      const manager = transaction.find('paymentManager', managerId)
      if (manager !== undefined) enqueueStatusJob(context, transaction, manager)
    }
    if (!guard.knowsWhatLeft) askBeforeFirstPosts(transaction)
    guard.confirm(transaction, epoch)
    transaction.audit({
      action: 'office.store-confirmed',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { doubt, epoch: guard.epoch },
    })
  })
  scheduler.wakeDeferred('restored')
}

/**
 * The central server says that this very installation holds a batch, which its older store did not know: what left of it
 * according to the journal is put back, and it goes on from there.
 */
export function goOnWithClaim(context: DispatchContext, transaction: Transaction, batchId: string): void {
  const { postings, wasTooLarge, setApart } = context.guard.journal.whatLeft()
  for (const posting of postings) {
    if (posting.batchId !== batchId || isKnown(context, posting)) continue
    putBack(context, transaction, posting, wasTooLarge(posting))
  }
  for (const fact of setApart) if (fact.batchId === batchId) setApartAgain(context, transaction, fact)
  const manager = transaction.get('paymentManager', transaction.get('batch', batchId).managerId)
  enqueueBatch(context, transaction, batchId, manager)
  enqueueStatusJob(context, transaction, manager)
}

const isKnown = ({ store }: DispatchContext, { batchId, part, post }: PostingFact): boolean =>
  store
    .sql("SELECT 1 FROM delivery WHERE batch_id = ? AND part = ? AND post = ? AND outcome = 'posting'")
    .get(batchId, part, post) !== undefined

const NOT_LEFT: ReadonlySet<Payment['state']> = new Set<Payment['state']>(['prepared', 'blocked', 'queued'])

/** In the batch in which it left, and to whom it left; others may have put both otherwise since. */
function asItLeft(
  transaction: Transaction,
  payment: Payment,
  batchId: string,
  line: SubmissionLine | undefined,
): Payment {
  if (!NOT_LEFT.has(payment.state)) return payment
  const { payeeId, payeeName, payeeAddress, amount } = line ?? payment
  const isSame =
    payment.batchId === batchId &&
    payment.state !== 'blocked' &&
    payment.payeeAddress === payeeAddress &&
    payment.amount === amount
  if (isSame) return payment
  return transaction.change('payment', payment, {
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

/** One post that the journal knows and the store does not. Of what was refused for its size nothing was taken. */
function putBack(context: DispatchContext, transaction: Transaction, posting: PostingFact, wasTooLarge: boolean): void {
  const { batchId, submissionId, part, post, payments: ids } = posting
  const sql: Transaction['sql'] = (text) => transaction.sql(text)
  const payments = paymentsById(sql, ids)
  const found = new Set(payments.map(({ id }) => id))
  const submission = transaction.find('submission', submissionId)
  const batch = transaction.find('batch', batchId)
  const whole = submission !== undefined && batch !== undefined && found.size === ids.length
  if (whole) {
    if (findClaim(sql, batchId) === undefined) {
      transaction.put('claim', {
        id: newId(),
        batchId,
        submissionId,
        installationId: context.store.installationId,
        epoch: context.guard.epoch,
        generation: 1,
      })
    }
    if (transaction.find('transmission', posting.transmissionId) === undefined) {
      // With the marks of the original: the central server may have that, and another office may put this in for it, too.
      transaction.adopt('transmission', {
        id: posting.transmissionId,
        changedAt: posting.storedAt,
        changedBy: OFFICE,
        batchId,
        submissionId,
        part,
        envelope: posting.envelope,
        messageId: messageId(submissionId, part),
        transactionId: transactionId(submissionId, part),
        messageDigest: posting.messageDigest,
        count: ids.length,
        madeAt: posting.madeAt,
        openedAs: posting.openedAs,
        // The bytes are gone with the newer store; the message is made again and has to have this digest.
        validUntil: 0,
        body: '',
        headers: {},
        message: '',
      })
    }
    const delivery = { transmissionId: posting.transmissionId, batchId, part, post }
    putDelivery(transaction, { ...delivery, outcome: 'posting' })
    putDelivery(
      transaction,
      wasTooLarge ? { ...delivery, outcome: 'too-large' } : { ...delivery, outcome: 'unknown', code: UNKNOWN },
    )
  } else {
    // No submission here to send again from: remembered, so that the same payment prepared anew never leaves.
    for (const id of ids) sql('INSERT OR IGNORE INTO sent_before_restore VALUES (?, ?)').run(id, posting.managerId)
  }
  const lines = new Map(submission?.lines.map((line) => [line.paymentId, line]))
  for (const payment of payments) {
    if (wasTooLarge) {
      applyEvent(transaction, payment, 'queue')
      continue
    }
    // What happened to it, step by step, as the table allows it: it left in this batch, wherever others have put it since.
    const queued = applyEvent(transaction, asItLeft(transaction, payment, batchId, lines.get(payment.id)), 'queue')
    const posted = applyEvent(transaction, queued, 'post')
    if (posted.state === 'sent' || posted.state === 'unknown') {
      applyEvent(transaction, posted, 'timeout', { reasonCode: UNKNOWN })
    }
  }
  for (const id of new Set([batchId, ...payments.map((payment) => payment.batchId)])) {
    if (transaction.find('batch', id) !== undefined) refreshBatch(transaction, id, context.time.now())
  }
  transaction.audit({
    action: 'part.put-back',
    subjectKind: 'batch',
    subjectId: batchId,
    detail: { part, post, count: ids.length, known: found.size },
  })
}
