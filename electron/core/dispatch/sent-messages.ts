import { transactionId } from '../../../shared/model/ids.ts'
import type { PartKey } from '../../../shared/model/payment.ts'
import { linesOfPart } from '../../../shared/rules/submission-parts.ts'
import type { Question, SentMessage } from '../channels/channel.ts'
import type { Store } from '../store/store.ts'
import { findClaim } from './claim.ts'
import { partsOfBatch } from './part-facts.ts'
import { getSubmission } from './submissions.ts'

/**
 * Payments of a batch, gathered by the messages that they left in (or will leave in, since those ids are derived). Payments
 * that are in none of them cannot be asked about this way and are left out.
 */
export function byMessages<P extends Question['payments'][number]>(
  store: Store,
  batchId: string,
  payments: readonly P[],
): { readonly payments: readonly P[]; readonly message: SentMessage }[] {
  const sql: Store['sql'] = (text) => store.sql(text)
  const claim = findClaim(sql, batchId)
  if (claim === undefined) return []
  const submission = getSubmission(store, claim.submissionId)
  const wanted = new Map(payments.map((payment) => [payment.id, payment]))
  return partsOfBatch(sql, submission).flatMap((part) => {
    const asked = linesOfPart(submission, part).flatMap(({ paymentId }) => wanted.get(paymentId) ?? [])
    if (asked.length === 0) return []
    const message = { transactionId: transactionId(submission.id, part), ...namesOf(sql, batchId, part) }
    return [{ payments: asked, message }]
  })
}

/** What the payment system called a message, when it took it and before. */
const namesOf = (sql: Store['sql'], batchId: string, part: PartKey): Omit<SentMessage, 'transactionId'> => ({
  correlationId:
    (sql(
      `SELECT body ->> '$.correlationId' FROM delivery
       WHERE batch_id = ? AND part = ? AND body ->> '$.correlationId' <> '' ORDER BY post DESC, seq DESC LIMIT 1`,
    )
      .pluck()
      .get(batchId, part) as string | undefined) ?? '',
  openedAs:
    (sql(
      `SELECT body ->> '$.openedAs' FROM transmission
       WHERE batch_id = ? AND part = ? ORDER BY envelope DESC, rowid LIMIT 1`,
    )
      .pluck()
      .get(batchId, part) as string | undefined) ?? '',
})
